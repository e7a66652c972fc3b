"""Plans that start low as somebody asks for them: taken as asked inside the limits, the nearest such plan outside."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Frequency
from core.negotiation import Accepted, Ask, CaseFacts, DatedStep, Nearest, Offer, answer, check_offer
from core.negotiation.reasons import asked
from core.negotiation.types import Unclear
from core.plans import Step
from tests.unit.negotiating import cases, dana, granted, ids, limits, lin, sums, usd

THEN = Ask(steps=(Step(3, usd("100")),), instalment=usd("300"))


def answered(ask: Ask, case: CaseFacts, *table: Offer, **changes: Any) -> tuple[Offer, list[str]]:
    grant = granted(case, **changes)
    found = answer(ask, case, grant, ids(), table)
    assert not isinstance(found, Unclear)
    assert check_offer(found.offer, grant, case.today) == ()
    return found.offer, [each.field for each in found.breaches] if isinstance(found, Nearest) else []


def runs(offer: Offer) -> list[tuple[int, str]]:
    """The instalments as runs of the same sum."""
    found: list[tuple[int, str]] = []
    for line in offer.schedule.instalments:
        text = line.amount.to_text()
        count = found.pop()[0] if found and found[-1][1] == text else 0
        found.append((count + 1, text))
    return found


def test_steps_inside_the_limits_are_taken_as_asked() -> None:
    offer, outside = answered(THEN, dana())
    assert outside == []
    assert runs(offer) == [(3, "100.00"), (7, "300.00")]
    assert offer.total == usd("2400")
    assert "ask:steps=3 x 100.00" in offer.because


def test_the_last_instalment_carries_what_is_left() -> None:
    offer, _ = answered(Ask(steps=(Step(2, usd("100")),), instalment=usd("350")), dana())
    assert runs(offer) == [(2, "100.00"), (6, "350.00"), (1, "100.00")]


def test_a_down_payment_and_a_date_stand_beside_the_steps() -> None:
    first = date(2026, 12, 10)
    offer, outside = answered(
        Ask(steps=(Step(3, usd("100")),), instalment=usd("300"), down_payment=usd("200"), first_due=first), dana()
    )
    assert outside == []
    assert offer.schedule.down_payment is not None
    assert runs(offer) == [(3, "100.00"), (6, "300.00"), (1, "100.00")]


def test_steps_below_the_least_are_raised_to_it() -> None:
    offer, outside = answered(Ask(steps=(Step(3, usd("10")),), instalment=usd("300")), dana())
    assert outside[0] == "min_instalment"
    assert runs(offer)[0] == (3, "25.00")
    offer, _ = answered(THEN, dana(), min_first_payment_share=Decimal("0.1"))
    assert runs(offer)[0] == (3, "240.00")


def test_what_comes_after_the_steps_is_raised_until_the_last_date_fits() -> None:
    offer, outside = answered(Ask(steps=(Step(3, usd("100")),), instalment=usd("150")), dana(), max_instalments=12)
    assert outside == ["max_instalments"]
    assert runs(offer) == [(3, "100.00"), (8, "234.00"), (1, "228.00")]


def test_steps_as_long_as_any_plan_may_be_leave_a_level_one() -> None:
    offer, outside = answered(Ask(steps=(Step(6, usd("50")),), instalment=usd("500")), dana(), max_instalments=6)
    assert "max_instalments" in outside
    assert runs(offer) == [(4, "500.00"), (1, "400.00")]


def test_steps_that_settle_it_all_need_nothing_after_them() -> None:
    offer, outside = answered(
        Ask(steps=(Step(3, usd("200")), Step(20, usd("250")), Step(4, usd("300"))), instalment=usd("400")), dana()
    )
    assert outside == []
    assert runs(offer) == [(3, "200.00"), (7, "250.00"), (1, "50.00")]
    raised, _ = answered(Ask(steps=(Step(10, usd("20")),), instalment=usd("300")), dana(), min_instalment=Decimal(240))
    assert {amount for _, amount in runs(raised)[:-1]} <= {"240.00", "300.00"}


def test_steps_in_a_rhythm_that_is_not_allowed_come_in_one_that_is() -> None:
    ask = Ask(steps=(Step(8, usd("20")),), instalment=usd("60"), frequency=Frequency.WEEK)
    offer, outside = answered(ask, dana(), frequencies=(Frequency.MONTH,))
    assert outside[0] == "min_instalment" or "frequencies" in outside
    assert offer.terms.frequency is Frequency.MONTH
    assert runs(offer)[:2] == [(2, "86.66"), (8, "260.00")]
    tiny = Ask(steps=(Step(8, usd("0.01")),), instalment=usd("60"), frequency=Frequency.MONTH)
    offer, _ = answered(tiny, dana(), frequencies=(Frequency.WEEK,), min_instalment=Decimal(0))
    assert offer.terms.frequency is Frequency.WEEK


def test_interest_runs_on_what_the_steps_leave() -> None:
    offer, outside = answered(THEN, dana(), plan_interest=Decimal("0.12"))
    assert outside == []
    assert runs(offer)[:2] == [(3, "100.00"), (7, "300.00")]
    assert offer.schedule.interest > usd("0")
    below, outside = answered(
        Ask(steps=(Step(3, usd("60")),), instalment=usd("100")),
        dana(),
        plan_interest=Decimal("0.24"),
        max_instalments=18,
    )
    assert "max_instalments" in outside
    assert runs(below)[0] == (3, "60.00")
    less_than_interest, _ = answered(
        Ask(steps=(Step(3, usd("25")),), instalment=usd("200")), dana(), plan_interest=Decimal("0.24")
    )
    assert runs(less_than_interest)[0][1] == "200.00"


def test_a_day_asked_for_later_keeps_the_steps() -> None:
    plan, _ = answered(THEN, dana())
    moved, outside = answered(Ask(first_due=date(2026, 12, 20)), dana(), plan)
    assert (runs(moved), outside) == (runs(plan), [])
    assert moved.schedule.first_due == date(2026, 12, 20)


def test_steps_without_a_sum_after_them_are_no_plan() -> None:
    found = answer(Ask(steps=(Step(3, usd("100")),)), dana(), granted(dana()), ids())
    assert isinstance(found, Unclear)


def test_steps_are_told_among_the_reasons() -> None:
    assert asked(Ask(steps=(Step(3, usd("100")), Step(2, usd("200"))))) == ("ask:steps=3 x 100.00, 2 x 200.00",)


@pytest.mark.parametrize("case", [dana(), lin()])
def test_the_same_ask_is_answered_the_same(case: CaseFacts) -> None:
    ask = Ask(steps=(Step(3, case.balance.fees),), instalment=case.balance.interest)
    assert answer(ask, case, granted(case), ids()) == answer(ask, case, granted(case), ids())


@given(st.data())
def test_an_ask_in_steps_never_leaves_the_limits(data: st.DataObject) -> None:
    case = data.draw(cases())
    grant = granted(case)
    grant = type(grant)(limits=data.draw(limits(interest=data.draw(st.booleans()))), rule=grant.rule, version=1)
    step = st.builds(Step, st.integers(1, 30), sums(case.currency, 200_000).filter(bool))
    steps = tuple(data.draw(st.lists(step, min_size=1, max_size=3)))
    ask = Ask(
        steps=steps,
        instalment=data.draw(sums(case.currency, 400_000)),
        frequency=data.draw(st.none() | st.sampled_from(Frequency)),
    )
    found = answer(ask, case, grant, ids())
    assert isinstance(found, Accepted | Nearest)
    paid = found.offer.schedule
    assert paid.total - paid.interest == found.offer.total
    if isinstance(found, Accepted):
        assert check_offer(found.offer, grant, case.today) == ()
        assert all(line.amount in {each.amount for each in steps} | {ask.instalment} for line in paid.lines[:-1])
    elif found.offer.kind != "full":
        assert check_offer(found.offer, grant, case.today) == ()


def test_steps_that_a_date_ends_are_counted_on_the_plans_own_dates() -> None:
    march = Ask(dated_steps=(DatedStep(date(2027, 3, 1), usd("100")),), instalment=usd("300"))
    early, outside = answered(replace(march, first_due=date(2026, 12, 5)), dana())
    assert outside == []
    assert runs(early) == [(3, "100.00"), (7, "300.00")]
    assert early.schedule.instalments[2].due == date(2027, 2, 5)
    later, _ = answered(replace(march, first_due=date(2026, 12, 31), frequency=Frequency.MONTH), dana(), early)
    assert [line.due for line in later.schedule.instalments[:4]] == [
        date(2026, 12, 31),
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
    ]
    assert runs(later)[0] == (3, "100.00")
    on_the_day, _ = answered(replace(march, first_due=date(2026, 12, 1)), dana())
    assert runs(on_the_day)[0] == (3, "100.00")
    assert "ask:dated_steps=before 2027-03-01 x 100.00" in on_the_day.because


def test_several_dates_follow_one_another_and_one_that_nothing_falls_before_is_left_out() -> None:
    first = date(2026, 12, 5)
    steps = (DatedStep(date(2027, 2, 1), usd("100")), DatedStep(date(2027, 4, 1), usd("200")))
    both, _ = answered(Ask(dated_steps=steps, instalment=usd("300"), first_due=first), dana())
    assert runs(both)[:2] == [(2, "100.00"), (2, "200.00")]
    passed = (DatedStep(first, usd("100")),)
    level, _ = answered(Ask(dated_steps=passed, instalment=usd("300"), first_due=first), dana())
    assert runs(level) == [(8, "300.00")]


def test_lower_first_payments_and_a_number_of_all_of_them_split_the_rest_equally() -> None:
    offer, outside = answered(Ask(steps=(Step(3, usd("100")),), count=10, first_due=date(2026, 12, 5)), dana())
    assert outside == []
    assert runs(offer) == [(3, "100.00"), (7, "300.00")]


def test_first_payments_before_all_the_rest_at_once_are_kept() -> None:
    offer, _ = answered(Ask(steps=(Step(3, usd("100")),), instalment=usd("5000")), dana())
    assert runs(offer) == [(3, "100.00"), (1, "2100.00")]
