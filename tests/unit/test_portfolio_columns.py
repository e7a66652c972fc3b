"""Headers: which column holds what."""

import pytest

from parley.portfolio.columns import HEADERS, headers_to_show, map_columns
from tests.unit.portfolios import GOOD

CHINESE = (
    "债权人",
    "案件编号",
    "币种",
    "本金",
    "利息",
    "违约金",
    "逾期天数",
    "姓名",
    "手机号",
    "市场",
    "出生日期",
    "卡号后四位",
)


def test_english_headers_are_understood() -> None:
    mapped = map_columns(tuple(GOOD))
    assert mapped.missing == ()
    assert mapped.ignored == ()
    assert mapped.fields["principal"] == 4
    assert mapped.contract == {"annual_rate": 10}


def test_chinese_headers_are_understood() -> None:
    mapped = map_columns(CHINESE)
    assert (mapped.missing, mapped.ignored) == ((), ())
    assert mapped.fields["penalty"] == 5


def test_both_languages_may_stand_in_one_file() -> None:
    mapped = map_columns(("Creditor", "案件编号", "Currency", "本金", "days past due", "姓名", "市场"))
    assert mapped.missing == ()


@pytest.mark.parametrize(
    "header",
    [
        "Principal (本金)",
        "本金/Principal",
        "本金 Principal",
        "principal本金",
        "本金(元)",
        "本金（元）",
        "ＰＲＩＮＣＩＰＡＬ",
    ],
)
def test_both_languages_may_stand_in_one_header(header: str) -> None:
    assert map_columns([header]).fields == {"principal": 0}


@pytest.mark.parametrize(
    "header", ["本金(万元)", "姓名(元)", "principal interest", "本金/利息", "principal (thousands)"]
)
def test_a_header_that_says_something_else_is_not_guessed_at(header: str) -> None:
    mapped = map_columns([header])
    assert mapped.fields == {}
    assert mapped.ignored == (header,)


@pytest.mark.parametrize(("field", "names"), HEADERS.items())
def test_capitals_blanks_and_dashes_do_not_matter(field: str, names: tuple[str, ...]) -> None:
    for name in (field, *names):
        for header in (name.upper(), f"  {name} ", name.replace(" ", "_"), name.replace(" ", "-")):
            assert map_columns([header]).fields == {field: 0}, header


def test_what_is_missing_is_named() -> None:
    mapped = map_columns(("creditor", "reference", "currency", "name", "market"))
    assert mapped.missing == ("principal", "due_date")


def test_two_columns_for_one_sum_are_told_and_none_is_chosen() -> None:
    mapped = map_columns(("本金", "利息", "违约金", "费用", "手续费"))
    assert mapped.doubled == {"fees": ("费用", "手续费")}


def test_of_two_telephones_the_first_counts() -> None:
    mapped = map_columns(("mobile", "telephone"))
    assert (mapped.fields, mapped.ignored, mapped.doubled) == ({"phone": 0}, ("telephone",), {})


def test_what_people_tell_the_bot_is_no_fact_of_the_contract() -> None:
    mapped = map_columns(("contract: contact preference", "合同：利率"))
    assert mapped.contract == {"利率": 1}
    assert mapped.ignored == ("contract: contact preference",)


def test_a_cell_that_is_no_header_is_not_shown() -> None:
    mapped = map_columns(("name", "phone last4", "1990-04-12", "dana@example.com", "Notes\x1b"))
    assert list(headers_to_show(mapped)) == ["name", "phone last4", "column 3", "column 4", "Notes"]
