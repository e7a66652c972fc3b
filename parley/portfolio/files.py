"""The lines of a portfolio file, one at a time: CSV in UTF-8 or GB 18030, or the first sheet of a workbook."""

import csv
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from core.errors import InvalidInput

_SAMPLE_BYTES = 65_536


def read_lines(path: Path) -> Iterator[tuple[int, list[object]]]:
    """Line number (from 1) and cells of every line that is not empty. InvalidInput for a file that is no table."""
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            yield from _csv(path)
        case ".xlsx" | ".xlsm" | ".xls" | ".ods":
            yield from _sheet(path)
        case suffix:
            raise InvalidInput(f"Cannot read {suffix or 'this file'}: give a .csv or .xlsx file.", path=str(path))


def count_lines(path: Path) -> int | None:
    """About how many data lines there are, for a progress bar; None where counting would mean reading it all."""
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        return None
    with path.open("rb") as file:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1)


def encoding_of(path: Path) -> str:
    """UTF-8 where the file is that, else GB 18030, in which Chinese spreadsheets save their CSV."""
    with path.open("rb") as file:
        for block in iter(lambda: file.readline(_SAMPLE_BYTES), b""):
            try:
                block.decode("utf-8-sig")
            except UnicodeDecodeError:
                return "gb18030"
    return "utf-8-sig"


def _csv(path: Path) -> Iterator[tuple[int, list[object]]]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(4096)
        file.seek(0)
        try:
            dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(sample, delimiters=",;\t|")
        except csv.Error:
            dialect = csv.excel
        reader = csv.reader(file, dialect)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, list(cells)
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidInput(f"Line {reader.line_num + 1} cannot be read: {error}.", path=str(path)) from error


def _sheet(path: Path) -> Iterator[tuple[int, list[object]]]:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_index(0)
    except Exception as error:
        raise InvalidInput(f"This workbook cannot be opened: {error}.", path=str(path)) from error
    first = sheet.start[0] + 1 if sheet.start else 1
    for number, cells in enumerate(sheet.iter_rows(), first):
        if any(cell not in ("", None) for cell in cells):
            yield number, list(cells)
