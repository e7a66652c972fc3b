"""Giving way by steps: never past the limits, never back, and never on time."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy import DEFAULT_VERSION, STEPS, Grant, Limits, Pace, held_back, merge, select
from core.policy.concessions import LEAST_SHARES, MOST_SHARES

US = select(DEFAULT_VERSION, "us", "credit_card")
assert US is not None
SHARES = st.decimals(0, 1, places=4)


def grant(pace: Pace, **limits: Decimal) -> Grant:
    assert US is not None
    return replace(US, limits=merge(US.limits, {"concession_pace": pace, **limits}))


def test_at_once_everything_is_on_offer() -> None:
    assert held_back(grant("early"), 0) == grant("early")


def test_the_room_opens_step_by_step() -> None:
    patient = grant("patient", min_settlement_share=Decimal("0.70"), max_fee_waiver_share=Decimal("0.50"))
    steps = [held_back(patient, conceded).limits for conceded in range(5)]
    assert [step.min_settlement_share for step in steps] == [
        Decimal(x) for x in ("0.925", "0.85", "0.775", "0.7", "0.7")
    ]
    assert [step.max_fee_waiver_share for step in steps] == [
        Decimal(x) for x in ("0.125", "0.25", "0.375", "0.5", "0.5")
    ]


def test_what_is_held_back_is_named_until_all_is_on_offer() -> None:
    balanced = grant("balanced", min_settlement_share=Decimal("0.70"), min_settlement_share_instalments=Decimal(1))
    assert "min_settlement_share" in held_back(balanced, 0).held
    assert "min_settlement_share_instalments" not in held_back(balanced, 0).held
    assert held_back(balanced, len(STEPS["balanced"]) - 1).held == frozenset()


def test_after_the_last_concession_of_a_conversation_nothing_more_is_given_or_promised() -> None:
    once = grant("patient", min_settlement_share=Decimal("0.70"), max_concessions=Decimal(1))
    first, second, third = (held_back(once, conceded) for conceded in range(3))
    assert [each.limits.min_settlement_share for each in (first, second, third)] == [
        Decimal("0.925"), Decimal("0.85"), Decimal("0.85"),
    ]  # fmt: skip
    assert "min_settlement_share" in first.held
    assert second.held == third.held == frozenset()
    assert second == third
    assert held_back(grant("patient", max_concessions=Decimal(0)), 5).held == frozenset()
    assert held_back(grant("early", max_concessions=Decimal(0)), 0) == grant("early", max_concessions=Decimal(0))


@pytest.mark.parametrize("pace", STEPS)
def test_every_pace_begins_with_something_and_ends_with_everything(pace: Pace) -> None:
    assert 0 < STEPS[pace][0] <= STEPS[pace][-1] == 1
    assert list(STEPS[pace]) == sorted(STEPS[pace])


@given(st.sampled_from(sorted(STEPS)), st.integers(0, 9), st.lists(SHARES, min_size=5, max_size=5), st.integers(0, 4))
def test_no_step_passes_the_limits_or_takes_back_what_was_given(
    pace: Pace, step: int, shares: list[Decimal], most: int
) -> None:
    given_shares = dict(zip((*LEAST_SHARES, *MOST_SHARES), shares, strict=True))
    whole = grant(pace, max_concessions=Decimal(most), **given_shares)
    now, then = held_back(whole, step).limits, held_back(whole, step + 1).limits
    for name in LEAST_SHARES:
        assert getattr(whole.limits, name) <= getattr(then, name) <= getattr(now, name) <= 1
    for name in MOST_SHARES:
        assert 0 <= getattr(now, name) <= getattr(then, name) <= getattr(whole.limits, name)


@given(st.sampled_from(sorted(STEPS)), st.integers(0, 9))
def test_time_is_never_held_back(pace: Pace, step: int) -> None:
    now = held_back(grant(pace), step).limits
    others = {each.name for each in fields(Limits)} - {*LEAST_SHARES, *MOST_SHARES}
    assert all(getattr(now, name) == getattr(grant(pace).limits, name) for name in others)


def test_a_step_of_a_fine_share_is_rounded_towards_giving_less() -> None:
    fine = grant("balanced", min_settlement_share=Decimal("0.3333"), max_fee_waiver_share=Decimal("0.3333"))
    step = held_back(fine, 1).limits
    assert (step.min_settlement_share, step.max_fee_waiver_share) == (Decimal("0.5000"), Decimal("0.2499"))
    finer = grant("balanced", min_settlement_share=Decimal("0.3334"), max_fee_waiver_share=Decimal("0.0003"))
    step = held_back(finer, 0).limits
    assert (step.min_settlement_share, step.max_fee_waiver_share) == (Decimal("0.6667"), Decimal("0.0001"))


def test_past_its_last_step_a_pace_gives_all_of_it() -> None:
    patient = grant("patient", min_settlement_share=Decimal("0.70"))
    many = replace(patient, limits=replace(patient.limits, max_concessions=9))
    assert [held_back(many, conceded) for conceded in (3, 4, 8)] == [many] * 3
