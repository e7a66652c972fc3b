"""Rows as a file for a spreadsheet, written a lot at a time: any number of them in as much memory as one lot needs."""

import asyncio
import csv
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Protocol

import xlsxwriter

Format = Literal["csv", "xlsx"]
Cell = str | int | Decimal | date | datetime | None
FORMATS: Mapping[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

ROWS_A_SHEET = 1_000_000
"""A sheet holds 1,048,576; what is more goes on in the next one."""

_READ = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what would begin one."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


class _Sheet(Protocol):
    def add(self, rows: Sequence[Sequence[Cell]]) -> None: ...

    def close(self) -> None: ...


class _Csv:
    """UTF-8 with a mark that spreadsheets know it by."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([harmless(name) for name in header])

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        self._writer.writerows([[_plain(cell) for cell in row] for row in rows])

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    """Texts are written as texts, so that nothing in them is ever reckoned."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_date_format": "yyyy-mm-dd",
            },
        )
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._bold = self._book.add_format({"bold": True})
        self._header = header
        self._begin()

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(self._header):
            self._sheet.write_string(0, column, name, self._bold)
        self._next = 1

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        for row in rows:
            if self._next > ROWS_A_SHEET:
                self._begin()
            for column, cell in enumerate(row):
                self._put(column, cell)
            self._next += 1

    def _put(self, column: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            self._sheet.write_string(self._next, column, cell[:32767])
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(self._next, column, cell.replace(tzinfo=None), self._moment)
        elif isinstance(cell, date):
            self._sheet.write_datetime(self._next, column, cell)
        else:
            self._sheet.write_number(self._next, column, cell)

    def close(self) -> None:
        self._book.close()


def _plain(cell: Cell) -> Any:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return cell


_SHEETS: Mapping[Format, Callable[[Path, Sequence[str]], _Sheet]] = {"csv": _Csv, "xlsx": _Xlsx}


async def written(
    kind: Format, header: Sequence[str], lots: AsyncIterable[Sequence[Any]], cells: Callable[[Any], Sequence[Cell]]
) -> tuple[Path, int]:
    """All rows in a file of its own, and how many they were. `cells` makes a row out of what a lot holds.

    The file is the caller's: `sent` throws it away.
    """
    with tempfile.NamedTemporaryFile(prefix="parley-export-", suffix=f".{kind}", delete=False) as made:
        path = Path(made.name)
    rows = 0
    try:
        sheet = await asyncio.to_thread(_SHEETS[kind], path, header)
        try:
            async for lot in lots:
                rows += len(lot)
                await asyncio.to_thread(_add, sheet, lot, cells)
        finally:
            await asyncio.to_thread(sheet.close)
    except BaseException:
        discard(path)
        raise
    return path, rows


def _add(sheet: _Sheet, lot: Sequence[Any], cells: Callable[[Any], Sequence[Cell]]) -> None:
    sheet.add([cells(one) for one in lot])


async def sent(path: Path) -> AsyncIterator[bytes]:
    """The file piece by piece; it is gone afterwards, whether all of it was wanted or not."""
    try:
        file = await asyncio.to_thread(path.open, "rb")
        try:
            while piece := await asyncio.to_thread(file.read, _READ):
                yield piece
        finally:
            file.close()
    finally:
        discard(path)


def discard(path: Path) -> None:
    """Throw a file away that nobody will have."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
