"""Handing a conversation to people, with a pack that spares the debtor from telling it all again."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from core.actions.hours import zone
from core.actions.situations import HANDED_BACK, is_verified
from core.actions.trail import leave
from core.dialogue.decision import HandOff
from core.dialogue.flags import GRAVITY
from core.dialogue.memory import Memory, finances_to_json
from core.negotiation import offer_summary
from core.store import cases, conversations
from core.store.cases import WholeCase
from core.store.tables import Conversation, HandoffRow
from core.work import Work

_TOLD = 12


async def hand_over(
    work: Work,
    conversation: Conversation,
    whole: WholeCase,
    handoff: HandOff,
    memory: Memory,
    *,
    by: str = "bot",
) -> HandoffRow:
    """Put the conversation in the queue; the caller stores the memory, `without_hand_back`. `by` is who did, for the
    audit.

    One that waits already keeps its place, and its reason where that is graver.
    """
    gravity = GRAVITY.index(handoff.reason)
    waiting = await open_handoff(work, conversation.id)
    graver = conversation.gravity is None or gravity < conversation.gravity
    if conversation.holder == "bot":
        conversation.holder, conversation.agent_id, conversation.held_since = "queue", None, None
        conversation.waiting_since = work.now
        conversation.owed_since = conversation.owed_since or work.now
    if graver:
        conversation.reason, conversation.priority, conversation.gravity = handoff.reason, handoff.priority, gravity
    pack = await _pack(work, conversation, whole, handoff, memory)
    if waiting is None:
        waiting = HandoffRow(
            conversation_id=conversation.id,
            reason=handoff.reason,
            priority=handoff.priority,
            trigger=handoff.trigger,
            pack=pack,
            at=work.now,
        )
        work.session.add(waiting)
    elif graver:
        waiting.reason, waiting.priority, waiting.trigger = handoff.reason, handoff.priority, handoff.trigger
        waiting.pack = pack
    await work.session.flush()
    work.notify("queue")
    work.notify(f"conversation:{conversation.id}")
    await leave(
        work,
        by,
        "handed_over",
        "conversation",
        conversation.id,
        reason=handoff.reason,
        priority=handoff.priority,
        trigger=handoff.trigger,
        handoff=waiting.id,
    )
    return waiting


def without_hand_back(memory: Memory) -> Memory:
    """A new hand-over ends what an earlier hand-back allowed."""
    return memory.with_(told=tuple(item for item in memory.told if item != HANDED_BACK))


async def open_handoff(work: Work, conversation_id: int) -> HandoffRow | None:
    """The hand-over that has not ended."""
    return await work.session.scalar(
        select(HandoffRow)
        .where(HandoffRow.conversation_id == conversation_id, HandoffRow.ended_at.is_(None))
        .order_by(HandoffRow.id.desc())
        .limit(1)
    )


async def _pack(
    work: Work, conversation: Conversation, whole: WholeCase, handoff: HandOff, memory: Memory
) -> dict[str, Any]:
    """What the agent needs: words, identity, figures told, offers and why they were refused, draft, last messages."""
    session = work.session
    offers = await cases.offers_of(session, conversation.id)
    messages = await conversations.last_messages(session, conversation.id, _TOLD)
    promise = await cases.open_promise(session, whole.case.id)
    draft = handoff.draft or memory.draft
    local_zone = zone(whole.debtor.time_zone)
    return {
        "trigger": handoff.trigger,
        "reason": handoff.reason,
        "priority": handoff.priority,
        "verified": is_verified(memory),
        "facts_matched": list(memory.facts_matched),
        "language": memory.language,
        "local_time": work.now.astimezone(local_zone).isoformat(timespec="minutes"),
        "flags": sorted(await cases.flags_of(session, whole.case.id)),
        "finances": finances_to_json(memory.finances),
        "ask": memory.to_json()["ask"],
        "draft": offer_summary(draft) if draft else None,
        "gaps": [asdict(gap) for gap in handoff.gaps],
        "offers": [
            {
                "ref": row.ref,
                "state": row.state,
                "reason": row.reason,
                "made_by": row.made_by,
                "at": row.at.isoformat(),
                "body": row.body,
            }
            for row in offers
        ],
        "promise": {"due": promise.due.isoformat(), "amount": promise.amount} if promise else None,
        "messages": [
            {"author": message.author, "text": message.text or message.press or "", "at": message.at.isoformat()}
            for message in messages
        ],
        "next_step": f"next.{handoff.reason}",
    }
