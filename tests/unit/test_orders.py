"""What a person handed back with is obeyed by the decision itself."""

from decimal import Decimal

import pytest

from core.dialogue.decide import decide
from core.dialogue.memory import Memory
from core.dialogue.orders import ORDERS, obeyed, orders_of, with_orders
from core.negotiation import Ask
from tests.unit.conversing import amount, an_offer, at, heard, remembered, usd


def told(*orders: str) -> Memory:
    return with_orders(remembered("talking"), orders)  # type: ignore[arg-type]


def test_orders_replace_earlier_ones_and_survive_being_stored() -> None:
    memory = told(*ORDERS)
    assert orders_of(Memory.from_json(memory.to_json())) == ORDERS
    assert orders_of(with_orders(memory, ())) == ()
    assert set(remembered("talking").told) <= set(memory.told)


def test_without_a_discount_the_limits_take_nothing_off() -> None:
    grant = obeyed(at(memory=told("no_discount"))).grant
    assert grant is not None
    assert (grant.limits.min_settlement_share, grant.limits.max_fee_waiver_share) == (Decimal(1), Decimal(0))
    free = at(memory=told("no_means"))
    assert obeyed(free) is free


def test_a_discount_that_was_on_the_table_is_taken_off_it() -> None:
    offer = an_offer()
    memory = with_orders(remembered("talking").with_(offers=(offer,), draft=offer), ("no_discount",))
    assert (memory.offers, memory.draft) == ((offer,), offer)
    ask = with_orders(memory, (), Ask(instalment=usd("80"))).ask
    assert ask == Ask(instalment=usd("80"))


@pytest.mark.parametrize("share", ["1200", "1900", "2300"])
def test_whoever_asks_for_less_is_offered_nothing_below_the_whole(share: str) -> None:
    situation = at(text=f"I'll give you {share} and that's it", memory=told("no_discount"))
    decision = decide(situation, heard("request_discount", entities=(amount(share),)))
    assert not any(offer.discount for offer in decision.offers)


def test_questions_are_answered_and_terms_go_to_a_person_when_only_questions_may_be_answered() -> None:
    memory = told("answer_only")
    answered = decide(at(text="how much?", memory=memory), heard("ask_balance"))
    assert answered.kind == "answer"
    asked = decide(at(text="in parts?", memory=memory), heard("request_instalments"))
    assert asked.kind == "escalate"
    assert "order:answer_only" in asked.because
    assert asked.offers == ()


def test_danger_is_heard_whatever_the_orders_say() -> None:
    decision = decide(at(text="I can't go on", memory=told(*ORDERS)), heard("self_harm"))
    assert decision.kind == "comfort"
