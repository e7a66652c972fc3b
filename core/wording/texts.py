"""The debtor's texts as a house has changed them, and whether a changed text can stand in for the shipped one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter

from core.wording.render import LANGUAGES, Language, catalogue

Entry = Mapping[str, str]
Texts = Mapping[str, Entry]
MOST_ZH = 80
MOST_EN = 60
MOST_ON_A_BUTTON = 40
_HAN = re.compile(r"[㐀-鿿]")
_FIELD = re.compile(r"\{[^}]*\}")
_NUMBER = re.compile(r"\d{3,}")


@dataclass(frozen=True, slots=True)
class TextProblem:
    """What keeps a text from being used: `code` names it, `language` is empty where it concerns both."""

    language: str
    code: str
    data: Mapping[str, str] = field(default_factory=dict)


def with_changes(changes: Texts) -> Texts:
    """Every text, the changed ones in place of the shipped. A change that the shipped text has outgrown since, by its
    key or by what it fills in, is left out: the shipped text is said."""
    shipped = catalogue()
    return {**shipped, **{key: entry for key, entry in changes.items() if key in shipped and not outgrown(key, entry)}}


def outgrown(key: str, entry: Entry) -> bool:
    """Whether the changed text fills in other values than the shipped one does now, or lacks a language."""
    shipped = catalogue().get(key)
    return shipped is None or any(_names(entry.get(name, "")) != _names(shipped[name]) for name in LANGUAGES)


def variables(key: str) -> tuple[str, ...]:
    """The fields that this text fills in, as they are written in English: `due`, `count:payment|payments`."""
    return tuple(dict.fromkeys(part.strip("{}") for part in _FIELD.findall(catalogue()[key]["en"])))


def text_problems(key: str, entry: Entry) -> tuple[TextProblem, ...]:
    """All that is wrong with the form of a text: what it fills in, its length, its language, its questions."""
    return tuple(problem for language in LANGUAGES for problem in _of_language(key, entry.get(language, ""), language))


def _of_language(key: str, text: str, language: Language) -> Iterator[TextProblem]:
    if not text.strip():
        yield TextProblem(language, "wording.empty")
        return
    shipped = catalogue()[key][language]
    try:
        used, wanted = _fields(text), _fields(shipped)
    except ValueError:
        yield TextProblem(language, "wording.braces")
        return
    yield from _values(language, used, wanted)
    bare = _FIELD.sub("x", text)
    yield from _length(key, bare, language)
    if bool(_HAN.search(bare)) != (language == "zh") and re.search(r"\w{2,}", bare):
        yield TextProblem(language, "wording.language")
    if bare.count("?") + bare.count("？") > 1:
        yield TextProblem(language, "wording.questions")
    if key.startswith("safety."):
        kept = set(_NUMBER.findall(bare))
        yield from (
            TextProblem(language, "wording.number_lost", {"number": number})
            for number in _NUMBER.findall(shipped)
            if number not in kept
        )


def _values(language: str, used: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[TextProblem]:
    for name in sorted(used.keys() - wanted.keys()):
        yield TextProblem(language, "wording.unknown_value", {"name": name})
    for name in sorted(wanted.keys() - used.keys()):
        yield TextProblem(language, "wording.missing_value", {"name": name})
    for name, spec in sorted(used.items()):
        if name in wanted and spec and spec.count("|") != 1:
            yield TextProblem(language, "wording.form_of_value", {"name": name})


def _length(key: str, bare: str, language: Language) -> Iterator[TextProblem]:
    length = len(_HAN.findall(bare)) if language == "zh" else len(bare.split())
    most = MOST_ZH if language == "zh" else MOST_EN
    if length > most:
        yield TextProblem(language, "wording.too_long_" + language, {"most": str(most), "length": str(length)})
    if key.startswith("button.") and len(bare) > MOST_ON_A_BUTTON:
        yield TextProblem(language, "wording.long_button", {"most": str(MOST_ON_A_BUTTON)})


def _names(text: str) -> frozenset[str] | None:
    try:
        return frozenset(_fields(text))
    except ValueError:
        return None


def _fields(text: str) -> dict[str, str]:
    """The fields of a text with how each is written; ValueError where braces do not match."""
    found: dict[str, str] = {}
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or conversion:
            raise ValueError(name)
        found[name] = found.get(name) or spec or ""
    return found
