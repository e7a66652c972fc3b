"""Files of rows: nothing in them is a formula, any number of rows fits, and what is left over is thrown away."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from console import exports


async def lots(*found: Sequence[int]) -> AsyncIterator[Sequence[int]]:
    """Rows in lots."""
    for lot in found:
        yield lot


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "＝1", "\u00a0@x"])
def test_what_a_spreadsheet_would_reckon_gets_an_apostrophe(text: str) -> None:
    assert exports.harmless(text) == f"'{text}"


@given(st.text())
def test_a_text_is_changed_by_an_apostrophe_at_most(text: str) -> None:
    assert exports.harmless(text) in (text, f"'{text}")
    assert not exports.harmless(text).lstrip().startswith(("=", "+", "-", "@"))


async def test_numbers_stay_numbers_and_dates_dates() -> None:
    moment = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
    cells = ("=x", 5, Decimal("-12.30"), date(2026, 11, 1), moment, None)
    path, rows = await exports.written("xlsx", ["a"] * 6, lots([1]), lambda _: cells)
    (told,) = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)[1:]
    assert rows == 1
    assert told[:3] == ["=x", 5, -12.3]
    assert str(told[3]).startswith("2026-11-01")
    assert str(told[4]).startswith("2026-11-23 15:04")
    exports.discard(path)
    path, _ = await exports.written("csv", ["a"] * 6, lots([1]), lambda _: cells)
    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == "'=x,5,-12.30,2026-11-01,2026-11-23 15:04,"
    exports.discard(path)


async def test_what_does_not_fit_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS_A_SHEET", 3)
    path, rows = await exports.written("xlsx", ["n"], lots([1, 2], [3, 4, 5], [6, 7]), lambda n: (n,))
    book = CalamineWorkbook.from_path(str(path))
    told = [sheet.to_python() for sheet in map(book.get_sheet_by_name, book.sheet_names)]
    assert rows == 7
    assert [[row[0] for row in sheet] for sheet in told] == [["n", 1, 2, 3], ["n", 4, 5, 6], ["n", 7]]
    exports.discard(path)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_file_is_gone_once_it_is_sent_or_could_not_be_written(
    kind: exports.Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path, _ = await exports.written(kind, ["n"], lots([1]), lambda n: (n,))
    assert b"".join([piece async for piece in exports.sent(path)])
    with pytest.raises(ZeroDivisionError):
        await exports.written(kind, ["n"], lots([1]), lambda n: (1 // 0,))
    assert left_in(tmp_path) == []


def left_in(folder: Path) -> list[Path]:
    """The files that are still there."""
    return list(folder.iterdir())
