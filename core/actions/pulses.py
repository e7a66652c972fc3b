"""The pulse of a conversation, kept with it so that the wall of live conversations can be ordered by it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.dialogue.pulse import LOOKED_AT, pulse
from core.dialogue.understanding import Understanding
from core.store import cases
from core.store.tables import Conversation, Message
from core.work import Work


async def take(work: Work, conversation: Conversation) -> None:
    """Keep the conversation's mood and risk as of now, and ring for the wall. The conversation is locked."""
    found = await _last_understandings(work.session, conversation.id)
    flags = await cases.flags_of(work.session, conversation.case_id)
    taken = pulse(found, flags, conversation.reason, insisted_of(conversation.memory))
    conversation.mood, conversation.risk = taken.places
    work.notify("wall")


def insisted_of(memory: Mapping[str, Any] | None) -> int:
    """How often an ask beyond the limits was repeated."""
    return int((memory or {}).get("insisted", 0))


async def _last_understandings(session: AsyncSession, conversation_id: int) -> list[Understanding]:
    rows = await session.scalars(
        select(Message.understanding)
        .where(Message.conversation_id == conversation_id, Message.direction == "in")
        .order_by(Message.id.desc())
        .limit(LOOKED_AT)
    )
    return [Understanding.from_json(data) for data in rows if data]
