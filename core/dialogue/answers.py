"""Questions of fact, answered from the case and from reviewed texts; and circumstances, met with a calm word."""

import re

from core.dialogue.decision import AddFlags, ClaimPaid, Decision, Say
from core.dialogue.flags import Flag
from core.dialogue.lines import balance_line, origin, pay_ways
from core.dialogue.reading import sums
from core.dialogue.turn import PERSON, YES_NO, Turn


def answer_question(turn: Turn) -> Decision | None:
    """The answer to the strongest question asked, or None when nothing was asked that the case can answer."""
    for intent in turn.understanding.asserted:
        if intent in _ANSWERS:
            return _answered(turn, intent)
    if turn.says("already_paid"):
        return _says_paid(turn)
    if turn.says("ask_payment_received"):
        return turn.decide("answer", "answer.payment_received", buttons=(PERSON,))
    if turn.says("refuse_to_pay"):
        return _refuses(turn)
    for intent in turn.understanding.asserted:
        if intent in _PLAIN:
            return turn.decide("answer", Say(f"answer.{intent}", turn.params))
    return None


def facts_beside(turn: Turn) -> tuple[Say, ...]:
    """The answers to every question that the message asks, for a reply that is about something else first."""
    asked = (intent for intent in turn.understanding.asserted if intent in _BESIDE)
    return tuple(say for intent in asked for say in _ANSWERS[intent](turn))


def _answered(turn: Turn, intent: str) -> Decision:
    says = list(_ANSWERS[intent](turn))
    told = turn.memory.told
    if intent in ("ask_balance", "ask_debt_details") and "balance" not in told:
        told = (*told, "balance")
    if turn.memory.draft is not None:
        return turn.decide("answer", *says, "answer.back_to_draft", buttons=YES_NO, told=told)
    settled = turn.situation.plan is not None or turn.situation.promise is not None
    if not turn.memory.offers and "what_now" not in told and not settled and turn.memory.promise_draft is None:
        told = (*told, "what_now")
        says.append(Say("debt.what_now"))
    return turn.decide("answer", *says, told=told)


def _balance(turn: Turn) -> tuple[Say, ...]:
    return (balance_line(turn),)


def _details(turn: Turn) -> tuple[Say, ...]:
    return (origin(turn), balance_line(turn))


def _interest(turn: Turn) -> tuple[Say, ...]:
    balance = turn.situation.case.balance
    return (Say("debt.interest", {"interest": balance.interest, "fees": balance.charges}),)


def _due(turn: Turn) -> tuple[Say, ...]:
    days = turn.situation.case.days_past_due
    due = turn.situation.details.due_date
    promised = _agreed_so_far(turn) if turn.situation.promise else ()
    if due is None:
        return (Say("debt.late", {"days": days}), *promised)
    return (Say("debt.due" if days > 0 else "debt.due_ahead", {"due": due, "days": days}), *promised)


def _pay(turn: Turn) -> tuple[Say, ...]:
    return (pay_ways(turn),)


_MISSED = re.compile(r"\bmiss|\blate\b|\bskip|错过|忘|晚|漏|没按时|逾期|没还上|来不及", re.IGNORECASE)


def _consequences(turn: Turn) -> tuple[Say, ...]:
    planned = turn.memory.draft is not None or turn.situation.plan is not None
    if planned and _MISSED.search(turn.text):
        return (Say("readback.missed"),)
    return (Say(f"answer.consequences_{turn.situation.case.market}"),)


def _credit(turn: Turn) -> tuple[Say, ...]:
    return (Say(f"answer.credit_{turn.situation.case.market}"),)


def _problem(turn: Turn) -> tuple[Say, ...]:
    return (Say("answer.payment_problem"), pay_ways(turn))


def _agreed_so_far(turn: Turn) -> tuple[Say, ...]:
    promise = turn.situation.promise
    if promise is None:
        return (Say("answer.no_plan"),)
    return (Say("promise.status", {"due": promise.due, "amount": promise.amount}),)


_ANSWERS = {
    "ask_balance": _balance,
    "ask_debt_details": _details,
    "unaware_of_debt": lambda turn: (Say("debt.unaware"), *_details(turn)),
    "ask_interest_fees": _interest,
    "ask_due_date": _due,
    "ask_how_to_pay": _pay,
    "ask_consequences": _consequences,
    "ask_credit_impact": _credit,
    "payment_problem": _problem,
    "ask_plan_status": _agreed_so_far,
}

_BESIDE = frozenset(_ANSWERS) - {"unaware_of_debt", "payment_problem", "ask_plan_status"}

_PLAIN = (
    "ask_if_bot",
    "ask_who_are_you",
    "doubt_legitimacy",
    "request_documents",
    "reason_oversight",
    "update_contact",
    "callback_later",
    "evasive",
    "confirm_identity",
    "refuse_verification",
)


def _says_paid(turn: Turn) -> Decision:
    """What was agreed is said to be paid: noted, and looked up; said a second time, a person looks for it."""
    if "claimed_paid" in turn.memory.told:
        flags: frozenset[Flag] = frozenset(("dispute",))
        because = (*turn.why(), "said-twice", "rule:SAFE-DISP-1")
        return turn.hand_over(
            "escalate", "dispute", "escalate.already_paid", turn.person(), flags=flags, because=because
        )
    said = sums(turn.understanding, turn.situation.case.currency)
    effects = (ClaimPaid(said[0].money if said else None),)
    told = turn.now_told("claimed_paid")
    return turn.decide("answer", "answer.already_paid", buttons=(PERSON,), effects=effects, told=told)


def _refuses(turn: Turn) -> Decision:
    """Calm, no pressure; said again, the talk is left to the person's own time."""
    if "refused_to_pay" in turn.memory.told:
        return turn.decide(
            "answer", "answer.refuse_again", buttons=(PERSON,), person_offered=True, draft=None, offers=()
        )
    told = (*turn.memory.told, "refused_to_pay")
    return turn.decide("answer", "answer.refuse_to_pay", buttons=(PERSON,), told=told)


def abuse(turn: Turn) -> Decision | None:
    """SAFE-ABU-1: one calm line; a second time a pause, and a person."""
    if not turn.says("abusive") or turn.says("complaint"):
        return None
    if turn.memory.warned:
        return turn.hand_over(
            "escalate",
            "abusive",
            "social.abusive_again",
            turn.person(),
            flags=frozenset(("abusive",)),
            because=(*turn.why(), "rule:SAFE-ABU-1"),
        )
    if any(name not in ("abusive", "out_of_scope") for name in turn.understanding.asserted):
        return None
    flagged = (AddFlags(frozenset(("abusive",))),)
    because = (*turn.why(), "rule:SAFE-ABU-1")
    return turn.decide("answer", "social.abusive", buttons=(PERSON,), effects=flagged, warned=True, because=because)
