"""What a person should find in the handoff pack: the ask, the figures told, and the plan that they would lead to."""

from typing import Any

from core.dialogue.household import finances_of
from core.dialogue.reading import ask_of, merged
from core.dialogue.turn import Turn
from core.negotiation import answer
from core.negotiation.gaps import gaps_of
from core.negotiation.types import Accepted, Nearest


def for_people(turn: Turn) -> dict[str, Any]:
    """Memory changes (`ask`, `finances`) and the `draft` for `Turn.hand_over`. Nothing is offered to the debtor."""
    case = turn.situation.case
    on_table = turn.memory.draft is not None or bool(turn.memory.offers)
    total = case.balance.total
    new = ask_of(turn.understanding, turn.text, balance=total, today=turn.today, in_instalments=on_table)
    ask = merged(turn.memory.ask, new)
    heard: dict[str, Any] = {
        "ask": ask,
        "finances": finances_of(turn.understanding, turn.text, turn.memory.finances, case.currency),
    }
    if (
        turn.grant is not None
        and (ask.instalment or ask.count or ask.total or ask.until)
        and turn.situation.plan is None
    ):
        result = answer(ask, case, turn.grant, turn.offer_ids(), table=())
        if isinstance(result, Accepted | Nearest):
            heard["draft"] = result.offer
        if isinstance(result, Nearest):
            heard["gaps"] = gaps_of(ask, result.offer, result.breaches)
    return heard
