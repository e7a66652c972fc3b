"""Rounds: messages that were sent before any answer could be read."""

from datetime import date

import pytest

from core.dialogue.decide import decide
from core.dialogue.decision import Decision, MakePromise, Reply, Say
from core.dialogue.memory import Memory
from core.dialogue.rounds import asks_anew, unsaid
from core.negotiation.types import Promise
from tests.unit.conversing import an_offer, at, day, heard, remembered, usd

GREETING = Reply((Say("greet.hello"),))
MEMORY = Memory()


def said(kind: str, key: str, *effects: MakePromise) -> Decision:
    return Decision(kind, MEMORY, (), (Reply((Say(key),)),), effects)  # type: ignore[arg-type]


def test_a_plan_that_the_next_message_replaces_is_not_read_out() -> None:
    decisions = [said("offer", "readback.ask"), said("counter", "counter.level"), said("agree", "agree.done")]
    assert unsaid(decisions) == (frozenset({0}), frozenset({0}), frozenset())


def test_what_is_said_once_stays_said() -> None:
    first = Decision("offer", MEMORY, (), (GREETING, Reply((Say("debt.us_notice"), Say("offer.menu")))))
    assert unsaid([first, said("offer", "readback.ask")]) == (frozenset(), frozenset())


def test_small_talk_beside_business_needs_no_answer_and_on_its_own_it_does() -> None:
    hello = said("answer", "social.hello")
    assert unsaid([hello, said("answer", "debt.balance")]) == (frozenset({0}), frozenset())
    assert unsaid([hello]) == (frozenset(),)
    assert unsaid([said("agree", "agree.done"), said("answer", "social.all_set")]) == (frozenset(), frozenset({0}))


def test_answers_and_what_was_settled_are_said_whatever_follows() -> None:
    promised = said("promise", "promise.noted", MakePromise(Promise(date(2026, 12, 1), usd("100"))))
    decisions = [said("answer", "debt.balance"), promised, said("answer", "debt.due")]
    assert unsaid(decisions) == (frozenset(), frozenset(), frozenset())
    asked = said("promise", "promise.ask")
    assert unsaid([asked, said("escalate", "escalate.hardship_income")]) == (frozenset({0}), frozenset())


def test_a_question_is_not_overtaken_by_something_that_was_not_understood() -> None:
    assert unsaid([said("offer", "offer.menu"), said("clarify", "talk.not_understood")])[0] == frozenset()


@pytest.mark.parametrize("word", ["affirm", "deny", "thanks"])
def test_a_yes_that_was_written_before_the_offer_could_be_read_agrees_to_nothing(word: str) -> None:
    situation = at("confirming", text="yes yes", unread=True)
    decision = decide(situation, heard(word))
    assert (decision.kind, decision.replies) == ("offer", ())
    assert decision.memory.draft == situation.memory.draft
    assert decision.offers == (situation.memory.draft,)


def test_a_promise_is_not_kept_on_a_yes_that_was_written_before_it_was_read_back() -> None:
    draft = Promise(date(2026, 11, 27), usd("500"))
    memory = remembered("confirming").with_(draft=None, promise_draft=draft)
    decision = decide(at(memory=memory, text="ok", unread=True), heard("affirm"))
    assert (decision.kind, decision.effects[0].__class__) != ("promise", MakePromise)
    assert decision.memory.promise_draft == draft


def test_something_new_is_heard_even_before_the_offer_was_read() -> None:
    decision = decide(at("confirming", text="the 12th", unread=True), heard("affirm", entities=(day("2026-12-12"),)))
    assert decision.memory.draft is not None
    assert decision.memory.draft.schedule.first_due == date(2026, 12, 12)


def test_only_what_waits_anew_is_unread() -> None:
    offer = an_offer()
    asked = MEMORY.with_(draft=offer)
    assert asks_anew(MEMORY, asked)
    assert not asks_anew(asked, asked)
    assert not asks_anew(asked, MEMORY)
