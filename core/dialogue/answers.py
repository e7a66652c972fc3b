"""Questions of fact, answered from the case and from reviewed texts; and circumstances, met with a calm word."""

import re

from core.dialogue.consequences import ONCE, consequences, credit
from core.dialogue.decision import AddFlags, ClaimPaid, Decision, Say
from core.dialogue.flags import Flag
from core.dialogue.in_numbers import OF_EACH
from core.dialogue.lines import balance_line, choices, offer_lines, origin, pay_ways, plan_lines
from core.dialogue.said import sums
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
            return _plain(turn, intent)
    return None


def card_number(turn: Turn) -> Decision | None:
    """A payment card's number typed into the chat is not taken; where to pay is said instead."""
    numbers = (str(entity.value) for entity in turn.understanding.of_type("digits"))
    if not any(_is_card(number) for number in numbers):
        return None
    return turn.decide("answer", "answer.card_number", pay_ways(turn), because=(*turn.why(), "heard:card-number"))


_CARD_DIGITS = range(14, 20)
_MOST_CARDS = (15, 16)


def _is_card(number: str) -> bool:
    """Whether the digits are as many as most cards have, or as some have and pass the check digit (Luhn)."""
    if not number.isdigit() or len(number) not in _CARD_DIGITS:
        return False
    if len(number) in _MOST_CARDS:
        return True
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def _plain(turn: Turn, intent: str) -> Decision:
    """A reviewed text on its own, and the way back to a plan that waits for a yes."""
    if intent == "evasive":
        return _evasive(turn)
    if intent == "request_documents" and "documents" in turn.memory.told:
        return turn.decide("answer", "answer.documents_again", buttons=(PERSON,))
    told = turn.now_told("documents") if intent == "request_documents" else turn.memory.told
    if turn.memory.draft is not None:
        return turn.decide(
            "answer", Say(f"answer.{intent}", turn.params), "answer.back_to_draft", buttons=YES_NO, told=told
        )
    return turn.decide("answer", Say(f"answer.{intent}", turn.params), told=told)


def _evasive(turn: Turn) -> Decision:
    """No pressure: said once how easy it is, then a person is named, then it is left to them."""
    told = turn.memory.told
    if turn.memory.draft is not None and "evasive_again" not in told:
        return turn.decide("answer", "answer.think_it_over", buttons=YES_NO, told=turn.now_told("evasive_again"))
    if "evasive_again" in told:
        return turn.decide("answer", "social.later")
    if "evasive" in told:
        return turn.decide("answer", "answer.evasive_again", buttons=(PERSON,), told=turn.now_told("evasive_again"))
    return turn.decide("answer", "answer.evasive", told=turn.now_told("evasive"))


def facts_beside(turn: Turn) -> tuple[Say, ...]:
    """The answers to every question that the message asks, for a reply that is about something else first."""
    late = turn.says("request_extension")
    asked = (i for i in turn.understanding.asserted if i in _BESIDE and not (late and i == "ask_due_date"))
    noted = (Say("answer.update_contact", turn.params),) if turn.says("update_contact") else ()
    return (*noted, *(say for intent in asked for say in _ANSWERS[intent](turn)))


_MOST_ANSWERED = 3


_OF_THE_DRAFT = re.compile(
    r"每期|每次|首期|第一[期次笔]|最后一[期次笔]|(?:几号|什么时候|哪天)(?:开始|起)|从(?:几号|什么时候|哪天)"
    r"|\b(?:first|last|final|next|each) (?:one|payment|instal\w+)\b|\b(?:when|what day|what date)\b.{0,20}\bstart",
    re.IGNORECASE,
)
"""Questions of the plan that was read back, and not of the debt."""
_HOW_MUCH = re.compile(
    r"^\W*(?:and |so |ok(?:ay)? |wait )*"
    r"(?:how (?:much|many)(?: is (?:it|that)| would (?:it|that) be| then| payments| months)?"
    r"|(?:what(?:'?s| is) )?the total)\W*$"
    r"|^\W*那?(?:一共|总共)(?:是|要)?(?:多少|几期|几次)钱?\W*$|^\W*是?多少[钱期]?\W*$",
    re.IGNORECASE,
)
"""The same without a word of what it is of."""


_OF_WHAT_IS_OWED = ("ask_balance", "ask_debt_details", "ask_plan_status")


def _is_of_the_draft(intent: str, text: str) -> bool:
    if intent in _OF_WHAT_IS_OWED and _HOW_MUCH.search(text):
        return True
    return intent in ("ask_plan_status", "ask_due_date") and bool(_OF_THE_DRAFT.search(text))


def _answered(turn: Turn, intent: str) -> Decision:
    draft = turn.memory.draft
    if draft is not None and _is_of_the_draft(intent, turn.text):
        return turn.decide("answer", *plan_lines(draft), "answer.back_to_draft", buttons=YES_NO)
    if turn.memory.offers and intent in _OF_WHAT_IS_OWED and OF_EACH.search(turn.text):
        offers = turn.memory.offers
        return turn.decide(
            "answer", "offer.menu", *offer_lines(offers), "offer.own", buttons=(*choices(offers), PERSON)
        )
    others = (name for name in turn.understanding.asserted if name in _BESIDE and name != intent)
    asked = [intent, *others][:_MOST_ANSWERED]
    says = list({say.key: say for name in asked for say in _ANSWERS[name](turn)}.values())
    told = turn.memory.told
    if intent in ("ask_balance", "ask_debt_details") and "balance" not in told:
        told = (*told, "balance")
    told = tuple(dict.fromkeys((*told, *(name for name in asked if name in ONCE))))
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
    return (origin(turn), Say("debt.stands", balance_line(turn).params))


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
    "ask_consequences": consequences,
    "ask_credit_impact": credit,
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
