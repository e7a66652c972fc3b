"""What is suggested to an agent follows from what is known, and stays inside what may be said."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from console.queries.assist import Moves
from console.queries.conversation_rows import Head, InstalmentView, PlanView, PromiseView
from console.suggestions import STATES, Known, next_step, replies
from core.compliance import HOLDS
from core.compliance.demands import asks_for_payment
from core.dialogue.decision import Say
from core.dialogue.memory import Memory
from core.money import Money
from core.negotiation import Ask
from core.plans import Balance
from core.wording import say

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def a_head(**changes: Any) -> Head:
    known: dict[str, Any] = {
        "id": 1,
        "state": "open",
        "outcome": None,
        "holder": "agent",
        "agent_id": 1,
        "agent": "Ana",
        "held_since": NOW,
        "waiting_since": None,
        "reason": None,
        "priority": None,
        "channel": "web",
        "language": "en",
        "opened_at": NOW,
        "last_inbound_at": NOW,
        "unread": 0,
        "memory": {},
        "case_id": 1,
        "case_state": "open",
        "reference": "HB-1",
        "market": "us",
        "product": "credit_card",
        "balance": Balance(usd("900"), usd("80"), usd("20"), usd("0")),
        "balance_as_of": TODAY,
        "due_date": date(2026, 9, 1),
        "opened_on": None,
        "account_last4": "8820",
        "name": "Dana Reyes",
        "time_zone": "UTC",
        "creditor": "Harbour Bank",
        "flags": (),
        "handoff": None,
        "promise": None,
        "snoozed_until": None,
        "merged_into": None,
        "outcomes": (),
        "others": (),
        "pay_ways": {"en": "bank transfer"},
    }
    return Head(**{**known, **changes})


def known(moves: Moves | None = None, *, verified: bool = True, **changes: Any) -> Known:
    head = {name: changes.pop(name) for name in ("flags", "reason", "promise", "pay_ways") if name in changes}
    values: dict[str, Any] = {
        "head": a_head(**head),
        "memory": Memory(phase="talking", told=("verified",)) if verified else Memory(phase="verifying"),
        "language": "en",
        "agent": "Ana",
        "today": TODAY,
        "plan": None,
        "moves": moves or Moves(wrote=True),
    }
    return Known(**{**values, **changes})


def a_plan(due: date) -> PlanView:
    line = InstalmentView(1, due, usd("100"), usd("0"), None)
    return PlanView("p", "active", usd("100"), usd("0"), "month", 1, False, NOW, (line,))


def keys(of: Known) -> list[str]:
    return [suggestion.key for suggestion in replies(of)]


def test_in_danger_nothing_else_is_suggested_and_the_supervisor_is_named() -> None:
    grave = known(Moves(heard=("ask_balance",)), flags=("self_harm", "hardship"), reason="limits")
    assert keys(grave) == ["suggest.self_harm"]
    assert "supervisor" in next_step(grave).name


def test_who_has_not_been_identified_is_told_nothing_of_the_debt() -> None:
    unknown = known(Moves(heard=("ask_balance",), wrote=True), verified=False, flags=("hardship",))
    assert keys(unknown) == ["suggest.identity"]
    assert next_step(unknown).at == "#pack"


@pytest.mark.parametrize("flag", HOLDS)
def test_under_a_hold_no_suggestion_asks_for_money(flag: str) -> None:
    moves = Moves(heard=("ask_balance", "ask_how_to_pay"), wrote=True, offer_open=True, approval_asked=True)
    promise = PromiseView(TODAY, usd("50"), "broken")
    held = known(moves, flags=(flag,), plan=a_plan(date(2026, 11, 1)), promise=promise, reason="limits")
    for suggestion in replies(held):
        for language in ("en", "zh"):
            text = say(Say(suggestion.key, suggestion.params), language, "us")
            assert asks_for_payment(text) is None, text


@pytest.mark.parametrize(
    ("made", "key"),
    [
        (known(Moves()), "suggest.hello"),
        (known(Moves(heard=("abusive",), wrote=True)), "suggest.abusive"),
        (known(Moves(heard=("request_documents",), wrote=True)), "suggest.documents"),
        (known(Moves(heard=("ask_how_to_pay",), wrote=True)), "suggest.how_to_pay"),
        (known(Moves(heard=("ask_balance",), wrote=True)), "suggest.balance"),
        (known(Moves(approval_asked=True, wrote=True)), "suggest.approval"),
        (known(Moves(offer_open=True, wrote=True)), "suggest.offer_open"),
        (known(plan=a_plan(date(2026, 11, 1))), "suggest.plan_missed"),
        (known(plan=a_plan(date(2026, 12, 1))), "suggest.plan_next"),
        (known(promise=PromiseView(TODAY, usd("50"), "open")), "suggest.promise"),
        (known(promise=PromiseView(TODAY, usd("50"), "broken")), "suggest.promise_broken"),
        (known(reason="limits"), "suggest.limits"),
        (known(flags=("complaint",)), "suggest.complaint"),
    ],
)
def test_each_state_has_its_reply_with_all_that_it_fills_in(made: Known, key: str) -> None:
    found = {suggestion.key: suggestion for suggestion in replies(made)}
    assert key in found
    for language in ("en", "zh"):
        assert "{" not in say(Say(key, found[key].params), language, "us")
    assert found[key].why.kind != "state" or found[key].why.value in STATES


def test_ways_to_pay_that_are_not_known_in_their_language_are_not_named() -> None:
    asked = known(Moves(heard=("ask_how_to_pay",), wrote=True), pay_ways={"zh": "银行转账"})
    assert keys(asked) == []


@pytest.mark.parametrize(
    ("made", "at"),
    [
        (known(flags=("dispute",)), "#pack"),
        (known(Moves(approval_ready=True, wrote=True)), "#pack"),
        (known(Moves(offer_open=True, wrote=True)), ""),
        (known(reason="limits"), "#desk"),
        (known(flags=("hardship",)), "#desk"),
        (replace(known(), memory=Memory(phase="talking", ask=Ask(instalment=usd("80")))), "#desk"),
        (known(plan=a_plan(date(2026, 11, 1))), "#case"),
        (known(plan=a_plan(date(2026, 12, 1))), "#conversation-head"),
        (known(Moves(heard=("ask_balance",), wrote=True)), "#composer"),
        (known(), "#composer"),
    ],
)
def test_the_next_step_points_at_where_it_is_done(made: Known, at: str) -> None:
    assert next_step(made).at == at
