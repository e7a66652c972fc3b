"""The lines of a portfolio file, one at a time: CSV in UTF-8 or GB 18030, or the first sheet of a workbook."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from python_calamine import CalamineWorkbook

from core.errors import InvalidInput
from parley.portfolio.columns import map_columns
from parley.portfolio.workbook import Row, workbook_rows

_TEXT = (".csv", ".tsv", ".txt")
_STREAMED = (".xlsx", ".xlsm")
_LOADED = (".xls", ".xlsb", ".ods")
_DELIMITERS = ",;\t|"
_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 20
_MOST_LINES = 200
_MOST_CHARACTERS = 100_000
"""A quotation mark that is not closed within so much was not meant to be opened."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line in the file on which a row begins (from 1) and its cells; `broken` where quotation marks do not pair."""

    number: int
    cells: Sequence[object]
    broken: bool = False


def read_lines(path: Path) -> Iterator[Line]:
    """Every row that is not empty, the headers first. InvalidInput for a file that is no table."""
    suffix = path.suffix.lower()
    if suffix in _TEXT:
        yield from _csv(path)
    elif suffix in _STREAMED:
        yield from _filled(workbook_rows(path))
    elif suffix in _LOADED:
        yield from _filled(_loaded_rows(path))
    else:
        raise InvalidInput(f"Cannot read {suffix or 'this file'}: give a .csv or .xlsx file.", path=str(path))


def count_lines(path: Path) -> int | None:
    """About how many data lines there are, for a progress bar; None where counting would mean reading it all."""
    if path.suffix.lower() not in _TEXT:
        return None
    with path.open("rb") as file:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b"")) - 1)


def encoding_of(path: Path) -> str:
    """The encoding of a text file: what its byte order mark says, else UTF-8, GB 18030 or Windows-1252 by its bytes.

    A few broken characters do not make a UTF-8 file one of another encoding: only their lines are unfit.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = beyond_ascii = alone = paired = 0
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        for block in iter(lambda: file.read(_BLOCK), b""):
            text = decoder.decode(block)
            if not block.isascii():
                broken += text.count("\ufffd")
                beyond_ascii += len(re.findall(r"[^\x00-\x7f]", text))
                runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", block)]
                alone += runs.count(1)
                paired += len(runs) - runs.count(1)
    if broken * 4 <= beyond_ascii:
        return "utf-8-sig"
    return "cp1252" if alone > paired else "gb18030"


def _csv(path: Path) -> Iterator[Line]:
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as file:
        yield from _records(_Source(file, path))


class _Source:
    """Physical lines with their numbers; lines may be given back to be read again."""

    def __init__(self, file: TextIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._returned: list[str] = []
        self.number = 0

    def take(self) -> str:
        """The next line with its end, or nothing at the end of the file."""
        line = self._returned.pop() if self._returned else self._file.readline(_LONGEST_LINE)
        if len(line) >= _LONGEST_LINE:
            raise InvalidInput("This file is no table: a line of it never ends.", path=str(self._path))
        if line:
            self.number += 1
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        """Lines that `take` gave last, in their order."""
        self._returned.extend(reversed(lines))
        self.number -= len(lines)


def _records(source: _Source) -> Iterator[Line]:
    delimiter, width = "", 0
    while line := source.take():
        number = source.number
        if not line.strip():
            continue
        if not delimiter:
            told = re.fullmatch(r"sep=(.)\s*", line)
            if told is not None and told[1] in _DELIMITERS:
                delimiter = told[1]
                continue
            delimiter = _delimiter_of(line)
        if '"' not in line:
            record = Line(number, line.rstrip("\r\n").split(delimiter))
        else:
            record = _quoted(source, line, number, delimiter, width)
        width = width or len(record.cells)
        if record.broken or any(cell and not str(cell).isspace() for cell in record.cells):
            yield record


def _quoted(source: _Source, first: str, number: int, delimiter: str, width: int) -> Line:
    """The row that begins on this line. Where a quotation mark stays open, only this line is broken, not the next."""
    taken = [first]

    def lines() -> Iterator[str]:
        yield first
        size = len(first)
        while len(taken) < _MOST_LINES and size < _MOST_CHARACTERS and (line := source.take()):
            taken.append(line)
            size += len(line)
            yield line

    try:
        cells = next(csv.reader(lines(), delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        cells = []
    if cells and (len(taken) == 1 or width in (0, len(cells))):
        return Line(number, cells)
    source.give_back(taken[1:])
    return Line(number, (), broken=True)


def _delimiter_of(headers: str) -> str:
    """What separates the headers: the sign with which most of them are understood."""

    def understood(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([headers], delimiter=delimiter))
        return len(map_columns(cells).fields), len(cells)

    return max(_DELIMITERS, key=understood)


def _filled(rows: Iterator[Row]) -> Iterator[Line]:
    for number, cells in rows:
        if any(cell not in ("", None) for cell in cells):
            yield Line(number, cells)


def _loaded_rows(path: Path) -> Iterator[Row]:
    """The rows of the first sheet of an older or other workbook, which is held in memory while it is read."""
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()
    except Exception as error:
        raise InvalidInput(f"This workbook cannot be opened: {error}.", path=str(path)) from error
    for number, cells in enumerate(rows, 1):
        yield number, [*cells]
