"""What an agent could say or do next, and why: worked out from what is known of the conversation, by fixed rules.

Nothing here decides anything: a suggestion is put in the composer, to be changed, and what is sent is reviewed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from console.i18n import N_
from console.queries.assist import Moves
from console.queries.conversation_rows import Head, InstalmentView, PlanView
from core.compliance import HOLDS
from core.dialogue.memory import Memory
from core.dialogue.understanding import Language

MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What suggestions are worked out from. `today` is the debtor's date."""

    head: Head
    memory: Memory
    language: Language
    agent: str
    today: date
    plan: PlanView | None
    moves: Moves


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: `kind` is `flag`, `reason`, `intent` or `state`, and `value` is a stored value of that kind."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reviewed text by its key in the debtor's catalogue, what it fills in, and why it is suggested."""

    key: str
    why: Why
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: in words, the part of the page where it is done, and why."""

    name: str
    at: str
    why: Why


STATES: Mapping[str, str] = {
    "unverified": N_("The identity has not been confirmed."),
    "new": N_("You have not written since you took over."),
    "offer_open": N_("Your offer is on the table."),
    "approval_asked": N_("An approval is being waited for."),
    "approval_ready": N_("The exception was approved."),
    "plan_missed": N_("A payment of the plan is late."),
    "plan_next": N_("A plan is in force."),
    "promise_open": N_("A promise to pay stands."),
    "promise_broken": N_("The last promise was not kept."),
    "numbers": N_("They named what they can do."),
    "settled": N_("A plan is in force and nothing is open."),
    "nothing": N_("Nothing else is open."),
}

_ON_FLAG: tuple[tuple[str, str], ...] = (
    ("self_harm", "suggest.self_harm"),
    ("minor", "suggest.vulnerable"),
    ("represented", "suggest.represented"),
    ("bankruptcy", "suggest.bankruptcy"),
    ("identity_theft", "suggest.fraud"),
    ("dispute", "suggest.dispute"),
    ("complaint", "suggest.complaint"),
    ("vulnerable", "suggest.vulnerable"),
    ("hardship", "suggest.hardship"),
)
_ON_INTENT: tuple[tuple[tuple[str, ...], str], ...] = (
    (("abusive",), "suggest.abusive"),
    (("request_documents",), "suggest.documents"),
    (("thanks", "goodbye"), "suggest.thanks"),
)
_OF_MONEY = frozenset(("self_harm", *HOLDS))


def replies(known: Known) -> tuple[Suggestion, ...]:
    """At most `MOST` replies, the weightiest first, each key once."""
    found: dict[str, Suggestion] = {}
    for suggestion in _replies(known):
        found.setdefault(suggestion.key, suggestion)
    return tuple(found.values())[:MOST]


def next_step(known: Known) -> Step:
    """The one thing to do next."""
    return next(step for rule in _STEPS if (step := rule(known)) is not None)


def _replies(known: Known) -> Iterator[Suggestion]:
    head, flags = known.head, set(known.head.flags)
    if "self_harm" in flags:
        yield Suggestion("suggest.self_harm", Why("flag", "self_harm"))
        return
    if not known.moves.wrote:
        params = {"name": head.name, "agent": known.agent, "creditor": head.creditor}
        yield Suggestion("suggest.hello", Why("state", "new"), params)
    for intents, key in _ON_INTENT:
        heard = next((name for name in intents if name in known.moves.heard), None)
        if heard is not None:
            yield Suggestion(key, Why("intent", heard))
    if not known.memory.verified:
        yield Suggestion("suggest.identity", Why("state", "unverified"))
        return
    for flag, key in _ON_FLAG:
        if flag in flags:
            yield Suggestion(key, Why("flag", flag))
    if not flags & _OF_MONEY:
        yield from _of_money(known)


def _of_money(known: Known) -> Iterator[Suggestion]:
    head = known.head
    if known.moves.approval_asked:
        yield Suggestion("suggest.approval", Why("state", "approval_asked"))
    if known.moves.offer_open:
        yield Suggestion("suggest.offer_open", Why("state", "offer_open"))
    if "ask_how_to_pay" in known.moves.heard and head.pay_ways.get(known.language):
        ways = {"ways": head.pay_ways[known.language]}
        yield Suggestion("suggest.how_to_pay", Why("intent", "ask_how_to_pay"), ways)
    if "ask_balance" in known.moves.heard:
        yield Suggestion("suggest.balance", Why("intent", "ask_balance"), {"total": head.balance.total})
    late, following = _late(known), _following(known)
    if late is not None:
        yield Suggestion("suggest.plan_missed", Why("state", "plan_missed"), _line(late))
    elif following is not None:
        yield Suggestion("suggest.plan_next", Why("state", "plan_next"), _line(following))
    if head.promise is not None and head.promise.state == "open":
        params = {"amount": head.promise.amount, "due": head.promise.due}
        yield Suggestion("suggest.promise", Why("state", "promise_open"), params)
    if head.promise is not None and head.promise.state == "broken" and following is None:
        yield Suggestion("suggest.promise_broken", Why("state", "promise_broken"))
    if head.reason == "limits":
        yield Suggestion("suggest.limits", Why("reason", "limits"))


def _lines(known: Known) -> Sequence[InstalmentView]:
    return known.plan.instalments if known.plan is not None and known.plan.state == "active" else ()


def _late(known: Known) -> InstalmentView | None:
    return next((line for line in _lines(known) if line.due < known.today and line.paid < line.amount), None)


def _following(known: Known) -> InstalmentView | None:
    return next((line for line in _lines(known) if line.paid < line.amount), None)


def _line(line: InstalmentView) -> Mapping[str, Any]:
    return {"amount": line.amount - line.paid, "due": line.due}


def _in_danger(known: Known) -> Step | None:
    if "self_harm" not in known.head.flags:
        return None
    return Step(N_("Stay with them, and tell your supervisor now"), "", Why("flag", "self_harm"))


def _unverified(known: Known) -> Step | None:
    if known.memory.verified:
        return None
    return Step(N_("Check who this is, and say how you did"), "#pack", Why("state", "unverified"))


def _on_hold(known: Known) -> Step | None:
    standing = next((flag for flag in HOLDS if flag in known.head.flags), None)
    if standing is None:
        return None
    return Step(N_("Settle the matter, then clear the hold with a reason"), "#pack", Why("flag", standing))


def _approval(known: Known) -> Step | None:
    if known.moves.approval_ready:
        return Step(N_("Send the approved offer"), "#pack", Why("state", "approval_ready"))
    if known.moves.approval_asked:
        return Step(N_("Tell them that you have asked, and wait for the answer"), "", Why("state", "approval_asked"))
    return None


def _offered(known: Known) -> Step | None:
    if not known.moves.offer_open:
        return None
    return Step(N_("Wait for their yes, or ask what is unclear"), "", Why("state", "offer_open"))


def _numbers(known: Known) -> Step | None:
    named = not known.memory.ask.is_empty or known.memory.finances.affordable is not None
    if known.head.reason == "limits":
        return Step(N_("Work what they ask for through in the plan desk"), "#desk", Why("reason", "limits"))
    if "hardship" in known.head.flags:
        return Step(N_("Find the lowest plan that fits, in the plan desk"), "#desk", Why("flag", "hardship"))
    if named and not _lines(known):
        return Step(N_("Work their numbers through in the plan desk"), "#desk", Why("state", "numbers"))
    return None


def _plan(known: Known) -> Step | None:
    if _late(known) is not None:
        return Step(N_("Ask what got in the way, and look for another date"), "#case", Why("state", "plan_missed"))
    if _following(known) is not None:
        return Step(N_("Hand back to the assistant, or close"), "#conversation-head", Why("state", "settled"))
    return None


def _answer(known: Known) -> Step:
    if known.moves.heard:
        return Step(N_("Answer what they wrote"), "#composer", Why("intent", known.moves.heard[0]))
    return Step(N_("Ask what they need"), "#composer", Why("state", "nothing"))


_STEPS: tuple[Callable[[Known], Step | None], ...] = (
    _in_danger,
    _unverified,
    _on_hold,
    _approval,
    _offered,
    _numbers,
    _plan,
    _answer,
)
