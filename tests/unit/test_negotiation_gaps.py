"""What a person finds in the handoff when the bot may not grant what is insisted on: the gap, and who may close it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.dialogue.decide import decide
from core.dialogue.decision import Decision, HandOff
from core.dialogue.memory import Memory
from core.negotiation import Ask, Nearest, answer
from core.negotiation.gaps import Gap, gaps_of
from tests.unit.conversing import VERIFIED, amount, at, heard
from tests.unit.negotiating import cny, dana, granted, ids, lin, usd


def gaps(ask: Ask, case: Any, **limits: Any) -> tuple[Gap, ...]:
    found = answer(ask, case, granted(case, **limits), ids())
    assert isinstance(found, Nearest)
    return gaps_of(ask, found.offer, found.breaches)


def test_an_instalment_too_small_is_set_beside_the_least_and_the_difference() -> None:
    first, *others = gaps(Ask(instalment=cny("150")), lin(), max_instalments=36)
    assert (first.field, first.asked, first.allowed, first.difference) == ("instalment", "150.00", "462.00", "312.00")
    assert (first.currency, first.rule, first.version) == ("CNY", "cn/credit_card", "1")
    assert {gap.field for gap in others} == {
        "min_instalment",
        "max_instalments",
        "max_term_days",
        "min_first_payment_share",
    }


def test_a_settlement_too_low_says_both_sums() -> None:
    (gap,) = gaps(Ask(total=usd("1500")), dana())
    assert (gap.asked, gap.allowed, gap.difference, gap.may_grant) == ("1500.00", "1680.00", "180.00", "supervisor")
    assert gap.line == (
        "gap:min_settlement_share asked=1500.00 allowed=1680.00 difference=180.00 USD may grant=supervisor"
    )


def test_a_gap_says_whose_role_may_grant_the_whole_ask() -> None:
    assert gaps(Ask(total=usd("200")), dana())[0].may_grant == "manager"
    assert gaps(Ask(total=usd("2400"), first_due=date(2026, 11, 1)), dana())[0].may_grant == "nobody"
    assert gaps(Ask(count=5, frequency=None), dana(), min_instalment=Decimal(500))[0].may_grant == "supervisor"


def test_nothing_outside_has_no_gap() -> None:
    assert gaps_of(Ask(instalment=usd("200")), None, ()) == ()


def insisted(decision: Decision) -> HandOff:
    (handoff,) = (effect for effect in decision.effects if isinstance(effect, HandOff))
    return handoff


def test_insisting_on_less_brings_a_person_and_the_gap() -> None:
    memory = Memory(phase="talking", greeted=True, told=VERIFIED, ask=Ask(instalment=usd("10")), insisted=2)
    found = decide(
        at(text="10 a month", memory=memory), heard("propose_amount", entities=(amount("10", period="month"),))
    )
    handoff = insisted(found)
    assert handoff.reason == "limits"
    assert (handoff.gaps[0].asked, handoff.gaps[0].allowed, handoff.gaps[0].difference) == ("10.00", "65.00", "55.00")
    assert handoff.gaps[0].line in found.because


@pytest.mark.parametrize("press", ["human"])
def test_a_person_called_in_between_finds_the_gap_of_what_was_last_asked(press: str) -> None:
    memory = Memory(phase="talking", greeted=True, told=VERIFIED, ask=Ask(total=usd("1000")), insisted=1)
    assert insisted(decide(at(press=press, memory=memory), heard())).gaps[0].difference == "680.00"
