"""Files: whatever a spreadsheet saves is read line by line, with the right line numbers."""

import csv
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from core.errors import InvalidInput
from parley.portfolio.files import Line, count_lines, encoding_of, read_lines
from parley.portfolio.report import harmless
from parley.portfolio.sample import HEADERS, sample_rows, write_sample

CHINESE = "债权人,案件编号,姓名\n海港银行,CN-1,欧阳修\n海港银行,CN-2,镕喆\n"


def cells_of(path: Path) -> list[tuple[int, list[object]]]:
    return [(line.number, list(line.cells)) for line in read_lines(path)]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_file_is_read_in_each_encoding_that_spreadsheets_save(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.csv", CHINESE.encode(encoding))
    assert cells_of(path) == [
        (1, ["债权人", "案件编号", "姓名"]),
        (2, ["海港银行", "CN-1", "欧阳修"]),
        (3, ["海港银行", "CN-2", "镕喆"]),
    ]


def test_a_western_file_is_not_taken_for_chinese(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "creditor,reference,name\nBank,1,Renée Muñoz\n".encode("cp1252"))
    assert cells_of(path)[1] == (2, ["Bank", "1", "Renée Muñoz"])


def test_one_broken_character_spoils_its_own_line_alone(tmp_path: Path) -> None:
    good = "".join(f"海港银行,CN-{number},欧阳修\n" for number in range(50)).encode()
    path = written(tmp_path / "a.csv", "债权人,案件编号,姓名\n".encode() + good + b"Bank,2,\xff\xfe\n")
    rows = cells_of(path)
    assert rows[1][1] == ["海港银行", "CN-0", "欧阳修"]
    assert "\ufffd" in str(rows[-1][1])


def test_a_character_across_two_blocks_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "name\n" + "x" * ((1 << 20) - 6) + "修\n")
    assert encoding_of(path) == "utf-8-sig"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_sense_of_the_headers(tmp_path: Path, delimiter: str) -> None:
    rows = [["creditor", "reference", "name"], ["A, B; C|D Bank", "1", "Dana"]]
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    assert [cells for _, cells in cells_of(path)] == rows


def test_a_line_that_names_the_delimiter_is_no_header(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "sep=;\r\ncreditor;reference\r\nA,B;1\r\n")
    assert cells_of(path) == [(2, ["creditor", "reference"]), (3, ["A,B", "1"])]


def test_line_numbers_count_the_lines_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'a,b\n\n"two\nlines",1\n,\nx,"three\r\n\r\nlines"\ny,2\n')
    assert [number for number, _ in cells_of(path)] == [1, 3, 6, 9]
    assert count_lines(path) == 8


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_line_end_is_one(tmp_path: Path, end: str) -> None:
    path = written(tmp_path / "a.csv", end.join(("a,b", "1,2", '"3",4')))
    assert cells_of(path) == [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["3", "4"])]


def test_a_quotation_mark_inside_a_cell_is_text(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'a,b\n5" pipe,"say ""hi"""\n')
    assert cells_of(path)[1] == (2, ['5" pipe', 'say "hi"'])


@pytest.mark.parametrize(
    "bad",
    ['"Bob,1,2', 'Bob,"1,2', 'Bob,1,"2', '"Bob" Smith,1,2', '"Bob,1,"2'],
)
def test_a_lone_quotation_mark_spoils_its_own_line_alone(tmp_path: Path, bad: str) -> None:
    path = written(tmp_path / "a.csv", f'a,b,c\n1,2,3\n{bad}\n4,"5",6\n7,8,9\n')
    assert list(read_lines(path)) == [
        Line(1, ["a", "b", "c"]),
        Line(2, ["1", "2", "3"]),
        Line(3, (), broken=True),
        Line(4, ["4", "5", "6"]),
        Line(5, ["7", "8", "9"]),
    ]


def test_a_thousand_lone_quotation_marks_spoil_a_thousand_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a,b\n" + '1,"2\n' * 1000 + "3,4\n")
    rows = list(read_lines(path))
    assert sum(row.broken for row in rows) == 1000
    assert rows[-1] == Line(1002, ["3", "4"])


def test_a_file_without_lines_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", b"\0" * (3 << 20))
    with pytest.raises(InvalidInput, match="no table"):
        list(read_lines(path))


def test_a_hundred_columns_are_no_trouble(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ",".join(f"c{n}" for n in range(100)) + "\n" + ",".join("x" * 100) + "\n")
    assert [len(cells) for _, cells in cells_of(path)] == [100, 100]


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.csv.exe"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"give a \.csv or \.xlsx file"):
        list(read_lines(written(tmp_path / name, "a,b")))


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be opened"):
        list(read_lines(written(tmp_path / "a.xlsx", CHINESE)))


