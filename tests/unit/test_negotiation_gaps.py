"""What a person finds in the handoff when the bot may not grant what is insisted on: the gap, and who may close it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.dialogue.decide import decide
from core.dialogue.decision import Decision, HandOff
from core.dialogue.memory import Memory
from core.negotiation import Ask, CaseFacts, Nearest, answer
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


@pytest.mark.parametrize(
    ("ask", "case", "limits", "lines"),
    [
        pytest.param(
            Ask(count=48),
            lin(),
            {"max_instalments": 36},
            (
                "gap:max_instalments asked=48 allowed=36 difference=12 may grant=supervisor",
                "gap:max_term_days asked=1445 allowed=1125 difference=320 may grant=supervisor",
            ),
            id="too many",
        ),
        pytest.param(
            Ask(instalment=cny("150")),
            lin(),
            {"max_instalments": 36},
            (
                "gap:instalment asked=150.00 allowed=462.00 difference=312.00 CNY may grant=nobody",
                "gap:min_instalment asked=150.00 allowed=200.00 difference=50.00 CNY may grant=nobody",
                "gap:max_instalments asked=111 allowed=36 difference=75 may grant=nobody",
                "gap:max_term_days asked=3363 allowed=1125 difference=2238 may grant=nobody",
                "gap:min_first_payment_share asked=150.00 allowed=166.00 difference=16.00 CNY may grant=nobody",
            ),
            id="too little, and longer than law allows",
        ),
        pytest.param(
            Ask(instalment=usd("60"), frequency=Frequency.QUARTER),
            dana(),
            {},
            (
                "gap:max_term_days asked=3576 allowed=1125 difference=2451 may grant=manager",
                "gap:frequencies asked=quarter allowed=week, fortnight, month may grant=manager",
            ),
            id="instalments of another rhythm are not set beside each other",
        ),
        pytest.param(
            Ask(instalment=usd("200"), first_due=date(2026, 11, 5)),
            dana(),
            {},
            ("gap:max_days_to_first_payment asked=2026-11-05 allowed=2026-11-23 may grant=nobody",),
            id="a day that is past",
        ),
        pytest.param(
            Ask(instalment=usd("200"), count=6),
            dana(),
            {},
            ("gap:count asked=6 allowed=12 difference=6 may grant=supervisor",),
            id="a number that does not come to the sum",
        ),
        pytest.param(
            Ask(total=usd("1000")),
            dana(),
            {"min_settlement_share": Decimal("0.5"), "min_settlement_amount": Decimal(2000)},
            ("gap:min_settlement_amount asked=1000.00 allowed=2000.00 difference=1000.00 USD may grant=manager",),
            id="a settlement below the least sum",
        ),
        pytest.param(
            Ask(discount=True, count=5),
            dana(),
            {"min_settlement_share_instalments": Decimal(1)},
            ("gap:min_settlement_share_instalments asked=0 allowed=1 difference=1 may grant=manager",),
            id="a discount where there is none",
        ),
        pytest.param(
            Ask(instalment=usd("200")),
            dana(),
            {"max_instalments": 1},
            ("gap:max_instalments asked=12 allowed=1 difference=11 may grant=manager",),
            id="one payment is no instalment to compare with",
        ),
    ],
)
def test_each_gap_says_what_was_asked_what_is_allowed_and_what_lies_between(
    ask: Ask, case: CaseFacts, limits: dict[str, Any], lines: tuple[str, ...]
) -> None:
    assert tuple(gap.line for gap in gaps(ask, case, **limits)) == lines


def test_a_gap_keeps_the_rule_and_the_version_of_its_limit() -> None:
    case = dana()
    grant = replace(granted(case), sources={"max_term_days": "us"}, version=7)
    found = answer(Ask(instalment=usd("60")), case, grant, ids())
    assert isinstance(found, Nearest)
    assert gaps_of(Ask(instalment=usd("60")), found.offer, found.breaches) == (
        Gap("instalment", "60.00", "65.00", "5.00", "USD", "us", "7", "supervisor"),
        Gap("max_term_days", "1200", "1125", "75", "", "us", "7", "supervisor"),
    )
    without = gaps_of(Ask(instalment=usd("60")), None, found.breaches)
    assert without == (Gap("max_term_days", "1200", "1125", "75", "", "us", "7", "supervisor"),)


def test_an_instalment_that_is_allowed_as_it_is_leaves_no_gap_of_its_own() -> None:
    lines = [gap.field for gap in gaps(Ask(instalment=usd("200"), count=11, frequency=Frequency.MONTH), dana())]
    assert lines == ["count"]


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
