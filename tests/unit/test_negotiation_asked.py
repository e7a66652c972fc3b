"""What an ask comes to, line by line: its own numbers, the table's, the person's payday and what they can pay."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.negotiation import Accepted, Ask, CaseFacts, Finances, Offer, Payday, answer, manual_offer
from core.negotiation.types import DatedStep, Unclear
from core.plans import Balance
from tests.unit.negotiating import TODAY, cny, dana, granted, ids, lin, usd
from tests.unit.test_negotiation_nearest import lines

DECEMBER_1, DECEMBER_7, DECEMBER_20 = date(2026, 12, 1), date(2026, 12, 7), date(2026, 12, 20)


def taken(ask: Ask, case: CaseFacts, *table: Offer, **limits: Any) -> Offer:
    found = answer(ask, case, granted(case, **limits), ids(), table)
    assert isinstance(found, Accepted), found
    return found.offer


def small(owed: str, **changes: Any) -> CaseFacts:
    return lin(balance=Balance(cny(owed), cny("0"), cny("0")), **changes)


@pytest.mark.parametrize(
    ("ask", "case", "limits", "paid"),
    [
        pytest.param(
            Ask(down_payment=usd("9000"), first_due=DECEMBER_1), dana(), {}, ["2026-12-01 2400.00"], id="more than all"
        ),
        pytest.param(Ask(down_payment=usd("2400")), dana(), {}, ["2026-11-23 2400.00"], id="all of it down"),
        pytest.param(
            Ask(instalment=usd("2400")),
            dana(),
            {"plan_interest": Decimal("0.12")},
            ["2026-12-07 2400.00"],
            id="all of it in one instalment bears no interest",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4, first_due=DECEMBER_7),
            dana(),
            {},
            ["2026-11-23 400.00", "2026-12-07 500.00 x 4"],
            id="a day two weeks off is the instalments'",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4, first_due=DECEMBER_7 - timedelta(days=1)),
            dana(),
            {},
            ["2026-12-06 400.00", "2027-01-06 500.00 x 4"],
            id="a day before that is the down payment's",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4, down_due=DECEMBER_1),
            dana(),
            {},
            ["2026-12-01 400.00", "2027-01-01 500.00 x 4"],
            id="a down payment's own day, and the instalments a period after it",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4, down_due=DECEMBER_1, first_due=DECEMBER_20),
            dana(),
            {},
            ["2026-12-01 400.00", "2026-12-20 500.00 x 4"],
            id="a day for the down payment and another for the instalments",
        ),
        pytest.param(
            Ask(down_payment=usd("1000"), instalment=usd("1400"), down_due=DECEMBER_1, first_due=DECEMBER_7),
            dana(),
            {},
            ["2026-12-01 1000.00", "2026-12-07 1400.00"],
            id="a part and the rest on days of their own",
        ),
        pytest.param(
            Ask(down_payment=usd("9000"), down_due=DECEMBER_1, first_due=DECEMBER_7),
            dana(),
            {},
            ["2026-12-01 2400.00"],
            id="more than all on a day of its own",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4, first_due=TODAY),
            dana(),
            {},
            ["2026-11-23 400.00", "2026-12-23 500.00 x 4"],
            id="and so is today",
        ),
        pytest.param(
            Ask(down_payment=usd("0.01"), count=2),
            dana(),
            {"min_first_payment_share": Decimal(0)},
            ["2026-11-23 0.01", "2026-12-23 1200.00", "2027-01-23 1199.99"],
            id="a cent down",
        ),
        pytest.param(Ask(down_payment=usd("0"), count=2), dana(), {}, ["2026-12-07 1200.00 x 2"], id="nothing down"),
        pytest.param(
            Ask(down_payment=usd("400")),
            dana(),
            {},
            ["2026-11-23 400.00", "2026-12-23 166.67 x 11", "2027-11-23 166.63"],
            id="a down payment alone is followed by a year",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4),
            dana(finances=Finances(payday=Payday(day=28))),
            {},
            ["2026-11-23 400.00", "2026-11-30 500.00 x 4"],
            id="after the payday a week later at the soonest",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=4, payday=Payday(day=20)),
            dana(finances=Finances(payday=Payday(day=28))),
            {},
            ["2026-11-23 400.00", "2026-12-22 500.00 x 4"],
            id="after the payday that they name now",
        ),
        pytest.param(
            Ask(frequency=Frequency.MONTH),
            lin(finances=Finances(affordable=cny("790"))),
            {},
            ["2026-12-07 755.00 x 21", "2028-09-07 745.00"],
            id="at most what they can pay, evenly",
        ),
        pytest.param(
            Ask(instalment=cny("820"), at_most=True),
            lin(),
            {},
            ["2026-12-07 820.00 x 20", "2028-08-07 200.00"],
            id="a last one at the least stays",
        ),
        pytest.param(
            Ask(instalment=cny("250"), at_most=True),
            small("600"),
            {},
            ["2026-12-07 200.00 x 3"],
            id="even at the least",
        ),
        pytest.param(
            Ask(instalment=cny("250"), at_most=True),
            small("590"),
            {},
            ["2026-12-07 250.00 x 2", "2027-02-07 90.00"],
            id="not even below the least",
        ),
        pytest.param(
            Ask(instalment=cny("250"), at_most=True), small("420"), {}, ["2026-12-07 210.00 x 2"], id="two even ones"
        ),
        pytest.param(
            Ask(
                dated_steps=(DatedStep(DECEMBER_1, usd("50")), DatedStep(date(2027, 2, 1), usd("100"))),
                instalment=usd("300"),
            ),
            dana(),
            {},
            ["2026-12-07 100.00 x 2", "2027-02-07 300.00 x 7", "2027-09-07 100.00"],
            id="a step that no day falls into is left out",
        ),
        pytest.param(
            Ask(
                dated_steps=(DatedStep(date(2027, 1, 31), usd("100")),),
                instalment=usd("300"),
                first_due=date(2026, 11, 30),
                anchor_day=31,
            ),
            dana(),
            {},
            ["2026-11-30 100.00 x 2", "2027-01-31 300.00 x 7", "2027-08-31 100.00"],
            id="steps are counted on the plan's own days",
        ),
    ],
)
def test_what_is_asked_is_taken_line_by_line(
    ask: Ask, case: CaseFacts, limits: dict[str, Any], paid: list[str]
) -> None:
    assert lines(taken(ask, case, **limits)) == paid


@pytest.mark.parametrize(
    ("before", "ask", "paid"),
    [
        (Ask(instalment=usd("50"), frequency=Frequency.WEEK), Ask(count=10), ["2026-12-07 240.00 x 10"]),
        (Ask(total=usd("2160"), count=4), Ask(count=6), ["2026-12-07 360.00 x 6"]),
        (Ask(total=usd("1800"), first_due=DECEMBER_20), Ask(instalment=usd("200")), ["2026-12-20 200.00 x 12"]),
        (Ask(count=12, first_due=TODAY), Ask(count=8), ["2026-11-23 300.00 x 8"]),
    ],
)
def test_what_is_not_asked_is_taken_from_the_table(before: Ask, ask: Ask, paid: list[str]) -> None:
    table = taken(before, dana())
    after = taken(ask, dana(), table)
    assert lines(after) == paid
    assert after.terms.frequency is (ask.frequency or before.frequency or Frequency.MONTH)


@pytest.mark.parametrize(
    "ask",
    [
        Ask(down_payment=usd("0")),
        Ask(first_due=DECEMBER_20),
        Ask(frequency=Frequency.WEEK),
        Ask(instalment=cny("100")),
        Ask(total=cny("100")),
        Ask(down_payment=cny("100")),
        Ask(count=2, waived_fees=cny("1")),
        Ask(count=2, waived_interest=cny("1")),
        Ask(count=2, waived_penalty=cny("1")),
    ],
)
def test_too_little_said_or_said_in_another_currency_is_asked_again(ask: Ask) -> None:
    assert answer(ask, dana(), granted(dana()), ids()) == Unclear("amount")


def test_a_day_beyond_a_lifetime_is_asked_again() -> None:
    far = TODAY + timedelta(days=36525)
    grant = granted(dana())
    beyond = far + timedelta(days=1)
    for ask in (
        Ask(until=beyond),
        Ask(count=2, first_due=beyond),
        Ask(down_payment=usd("400"), count=2, down_due=beyond),
    ):
        assert answer(ask, dana(), grant, ids()) == Unclear("date")
    assert answer(Ask(until=far), dana(), grant, ids()) != Unclear("date")


def test_a_lower_time_without_an_end_is_asked_again() -> None:
    ask = Ask(dated_steps=(DatedStep(None, usd("100")),), instalment=usd("300"))
    assert answer(ask, dana(), granted(dana()), ids()) == Unclear("step_date")


def test_sums_waived_by_name_stand_beside_a_total() -> None:
    late = dana(balance=Balance(usd("2100"), usd("220"), usd("80"), usd("60")))
    named: dict[str, Any] = {"waived_fees": usd("40"), "waived_interest": usd("15"), "waived_penalty": usd("5")}
    for total, settles in (("2000", "2000"), ("2450", "2400")):
        offer, _ = manual_offer(Ask(total=usd(total), count=2, **named), late, granted(late), ids())
        assert (offer.waived_fees, offer.waived_interest, offer.waived_penalty) == tuple(named.values())
        assert offer.total == usd(settles)