def workbook(path: Path, *, strings: dict[str, Any] | None = None) -> Path:
    with xlsxwriter.Workbook(str(path), strings or {}) as book:
        sheet = book.add_worksheet("cases")
        book.add_worksheet("other").write(0, 0, "not this")
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["name", "sum", "born", "last 4"])
        sheet.write_row(2, 0, ["欧阳 <修> & co", 1234.5])
        sheet.write_datetime(2, 2, datetime(1990, 4, 12), dated)  # noqa: DTZ001 - a workbook's cells have no zone
        sheet.write_number(2, 3, 42)
        sheet.write_row(3, 0, ["  kept  ", 7, "1990-04-12", "0042"])
        sheet.write_row(5, 1, [8])
    return path


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}])
def test_a_workbook_is_read_with_its_own_line_numbers(tmp_path: Path, options: dict[str, Any]) -> None:
    rows = cells_of(workbook(tmp_path / "a.xlsx", strings=options))
    assert [number for number, _ in rows] == [1, 3, 4, 6]
    assert rows[0][1] == ["name", "sum", "born", "last 4"]
    name, amount, born, four = rows[1][1]
    assert (name, amount, four) == ("欧阳 <修> & co", 1234.5, 42)
    assert isinstance(born, date)
    assert born.isoformat()[:10] == "1990-04-12"
    assert rows[2][1] == ["  kept  ", 7, "1990-04-12", "0042"]
    assert len(rows[3][1]) == 4


def repacked(path: Path, parts: dict[str, str]) -> Path:
    """A workbook in which some parts are replaced."""
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    assert parts.keys() <= content.keys()
    with zipfile.ZipFile(path, "w") as new:
        for name, data in (content | {name: text.encode() for name, text in parts.items()}).items():
            new.writestr(name, data)
    return path


FIRST_SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
SHEET = (
    '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
    '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row>'
    '<x:row r="4"><x:c r="B4" t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c></x:row>'
    '<x:row><x:c t="str"><x:f>A1</x:f><x:v>a &amp; b</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c><x:v>2.5</x:v></x:c>'
    "</x:row></x:sheetData></x:worksheet>"
)
STRINGS = (
    "<sst><si><r><t>东</t></r><r><t>京</t></r><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
    "<si><t>two_x000A_lines</t></si></sst>"
)


def test_a_workbook_of_another_maker_is_read_by_the_standard(tmp_path: Path) -> None:
    path = repacked(workbook(tmp_path / "a.xlsx"), {FIRST_SHEET: SHEET, SHARED: STRINGS})
    assert cells_of(path) == [
        (1, ["东京", "two\nlines"]),
        (4, ["", "#DIV/0!"]),
        (5, ["a & b", "1", 2.5]),
    ]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({FIRST_SHEET: SHEET[:300]}, "cannot be opened"),
        ({SHARED: "<sst/>"}, "string 1 is missing"),
        ({FIRST_SHEET: "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "declares a document type"),
        ({FIRST_SHEET: '<sheetData><row r="1"><c r="ZZZZ1"/></row></sheetData>'}, "no column ZZZZ"),
        ({FIRST_SHEET: '<sheetData><row r="x"/></sheetData>'}, "cannot be opened"),
        ({"xl/_rels/workbook.xml.rels": "<Relationships/>"}, "cannot be opened"),
    ],
)
def test_a_workbook_that_is_damaged_is_refused(tmp_path: Path, parts: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        cells_of(repacked(workbook(tmp_path / "a.xlsx"), parts))


def test_days_may_count_from_1904(tmp_path: Path) -> None:
    rows = cells_of(workbook(tmp_path / "a.xlsx", strings={"date_1904": True}))
    assert str(rows[1][1][2])[:10] == "1990-04-12"


def test_an_older_workbook_is_read_too(tmp_path: Path) -> None:
    text = "<table:table-row>" + "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in "ab"
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="s">{text}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    assert cells_of(tmp_path / "a.ods") == [(1, ["a", "b"])]


def test_an_empty_workbook_has_no_lines(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet()
    assert cells_of(tmp_path / "a.xlsx") == []


@pytest.mark.parametrize("value", ["=cmd()", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_what_a_spreadsheet_would_run_is_shown_as_text(value: str) -> None:
    assert harmless(value) == f"'{value}"
    assert harmless(f"a{value}") == f"a{value}"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_sample_is_the_same_for_the_same_seed(tmp_path: Path, suffix: str) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        write_sample(tmp_path / f"{name}.{suffix}", 50, seed)
    one, two, three = (cells_of(tmp_path / f"{name}.{suffix}") for name in ("one", "two", "three"))
    assert one == two
    assert one != three
    assert len(one) == 51


def test_a_sample_is_made_line_by_line_and_a_longer_one_begins_like_a_shorter_one() -> None:
    endless = sample_rows(10**12, 1)
    assert [next(endless) for _ in range(20)] == list(sample_rows(20, 1))


def test_no_two_cases_of_a_sample_share_a_reference() -> None:
    place = HEADERS.index("reference")
    references = [row[place] for row in sample_rows(5000, 2)]
    assert len(set(references)) == len(references)
