"""Sums that each have a day, a part with a day of its own, and the day by which all shall be paid."""

from datetime import date

import pytest

from core.calendar import Frequency
from core.dialogue.on_days import day_of_part, done_by, ending, on_days
from core.dialogue.reading import ask_of, merged
from core.dialogue.understanding import Entity, Understanding
from core.negotiation import Ask
from core.plans import Step
from tests.unit.conversing import heard, usd

TODAY = date(2026, 11, 23)
OWED = usd("1245.40")
Said = tuple[str, str, str]


def told(text: str, *said: Said, intents: tuple[str, ...] = ("propose_amount",)) -> Understanding:
    """The entities as they stand in the text, each by its kind, its words and its value."""
    entities, since = [], 0
    for kind, words, value in said:
        start = text.index(words, since)
        since = start + len(words)
        meant, fields = {
            "month": ("date", {"grain": "month"}),
            "monthly": ("amount", {"period": "month"}),
            "duration": ("duration", {"unit": "day" if "day" in words else "month"}),
        }.get(kind, (kind, {}))
        entities.append(Entity(meant, {"value": value, **fields}, start, since))
    return heard(*intents, entities=tuple(entities))


def paid(text: str, *said: Said) -> Ask | None:
    return on_days(told(text, *said), text, balance=OWED, today=TODAY)


A, B = ("amount", "500", "500"), ("amount", "745.40", "745.40")


def test_sums_with_a_day_each_are_instalments_of_these_sums() -> None:
    text = "500 on dec 5, 745.40 on jan 5"
    ask = paid(text, A, ("date", "dec 5", "2026-12-05"), B, ("date", "jan 5", "2027-01-05"))
    assert ask == Ask(
        first_due=date(2026, 12, 5), frequency=Frequency.MONTH, steps=(Step(1, usd("500")),), instalment=usd("745.40")
    )


@pytest.mark.parametrize(
    ("days", "rhythm"),
    [
        (("2026-12-04", "2026-12-11"), Frequency.WEEK),
        (("2026-12-04", "2026-12-18"), Frequency.FORTNIGHT),
        (("2026-12-04", "2026-12-16"), Frequency.FORTNIGHT),
        (("2026-12-31", "2027-01-31"), Frequency.MONTH),
    ],
)
def test_the_rhythm_is_the_one_that_comes_nearest_to_the_days(days: tuple[str, str], rhythm: Frequency) -> None:
    text = "500 on day one, 745.40 on day two"
    ask = paid(text, A, ("date", "day one", days[0]), B, ("date", "day two", days[1]))
    assert ask is not None
    assert ask.frequency is rhythm


def test_the_rest_has_the_last_day_and_alike_sums_are_one_step() -> None:
    text = "150 on 12/4, 150 on 12/18, rest in jan"
    first, second = ("date", "12/4", "2026-12-04"), ("date", "12/18", "2026-12-18")
    ask = paid(text, ("amount", "150", "150"), first, ("amount", "150", "150"), second, ("month", "jan", "2027-01-01"))
    assert ask is not None
    assert (ask.steps, ask.instalment) == ((Step(2, usd("150")),), usd("945.40"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("500 on dec 5", (A, ("date", "dec 5", "2026-12-05"))),
        ("500 and 745.40 by dec 5 or jan 5", (A, B, ("date", "dec 5", "2026-12-05"), ("date", "jan 5", "2027-01-05"))),
        ("500 on jan 5, 745.40 on dec 5", (A, ("date", "jan 5", "2027-01-05"), B, ("date", "dec 5", "2026-12-05"))),
        ("500 today, 745.40 on jan 5", (A, ("date", "today", "2026-11-23"), B, ("date", "jan 5", "2027-01-05"))),
        (
            "500 on dec 5, 100 on jan 5",
            (A, ("date", "dec 5", "2026-12-05"), ("amount", "100", "100"), ("date", "jan 5", "2027-01-05")),
        ),
        (
            "500 on dec 5, 100 a month from jan 5",
            (A, ("date", "dec 5", "2026-12-05"), ("monthly", "100", "100"), ("date", "jan 5", "2027-01-05")),
        ),
        ("500 in 9998, 745.40 in 9999", (A, ("date", "9998", "9999-12-01"), B, ("date", "9999", "9999-12-31"))),
        (
            "9,000 on dec 5, the rest on jan 5",
            (("amount", "9,000", "9000"), ("date", "dec 5", "2026-12-05"), ("date", "jan 5", "2027-01-05")),
        ),
    ],
    ids=[
        "one sum",
        "days apart from sums",
        "backwards",
        "one today",
        "less than all",
        "one a month",
        "never",
        "more than all",
    ],
)
def test_what_does_not_pair_is_left_to_others(text: str, said: tuple[Said, ...]) -> None:
    assert paid(text, *said) is None


