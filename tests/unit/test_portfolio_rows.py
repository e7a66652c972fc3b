"""One line of a file: a case, or every reason why it is none."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions.portfolio import PortfolioCase
from core.money import Money
from parley.portfolio.columns import map_columns
from parley.portfolio.rows import Problem, RowReader
from tests.unit.portfolios import GOOD, line

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


def read(cells: list[Any], headers: tuple[str, ...] = tuple(GOOD), fewest: int = 2) -> PortfolioCase | list[Problem]:
    return RowReader(map_columns(headers), NOW, fewest).read(7, cells)


def case(cells: list[Any], headers: tuple[str, ...] = tuple(GOOD)) -> PortfolioCase:
    found = read(cells, headers)
    assert isinstance(found, PortfolioCase), found
    return found


def problems(cells: list[Any], headers: tuple[str, ...] = tuple(GOOD), fewest: int = 2) -> list[Problem]:
    found = read(cells, headers, fewest)
    assert isinstance(found, list)
    assert found
    return found


def without(*names: str) -> tuple[tuple[str, ...], list[str]]:
    headers = tuple(name for name in GOOD if name not in names)
    return headers, [GOOD[name] for name in headers]


def test_a_good_line_becomes_a_case() -> None:
    assert case(line()) == PortfolioCase(
        creditor="Harbour Bank",
        reference="HB-1001",
        market="us",
        product="credit_card",
        currency="USD",
        principal=Money(210000, "USD"),
        interest=Money(22000, "USD"),
        fees=Money(8000, "USD"),
        due_date=date(2026, 9, 6),
        balance_as_of=date(2026, 11, 20),
        opened_on=date(2020, 3, 1),
        contract={"annual_rate": "0.2199"},
        debtor_name="Dana Reyes",
        language="en",
        time_zone="America/New_York",
        facts={"birth_date": "1990-04-12", "phone_last4": "0188", "account_last4": "8820"},
        contacts=(("phone", "+12125550188"), ("email", "dana@example.com")),
    )


BAD = [
    ({"creditor": ""}, "creditor", "this field is empty", "此项为空"),
    ({"creditor": "x" * 201}, "creditor", "longer than 200 characters", "超过200个字符"),
    ({"reference": " "}, "reference", "this field is empty", "此项为空"),
    ({"reference": "9" * 81}, "reference", "longer than 80 characters", "超过80个字符"),
    ({"name": "人" * 201}, "name", "longer than 200 characters", "超过200个字符"),
    ({"name": "Dana\x00Reyes"}, "name", "cannot be read", "无法识别"),
    ({"name": "D\ufffdna"}, "name", "cannot be read", "无法识别"),
    ({"product": "p" * 41}, "product", "longer than 40 characters", "超过40个字符"),
    ({"currency": "XXZ"}, "currency", "not an ISO currency code", "币种代码"),
    ({"currency": "dollars"}, "currency", "not an ISO currency code", "币种代码"),
    ({"principal": "-1"}, "principal", "cannot be negative", "不能为负数"),
    ({"principal": "(100.00)"}, "principal", "cannot be negative", "不能为负数"),
    ({"principal": "100.00-"}, "principal", "cannot be negative", "不能为负数"),
    ({"principal": "NaN"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "inf"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "1e400"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "1e3"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "1234,56"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "1.234,56"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "1,23,456"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "١٢٣"}, "principal", "not a sum of money", "不是有效的金额"),
    ({"principal": "£100"}, "principal", "another currency than USD", "币种不是USD"),
    ({"principal": "100元"}, "principal", "another currency than USD", "币种不是USD"),
    ({"principal": "100.001"}, "principal", "more decimals than USD has", "小数位数"),
    ({"principal": "99999999999999"}, "principal", "too large", "金额过大"),
    ({"interest": "abc"}, "interest", "not a sum of money", "不是有效的金额"),
    ({"fees": "-0.01"}, "fees", "cannot be negative", "不能为负数"),
    ({"currency": "JPY", "principal": "1000.50"}, "principal", "more decimals than JPY has", "小数位数"),
    ({"days_past_due": "7.5"}, "days past due", "not a whole number of days", "不是整数天数"),
    ({"days_past_due": "99999"}, "due_date", "too far from the date of the balance", "相差过大"),
    ({"days_past_due": "-9999"}, "due_date", "too far from the date of the balance", "相差过大"),
    ({"days_past_due": ""}, "due_date", "give a due date or the days past due", "请填写应还日期"),
    ({"as_of": "2027-01-01"}, "as of", "a date in the future", "日期在未来"),
    ({"as_of": "03/04/2026"}, "as of", "not a date", "不是有效日期"),
    ({"contract_date": "2026-02-30"}, "contract date", "not a date", "不是有效日期"),
    ({"contract_date": "2031-01-01"}, "contract date", "a date in the future", "日期在未来"),
    ({"contract:_annual_rate": "9" * 501}, "contract: annual rate", "longer than 500", "超过500个字符"),
    ({"phone": "call me"}, "phone", "not a phone number", "不是有效的电话号码"),
    ({"phone": "12345"}, "phone", "not a possible phone number", "没有这样的电话号码"),
    ({"email": "dana at example"}, "email", "not an e-mail address", "不是有效的邮箱地址"),
    ({"language": "Klingon"}, "language", "unknown language: use one of en, zh", "未知的语言"),
    ({"time_zone": "Mars/Olympus"}, "time zone", "not a time zone", "不是有效时区"),
    ({"time_zone": "EST"}, "time zone", "not a time zone", "不是有效时区"),
    ({"time_zone": ""}, "time zone", "this market has several time zones", "多个时区"),
    ({"market": "de"}, "market", "unknown market: use one of cn, uk, us", "未知的市场"),
    ({"birth_date": "2026-11-24"}, "birth date", "a birth date in the future", "出生日期在未来"),
    ({"birth_date": "2009-11-24"}, "birth date", "under 18", "未满18岁"),
    ({"birth_date": "1900-01-01"}, "birth date", "over 120", "超过120岁"),
    ({"birth_date": "12 April"}, "birth date", "not a date", "不是有效日期"),
    ({"account_last4": "88201"}, "account last4", "exactly the last four digits", "后四位数字"),
    ({"account_last4": "88x"}, "account last4", "exactly the last four digits", "后四位数字"),
    ({"phone": "", "birth_date": ""}, "birth date", "at least 2 facts", "至少需要2项信息"),
]


@pytest.mark.parametrize(("changes", "column", "reason", "reason_zh"), BAD)
def test_a_bad_line_is_told_with_its_column_and_reason(
    changes: dict[str, str], column: str, reason: str, reason_zh: str
) -> None:
    wanted = {name.replace("contract:_annual_rate", "contract: annual rate"): value for name, value in changes.items()}
    found = problems(line(**wanted))
    assert [(problem.line, problem.column) for problem in found] == [(7, column)]
    assert reason in found[0].reason
    assert reason_zh in found[0].reason_zh


def test_every_problem_of_a_line_is_told_at_once() -> None:
    found = problems(line(market="de", principal="x", birth_date="soon", email="?"))
    assert {problem.column for problem in found} == {"market", "principal", "birth date", "email"}


@pytest.mark.parametrize(
    "changes",
    [{"birth_date": "1990-13-01"}, {"phone": "555-secret"}, {"account_last4": "88201"}, {"name": "x" * 201}],
)
def test_nothing_personal_is_repeated_in_a_reason(changes: dict[str, str]) -> None:
    (problem,) = problems(line(**changes))
    (value,) = changes.values()
    assert problem.value == ""
    assert value not in problem.reason + problem.reason_zh


def test_a_value_that_is_not_personal_is_shown_so_that_it_can_be_found() -> None:
    assert problems(line(principal="=1+1"))[0].value == "=1+1"


@pytest.mark.parametrize(
    ("written", "minor"),
    [("1,234.50", 123450), ("$1,234.50", 123450), ("1234.5", 123450), ("１２３４．５０", 123450), ("1234.500", 123450),
     ("USD 1234.50", 123450), ("US$1234.50", None), (" 1234 ", 123400), ("0.10", 10), ("1,234,567.89", 123456789)],
)  # fmt: skip
def test_a_sum_is_read_exactly(written: str, minor: int | None) -> None:
    found = read(line(principal=written))
    if minor is None:
        assert isinstance(found, list)
    else:
        assert isinstance(found, PortfolioCase)
        assert found.principal == Money(minor, "USD")


def test_a_currency_without_decimals_takes_whole_sums() -> None:
    found = case(line(currency="JPY", principal="1000.00", interest="¥2,000", fees="0"))
    assert (found.principal, found.interest) == (Money(1000, "JPY"), Money(2000, "JPY"))


@given(st.decimals(min_value=0, max_value="9999999999.99", places=2))
def test_every_sum_with_two_decimals_comes_in_to_the_cent(amount: Any) -> None:
    found = case(line(principal=f"{amount:,.2f}"))
    assert found.principal.minor == int(amount * 100)


@pytest.mark.parametrize(
    "written",
    ["2026-01-31", "2026/1/31", "2026.01.31", "20260131", "2026年1月31日", "31 Jan 2026", "31 January 2026",
     "2026-01-31 00:00:00", datetime(2026, 1, 31), date(2026, 1, 31)],  # noqa: DTZ001 - a workbook's cells have no zone
)  # fmt: skip
def test_a_date_is_read_in_each_form_that_has_one_meaning(written: Any) -> None:
    headers = tuple("due date" if name == "days past due" else name for name in GOOD)
    cells: list[Any] = line()
    cells[headers.index("due date")] = written
    assert case(cells, headers).due_date == date(2026, 1, 31)


@pytest.mark.parametrize(("written", "four"), [("42", "0042"), (42.0, "0042"), (42, "0042"), ("0042", "0042")])
def test_zeros_that_a_spreadsheet_dropped_come_back(written: Any, four: str) -> None:
    cells: list[Any] = line()
    cells[-1] = written
    assert case(cells).facts["account_last4"] == four


def test_a_postcode_gets_the_zeros_of_its_market_back() -> None:
    headers, cells = (*GOOD, "zip", "id last4"), [*line(), "2134", "12x"]
    facts = case(cells, headers).facts
    assert (facts["postcode"], facts["id_last4"]) == ("02134", "012X")


@pytest.mark.parametrize("number", [1234567890123456.0, 6222021234567890123, 1e300])
def test_a_number_of_which_a_spreadsheet_lost_digits_is_refused(number: float) -> None:
    cells: list[Any] = line()
    cells[1] = number
    assert "lost digits" in problems(cells)[0].reason


def test_a_spreadsheets_binary_dust_is_no_decimals() -> None:
    cells: list[Any] = line()
    cells[4] = 0.1 + 0.2
    assert case(cells).principal == Money(30, "USD")


@pytest.mark.parametrize("name", ["Zoë O'Brien-Ng", '"Bob" Smith', "😀 Dana", "欧阳修" * 60, "Дана", "d'Arc, Jeanne"])
def test_names_come_in_as_they_are(name: str) -> None:
    assert case(line(name=name)).debtor_name == name


def test_a_name_on_two_lines_becomes_one() -> None:
    assert case(line(name="Dana\r\n Reyes")).debtor_name == "Dana Reyes"


def test_a_line_that_is_cut_off_is_left_out() -> None:
    (problem,) = problems(line()[:-2])
    assert "17 cells where there are 19 columns" in problem.reason


def test_a_line_with_a_cell_too_many_is_left_out_since_a_sum_may_have_moved() -> None:
    cells = line()
    cells[4:5] = ["2", "100.00"]
    (problem,) = problems(cells)
    assert "more cells than the 19 columns" in problem.reason
    assert isinstance(read([*line(), "", ""]), PortfolioCase)


def test_what_a_file_has_no_column_for_is_not_said() -> None:
    headers, cells = without("interest", "fees", "product", "language", "contract date")
    found = case(cells, headers)
    assert (found.interest, found.fees, found.product, found.language, found.opened_on) == (None,) * 5


def test_an_empty_cell_of_a_sum_says_that_there_is_none() -> None:
    assert case(line(interest="", fees="")).interest == Money.zero("USD")


def test_the_balance_is_of_the_debtors_own_today_when_the_file_does_not_say() -> None:
    headers, cells = without("as of")
    assert case(cells, headers).balance_as_of == date(2026, 11, 22)
    cells[headers.index("time zone")] = "Asia/Shanghai"
    assert case(cells, headers).balance_as_of == date(2026, 11, 23)


@pytest.mark.parametrize(("market", "zone"), [("cn", "Asia/Shanghai"), ("英国", "Europe/London")])
def test_a_market_with_one_time_zone_needs_none(market: str, zone: str) -> None:
    assert case(line(market=market, time_zone="", phone="")).time_zone == zone


def test_more_facts_are_needed_where_the_identity_check_asks_for_more() -> None:
    assert isinstance(read(line(), fewest=3), PortfolioCase)
    assert "at least 4 facts" in problems(line(), fewest=4)[0].reason


def test_someone_who_turns_eighteen_today_is_of_age() -> None:
    assert case(line(birth_date="2008-11-22")).facts["birth_date"] == "2008-11-22"


def test_days_before_the_due_date_are_read_for_cases_that_are_known() -> None:
    assert case(line(days_past_due="-5")).due_date == date(2026, 11, 25)


def test_the_given_last_four_of_a_phone_count_before_those_of_the_number() -> None:
    headers, cells = (*GOOD, "phone last4"), [*line(), "4471"]
    assert case(cells, headers).facts["phone_last4"] == "4471"
