"""What a person is asked of their money: little, only where it helps, and never again after a no (CALC-AFF)."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from core.dialogue.dated_steps import steps_in
from core.dialogue.decision import Button, Decision, Say
from core.dialogue.household import finances_of, is_offered, recovery_of
from core.dialogue.said import monthly_sums, payday
from core.dialogue.turn import PERSON, Turn
from core.money import Money
from core.negotiation.ability import protected
from core.negotiation.types import CaseFacts, Finances
from core.policy import Grant, least_instalment

Question = Literal["income", "spending", "dependants"]

MOST_QUESTIONS = 3
SKIP = Button("skip", "button.skip")
_MOST_DEPENDANTS = 15
_LARGE = 24
"""From so many of the least instalments on, what there is to live on decides which plan can be kept (judgement)."""

_DECLINES = re.compile(
    r"\b(?:rather|prefer|want|like|going) (?:not|no)\b|\bnone of your\b"
    r"|\b(?:won'?t|don'?t want to|not) (?:say|tell|share|telling)"
    r"|\bprivate\b|\bskip\b|\bpass\b|\bwhy do you (?:need|want)\b|\bno comment\b"
    r"|不想说|不方便|不告诉|不愿意?说|隐私|跳过|保密|关你|不用问|别问|不说了",
    re.IGNORECASE,
)
_THEN = re.compile(r"\bthen\b|吧", re.IGNORECASE)
"""“70 then” is a sum that would suit, whatever was asked."""
_NUMBER = re.compile(
    r"(?<![\d.,])\d{1,2}(?![\d.,%])|[一二两三四五六七八九十]|\b(?:one|two|three|four|five|six)\b", re.IGNORECASE
)
_NOBODY = re.compile(r"\b(?:nobody|no one|none|just me|only me|alone|zero)\b|没有|没人|就我|一个人|单身", re.IGNORECASE)
_WORDS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10} | {
    word: number for number, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)
}


def case_told(turn: Turn) -> CaseFacts:
    """The case as the negotiator sees it, with what was told of money up to this message."""
    case, text, before = turn.situation.case, turn.text, turn.memory.finances
    answered = _answered(turn)
    if answered is None and steps_in(turn.understanding, text, case.currency, turn.today) is not None:
        answered = replace(before, affordable=None, payday=payday(turn.understanding) or before.payday)
    finances = finances_of(turn.understanding, text, before, case.currency) if answered is None else answered
    back = recovery_of(turn.understanding, text, turn.today)
    if back is not None:
        finances = replace(finances, recovers_on=back.on)
    elif finances.recovers_on is not None and finances.recovers_on <= turn.today:
        finances = replace(finances, recovers_on=None)
    return replace(case, finances=finances, broken_promises=turn.situation.broken_promises)


def invitation(turn: Turn, case: CaseFacts, grant: Grant) -> tuple[Say, ...]:
    """A word beside the first offers that more may be told; where nothing is known and the debt is large."""
    told, memory = case.finances, turn.memory
    known = (told.income, told.spending, told.affordable)
    large = case.balance.total >= least_instalment(grant.limits, case.currency) * _LARGE
    if not large or any(each is not None for each in known) or memory.means_declined or "menu" in memory.told:
        return ()
    return (Say("means.invite"),)


def asked(turn: Turn, case: CaseFacts, grant: Grant, *first: Say) -> Decision | None:
    """The next question that would help, skippable; None where nothing may or need be asked."""
    question = _next(turn, case, grant)
    if question is None:
        return None
    return turn.decide(
        "assess",
        *first,
        Say(f"means.{question}"),
        buttons=(SKIP, PERSON),
        expecting="income",
        means_asked=(*turn.memory.means_asked, question),
        finances=case.finances,
    )


def may_ask(turn: Turn) -> bool:
    """Whether a question about money may still be asked: three in a conversation, none after a no."""
    return not turn.memory.means_declined and len(turn.memory.means_asked) < MOST_QUESTIONS


def declined(turn: Turn) -> bool:
    """Whether the question that waits was turned down."""
    if turn.press is not None:
        return turn.press == SKIP.value
    if turn.memory.expecting != "income" or turn.understanding.of_type("amount"):
        return False
    return bool(_DECLINES.search(turn.text)) or (turn.no and _last(turn) != "dependants")


def told_more(turn: Turn, case: CaseFacts) -> bool:
    """Whether the question that waits was answered."""
    return turn.memory.expecting == "income" and _answered(turn) is not None and case.finances != turn.memory.finances


def _next(turn: Turn, case: CaseFacts, grant: Grant) -> Question | None:
    if not may_ask(turn):
        return None
    told, before = case.finances, turn.memory.means_asked
    if told.income is None and "income" not in before:
        return "income"
    if told.income is not None and told.spending is None and "spending" not in before:
        return "spending"
    if told.income is None or told.spending is None or told.dependants is not None or "dependants" in before:
        return None
    more = protected(replace(case, finances=replace(told, dependants=2)), grant)
    return "dependants" if told.spending.currency == more.currency and told.spending < more else None


def _last(turn: Turn) -> str:
    return turn.memory.means_asked[-1] if turn.memory.means_asked else ""


def _answered(turn: Turn) -> Finances | None:
    """What was told with the answer to the question that waits; None where the message is no answer to it."""
    memory, currency = turn.memory, turn.situation.case.currency
    if memory.expecting != "income" or turn.press is not None:
        return None
    if _last(turn) == "dependants":
        number = _dependants(turn.text)
        return None if number is None else replace(memory.finances, dependants=number)
    if any(is_offered(entity, turn.text) for entity in turn.understanding.of_type("amount")):
        return None
    if turn.says("inform_finances"):
        told = finances_of(turn.understanding, turn.text, memory.finances, currency)
        return told if told != memory.finances else None
    said = monthly_sums(turn.understanding, currency)
    if len(said) != 1 or _THEN.search(turn.text) or said[0] < _plausible(turn):
        return None
    if _last(turn) == "spending":
        return replace(memory.finances, spending=said[0])
    return replace(memory.finances, income=said[0])


def _plausible(turn: Turn) -> Money:
    """The least sum that is taken for what somebody earns or spends: a bare smaller one is what they could pay."""
    case, grant = turn.situation.case, turn.situation.grant
    nothing = Money.zero(case.currency)
    return nothing if grant is None else protected(case, grant).share(Decimal(1) / 2)


def _dependants(text: str) -> int | None:
    found = _NUMBER.search(text)
    if found is None:
        return 0 if _NOBODY.search(text) else None
    if "就我" in text or "just me" in text.lower():
        return 0
    number = _WORDS.get(found.group().lower()) or int(found.group() if found.group().isdigit() else 0)
    return min(number, _MOST_DEPENDANTS)
