"""No money, other debts, figures of a household: listen first, then only what it allows (CALC-AFF, SAFE-HARD-1)."""

from dataclasses import replace

from core.dialogue.decision import Decision, Say
from core.dialogue.means import asked, declined, may_ask, told_more
from core.dialogue.offers import menu
from core.dialogue.turn import PERSON, Turn
from core.negotiation.ability import able_to_pay
from core.negotiation.types import CaseFacts
from core.policy.limits import Grant

CIRCUMSTANCES = ("cannot_pay", "multiple_debts", "inform_finances")


def assess(turn: Turn, grant: Grant, case: CaseFacts) -> Decision:
    """One question about what is possible; a second time, or where nothing is left, a person."""
    if turn.says("inform_finances"):
        answered = _by_means(turn, grant, case)
        if answered is not None:
            return answered
    if turn.says("cannot_pay") and "assessed" in turn.memory.told:
        return turn.hand_over(
            "escalate",
            "hardship",
            "escalate.hardship",
            turn.person(),
            flags=frozenset(("hardship",)),
            because=(*turn.why(), "rule:SAFE-HARD-1"),
            finances=case.finances,
        )
    key = next(name for name in CIRCUMSTANCES if turn.says(name))
    counted = () if key == "inform_finances" else (key,)
    if counted and not may_ask(turn):
        return turn.decide(
            "assess", "offer.ask_amount_again", buttons=(PERSON,), expecting="amount", finances=case.finances
        )
    return turn.decide(
        "assess",
        f"assess.{key}",
        buttons=(PERSON,),
        expecting="amount",
        told=turn.now_told("assessed"),
        finances=case.finances,
        means_asked=(*turn.memory.means_asked, *counted),
    )


def told_of_means(turn: Turn, grant: Grant, case: CaseFacts) -> Decision | None:
    """What follows an answer to the question about money that waits, or a no to it; None for any other message."""
    if declined(turn):
        turn = replace(turn, memory=turn.memory.with_(means_declined=True, expecting=None))
        if "menu" not in turn.memory.told:
            return menu(turn, grant, case, Say("means.skipped"))
        return turn.decide("assess", "means.skipped", "offer.ask_amount", buttons=(PERSON,), expecting="amount")
    return _by_means(turn, grant, case) if told_more(turn, case) else None


def _by_means(turn: Turn, grant: Grant, case: CaseFacts) -> Decision | None:
    """Offers by what was told, once it is enough; else the question that is missing; a person where nothing is left."""
    able = able_to_pay(case, grant)
    if able is not None and not able:
        return _nothing_left(turn, case)
    missing = asked(turn, case, grant) if able is None or turn.memory.expecting == "income" else None
    if missing is not None:
        return missing
    return None if able is None else menu(turn, grant, case, Say("assess.thanks"))


def _nothing_left(turn: Turn, case: CaseFacts) -> Decision:
    return turn.hand_over(
        "escalate",
        "hardship",
        "escalate.no_surplus",
        turn.person(),
        flags=frozenset(("hardship",)),
        because=("surplus:none", "rule:CALC-AFF"),
        finances=case.finances,
    )
