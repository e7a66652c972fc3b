"""Which plans are weighed, by which chances, and which of them are chosen: every figure of the model at its edges."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.negotiation import CaseFacts, Finances, Offer, Payday, opening
from core.negotiation.candidates import discounted_wishes, plan_wishes, step_wishes
from core.negotiation.preference import Chosen, Weighed, prefer
from core.negotiation.wish import Wish, build
from core.negotiation.worth import (
    Chances,
    KeepFacts,
    Worth,
    _value,
    chances_of,
    health_of,
    keep_facts,
    known_strain,
    monthly,
    strain_of,
)
from core.plans import Step
from core.policy import DEFAULT_VERSION
from tests.unit.negotiating import TODAY, dana, granted, usd

DECEMBER_7 = date(2026, 12, 7)
FLOOR = Decimal("0.4")
LIMITS = DEFAULT_VERSION.rules[0].limits
WEEKLY = (Frequency.WEEK, Frequency.FORTNIGHT)


def plans(case: CaseFacts, **limits: Any) -> list[str]:
    return [
        f"{wish.first_due.isoformat()} {wish.level.to_text()} x {wish.count} a {wish.frequency.value}"
        for wish in plan_wishes(case, granted(case, **limits))
        if wish.level is not None
    ]


def told(**finances: Any) -> CaseFacts:
    return dana(finances=Finances(**finances))


@pytest.mark.parametrize(
    ("case", "limits", "weighed"),
    [
        pytest.param(
            dana(),
            {},
            "1200 x 2, 800 x 3, 400 x 6, 270 x 9, 200 x 12, 135 x 18, 100 x 24, 70 x 35, 65 x 37",
            id="round sums of the usual lengths, and the longest",
        ),
        pytest.param(told(affordable=usd("300")), {}, "300 x 8, 210 x 12, 145 x 17, 65 x 37", id="what they can pay"),
        pytest.param(
            told(income=usd("3000"), spending=usd("2500")),
            {},
            "450 x 6, 300 x 8, 210 x 12, 145 x 17, 65 x 37",
            id="what they can pay, and what leaves the floor",
        ),
        pytest.param(told(affordable=usd("5000")), {}, "1200 x 2, 65 x 37", id="never less than two payments"),
        pytest.param(told(affordable=usd("64.87")), {}, "64.87 x 37", id="the lightest to the cent"),
        pytest.param(told(affordable=usd("64.86")), {}, "", id="less than the lightest"),
        pytest.param(dana(), {"max_instalments": 2}, "1200 x 2", id="two at most"),
        pytest.param(dana(), {"max_instalments": 1}, "", id="one is no plan"),
        pytest.param(dana(), {"frequencies": ()}, "", id="no rhythm is allowed"),
        pytest.param(
            dana(),
            {"min_first_payment_share": Decimal("0.3")},
            "1200 x 2, 800 x 3, 720 x 4",
            id="a least first payment",
        ),
    ],
)
def test_the_plans_that_are_weighed(case: CaseFacts, limits: dict[str, Any], weighed: str) -> None:
    """Each as `sum x number`, by the month from 7 December."""
    wanted = [each.split(" x ") for each in weighed.split(", ") if each]
    assert plans(case, **limits) == [f"2026-12-07 {usd(sum_).to_text()} x {number} a month" for sum_, number in wanted]


def test_whoever_is_paid_by_the_week_is_weighed_plans_by_the_week_too() -> None:
    case = told(affordable=usd("300"), payday=Payday(weekday=4))
    weekly = ["65.00 x 37", "48.00 x 50", "33.00 x 73", "25.00 x 96"]
    monthly_ = ["300.00 x 8", "210.00 x 12", "145.00 x 17", "65.00 x 37"]
    first = "2026-11-30"
    assert plans(case) == [f"{first} {each} a month" for each in monthly_] + [
        f"{first} {each} a week" for each in weekly
    ]
    assert plans(case, frequencies=WEEKLY) == [f"{first} {each} a week" for each in weekly]
    assert plans(case, frequencies=(Frequency.FORTNIGHT,))[0] == f"{first} 135.00 x 18 a fortnight"
    by_the_month = told(affordable=usd("300"), payday=Payday(day=4))
    assert {each.rpartition(" ")[2] for each in plans(by_the_month)} == {"month"}
    assert {each.rpartition(" ")[2] for each in plans(by_the_month, frequencies=WEEKLY)} == {"week"}


@pytest.mark.parametrize(
    ("back", "payday", "first"),
    [
        (date(2026, 12, 7), None, date(2026, 12, 7)),
        (date(2026, 12, 8), None, date(2026, 12, 8)),
        (date(2027, 1, 7), None, date(2027, 1, 7)),
        (date(2027, 1, 8), None, date(2026, 12, 7)),
        (date(2026, 12, 13), Payday(day=10), date(2027, 1, 7)),
        (date(2026, 12, 12), Payday(day=10), date(2026, 12, 12)),
        (date(2026, 12, 20), Payday(day=18), date(2026, 12, 20)),
        (date(2026, 12, 21), Payday(day=28), date(2026, 12, 30)),
    ],
)
def test_a_plan_waits_for_income_where_the_limits_let_it(back: date, payday: Payday | None, first: date) -> None:
    """The limits let a first payment wait until 7 January."""
    case = told(recovers_on=back, payday=payday)
    assert {wish.first_due for wish in plan_wishes(case, granted(case))} == {first}


@pytest.mark.parametrize(
    ("case", "limits", "steps"),
    [
        (told(affordable=usd("70"), recovers_on=date(2027, 4, 1)), {}, "70 x 4 of 6 7 10 13 16 22 28"),
        (told(recovers_on=date(2027, 4, 1)), {}, "25 x 4 of 6 7 10 13 16 22 28 37"),
        (told(recovers_on=date(2027, 4, 7)), {}, "25 x 4 of 6 7 10 13 16 22 28 37"),
        (told(recovers_on=date(2027, 4, 8)), {}, "25 x 5 of 7 8 11 14 17 23 29 37"),
        (told(affordable=usd("25"), recovers_on=date(2027, 4, 1)), {}, "25 x 4 of 6 7 10 13 16 22 28 37"),
        (told(affordable=usd("24.99"), recovers_on=date(2027, 4, 1)), {}, ""),
        (told(recovers_on=date(2027, 1, 8)), {}, "25 x 2 of 4 5 8 11 14 20 26 37"),
        (told(recovers_on=date(2027, 1, 7)), {}, ""),
        (told(recovers_on=date(2027, 4, 1)), {"max_instalments": 7}, "25 x 4 of 6 7"),
        (told(recovers_on=date(2027, 4, 1)), {"max_instalments": 6}, "25 x 4 of 6"),
        (told(recovers_on=date(2027, 4, 1)), {"max_instalments": 5}, ""),
        (told(recovers_on=date(2027, 4, 1)), {"max_instalments": 4}, ""),
        (told(recovers_on=date(2027, 4, 1)), {"frequencies": ()}, ""),
        (told(recovers_on=date(2027, 4, 1)), {"min_instalment": Decimal("30.50"), "max_instalments": 6}, "31 x 4 of 6"),
        (dana(), {}, ""),
    ],
)
def test_the_plans_that_start_low(case: CaseFacts, limits: dict[str, Any], steps: str) -> None:
    """Each as `sum x how many are low of how many in all`."""
    found = list(step_wishes(case, granted(case, **limits)))
    low, _, counts = steps.partition(" of ")
    assert [wish.count for wish in found] == [int(count) for count in counts.split()]
    assert all(wish.level is None and wish.first_due == DECEMBER_7 for wish in found)
    for wish in found:
        amount, _, number = low.partition(" x ")
        assert wish.steps == (Step(int(number), usd(amount)),)


EASY = KeepFacts(
    strain=Decimal("0.5"), months=11, first_share=Decimal(0), days_to_first=0, after_payday=True, broken=0, a_month=1
)


@pytest.mark.parametrize(
    ("changes", "first", "each"),
    [
        ({}, "0.9", "0.97"),
        ({"strain": Decimal("0.2")}, "0.9", "0.97"),
        ({"after_payday": None}, "0.9", "0.97"),
        ({"strain": Decimal("0.75")}, "0.873", "0.9409"),
        ({"strain": Decimal(1)}, "0.846", "0.9118"),
        ({"days_to_first": 10}, "0.891", "0.97"),
        ({"after_payday": False}, "0.873", "0.97"),
        ({"broken": 2}, "0.65025", "0.950697"),
        ({"a_month": 2}, "0.9", "0.9603"),
        ({"a_month": 4}, "0.9", "0.94119003"),
        ({"first_share": Decimal("0.5")}, "0.9", "0.9775"),
        ({"days_to_first": 999}, "0.05", "0.97"),
        ({"days_to_first": 900}, "0.09", "0.97"),
        (
            {"strain": Decimal("0.75"), "days_to_first": 10, "broken": 1, "after_payday": False, "a_month": 2},
            "0.712590615",
            "0.92217609",
        ),
    ],
)
def test_the_chances_of_a_plan(changes: dict[str, Any], first: str, each: str) -> None:
    found = chances_of(replace(EASY, **changes), LIMITS)
    assert (found.first, found.each) == (Decimal(first), Decimal(each))


def test_a_chance_is_never_below_the_least_or_the_managers_own() -> None:
    worst = replace(EASY, days_to_first=999)
    assert chances_of(worst, replace(LIMITS, keep_first=Decimal("0.02"))).first == Decimal("0.02")
    assert chances_of(worst, replace(LIMITS, keep_each=Decimal("0.03"))) == Chances(Decimal("0.03"), Decimal("0.03"))


def test_all_is_kept_when_the_first_and_every_later_month_are() -> None:
    assert Chances(Decimal("0.9"), Decimal("0.5")).kept(0) == Decimal("0.9000")
    assert Chances(Decimal("0.9"), Decimal("0.5")).kept(3) == Decimal("0.1125")
    assert Chances(Decimal("0.5"), Decimal("0.0001")).kept(1) == Decimal("0.0001")


def plan(count: int = 12, *, case: CaseFacts | None = None, **changes: Any) -> Offer:
    """Equal payments of 2,400 dollars from 7 December."""
    case = case or dana()
    return build(Wish(total=usd("2400"), first_due=DECEMBER_7, count=count, **changes), case, granted(case))


def lump(total: str = "1680", due: date = DECEMBER_7) -> Offer:
    return build(Wish(total=usd(total), first_due=due, single=True), dana(), granted(dana()))


def test_what_the_chance_depends_on_is_read_from_the_plan_and_the_case() -> None:
    case = replace(told(income=usd("3000"), spending=usd("2600"), payday=Payday(day=5)), broken_promises=2)
    assert keep_facts(plan(12), case, granted(case)) == KeepFacts(
        strain=Decimal("0.5"),
        months=11,
        first_share=usd("200").share_of(usd("2400")),
        days_to_first=14,
        after_payday=True,
        broken=2,
        a_month=1,
    )


@pytest.mark.parametrize(
    ("frequency", "count", "a_month"),
    [
        (Frequency.WEEK, 10, 4),
        (Frequency.FORTNIGHT, 10, 2),
        (Frequency.SEMI_MONTH, 10, 2),
        (Frequency.QUARTER, 3, 1),
        (Frequency.WEEK, 1, 1),
    ],
)
def test_so_many_payments_fall_due_a_month(frequency: Frequency, count: int, a_month: int) -> None:
    case = dana()
    offer = plan(count, frequency=frequency)
    assert keep_facts(offer, case, granted(case)).a_month == a_month


def test_a_first_payment_that_does_not_follow_the_payday_or_is_today_is_seen_as_such() -> None:
    case = told(payday=Payday(day=20))
    assert keep_facts(plan(), case, granted(case)).after_payday is False
    assert keep_facts(plan(), dana(), granted(dana())).after_payday is None
    later = dana(today=date(2026, 12, 9))
    assert keep_facts(plan(), later, granted(later)).days_to_first == 0


@pytest.mark.parametrize(
    ("finances", "offer", "strain"),
    [
        ({"income": usd("3000"), "spending": usd("2600")}, plan(12), "0.5"),
        ({"income": usd("3000"), "spending": usd("2600")}, plan(2), "2"),
        ({"income": usd("3000"), "spending": usd("3000")}, plan(12), "2"),
        ({"income": usd("3000"), "spending": usd("1320")}, lump(), "1"),
        ({"income": usd("3000"), "spending": usd("1320")}, lump(due=date(2027, 1, 21)), "1"),
        ({"income": usd("3000"), "spending": usd("1320")}, lump(due=date(2027, 1, 22)), "0.5"),
        ({"income": usd("3000"), "spending": usd("2600"), "recovers_on": date(2026, 12, 7)}, plan(12), None),
        ({"income": usd("3000"), "spending": usd("2600"), "recovers_on": date(2026, 12, 8)}, plan(12), "0.5"),
        ({"affordable": usd("300")}, plan(12), None),
        ({}, plan(12), None),
    ],
)
def test_the_share_of_a_surplus_that_an_offer_takes(finances: dict[str, Any], offer: Offer, strain: str | None) -> None:
    case = told(**finances)
    assert known_strain(offer, case, granted(case)) == (None if strain is None else Decimal(strain))


@pytest.mark.parametrize(
    ("finances", "count", "strain"),
    [
        ({"income": usd("3000"), "spending": usd("2600")}, 12, "0.5"),
        ({"affordable": usd("300")}, 12, "0.5"),
        ({"affordable": usd("300"), "recovers_on": date(2027, 4, 1)}, 12, "1.125"),
        ({}, 12, "1.125"),
        ({}, 27, "0.5"),
        ({}, 2, "2"),
    ],
)
def test_where_nothing_is_known_a_plan_is_assumed_to_strain_by_its_length(
    finances: dict[str, Any], count: int, strain: str
) -> None:
    case = told(**finances)
    assert strain_of(plan(count), case, granted(case)) == Decimal(strain)


def test_health_is_what_the_heaviest_month_leaves_rounded_down_and_below_nothing_where_it_takes_more() -> None:
    case = told(income=usd("3000"), spending=usd("2700"))
    grant = granted(case)
    assert health_of(plan(12), case, grant) == Decimal("0.3333")
    assert health_of(plan(6), case, grant) == Decimal("-0.3334")
    assert health_of(plan(2), case, grant) == Decimal("-1.0000")
    assert health_of(lump(), case, grant) is None


def test_a_month_is_its_heaviest_payment_without_the_down_payment() -> None:
    assert monthly(plan(10, frequency=Frequency.WEEK)) == usd("1040")
    assert monthly(plan(7, frequency=Frequency.WEEK)) == usd("1485.73")
    down = plan(4, down=usd("2000"), down_due=TODAY)
    assert monthly(down) == usd("100")
    stepped = plan(4, steps=(Step(2, usd("100")),))
    assert monthly(stepped) == usd("1100")
    assert monthly(stepped, date(2027, 2, 7)) == usd("100")
    assert monthly(stepped, date(2027, 2, 8)) == usd("1100")
    assert monthly(stepped, DECEMBER_7) == usd("0")


def test_a_value_is_each_payment_by_the_months_kept_until_then_and_the_days_waited() -> None:
    half = Chances(Decimal("0.8"), Decimal("0.5"))
    case = dana()
    assert _value(plan(2), case, half, Decimal(0)) == usd("1440")
    assert _value(plan(3), case, half, Decimal(0)) == usd("1120")
    assert _value(plan(4, frequency=Frequency.WEEK), case, half, Decimal(0)) == usd("1680")
    sure = Chances(Decimal(1), Decimal(1))
    assert _value(lump("1100", TODAY + timedelta(days=365)), case, sure, Decimal("0.1")) == usd("1000")
    past = dana(today=date(2026, 12, 8))
    assert _value(lump("1100"), past, sure, Decimal("0.1")) == usd("1100")


def weighed(offer: Offer, value: str, strain: str = "0.5") -> Weighed:
    return Weighed(offer, Worth(usd(value), Decimal("0.5"), None, Decimal(strain)))


def chosen(
    lumps: Sequence[Weighed], plans_: Sequence[Weighed], steps: Sequence[Weighed] = (), *, known: bool = False
) -> list[tuple[str, int, int]]:
    """Role, number of payments and place by worth of each, in the order in which they are shown."""
    found = prefer(lumps, plans_, steps, FLOOR, known=known)
    assert {(each.of, each.weighed) for each in found} <= {(len(found), len(lumps) + len(plans_) + len(steps))}
    return [(each.role, len(each.offer.schedule.lines), each.place) for each in found]


def test_the_plan_worth_most_that_leaves_the_floor_and_the_best_of_the_lighter_ones() -> None:
    twelve, sixteen, twenty, twenty_four = plan(12), plan(16), plan(20), plan(24)
    found = [
        weighed(plan(6), "2300", "0.61"),
        weighed(twelve, "2000", "0.6"),
        weighed(sixteen, "1800"),
        weighed(twenty, "1900"),
        weighed(twenty_four, "1700"),
    ]
    assert chosen([weighed(lump(), "1500")], found) == [("at_once", 1, 3), ("shorter", 12, 1), ("gentler", 20, 2)]
    assert chosen([weighed(lump(), "1950")], found) == [("at_once", 1, 2), ("shorter", 12, 1), ("gentler", 20, 3)]


def test_a_plan_is_lighter_at_three_quarters_of_the_month_and_not_above() -> None:
    best = weighed(plan(12), "2000")
    assert chosen([], [best, weighed(plan(16), "1800")]) == [("shorter", 12, 1), ("gentler", 16, 2)]
    assert chosen([], [best, weighed(plan(15), "1800")]) == [("shorter", 12, 1)]


def test_a_quicker_plan_stands_beside_the_lightest_where_nothing_was_told_of_what_they_can_pay() -> None:
    found = [weighed(plan(24), "2000"), weighed(plan(18), "1500"), weighed(plan(12), "1900"), weighed(plan(20), "1999")]
    assert chosen([], found) == [("quicker", 18, 2), ("shorter", 24, 1)]
    assert chosen([], found, known=True) == [("shorter", 24, 1)]
    exactly = [weighed(plan(16), "2000"), weighed(plan(12), "1500")]
    assert chosen([], exactly) == [("quicker", 12, 2), ("shorter", 16, 1)]


def test_where_no_plan_leaves_the_floor_the_least_strain_is_chosen_then_the_lightest() -> None:
    strained = [weighed(plan(12), "2000", "0.8"), weighed(plan(16), "1000", "0.7"), weighed(plan(18), "900", "0.7")]
    assert chosen([], strained, known=True) == [("shorter", 18, 1)]


def test_of_plans_of_the_same_worth_the_lighter_is_chosen_then_the_shorter() -> None:
    assert chosen([], [weighed(plan(12), "2000"), weighed(plan(13), "2000")]) == [("shorter", 13, 1)]
    down = plan(12, down=usd("1"), down_due=TODAY)
    level = plan(12, level=usd("199.92"))
    assert (monthly(down), monthly(level)) == (usd("199.92"), usd("200.88"))
    same = plan(24, frequency=Frequency.SEMI_MONTH)
    assert monthly(same) == monthly(plan(12))
    assert chosen([], [weighed(same, "2000"), weighed(plan(12), "2000")]) == [("shorter", 12, 1)]


def test_steps_stand_in_place_of_the_level_plan_and_only_the_first_payment_at_once_is_shown() -> None:
    low = plan(12, steps=(Step(4, usd("50")),))
    found = chosen(
        [weighed(lump("1680"), "1000"), weighed(lump("2400"), "3000")],
        [weighed(plan(10), "2500"), weighed(plan(24), "900")],
        [weighed(low, "1500", "0.9")],
    )
    assert found == [("at_once", 1, 2), ("steps", 12, 1), ("gentler", 24, 3)]


def test_nothing_to_choose_from_is_nothing_chosen() -> None:
    assert prefer((), (), (), FLOOR, known=False) == ()
    assert chosen([weighed(lump(), "1500")], []) == [("at_once", 1, 1)]


def test_a_choice_says_its_place_and_of_how_many() -> None:
    offer = lump()
    worth = Worth(usd("1000"), Decimal("0.5000"), Decimal("0.4000"), Decimal("0.6"))
    assert Chosen(offer, worth, "at_once", 1, 2, 9).lines == ("rank:1 of 2 by value, chosen from 9",)
    assert worth.lines == ("worth:value=1000.00 chance=0.5000 health=0.4000",)
    assert replace(worth, health=None).lines == ("worth:value=1000.00 chance=0.5000 health=unknown",)


@pytest.mark.parametrize(
    ("case", "limits", "offers"),
    [
        (
            told(affordable=usd("840")),
            {},
            ["settlement 2026-12-07 1680.00", "instalments 2026-12-07 840.00", "instalments 2026-12-07 580.00"],
        ),
        (
            dana(),
            {"min_settlement_share": Decimal(1), "max_extension_days": 5},
            ["full 2026-11-27 2400.00", "instalments 2026-12-07 100.00", "instalments 2026-12-07 70.00"],
        ),
        (
            dana(),
            {"max_days_to_first_payment": 3},
            ["settlement 2026-11-25 1680.00", "instalments 2026-11-25 100.00", "instalments 2026-11-25 70.00"],
        ),
        (told(affordable=usd("70"), recovers_on=DECEMBER_7), {}, ["instalments 2026-12-07 70.00"]),
    ],
)
def test_an_opening_keeps_to_two_months_of_what_they_can_pay_and_to_each_limit_on_its_day(
    case: CaseFacts, limits: dict[str, Any], offers: list[str]
) -> None:
    made = opening(case, granted(case, **limits), iter("abc"))
    firsts = [(offer, offer.schedule.lines[0]) for offer in made]
    assert [f"{offer.kind} {line.due.isoformat()} {line.amount.to_text()}" for offer, line in firsts] == offers


def test_a_payment_at_once_above_two_months_of_what_they_can_pay_is_not_offered() -> None:
    case = told(affordable=usd("839.99"))
    assert {offer.kind for offer in opening(case, granted(case), iter("abc"))} == {"instalments"}


def test_the_discount_of_instalments_is_weighed_where_there_is_one() -> None:
    """The limits take 90 %, 2,160 dollars, in instalments: 58.38 in the longest plan."""
    case = told(affordable=usd("64"))
    found = [(wish.total, wish.level, wish.count) for wish in discounted_wishes(case, granted(case))]
    assert found == [(usd("2160"), usd("60"), 36), (usd("2160"), usd("59"), 37)]
    assert list(discounted_wishes(case, granted(case, min_settlement_share_instalments=Decimal(1)))) == []
