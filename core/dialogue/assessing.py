"""No money, other debts, figures of a household: listen first, then only what it allows (CALC-AFF, SAFE-HARD-1)."""

from core.dialogue.decision import Decision, Say
from core.dialogue.offers import menu
from core.dialogue.turn import PERSON, Turn
from core.negotiation import affordability
from core.negotiation.types import CaseFacts
from core.policy.limits import Grant

CIRCUMSTANCES = ("cannot_pay", "multiple_debts", "inform_finances")


def assess(turn: Turn, grant: Grant, case: CaseFacts) -> Decision:
    """One question about what is possible; a second time, or where nothing is left, a person."""
    able = affordability(case.finances) if turn.says("inform_finances") else None
    if able is not None:
        if not able:
            return _nothing_left(turn, case)
        return menu(turn, grant, case, Say("assess.thanks"))
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
    told = turn.now_told("assessed")
    return turn.decide(
        "assess", f"assess.{key}", buttons=(PERSON,), expecting="amount", told=told, finances=case.finances
    )


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
