"""A file becomes cases: good lines go in, bad ones are listed beside the file with line, column and reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from core.actions.portfolio import PortfolioCase, Refusal, Upserted, Why, preview, upsert
from core.errors import InvalidInput
from core.work import Works
from parley.portfolio.columns import Mapped, headers_to_show, map_columns
from parley.portfolio.files import Line, read_lines
from parley.portfolio.report import Report
from parley.portfolio.rows import FEWEST_FACTS, Problem, RowReader

BATCH = 1000
"""Lines committed together; an import that is cut off has whole batches in, and can be run again."""

_EXAMPLES = 5
_REFUSED: Mapping[Why, tuple[str, str, str]] = {
    "not_due": ("due_date", "not due yet: a new case is one in arrears", "尚未到期：新案件须已逾期"),
    "nothing_owed": ("principal", "nothing is owed on this line", "这一行没有欠款"),
    "other_currency": (
        "currency",
        "this case is known in another currency: give it another reference",
        "该案件已按另一币种登记，请使用新的案件编号",
    ),
    "other_market": (
        "market",
        "this case is known in another market: give it another reference",
        "该案件已登记在另一市场，请使用新的案件编号",
    ),
}

Progress = Callable[[int], None]


@dataclass(slots=True)
class Outcome:
    """What an import did, or in a dry run would do. `good` and `rejected` count lines, the others cases; `kept` are
    known cases whose sums stayed as they were. Every problem is in `report`, the first few in `examples`."""

    mapped: Mapped
    good: int = 0
    created: int = 0
    updated: int = 0
    kept: int = 0
    rejected: int = 0
    report: Path | None = None
    examples: list[Problem] = field(default_factory=list)


async def load(
    path: Path,
    works: Works,
    *,
    dry_run: bool = False,
    fewest_facts: int = FEWEST_FACTS,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Imports a file. InvalidInput when it is no table or lacks a required column; nothing is imported then."""
    lines = read_lines(path)
    mapped = _mapped(next(lines, None), path)
    outcome = Outcome(mapped)
    reader = RowReader(mapped, works.clock.now(), fewest_facts)
    with Report(path) as report:
        for batch in iter(lambda: list(islice(lines, BATCH)), []):
            read = _Batch(reader, batch)
            done = await _take_in(works, list(read.cases.values()), path.name, dry_run=dry_run)
            read.refuse(done.refused)
            outcome.good += read.good
            outcome.created += done.created
            outcome.updated += done.updated
            outcome.kept += done.kept
            outcome.rejected += len(read.problems)
            for number in sorted(read.problems):
                report.write(read.problems[number])
                outcome.examples.extend(read.problems[number][: max(0, _EXAMPLES - len(outcome.examples))])
            progress(len(batch))
        outcome.report = report.path if outcome.rejected else None
    return outcome


async def _take_in(works: Works, cases: Sequence[PortfolioCase], source: str, *, dry_run: bool) -> Upserted:
    if not cases:
        return Upserted()
    if dry_run:
        async with works.read() as session:
            return await preview(session, cases, only_arrears=True)
    async with works.begin() as work:
        return await upsert(work, cases, source, only_arrears=True)


class _Batch:
    """The cases of some lines, the later one of two with the same name, and what is wrong with the other lines."""

    def __init__(self, reader: RowReader, lines: Sequence[Line]) -> None:
        self.cases: dict[tuple[str, str], PortfolioCase] = {}
        self.problems: dict[int, list[Problem]] = {}
        self.good = 0
        self._headers = reader.mapped
        self._lines: dict[tuple[str, str], list[int]] = {}
        for line in lines:
            read = _broken(line) if line.broken else reader.read(line.number, line.cells)
            if isinstance(read, list):
                self.problems[line.number] = read
                continue
            self.good += 1
            self.cases[read.key] = read
            self._lines.setdefault(read.key, []).append(line.number)

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Lines that are well written and are not taken in all the same."""
        for refusal in refusals:
            name, reason, reason_zh = _REFUSED[refusal.why]
            index = self._headers.fields.get(name)
            column = name if index is None else self._headers.headers[index]
            for number in self._lines[refusal.creditor, refusal.reference]:
                self.problems[number] = [Problem(number, column, reason, reason_zh)]
                self.good -= 1


def _broken(line: Line) -> list[Problem]:
    return [Problem(line.number, "", "a quotation mark is missing or stands in the wrong place", "引号缺失或位置不对")]


def _mapped(first: Line | None, path: Path) -> Mapped:
    if first is None:
        raise InvalidInput("The file is empty: its first line must hold the column headers.", path=str(path))
    mapped = map_columns([str(header) for header in first.cells])
    if len(mapped.fields) < 2:
        raise InvalidInput("The first line does not look like column headers.", path=str(path))
    if mapped.doubled:
        twice = "; ".join(f"{name}: {', '.join(headers)}" for name, headers in mapped.doubled.items())
        raise InvalidInput(f"Several columns for one thing, leave one: {twice}.", path=str(path))
    if mapped.missing:
        wanted, found = ", ".join(mapped.missing), ", ".join(_found(mapped))
        raise InvalidInput(f"No column for: {wanted}. The columns found were: {found}.", path=str(path))
    return mapped


def _found(mapped: Mapped) -> Iterator[str]:
    shown = list(headers_to_show(mapped))
    yield from shown[:40]
    if len(shown) > 40:
        yield f"and {len(shown) - 40} more"
