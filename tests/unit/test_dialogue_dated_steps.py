"""Plans whose first sum lasts until a date, in people's own words; and the date asked for where none is told."""

from datetime import UTC, date, datetime

import pytest

from core.dialogue.decide import decide
from core.dialogue.reading import ask_of
from core.dialogue.understanding import Intent, Understanding
from core.money import Money
from core.negotiation import Ask, DatedStep
from nlu.engine import Context, floor_only
from tests.unit.conversing import at, heard

TODAY = date(2026, 11, 23)
OWED = {"USD": Money(240000, "USD"), "CNY": Money(1660000, "CNY")}


def read(text: str, currency: str) -> Understanding:
    """The message with the entities that the grammars find."""
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return floor_only(text, Context(noon, currency, None, "en" if currency == "USD" else "zh"))


def ask(text: str, currency: str = "USD") -> Ask:
    return ask_of(read(text, currency), text, balance=OWED[currency], today=TODAY, in_instalments=False)


def steps(found: Ask) -> list[tuple[str, str]]:
    """Each sum with the day that it lasts until, the last one without."""
    assert found.instalment is not None
    dated = [(step.amount.to_text(), step.before.isoformat() if step.before else "?") for step in found.dated_steps]
    return [*dated, (found.instalment.to_text(), "")]


ENGLISH = [
    ("100 until March, then 300", [("100.00", "2027-03-01"), ("300.00", "")]),
    ("I can do 100 a month until March and 300 after that", [("100.00", "2027-03-01"), ("300.00", "")]),
    ("100 until the end of March, then 300", [("100.00", "2027-04-01"), ("300.00", "")]),
    ("100 through March, 300 thereafter", [("100.00", "2027-04-01"), ("300.00", "")]),
    ("I could pay 100 a month till 15 March, then 250", [("100.00", "2027-03-15"), ("250.00", "")]),
    ("50 a week until Christmas, then 100 a week", [("50.00", "2026-12-25"), ("100.00", "")]),
    ("start with 100 and go up to 200 after Christmas", [("100.00", "2026-12-26"), ("200.00", "")]),
    ("100 a month for now, going up to 300 from April", [("100.00", "2027-04-01"), ("300.00", "")]),
    ("I can pay 100 a month and 300 from March", [("100.00", "2027-03-01"), ("300.00", "")]),
    ("100 a month, and after March 300", [("100.00", "2027-04-01"), ("300.00", "")]),
    ("until March I can only do 100, after that 300", [("100.00", "2027-03-01"), ("300.00", "")]),
    ("from March I can pay 300, until then 100", [("100.00", "2027-03-01"), ("300.00", "")]),
    (
        "100 until March, 200 until June, then 300",
        [("100.00", "2027-03-01"), ("200.00", "2027-06-01"), ("300.00", "")],
    ),
]
CHINESE = [
    ("三月之前每月500，之后1000", [("500.00", "2027-03-01"), ("1000.00", "")]),
    ("明年三月前每个月还500，之后每月1000", [("500.00", "2027-03-01"), ("1000.00", "")]),
    ("先每月500，三月起1000", [("500.00", "2027-03-01"), ("1000.00", "")]),
    ("先每月500，三月之后1000", [("500.00", "2027-04-01"), ("1000.00", "")]),
    ("到三月底每月500，然后每月1000", [("500.00", "2027-04-01"), ("1000.00", "")]),
    ("现在每月只能还500，明年四月开始每月1000", [("500.00", "2027-04-01"), ("1000.00", "")]),
    ("元旦之前每周200，之后每周400", [("200.00", "2027-01-01"), ("400.00", "")]),
    ("圣诞之后可以涨到每月1000，现在先每月500", [("500.00", "2026-12-26"), ("1000.00", "")]),
    ("三月之前500，六月之前800，之后1000", [("500.00", "2027-03-01"), ("800.00", "2027-06-01"), ("1000.00", "")]),
]
UNDATED = [
    ("start with 100 a month and go up to 200 after the summer", "USD", [("100.00", "?"), ("200.00", "")]),
    ("I'll start at 80 a month and increase it to 150 once I find a job", "USD", [("80.00", "?"), ("150.00", "")]),
    ("先每月500，过完年涨到1000", "CNY", [("500.00", "?"), ("1000.00", "")]),
    ("春节后每月1000，之前每月500", "CNY", [("500.00", "?"), ("1000.00", "")]),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_a_date_ends_the_first_sum(text: str, expected: list[tuple[str, str]]) -> None:
    found = ask(text)
    assert steps(found) == expected
    assert found.first_due is None


@pytest.mark.parametrize(("text", "expected"), CHINESE)
def test_the_same_in_chinese(text: str, expected: list[tuple[str, str]]) -> None:
    found = ask(text, "CNY")
    assert steps(found) == expected
    assert found.first_due is None


@pytest.mark.parametrize(("text", "currency", "expected"), UNDATED)
def test_a_time_that_no_calendar_knows_is_left_open(text: str, currency: str, expected: list[tuple[str, str]]) -> None:
    assert steps(ask(text, currency)) == expected


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("500 now and then 100 a month from March", "USD"),
        ("100 before March, 300 is too much", "USD"),
        ("give me until March to pay 300", "USD"),
        ("100 until March, then 100", "USD"),
        ("50 a week until March, then 200 a month", "USD"),
        ("500 a month, going up with inflation to 600", "USD"),
        ("start with 500 then 100 a month", "USD"),
        ("先还500，三月起每月1000", "CNY"),
    ],
)
def test_other_words_about_sums_and_dates_are_no_such_plan(text: str, currency: str) -> None:
    assert ask(text, currency).dated_steps == ()


