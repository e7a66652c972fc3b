"""A balance that a person decides on: nothing but the whole sum today, or a promise, is taken by the assistant."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.dialogue.decide import decide
from core.dialogue.decision import Decision, HandOff, MakePromise, PutOnTable
from core.dialogue.situation import Situation
from core.negotiation import Ask
from core.policy import Grant, RuleFacts
from tests.unit.conversing import amount, at, dana, day, granted, heard, remembered, usd


def large(**changes: object) -> Grant:
    """The limits of a bot that may not decide from 2,000 on; Dana owes 2,400."""
    found = granted(dana(), person_decides_above=Decimal(2000), **changes)
    facts = RuleFacts(market="us", product="credit_card", creditor="Harbour Bank", days_past_due=75,
                      balance=Decimal(2400), segments=frozenset(), role="bot")  # fmt: skip
    return replace(found, facts=facts)


def handed_over(decision: Decision) -> HandOff:
    (found,) = [effect for effect in decision.effects if isinstance(effect, HandOff)]
    assert not any(isinstance(effect, PutOnTable) for effect in decision.effects)
    assert [say.key for say in decision.replies[0].says] == ["offer.person_decides", "person.soon"]
    assert any(reason.startswith("limit:person_decides_above=2000 ") for reason in decision.because)
    return found


ASKED = [
    (heard("request_instalments"), None),
    (heard("request_discount"), None),
    (heard("cannot_pay"), None),
    (heard("propose_amount", entities=(amount("200", period="month"),)), "200.00"),
]


@pytest.mark.parametrize(("said", "instalment"), ASKED)
def test_terms_asked_for_go_to_a_person_at_once(said: object, instalment: str | None) -> None:
    decision = decide(at(text="can I", grant=large()), said)  # type: ignore[arg-type]
    found = handed_over(decision)
    assert found.reason == "limits"
    if instalment is not None:
        assert found.draft is not None
        assert found.draft.schedule.instalments[0].amount == usd(instalment)
        assert decision.memory.ask.instalment == usd(instalment)


def test_the_button_for_instalments_goes_to_a_person_too() -> None:
    assert handed_over(decide(at(press="instalments", grant=large()), heard())).reason == "limits"


def test_all_of_it_today_and_a_promise_are_taken() -> None:
    today = decide(at(text="all of it today", grant=large()), heard("pay_in_full"))
    assert any(isinstance(effect, MakePromise) for effect in today.effects)
    said = heard("promise_to_pay", entities=(amount("2400"), day("2026-11-30")))
    assert any(isinstance(effect, MakePromise) for effect in decide(at(grant=large()), said).effects)


def moved() -> Situation:
    memory = remembered("talking").with_(ask=Ask(instalment=usd("200")))
    return at(text="yes", grant=large(), memory=memory, balance_moved=True)


def test_a_yes_to_an_offer_of_another_balance_goes_to_a_person() -> None:
    assert handed_over(decide(moved(), heard("affirm"))).reason == "limits"


def test_below_that_balance_and_for_a_person_who_asks_nothing_changes() -> None:
    grant = large()
    assert grant.facts is not None
    for other in (replace(grant, limits=replace(grant.limits, person_decides_above=Decimal(2401))), granted(dana())):
        decision = decide(at(text="in parts", grant=other), heard("request_instalments"))
        assert decision.kind == "offer"
