"""The nearest plan inside, line by line: what of the ask is kept, what gives way, and where that stops."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.negotiation import Accepted, Ask, CaseFacts, Nearest, Offer, Payday, answer, check_offer, manual_offer
from core.negotiation.wish import Wish, equal_level, instalments_needed
from core.plans import Balance, Step
from tests.unit.negotiating import TODAY, dana, granted, ids, usd

NOVEMBER_30, DECEMBER_20 = date(2026, 11, 30), date(2026, 12, 20)
ODD = dana(balance=Balance(usd("2401"), usd("0"), usd("0")))
"""2,401 dollars, which two equal payments of whole dollars do not settle."""


def offered(ask: Ask, case: CaseFacts, *table: Offer, **limits: Any) -> Offer:
    grant = granted(case, **limits)
    found = answer(ask, case, grant, ids(), table)
    assert isinstance(found, Accepted | Nearest)
    assert check_offer(found.offer, grant, case.today) == ()
    return found.offer


def lines(offer: Offer) -> list[str]:
    """Each payment as `date sum`, and runs of the same sum as `date sum x number`."""
    told: list[tuple[str, str, int]] = []
    for line in offer.schedule.lines:
        amount = line.amount.to_text()
        if told and told[-1][1] == amount:
            told[-1] = (*told[-1][:2], told[-1][2] + 1)
        else:
            told.append((line.due.isoformat(), amount, 1))
    return [f"{due} {amount}" + (f" x {number}" if number > 1 else "") for due, amount, number in told]


@pytest.mark.parametrize(
    ("ask", "case", "limits", "paid"),
    [
        pytest.param(
            Ask(instalment=usd("500"), first_due=NOVEMBER_30, anchor_day=31),
            ODD,
            {"max_term_days": 68},
            ["2026-11-30 1201.00", "2026-12-31 1200.00"],
            id="a sum, with the thirty-first of January one day too late",
        ),
        pytest.param(
            Ask(count=5, first_due=NOVEMBER_30, anchor_day=31),
            ODD,
            {"max_term_days": 68},
            ["2026-11-30 1200.50 x 2"],
            id="a number, with the thirty-first of January one day too late",
        ),
        pytest.param(
            Ask(instalment=usd("1201"), first_due=date(2026, 12, 30), anchor_day=31),
            ODD,
            {"max_term_days": 68},
            ["2026-11-30 1201.00", "2026-12-31 1200.00"],
            id="an earlier day, with the same day of the month after it",
        ),
        pytest.param(
            Ask(steps=(Step(1, usd("300")),), instalment=usd("400"), first_due=NOVEMBER_30, anchor_day=31),
            ODD,
            {"max_term_days": 68},
            ["2026-11-30 300.00", "2026-12-31 2101.00"],
            id="a step, with the thirty-first of January one day too late",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), instalment=usd("200"), first_due=DECEMBER_20),
            dana(),
            {"max_term_days": 301},
            ["2026-11-23 400.00", "2026-12-20 200.00 x 10"],
            id="what was asked where it just fits",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), instalment=usd("200"), first_due=DECEMBER_20),
            dana(),
            {"max_term_days": 300},
            ["2026-11-23 400.00", "2026-12-19 200.00 x 10"],
            id="a day earlier where it does not",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), instalment=usd("200"), first_due=DECEMBER_20),
            dana(),
            {"max_term_days": 274},
            ["2026-11-23 400.00", "2026-11-24 200.00 x 10"],
            id="the day after the down payment at the earliest",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), instalment=usd("200"), first_due=DECEMBER_20),
            dana(),
            {"max_term_days": 273},
            ["2026-11-23 400.00", "2026-12-20 223.00 x 8", "2027-08-20 216.00"],
            id="their day and a higher sum where no earlier day is enough",
        ),
        pytest.param(
            Ask(instalment=usd("100"), first_due=DECEMBER_20),
            dana(),
            {"max_instalments": 12},
            ["2026-12-20 200.00 x 12"],
            id="their day where no day is enough",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), instalment=usd("200")),
            dana(),
            {"max_term_days": 40},
            ["2026-11-23 400.00", "2026-12-23 2000.00"],
            id="a down payment and one more, of a sum",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4),
            dana(),
            {"max_term_days": 40},
            ["2026-11-23 400.00", "2026-12-23 2000.00"],
            id="a down payment and one more, of a number",
        ),
        pytest.param(
            Ask(steps=(Step(1, usd("50")), Step(2, usd("60"))), instalment=usd("300")),
            dana(),
            {"min_first_payment_share": Decimal("0.1")},
            ["2026-12-07 240.00", "2027-01-07 60.00 x 2", "2027-03-07 300.00 x 6", "2027-09-07 240.00"],
            id="only the first step raised to the least first payment",
        ),
        pytest.param(
            Ask(steps=(Step(1, usd("20")), Step(2, usd("25.50"))), instalment=usd("300")),
            dana(),
            {"min_instalment": Decimal("25.50")},
            ["2026-12-07 26.00", "2027-01-07 25.50 x 2", "2027-03-07 300.00 x 7", "2027-10-07 223.00"],
            id="a step at the least stays, one below goes to the next whole sum",
        ),
        pytest.param(
            Ask(instalment=usd("66.67"), first_due=date(2027, 2, 20)),
            dana(),
            {},
            ["2027-01-07 66.67 x 35", "2029-12-07 66.55"],
            id="a sum at the least stays to the cent",
        ),
        pytest.param(
            Ask(count=0), dana(), {}, ["2026-12-07 2400.00"], id="no instalment at all is one payment of everything"
        ),
        pytest.param(
            Ask(total=usd("1680.01"), first_due=date(2027, 3, 1)),
            dana(balance=Balance(usd("2400.01"), usd("0"), usd("0"))),
            {},
            ["2027-01-07 1680.01"],
            id="a settlement at the least stays to the cent",
        ),
        pytest.param(
            Ask(steps=(Step(1, usd("20")),), instalment=usd("60"), frequency=Frequency.WEEK),
            dana(),
            {"frequencies": (Frequency.MONTH,)},
            ["2026-12-07 86.66", "2027-01-07 260.00 x 8", "2027-09-07 233.34"],
            id="one step by the week is one by the month",
        ),
        pytest.param(
            Ask(count=26, frequency=Frequency.WEEK),
            dana(),
            {"frequencies": (Frequency.MONTH,)},
            ["2026-12-07 400.00 x 6"],
            id="half a year of weeks is six months",
        ),
        pytest.param(
            Ask(count=3, frequency=Frequency.MONTH),
            dana(),
            {"frequencies": (Frequency.FORTNIGHT, Frequency.WEEK)},
            ["2026-12-07 400.00 x 6"],
            id="three months by the fortnight, the first rhythm that is allowed",
        ),
        pytest.param(
            Ask(count=2, frequency=Frequency.WEEK),
            dana(),
            {"frequencies": (Frequency.MONTH,)},
            ["2026-12-07 2400.00"],
            id="two weeks are one payment",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=120),
            dana(),
            {"min_first_payment_share": Decimal("0.1")},
            ["2026-11-23 400.00", "2026-12-23 55.56 x 35", "2029-11-23 55.40"],
            id="the down payment is the first, and the rest may be less",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4),
            dana(),
            {"min_first_payment_share": Decimal(1)},
            ["2026-12-23 2400.00"],
            id="all of it where the first payment must be all of it",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4),
            dana(),
            {"max_term_days": 1, "max_days_to_first_payment": 0, "max_extension_days": 0},
            ["2026-11-23 400.00", "2026-11-24 2000.00"],
            id="today and tomorrow where there is no more time",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4),
            dana(),
            {"max_term_days": 0, "max_days_to_first_payment": 0, "max_extension_days": 0},
            ["2026-11-23 2400.00"],
            id="all of it today where there is no time",
        ),
        pytest.param(
            Ask(count=40),
            dana(),
            {"min_instalment": Decimal(700)},
            ["2026-12-07 800.00 x 3"],
            id="as many as leave the least in each",
        ),
    ],
)
def test_the_nearest_plan_line_by_line(ask: Ask, case: CaseFacts, limits: dict[str, Any], paid: list[str]) -> None:
    assert lines(offered(ask, case, **limits)) == paid


@pytest.mark.parametrize(
    ("before", "ask", "kind", "paid"),
    [
        (Ask(total=usd("1800"), first_due=DECEMBER_20), Ask(total=usd("1900")), "settlement", "2026-12-20 1900.00"),
        (Ask(total=usd("1800"), first_due=TODAY), Ask(total=usd("1900")), "settlement", "2026-11-23 1900.00"),
        (Ask(total=usd("1800")), Ask(first_due=DECEMBER_20), "settlement", "2026-12-20 1800.00"),
        (Ask(until=DECEMBER_20), Ask(first_due=date(2026, 12, 10)), "extension", "2026-12-10 2400.00"),
        (Ask(until=DECEMBER_20), Ask(total=usd("2400")), "full", "2026-12-20 2400.00"),
        (Ask(until=DECEMBER_20), Ask(total=usd("1800")), "settlement", "2026-12-20 1800.00"),
        (Ask(count=1), Ask(first_due=date(2026, 12, 10)), "full", "2026-12-10 2400.00"),
        (Ask(count=6), Ask(total=usd("1800")), "settlement", "2026-12-07 1800.00"),
    ],
)
def test_one_payment_keeps_what_the_one_on_the_table_said(before: Ask, ask: Ask, kind: str, paid: str) -> None:
    found = offered(ask, dana(), offered(before, dana()))
    assert (found.kind, lines(found)) == (kind, [paid])


def test_one_payment_whose_day_is_past_is_given_a_new_one() -> None:
    today = offered(Ask(total=usd("1800"), first_due=TODAY), dana())
    tomorrow = dana(today=TODAY + timedelta(days=1))
    assert lines(offered(Ask(total=usd("1900")), tomorrow, today)) == ["2026-12-08 1900.00"]


@pytest.mark.parametrize(
    ("ask", "paid"),
    [
        (Ask(count=1, payday=Payday(day=10)), "2026-12-03 2400.00"),
        (Ask(count=1, payday=Payday(day=28)), "2026-11-30 2400.00"),
        (Ask(total=usd("1800"), payday=Payday(day=20)), "2026-12-22 1800.00"),
        (Ask(until=date(2026, 12, 1), payday=Payday(day=28)), "2026-12-01 2400.00"),
        (Ask(total=usd("1800"), first_due=date(2026, 12, 4), payday=Payday(day=28)), "2026-12-04 1800.00"),
    ],
)
def test_one_payment_follows_the_payday_within_its_own_limit_and_a_day_named_before_it(ask: Ask, paid: str) -> None:
    assert lines(offered(ask, dana(), max_extension_days=10)) == [paid]


@pytest.mark.parametrize(
    ("before", "ask", "paid"),
    [
        (Ask(count=2), Ask(frequency=Frequency.QUARTER), ["2026-12-07 2400.00"]),
        (Ask(count=3), Ask(frequency=Frequency.QUARTER), ["2026-12-07 2400.00"]),
        (Ask(count=12), Ask(frequency=Frequency.QUARTER), ["2026-12-07 600.00 x 4"]),
        (
            Ask(count=8, steps=(Step(3, usd("100")),)),
            Ask(first_due=DECEMBER_20),
            ["2026-12-20 100.00 x 3", "2027-03-20 420.00 x 5"],
        ),
        (Ask(count=8, steps=(Step(3, usd("100")),)), Ask(waive_fees=True), ["2026-12-07 290.00 x 8"]),
        (
            Ask(instalment=usd("300"), steps=(Step(3, usd("100")),)),
            Ask(waive_fees=True),
            ["2026-12-07 100.00 x 3", "2027-03-07 300.00 x 6", "2027-09-07 220.00"],
        ),
        (
            Ask(instalment=usd("200")),
            Ask(down_payment=usd("400")),
            ["2026-11-23 400.00", "2026-12-23 166.67 x 11", "2027-11-23 166.63"],
        ),
        (
            Ask(count=3, first_due=NOVEMBER_30, anchor_day=31),
            Ask(count=4),
            ["2026-11-30 600.00 x 4"],
        ),
    ],
)
def test_a_plan_keeps_what_the_one_on_the_table_said(before: Ask, ask: Ask, paid: list[str]) -> None:
    limits = {"frequencies": (Frequency.MONTH, Frequency.QUARTER), "max_fee_waiver_share": Decimal(1)}
    assert lines(offered(ask, dana(), offered(before, dana()), **limits)) == paid


def test_a_plan_keeps_the_day_of_the_month_of_the_one_on_the_table() -> None:
    before = offered(Ask(count=3, first_due=NOVEMBER_30, anchor_day=31), dana())
    after = offered(Ask(count=4), dana(), before)
    assert [line.due.day for line in after.schedule.lines] == [30, 31, 31, 28]


def test_waivers_on_the_table_stay_while_something_else_is_asked_for() -> None:
    late = dana(balance=Balance(usd("2100"), usd("220"), usd("80"), usd("60")))
    all_of_it = {"max_fee_waiver_share": Decimal(1), "max_interest_waiver_share": Decimal(1)}
    all_of_it |= {"max_penalty_waiver_share": Decimal(1)}
    asked = Ask(waive_fees=True, waive_interest=True, waive_penalty=True, count=2)
    before = offered(asked, late, **all_of_it)
    after = offered(Ask(first_due=DECEMBER_20), late, before, **all_of_it)
    assert (after.waived_fees, after.waived_interest, after.waived_penalty) == (usd("80"), usd("220"), usd("60"))
    assert lines(after) == ["2026-12-20 1050.00 x 2"]


def test_a_down_payment_on_the_table_moves_into_the_limits_and_the_instalments_follow_it() -> None:
    before = offered(Ask(down_payment=usd("400"), count=4, first_due=date(2026, 12, 1)), dana())
    assert lines(before) == ["2026-12-01 400.00", "2027-01-01 500.00 x 4"]
    assert lines(offered(Ask(first_due=date(2026, 11, 28)), dana(), before)) == [
        "2026-12-01 400.00",
        "2026-12-02 500.00 x 4",
    ]
    sooner = offered(Ask(count=4), dana(), before, max_days_to_first_payment=3)
    assert lines(sooner) == ["2026-11-26 400.00", "2027-01-01 500.00 x 4"]


INTEREST = granted(dana(), plan_interest=Decimal("0.12"))
DEAR = granted(dana(), plan_interest=Decimal("0.24"))


def wish(total: str, first_due: date, level: str | None = None, **changes: Any) -> Wish:
    return Wish(total=usd(total), first_due=first_due, level=None if level is None else usd(level), **changes)


@pytest.mark.parametrize(
    ("asked", "settles"),
    [
        pytest.param(wish("1000", date(2026, 12, 7)), "1004.60", id="from today: 1,000 at 12 % for 14 days"),
        pytest.param(wish("1000", TODAY), "1010.19", id="from a month before a first payment today: 31 days"),
        pytest.param(
            wish("1400", DECEMBER_20, down=usd("400"), down_due=TODAY), "1008.88", id="from the down payment: 27 days"
        ),
        pytest.param(
            wish("1400", DECEMBER_20, down=usd("400"), down_due=date(2026, 12, 10)),
            "1003.29",
            id="from a later down payment: 10 days",
        ),
    ],
)
def test_interest_is_counted_from_the_day_it_starts_to_the_cent(asked: Wish, settles: str) -> None:
    """One payment of this sum settles it, and one of a cent less does not."""
    exactly = usd(settles)
    assert instalments_needed(replace(asked, level=exactly), dana(), INTEREST, 60) == 1
    assert instalments_needed(replace(asked, level=exactly - usd("0.01")), dana(), INTEREST, 60) == 2


def test_the_days_of_the_month_and_the_order_of_steps_count_for_interest() -> None:
    level = wish("2400", NOVEMBER_30, "100.70")
    assert instalments_needed(level, dana(), DEAR, 120) == 32
    assert instalments_needed(replace(level, anchor_day=31), dana(), DEAR, 120) == 33
    low, high = Step(1, usd("50")), Step(1, usd("900"))
    stepped = wish("2400", NOVEMBER_30, "60")
    assert instalments_needed(replace(stepped, steps=(low, high)), dana(), DEAR, 120) == 38
    assert instalments_needed(replace(stepped, steps=(high, low)), dana(), DEAR, 120) == 37


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        (wish("2400", NOVEMBER_30), "251.44"),
        (wish("2400", NOVEMBER_30, anchor_day=31), "251.47"),
        (wish("2400", NOVEMBER_30, frequency=Frequency.WEEK), "243.05"),
        (wish("2400", DECEMBER_20, down=usd("400"), down_due=TODAY), "210.91"),
        (wish("2400", DECEMBER_20, down=usd("400"), down_due=date(2026, 12, 1)), "210.36"),
    ],
)
def test_ten_equal_instalments_with_interest(asked: Wish, level: str) -> None:
    assert equal_level(asked, dana(), INTEREST, 10) == usd(level)


def test_a_few_cents_in_ten_instalments_are_more_than_all_of_it() -> None:
    assert equal_level(wish("0.03", NOVEMBER_30), dana(), INTEREST, 10) > usd("0.03")


def test_a_single_cent_is_waived_by_name_and_nothing_is_not() -> None:
    case, grant = dana(), granted(dana())
    offer, _ = manual_offer(Ask(waived_fees=usd("0.01"), waived_interest=usd("0"), count=2), case, grant, ids())
    assert (offer.waived_fees, offer.waived_interest, offer.total) == (usd("0.01"), None, usd("2399.99"))
