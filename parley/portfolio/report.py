"""The list of lines that were left out, beside the file that they stand in."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from core.errors import InvalidInput
from parley.portfolio.rows import Problem

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Report:
    """Only its owner may read it; there is none when all is well. InvalidInput where it cannot be written."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(f"{source.name}.errors.csv")
        self.written = False
        self._file: TextIO | None = None

    def __enter__(self) -> "Report":
        try:
            self.path.unlink(missing_ok=True)
            opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise InvalidInput(
                f"Bad lines are listed in a file beside this one, and it cannot be written: {error.strerror}.",
                path=str(self.path),
            ) from error
        self._file = os.fdopen(opened, "w", encoding="utf-8-sig", newline="")
        return self

    def write(self, problems: Iterable[Problem]) -> None:
        """One line for each problem."""
        assert self._file is not None  # noqa: S101 - only used inside its `with`
        writer = csv.writer(self._file)
        if not self.written:
            writer.writerow(("line", "column", "reason", "原因", "value"))
        self.written = True
        writer.writerows(
            (problem.line, harmless(problem.column), problem.reason, problem.reason_zh, harmless(problem.value))
            for problem in problems
        )

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if not self.written:
            self.path.unlink(missing_ok=True)


def harmless(value: str) -> str:
    """A value that a spreadsheet would run as a formula is shown, not run."""
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) or value.startswith(_FORMULA) else value
