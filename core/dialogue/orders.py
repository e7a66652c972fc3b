"""What a person told the bot when handing a conversation back, and how the bot obeys it until the next hand-back."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal, get_args

from core.dialogue.decision import Decision
from core.dialogue.memory import Memory
from core.dialogue.situation import Situation
from core.dialogue.turn import Turn
from core.negotiation.types import Ask, Offer

Order = Literal["no_discount", "no_means", "answer_only"]
"""`no_discount`: nothing comes off what is owed; `no_means`: no question about income or spending; `answer_only`:
questions are answered, and whoever wants terms goes to a person."""
ORDERS: tuple[Order, ...] = get_args(Order)
_PREFIX = "order:"
_TERMS = ("offer", "counter", "promise", "assess", "agree")


def orders_of(memory: Memory) -> tuple[Order, ...]:
    """The orders that stand."""
    return tuple(order for order in ORDERS if f"{_PREFIX}{order}" in memory.told)


def with_orders(memory: Memory, orders: Sequence[Order], discussed: Ask | None = None) -> Memory:
    """The memory with these orders in place of earlier ones. `discussed` are terms that the person has talked over:
    the bot starts from them when the debtor asks for a plan, inside the limits as always."""
    told = tuple(item for item in memory.told if not item.startswith(_PREFIX))
    marked = memory.with_(told=(*told, *(f"{_PREFIX}{order}" for order in ORDERS if order in orders)))
    if "no_means" in orders:
        marked = marked.with_(means_declined=True)
    if "no_discount" in orders:
        draft = marked.draft if marked.draft is not None and _is_whole(marked.draft) else None
        marked = marked.with_(offers=tuple(offer for offer in marked.offers if _is_whole(offer)), draft=draft)
    return marked if discussed is None else marked.with_(ask=discussed)


def _is_whole(offer: Offer) -> bool:
    return not offer.discount


def obeyed(situation: Situation) -> Situation:
    """The situation with the limits that the orders leave."""
    grant = situation.grant
    if grant is None or "no_discount" not in orders_of(situation.memory):
        return situation
    limits = replace(
        grant.limits,
        min_settlement_share=Decimal(1),
        min_settlement_share_instalments=Decimal(1),
        max_fee_waiver_share=Decimal(0),
        max_interest_waiver_share=Decimal(0),
        max_penalty_waiver_share=Decimal(0),
    )
    return replace(situation, grant=replace(grant, limits=limits, held=frozenset()))


def kept(turn: Turn, decision: Decision) -> Decision:
    """The decision, or a hand-over where the bot was told to answer questions only and terms are asked for."""
    if "answer_only" not in orders_of(turn.memory) or decision.kind not in _TERMS:
        return decision
    because = (*decision.because, "order:answer_only")
    return turn.hand_over("escalate", "limits", "escalate.waiting", turn.person(), because=because)
