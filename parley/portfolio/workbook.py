"""The first sheet of an .xlsx workbook, row by row in memory that does not grow with it (ECMA-376 part 1, 18.3-18.8).

Unlike a reader that loads the sheet, it also tells a cell with an error from an empty one.
"""

import mmap
import posixpath
import re
import tempfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from core.errors import InvalidInput

Row = tuple[int, list[object]]
Start = Callable[[str, Mapping[str, str]], None]
_BLOCK = 1 << 16
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_DATE_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_COLUMNS = 16_384
_DIGITS = "0123456789"


_NO_WORKBOOK = (
    BadZipFile, zlib.error, EOFError, expat.ExpatError, KeyError, IndexError, ValueError, RuntimeError,
)  # fmt: skip


class _Unreadable(Exception):
    """This workbook is not as the standard has it."""


def workbook_rows(path: Path) -> Iterator[Row]:
    """Row number (from 1) and cells of each row that stands in the sheet. InvalidInput for what is no workbook."""
    try:
        with ZipFile(path) as archive, _Strings() as strings:
            sheet, from_1904 = _first_sheet(archive)
            _read_strings(archive, strings)
            yield from _Sheet(strings, _date_styles(archive), from_1904=from_1904).rows(archive, sheet)
    except _NO_WORKBOOK as error:
        raise InvalidInput(f"This workbook cannot be opened: {error}.", path=str(path)) from error
    except _Unreadable as error:
        raise InvalidInput(f"This workbook cannot be read: {error}.", path=str(path)) from error


class _Strings:
    """The workbook's shared strings, in a file that disappears; only their places are in memory."""

    def __init__(self) -> None:
        self._places = array("Q", [0])
        self._map: mmap.mmap | None = None

    def __enter__(self) -> "_Strings":
        self._file: BinaryIO = tempfile.TemporaryFile()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._map is not None:
            self._map.close()
        self._file.close()

    def add(self, text: str) -> None:
        """The next string."""
        self._places.append(self._places[-1] + self._file.write(text.encode("utf-8", "surrogatepass")))

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._places) - 1:
            raise _Unreadable(f"string {number} is missing")
        start, end = self._places[number], self._places[number + 1]
        if start == end:
            return ""
        if self._map is None:
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map[start:end].decode("utf-8", "replace")


def _parsed(archive: ZipFile, name: str, parser: expat.XMLParserType) -> Iterator[None]:
    """Feeds the parser a part of the workbook; yields after each block."""
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(name) as part:
        for block in iter(lambda: part.read(_BLOCK), b""):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
    yield


def _refuse_doctype(*_: object) -> None:
    raise _Unreadable("it declares a document type")


def _elements(archive: ZipFile, name: str, start: Start) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(_local(tag), attributes)
    for _ in _parsed(archive, name, parser):
        pass


def _local(tag: str) -> str:
    return tag if ":" not in tag else tag.rpartition(":")[2]


def _first_sheet(archive: ZipFile) -> tuple[str, bool]:
    """The name of the first sheet's part, and whether its days count from 1904."""
    relations: list[str] = []
    targets: dict[str, str] = {}
    from_1904 = False

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal from_1904
        if tag == "sheet":
            relations.extend(value for name, value in attributes.items() if _local(name) == "id" and ":" in name)
        elif tag == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true")

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _elements(archive, "xl/workbook.xml", sheet)
    _elements(archive, "xl/_rels/workbook.xml.rels", relation)
    return posixpath.normpath(posixpath.join("/xl", targets[relations[0]])).lstrip("/"), from_1904


def _date_styles(archive: ZipFile) -> frozenset[str]:
    """The numbers of the cell styles that show a number as a date."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    formats: dict[str, str] = {}
    found: list[str] = []
    inside = False

    def style(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            formats[attributes["numFmtId"]] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyles", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            found.append(attributes.get("numFmtId", "0"))

    _elements(archive, "xl/styles.xml", style)
    return frozenset(str(place) for place, number in enumerate(found) if _is_date(number, formats.get(number)))


def _is_date(number: str, form: str | None) -> bool:
    if form is None:
        return number.isdigit() and int(number) in _DATE_FORMATS
    letters = _NOT_DATE_LETTERS.sub("", form.lower())
    return any(letter in letters for letter in "yd") or ("m" in letters and "h" in letters)


def _read_strings(archive: ZipFile, strings: _Strings) -> None:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return
    text = _Text()
    parser = expat.ParserCreate()
    text.listen(parser)

    def end(tag: str) -> None:
        if text.end(_local(tag)) == "si":
            strings.add(text.take())

    parser.EndElementHandler = end
    for _ in _parsed(archive, "xl/sharedStrings.xml", parser):
        pass


class _Text:
    """Gathers the text of `t` elements, but for those that say how a word is pronounced (`rPh`)."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._listening = self._aside = False

    def listen(self, parser: expat.XMLParserType) -> None:
        """Hear what this parser reads."""
        parser.StartElementHandler = lambda tag, _: self.start(_local(tag))
        parser.CharacterDataHandler = self.characters

    def start(self, tag: str) -> None:
        if tag == "t":
            self._listening = not self._aside
        elif tag == "rPh":
            self._aside = True

    def characters(self, text: str) -> None:
        if self._listening:
            self._parts.append(text)

    def end(self, tag: str) -> str:
        if tag == "t":
            self._listening = False
        elif tag == "rPh":
            self._aside = False
        return tag

    def take(self) -> str:
        """What was gathered since the last time."""
        text = "".join(self._parts)
        self._parts.clear()
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Sheet:
    """Reads one sheet. Every row has at least as many cells as the first one."""

    def __init__(self, strings: _Strings, dates: frozenset[str], *, from_1904: bool) -> None:
        self._strings = strings
        self._dates = dates
        self._epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - local days
        self._done: list[Row] = []
        self._text = _Text()
        self._value: list[str] = []
        self._cells: list[object] = []
        self._row = self._width = self._column = 0
        self._kind = self._style = ""
        self._in_value = False

    def rows(self, archive: ZipFile, name: str) -> Iterator[Row]:
        """The rows of the sheet in this part of the workbook."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        for _ in _parsed(archive, name, parser):
            done, self._done = self._done, []
            yield from done

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = _local(tag)
        if tag == "c":
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._column = _column(attributes["r"].rstrip(_DIGITS)) if "r" in attributes else len(self._cells)
            self._value.clear()
        elif tag == "v":
            self._in_value = True
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._cells = []
        else:
            self._text.start(tag)

    def _characters(self, text: str) -> None:
        if self._in_value:
            self._value.append(text)
        else:
            self._text.characters(text)

    def _end(self, tag: str) -> None:
        tag = _local(tag)
        if tag == "v":
            self._in_value = False
        elif tag == "c":
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells.append(self._cell())
        elif tag == "row":
            self._width = self._width or len(self._cells)
            self._cells.extend([""] * (self._width - len(self._cells)))
            self._done.append((self._row, self._cells))
        else:
            self._text.end(tag)

    def _cell(self) -> object:
        value = "".join(self._value)
        if self._kind == "inlineStr":
            return self._text.take()
        if not value:
            return ""
        if self._kind == "s":
            return self._strings[int(value)]
        if self._kind != "n":
            return value
        number = float(value)
        if self._style in self._dates and 0 < number < 3_000_000:
            return self._epoch + timedelta(days=number)
        return number


@cache
def _column(letters: str) -> int:
    """The column of a place: 0 for `A`."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    if not 0 < column <= _MOST_COLUMNS or not letters.isalpha():
        raise _Unreadable(f"there is no column {letters}")
    return column - 1
