"""`parley nlu check`: runs the checks and tells what they found, as a table or as data."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from nlu.checks.findings import Finding, Limits, quick_findings
from nlu.checks.labels import contradicted, held_out_chances
from nlu.checks.messages import Message, read_messages, read_tests
from nlu.corpus import DATA_DIR, digest, load

TESTS = Path("tests/nlu")
"""Where test files are looked for when none are named; there are none beside an installed package."""

CHECKS = {
    "unknown_label": "labels that the label set does not hold",
    "other_labels": "the same text under other labels",
    "leak": "training messages that stand in the tests",
    "too_few": "intents with too few messages",
    "contradicted": "labels that a cross-validated model contradicts",
    "repeated": "the same text again",
    "near_duplicate": "nearly the same text, same labels",
    "near_other_labels": "nearly the same text, other labels",
    "templated": "intents whose messages begin alike",
    "short_leak": "a word or two that stand in the tests too",
}
"""What each check finds, in the order of the report."""


def check(
    test_files: Iterable[Path] = (),
    *,
    data_dir: Path = DATA_DIR,
    cache_dir: Path | None = None,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """All findings on the data of a folder against the test files; labels only with a cache for the embeddings.

    Raises InvalidInput for files that cannot be read.
    """
    paths = sorted(test_files) or sorted(TESTS.glob("*.jsonl"))
    messages, tests = read_messages(data_dir), read_tests(paths)
    found = quick_findings(messages, tests, limits)
    known = not any(finding.check == "unknown_label" for finding in found)
    if cache_dir is not None and known:
        found += doubted_labels(messages, data_dir, cache_dir)
    counts = Counter(finding.check for finding in found)
    return {
        "data": digest(data_dir),
        "messages": len(messages),
        "test_files": [path.name for path in paths],
        "test_messages": len(tests),
        "labels_checked": cache_dir is not None and known,
        "must_mend": sum(finding.must_mend for finding in found),
        "counts": {name: counts[name] for name in CHECKS},
        "findings": [finding.to_json() for name in CHECKS for finding in found if finding.check == name],
    }


def doubted_labels(messages: Sequence[Message], data_dir: Path, cache_dir: Path) -> list[Finding]:
    """The messages whose labels a model that did not see them contradicts, the surest first."""
    corpus = load(data_dir)
    place = {(message.lang, message.text): message for message in messages}
    return [
        Finding(
            "contradicted",
            f"model: {doubt.says} {doubt.chance:.2f}, given: {doubt.given:.2f}",
            (place[corpus[doubt.at].lang, corpus[doubt.at].text],),
            doubt.margin,
        )
        for doubt in contradicted(corpus, held_out_chances(corpus, cache_dir))
    ]


def as_text(report: Mapping[str, Any], shown: int = 20) -> str:
    """The counts, then of each check that found something the first few."""
    console = Console(width=120, no_color=True)
    with console.capture() as capture:
        console.print(_summary(report))
        for name in CHECKS:
            rows = [finding for finding in report["findings"] if finding["check"] == name]
            if rows:
                console.print(_details(name, rows, shown))
    return capture.get()


def _summary(report: Mapping[str, Any]) -> Table:
    against = f"{report['test_messages']} test messages" if report["test_files"] else "no test files"
    table = Table("check", "finds", "found", title=f"{report['messages']} training messages, {against}")
    for name, count in report["counts"].items():
        skipped = name == "contradicted" and not report["labels_checked"]
        table.add_row(name, CHECKS[name], "not run" if skipped else str(count))
    return table


def _details(name: str, rows: Sequence[Mapping[str, Any]], shown: int) -> Table:
    mend = ", to be mended" if rows[0]["must_mend"] else ""
    title = f"{name}: {len(rows)}{mend}" + (f", the first {shown}" if len(rows) > shown else "")
    table = Table("what", "messages", title=title)
    for row in rows[:shown]:
        lines = [f"{m['place']} [{'+'.join(m['labels'])}] {m['text']}" for m in row["messages"]]
        table.add_row(_plainly(row["says"]), _plainly("\n".join(lines)))
    return table


def _plainly(text: str) -> str:
    """The text as it is: square brackets are not styles."""
    return text.replace("[", r"\[")