def test_what_was_paid_until_a_date_is_no_ask() -> None:
    said = read("I paid 100 until March, then 300", "USD")
    told = Understanding("en", (Intent("already_paid", 0.9),), said.entities)
    found = ask_of(told, "I paid 100 until March, then 300", balance=OWED["USD"], today=TODAY, in_instalments=False)
    assert found.dated_steps == ()


def test_a_first_day_stands_beside_the_day_that_the_first_sum_ends_on() -> None:
    found = ask("starting Dec 5, 100 a month until March then 300")
    assert (found.first_due, steps(found)[0]) == (date(2026, 12, 5), ("100.00", "2027-03-01"))
    chinese = ask("从12月5号开始，三月之前每月500，之后1000", "CNY")
    assert (chinese.first_due, steps(chinese)[0]) == (date(2026, 12, 5), ("500.00", "2027-03-01"))


def test_a_down_payment_comes_before_the_dated_sums() -> None:
    text = "500 now, 100 until March, then 300"
    said = Understanding("en", (Intent("pay_part_now", 0.9),), read(text, "USD").entities)
    found = ask_of(said, text, balance=OWED["USD"], today=TODAY, in_instalments=False)
    assert (found.down_payment, found.instalment) == (Money(50000, "USD"), Money(30000, "USD"))
    assert found.dated_steps == (DatedStep(date(2027, 3, 1), Money(10000, "USD")),)


RISING = "start with 100 a month and go up to 200 after the summer"


@pytest.mark.parametrize("intent", ["propose_amount", "promise_to_pay", "request_extension"])
def test_the_date_is_asked_for_and_its_answer_makes_the_plan(intent: str) -> None:
    asked = decide(at(text=RISING), _proposing(RISING))
    assert [say.key for say in asked.replies[0].says] == ["offer.ask_step_date"]
    assert asked.memory.expecting == "date"
    answered = decide(at(memory=asked.memory, text="from September"), _proposing("from September", intent))
    assert answered.kind == "offer"
    amounts = [line.amount.minor for line in answered.offers[0].schedule.instalments]
    due = [line.due for line in answered.offers[0].schedule.instalments]
    rises = amounts.index(20000)
    assert set(amounts[:rises]) == {10000}
    assert due[rises - 1] < date(2027, 9, 1) <= due[rises]


def test_without_a_date_the_sum_that_they_can_pay_now_stands_alone() -> None:
    asked = decide(at(text=RISING), _proposing(RISING))
    again = decide(at(memory=asked.memory, text=RISING), _proposing(RISING))
    assert again.kind == "offer"
    assert {line.amount.minor for line in again.offers[0].schedule.instalments} == {10000}


def _proposing(text: str, intent: str = "propose_amount") -> Understanding:
    return Understanding("en", heard(intent).intents, read(text, "USD").entities)