def test_the_day_of_a_part_stands_before_the_rest() -> None:
    text = "half on friday, the rest on dec 11"
    part, rest = ("date", "friday", "2026-11-27"), ("date", "dec 11", "2026-12-11")
    heard_ = told(text, ("share", "half", "0.5"), part, rest, intents=("pay_part_now",))
    found = day_of_part(heard_, text, TODAY)
    assert found is not None
    assert found.value == "2026-11-27"
    monthly = "half in december, the rest later"
    assert (
        day_of_part(told(monthly, ("share", "half", "0.5"), ("month", "december", "2026-12-01")), monthly, TODAY)
        is None
    )
    today = "half today, the rest later"
    assert day_of_part(told(today, ("share", "half", "0.5"), ("date", "today", "2026-11-23")), today, TODAY) is None


def test_a_new_part_does_not_keep_the_day_of_the_one_before() -> None:
    before = Ask(down_payment=usd("500"), down_due=date(2026, 12, 5), count=4)
    assert merged(before, Ask(down_payment=usd("300"))).down_due is None
    assert merged(before, Ask(count=6)).down_due == date(2026, 12, 5)


def test_another_plan_takes_the_place_of_a_part_and_the_rest_in_one() -> None:
    halves = Ask(down_payment=usd("600"), down_due=date(2026, 12, 5), instalment=usd("645.40"))
    sums = Ask(steps=(Step(2, usd("150")),), instalment=usd("945.40"), frequency=Frequency.FORTNIGHT)
    for new in (sums, Ask(count=6), Ask(term_days=190), Ask(instalment=usd("100"), frequency=Frequency.MONTH)):
        ask = merged(halves, new)
        assert (ask.down_payment, ask.down_due) == (usd("0"), None)
    assert merged(halves, Ask(first_due=TODAY)).down_payment == usd("600")


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        ("can i be done by june", [("month", "june", "2027-06-01")], True),
        ("i want it all paid off before the end of april", [("date", "april", "2027-04-30")], True),
        ("6月前还清", [("month", "6月", "2027-06-01")], True),
        ("9个月还完", [("duration", "9个月", "9")], True),
        ("finish it in 6 months", [("duration", "6 months", "6")], True),
        ("finish it in 20 days", [("duration", "20 days", "20")], False),
        ("done by friday", [("date", "friday", "2026-11-27")], False),
        ("明年3月一次还清", [("month", "明年3月", "2027-03-01")], False),
        ("缓到明年3月再还清", [("month", "明年3月", "2027-03-01")], False),
        ("i was laid off in june", [("month", "june", "2026-06-01")], False),
        ("split it in 2 before xmas", [("instalments", "2", "2"), ("date", "xmas", "2026-12-25")], True),
        ("2 payments, first before the 5th", [("instalments", "2", "2"), ("date", "5th", "2026-12-05")], False),
    ],
)
def test_the_end_of_a_plan_is_told_by_words_of_being_done(text: str, said: list[Said], *, found: bool) -> None:
    assert (done_by(told(text, *said), text, TODAY) is not None) is found


def test_a_plan_is_as_long_as_the_time_until_its_end() -> None:
    end = Entity("date", {"value": "2027-06-01", "grain": "month"}, 0, 1)
    assert ending(Ask(first_due=TODAY), end, TODAY) == Ask(term_days=190)
    assert ending(Ask(count=4), end, TODAY) == Ask(count=4, frequency=Frequency.MONTH)
    christmas = Entity("date", {"value": "2026-12-25", "grain": "day"}, 0, 1)
    assert ending(Ask(count=2), christmas, TODAY).frequency is Frequency.FORTNIGHT
    assert ending(Ask(count=9), christmas, TODAY).frequency is Frequency.WEEK
    assert ending(Ask(count=2, frequency=Frequency.MONTH), christmas, TODAY).frequency is Frequency.MONTH
    assert ending(Ask(count=10**9), christmas, TODAY) == Ask(count=10**9)


def test_a_sum_each_month_leads_an_end_that_is_told_beside_it() -> None:
    text = "100 a month and be done by june"
    said = told(text, ("monthly", "100", "100"), ("month", "june", "2027-06-01"))
    ask = ask_of(said, text, balance=OWED, today=TODAY, in_instalments=False)
    assert (ask.instalment, ask.first_due, ask.term_days) == (usd("100"), None, None)


@pytest.mark.parametrize(
    ("text", "said", "steps", "instalment"),
    [
        ("only 50 this month, the normal 150 after", ("50", "150"), (Step(1, usd("50")),), "150"),
        ("only 150 this month, 50 after", ("150", "50"), (), "150"),
    ],
)
def test_less_this_month_is_a_first_sum(
    text: str, said: tuple[str, str], steps: tuple[Step, ...], instalment: str
) -> None:
    first, second = (("amount", words, words) for words in said)
    ask = ask_of(
        told(text, first, ("month", "this month", "2026-11-01"), second),
        text,
        balance=OWED,
        today=TODAY,
        in_instalments=True,
    )
    assert (ask.steps, ask.instalment) == (steps, usd(instalment))


@pytest.mark.parametrize(
    ("text", "total"),
    [("knock 200 off", "1045.40"), ("便宜200", "1045.40"), ("a discount of 200", "1045.40"), ("take 200", "200")],
)
def test_what_is_taken_off_is_not_what_is_paid(text: str, total: str) -> None:
    said = told(text, ("amount", "200", "200"), intents=("request_discount",))
    assert ask_of(said, text, balance=OWED, today=TODAY, in_instalments=False).total == usd(total)
