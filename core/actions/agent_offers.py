"""Offers that agents make: sent with a yes and a no, which settle them even while the agent holds the conversation."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import outbox, plans
from core.actions.reviewing import reviewed
from core.actions.situations import Scene, remembered
from core.actions.trail import leave
from core.compliance import HOLDS, Cleared, Refused
from core.dialogue.decision import Agree, Button, Decision, RefuseOffers, Reply, Say
from core.dialogue.lines import plan_lines
from core.dialogue.understanding import Understanding
from core.negotiation import Offer, offer_from_json, offer_summary
from core.store import cases, conversations
from core.store.cases import WholeCase
from core.store.tables import Conversation, Message, OfferRow
from core.wording import Rendered
from core.work import Work

OFFER_DAYS = 7
_NUMBERS = ("amount", "date", "instalments", "share", "duration", "payday")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an agent's offer."""

    decision: Decision
    reply_ids: tuple[int, ...] = ()
    refused: tuple[str, ...] = ()


def offer_reply(offer: Offer) -> Reply:
    """An agent's offer as the debtor reads it: each date and sum, and the question."""
    says = (Say("agent.offer"), *plan_lines(offer), Say("readback.ask"))
    buttons = (Button(f"accept:{offer.id}", "button.yes"), Button(f"refuse:{offer.id}", "button.no"))
    return Reply(says, buttons)


async def review_offer(
    work: Work, conversation: Conversation, whole: WholeCase, offer: Offer, reply_to: int | None
) -> tuple[Rendered, Cleared | Refused]:
    """An agent's offer as the debtor would read it, and whether it may be sent now."""
    return await reviewed(
        work,
        conversation,
        whole,
        offer_reply(offer),
        remembered(conversation),
        author="agent",
        solicited=reply_to is not None,
        offers=True,
    )


async def send_offer(
    work: Work,
    conversation: Conversation,
    whole: WholeCase,
    offer: Offer,
    *,
    agent_id: int,
    reply_to: int | None,
    approval_id: int | None = None,
) -> int | Refused:
    """Put an agent's offer on the table and send it; the message's id, or why it must not be sent now."""
    text, verdict = await review_offer(work, conversation, whole, offer, reply_to)
    if isinstance(verdict, Refused):
        return verdict
    row = plans.offer_row(conversation, offer, "agent", work.now, OFFER_DAYS)
    row.agent_id, row.approval_id = agent_id, approval_id
    work.session.add(row)
    await work.session.flush()
    return await outbox.enqueue(work, conversation, verdict, reply_to=reply_to, agent_id=agent_id, buttons=text.buttons)


async def next_refs(session: AsyncSession, conversation_id: int) -> Iterator[str]:
    """Names for the next offers of agents in this conversation: a1, a2, …"""
    made = await session.scalar(
        select(func.count())
        .select_from(OfferRow)
        .where(OfferRow.conversation_id == conversation_id, OfferRow.made_by == "agent")
    )
    return (f"a{number}" for number in count((made or 0) + 1))


async def replace_older(work: Work, conversation_id: int, ref: str) -> None:
    """One agent's offer stands at a time, so that a yes cannot mean two."""
    for row in await cases.offers_of(work.session, conversation_id):
        if row.made_by == "agent" and row.state == "open" and row.ref != ref:
            row.state = "replaced"


async def settle_agent_offer(
    work: Work, conversation: Conversation, set_as: Scene, message: Message, reading: Understanding
) -> Settled | None:
    """A yes or a no to an agent's offer that stands, pressed or said right after it; None when it is neither.

    A hold that came after the offer stops it from binding anybody: the agent looks first.
    """
    row, says_yes = await _answered_offer(work, conversation, set_as, message, reading)
    if row is None:
        return None
    memory = set_as.situation.memory
    offer = offer_from_json(row.body)
    work.notify("queue")
    if not says_yes:
        reason = message.text or "pressed no"
        row.state, row.reason = "refused", reason
        await leave(work, "debtor", "refused_offers", "conversation", conversation.id, offers=[row.ref], reason=reason)
        return Settled(Decision("silent", memory, (f"refused:{row.ref}",), (), (RefuseOffers(reason),)))
    holds = [flag for flag in HOLDS if flag in set_as.situation.flags]
    if holds:
        return Settled(Decision("silent", memory, tuple(f"flag:{flag}" for flag in holds)))
    obstacle = await plans.obstacle_to_agreement(work, set_as.whole, offer, row, work.now)
    if obstacle is not None:
        return Settled(Decision("silent", memory, (f"obstacle:{obstacle.code}",)))
    return await _agreed(work, conversation, set_as, message, row)


async def _answered_offer(
    work: Work, conversation: Conversation, set_as: Scene, message: Message, reading: Understanding
) -> tuple[OfferRow | None, bool]:
    standing = {
        row.ref: row
        for row in set_as.offers
        if row.made_by == "agent" and row.state == "open" and row.expires_at > work.now
    }
    verb, _, ref = (message.press or "").partition(":")
    if verb in ("accept", "refuse") and ref in standing:
        return standing[ref], verb == "accept"
    yes, no = reading.says("affirm"), reading.says("deny")
    if message.press or len(standing) != 1 or yes == no or reading.of_type(*_NUMBERS):
        return None, False
    row = next(iter(standing.values()))
    last = await conversations.last_out_before(work.session, conversation.id, message.id)
    asked = last is not None and any(button["value"] == f"accept:{row.ref}" for button in last.buttons)
    return (row, yes) if asked else (None, False)


async def _agreed(work: Work, conversation: Conversation, set_as: Scene, message: Message, row: OfferRow) -> Settled:
    """The plan, and the one message that the bot may send while an agent holds the conversation: its receipt."""
    memory, offer = set_as.situation.memory, offer_from_json(row.body)
    first = offer.schedule.lines[0]
    key = "agree.once" if len(offer.schedule.lines) == 1 else "agree.done"
    reply = Reply(
        (
            Say(key, {"due": first.due, "amount": first.amount}),
            *((Say("agree.copy", {"url": set_as.situation.copy_url}),) if set_as.situation.copy_url else ()),
        )
    )
    _, verdict = await reviewed(work, conversation, set_as.whole, reply, memory)
    await plans.agree(work, conversation, set_as.whole, offer, row, public_id=set_as.plan_id)
    for other in set_as.offers:
        if other.state == "open":
            other.state = "replaced"
    memory = memory.with_(phase="agreed", offers=(), draft=None, promise_draft=None, expecting=None)
    conversation.memory = memory.to_json()
    decision = Decision("agree", memory, (f"accepted:{row.ref}",), (reply,), (Agree(offer),))
    await leave(
        work, "debtor", "accepted_offer", "conversation", conversation.id, offer=offer_summary(offer), ref=row.ref
    )
    if isinstance(verdict, Refused):
        return Settled(decision, (), verdict.rule_ids)
    receipt = await outbox.enqueue(work, conversation, verdict, reply_to=message.id, receipt=True)
    return Settled(decision, (receipt,))
