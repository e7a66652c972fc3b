"""Promises to pay: a date and a sum, read back where one was left open, kept inside the limits."""

import re
from dataclasses import replace
from datetime import date, timedelta

from core.dialogue.decision import Button, Decision, MakePromise, Say
from core.dialogue.differences import differences
from core.dialogue.household import without_household
from core.dialogue.lines import pay_ways
from core.dialogue.rights import HANDED_BACK
from core.dialogue.said import future_date, span_days, sums
from core.dialogue.turn import MOST_INSISTING, PERSON, YES_NO, Turn
from core.dialogue.understanding import Understanding
from core.money import Money
from core.negotiation import promise as promise_within
from core.negotiation.gaps import gaps_of
from core.negotiation.reasons import outside
from core.negotiation.types import Ask, Promise, PromiseAccepted, PromiseOutside
from core.policy.limits import Grant

PROMISES = ("promise_to_pay", "pay_in_full")


def promise(turn: Turn, grant: Grant, *, otherwise: date | None = None) -> Decision:
    """A date is promised, or all of it at once; what was said before of a promise is kept where this leaves it open.
    `otherwise` is the day that is read back, to be confirmed, where none is told."""
    if _needs_a_person(turn):
        return _to_a_person(turn)
    before = turn.memory.promise_draft or turn.situation.promise
    said = sums(without_household(turn.understanding, turn.text), turn.situation.case.currency)
    all_of_it = turn.says("pay_in_full")
    amount = said[0].money if said else (before.amount if before and not all_of_it else None)
    told = day_said(turn) or (turn.today if all_of_it and not before else None) or _kept_day(turn)
    day = told or otherwise
    if day is None:
        return turn.decide("clarify", "promise.ask_date", expecting="date")
    result = promise_within(day, amount, turn.situation.case, grant)
    if isinstance(result, PromiseAccepted):
        complete = told is not None and (bool(said) or all_of_it)
        return promised(turn, result.promise) if complete else read_back(turn, result.promise)
    return _nearest(turn, grant, result)


def _needs_a_person(turn: Turn) -> bool:
    """Whether promised dates passed so often that another helps nobody, and no person has looked at it here."""
    often = turn.grant is None or turn.situation.broken_promises >= turn.grant.limits.max_broken_promises
    return often and HANDED_BACK not in turn.memory.told


def _to_a_person(turn: Turn) -> Decision:
    because = (*turn.why(), f"broken-promises:{turn.situation.broken_promises}")
    return turn.hand_over("escalate", "broken_promise", "promise.person", turn.person(), because=because)


def _kept_day(turn: Turn) -> date | None:
    draft = turn.memory.promise_draft
    return draft.due if draft is not None else None


def day_said(turn: Turn) -> date | None:
    """The day that the message names, or the end of the span that it names, later than what was promised before."""
    before = turn.memory.promise_draft or turn.situation.promise
    told = without_household(turn.understanding, turn.text)
    day = future_date(_without_the_old_day(told, before), turn.today)
    spans = turn.understanding.of_type("duration")
    if day is not None or not spans:
        return day
    start = max(before.due, turn.today) if before and _LATER.search(turn.text) else turn.today
    return start + timedelta(days=span_days(spans[0], start))


def _without_the_old_day(understanding: Understanding, before: Promise | None) -> Understanding:
    """“Not gonna make Friday, Tuesday instead?”: of several days said, the one promised before is not the new one."""
    days = understanding.of_type("date")
    if before is None or len(days) < 2:
        return understanding
    old = [item for item in days if str(item.value) == before.due.isoformat()]
    return replace(understanding, entities=tuple(item for item in understanding.entities if item not in old))


_LATER = re.compile(r"\b(?:later|more|another|extra|extend|push|delay)\b|晚|延|推迟|再(?!还)|多给", re.IGNORECASE)


def promise_before_check(turn: Turn) -> Promise | None:
    """A promise said before the identity check, inside the limits, to be read back after it."""
    if turn.grant is None or not turn.says(*PROMISES):
        return None
    day = day_said(turn) or (turn.today if turn.says("pay_in_full") else None)
    if day is None:
        return None
    said = sums(without_household(turn.understanding, turn.text), turn.situation.case.currency)
    result = promise_within(day, said[0].money if said else None, turn.situation.case, turn.grant)
    return result.promise if isinstance(result, PromiseAccepted) else result.nearest


def _nearest(turn: Turn, grant: Grant, result: PromiseOutside) -> Decision:
    currency = turn.situation.case.currency
    insisted = turn.memory.insisted + 1
    asked = outside(result.breaches)
    because = (*asked, f"rule:{grant.rule} v{grant.version}")
    if insisted >= MOST_INSISTING:
        return turn.hand_over(
            "escalate",
            "limits",
            "escalate.limits",
            turn.person(),
            because=because,
            gaps=gaps_of(Ask(), None, result.breaches),
            insisted=insisted,
        )
    differs = differences(result.breaches, currency, grant.limits)
    if insisted > 1:
        differs = (*differs, Say("counter.person"))
    decision = read_back(turn, result.nearest, differs, because)
    return replace(decision, memory=decision.memory.with_(insisted=insisted, person_offered=insisted > 1))


def read_back(turn: Turn, promise: Promise, differs: tuple[Say, ...] = (), because: tuple[str, ...] = ()) -> Decision:
    """The date and the sum, for a yes; where they differ from what was asked, a person is a button away."""
    if _needs_a_person(turn):
        return _to_a_person(turn)
    return turn.decide(
        "counter" if differs else "promise",
        *differs,
        Say("promise.ask", {"due": promise.due, "amount": promise.amount}),
        buttons=(*YES_NO, Button("instalments", "choice.instalments_instead"), *((PERSON,) if differs else ())),
        because=because or turn.why(),
        promise_draft=promise,
        draft=None,
        phase="confirming",
        expecting="affirm",
    )


def promised(turn: Turn, promise: Promise) -> Decision:
    """The promise is noted; how to pay, and that a word beforehand is enough if it changes."""
    today = promise.due <= turn.today
    whole: Money = turn.situation.case.balance.total
    return turn.decide(
        "promise",
        Say("promise.today" if today else "promise.noted", {"due": promise.due, "amount": promise.amount}),
        pay_ways(turn),
        Say("promise.part") if promise.amount < whole else Say("promise.change"),
        effects=(MakePromise(promise),),
        promise_draft=None,
        draft=None,
        offers=(),
        ask=Ask(),
        phase="talking",
        expecting=None,
        insisted=0,
    )
