"""A file becomes cases: good lines go in, bad ones are listed beside the file with line, column and reason."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from core.actions.portfolio import PortfolioCase, upsert
from core.errors import InvalidInput
from core.work import Works
from parley.portfolio.columns import Mapped, map_columns
from parley.portfolio.files import read_lines
from parley.portfolio.rows import Problem, RowReader

BATCH = 1000
"""Lines committed together; an import that is cut off has whole batches in, and can be run again."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Outcome:
    """What an import did, or in a dry run would do. `rejected` counts lines; `problems` are in `report`."""

    mapped: Mapped
    good: int = 0
    created: int = 0
    updated: int = 0
    rejected: int = 0
    report: Path | None = None
    examples: list[Problem] = field(default_factory=list)


async def load(
    path: Path, works: Works, today: date, *, dry_run: bool = False, progress: Progress = lambda _: None
) -> Outcome:
    """Imports a file. InvalidInput when it is no table or lacks a required column; nothing is imported then."""
    lines = read_lines(path)
    try:
        _, headers = next(lines)
    except StopIteration:
        raise InvalidInput("The file is empty: its first line must hold the column headers.", path=str(path)) from None
    mapped = map_columns([str(header) for header in headers])
    if mapped.missing:
        wanted = ", ".join(mapped.missing)
        raise InvalidInput(
            f"No column for: {wanted}. The columns found were: {', '.join(mapped.headers)}.", path=str(path)
        )
    outcome = Outcome(mapped)
    with _Report(path) as report:
        reader = RowReader(mapped, today)
        for batch in _batches(lines):
            cases: list[PortfolioCase] = []
            for line, cells in batch:
                read = reader.read(line, cells)
                if isinstance(read, PortfolioCase):
                    cases.append(read)
                else:
                    outcome.rejected += 1
                    report.write(read)
                    outcome.examples.extend(read[: max(0, 5 - len(outcome.examples))])
            outcome.good += len(cases)
            if cases and not dry_run:
                async with works.begin() as work:
                    done = await upsert(work, cases, path.name)
                outcome.created += done.created
                outcome.updated += done.updated
            progress(len(batch))
        outcome.report = report.path if outcome.rejected else None
    return outcome


def _batches(lines: Iterator[tuple[int, list[object]]]) -> Iterator[list[tuple[int, list[object]]]]:
    batch: list[tuple[int, list[object]]] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Report:
    """The list of bad lines, beside the input; there is none when all is well."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(f"{source.name}.errors.csv")
        self._file: TextIO | None = None

    def __enter__(self) -> "_Report":
        self.path.unlink(missing_ok=True)
        return self

    def write(self, problems: list[Problem]) -> None:
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(("line", "column", "reason", "原因", "value"))
        csv.writer(self._file).writerows(
            (problem.line, problem.column, problem.reason, problem.reason_zh, _harmless(problem.value))
            for problem in problems
        )

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _harmless(value: str) -> str:
    """A value that a spreadsheet would run as a formula is shown, not run."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value
