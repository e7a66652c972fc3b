"""Promises of the house that imports cannot show, read from the syntax tree of each file."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PACKAGES = ("parley", "bot", "console", "nlu", "core")
SENDING_METHODS = frozenset(
    "send_message send_photo send_document send_voice send_audio send_video send_animation send_media_group "
    "edit_message_text edit_message_caption copy_message forward_message reply_text".split()
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule, with the place to mend."""

    rule: str
    path: PurePosixPath
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is forbidden (`breaks` a node), in which folders and files, and where it is allowed all the same."""

    name: str
    breaks: Callable[[ast.AST], bool]
    within: tuple[str, ...] = PACKAGES
    except_in: tuple[str, ...] = ()

    def findings(self, path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
        """The rule's findings in one file; `path` is relative to the repository."""
        if not _is_in(path, self.within) or _is_in(path, self.except_in):
            return
        for node in ast.walk(tree):
            if self.breaks(node):
                yield Finding(self.name, path, getattr(node, "lineno", 0))


def check(root: Path, rules: tuple[Rule, ...]) -> list[Finding]:
    """Every finding in the packages under `root`."""
    files = (file for package in PACKAGES for file in sorted((root / package).rglob("*.py")))
    return [finding for file in files for finding in check_source(file.relative_to(root), file.read_text(), rules)]


def check_source(path: Path | PurePosixPath, source: str, rules: tuple[Rule, ...]) -> list[Finding]:
    """Every finding in one file's source."""
    tree = ast.parse(source)
    return [finding for rule in rules for finding in rule.findings(PurePosixPath(path), tree)]


def _is_in(path: PurePosixPath, places: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(place) for place in places)


def _called(node: ast.AST) -> tuple[str, str]:
    """The last name of what is called on, and the name called: `self.session.commit()` is ("session", "commit")."""
    if not isinstance(node, ast.Call):
        return "", ""
    match node.func:
        case ast.Name(id=name):
            return "", name
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
            return owner, name
        case ast.Attribute(attr=name):
            return "", name
    return "", ""


def _commits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def _uses_float(node: ast.AST) -> bool:
    return _called(node) == ("", "float") or (isinstance(node, ast.Constant) and isinstance(node.value, float))


def _clears(node: ast.AST) -> bool:
    return _called(node)[1] == "Cleared"


def _is_naive(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    owner, name = _called(node)
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    match owner, name:
        case "datetime", "utcnow" | "utcfromtimestamp" | "today":
            return True
        case "date", "today" | "fromtimestamp":
            return True
        case "datetime", "now":
            return not given or _is_none(given[0])
        case "datetime", "fromtimestamp":
            return len(given) < 2 or _is_none(given[1])
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _reads_the_clock(node: ast.AST) -> bool:
    return _called(node) in (("datetime", "now"), ("time", "time"), ("time", "time_ns"))


def _sends(node: ast.AST) -> bool:
    owner, name = _called(node)
    return name in SENDING_METHODS or (owner in ("message", "msg") and name in ("answer", "reply"))


COMMIT_OUTSIDE_WORK = Rule("only core.work commits", _commits, except_in=("core/work", "core/work.py"))
FLOAT_IN_MONEY = Rule(
    "money is exact: no float",
    _uses_float,
    within=("core/money.py", "core/plans", "core/policy", "core/negotiation"),
    except_in=("core/plans/rates.py",),
)
CLEARED_OUTSIDE_COMPLIANCE = Rule(
    "only compliance.review makes a Cleared", _clears, except_in=("core/compliance", "core/compliance.py")
)
NAIVE_DATETIME = Rule("a time has its zone", _is_naive)
CLOCK_OUTSIDE_CLOCK = Rule("only core.clock reads the time", _reads_the_clock, except_in=("core/clock.py",))
SEND_OUTSIDE_SENDER = Rule(
    "only the sender sends", _sends, except_in=("bot/channels", "bot/sender.py", "bot/sender", "core/channels")
)

RULES = (
    COMMIT_OUTSIDE_WORK,
    FLOAT_IN_MONEY,
    CLEARED_OUTSIDE_COMPLIANCE,
    NAIVE_DATETIME,
    CLOCK_OUTSIDE_CLOCK,
    SEND_OUTSIDE_SENDER,
)
