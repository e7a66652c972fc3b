"""What somebody of the team is called for, since they were last told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Case, Conversation, Debtor

MOST = 5
"""A burst is told as its first few; the inbox shows all."""


@dataclass(frozen=True, slots=True)
class Call:
    """`kind` is `waits` where nobody holds the conversation, `given` where I do from now on, `wrote` for an answer."""

    kind: str
    conversation_id: int
    name: str
    reference: str
    reason: str | None
    at: datetime


async def unread(session: AsyncSession, user_id: int) -> int:
    """How many of my conversations hold something that I have not answered."""
    mine = select(func.count()).where(
        Conversation.agent_id == user_id, Conversation.state == "open", Conversation.unread > 0
    )
    return await session.scalar(mine) or 0


async def calls(session: AsyncSession, user_id: int, after: datetime) -> list[Call]:
    """What has come after this moment (UTC): what waits, the gravest first, then what is mine."""
    waits = _rows().where(
        Conversation.holder == "queue", Conversation.state == "open", Conversation.waiting_since > after
    )
    mine = _rows().where(
        Conversation.agent_id == user_id,
        Conversation.last_at > after,
        or_(Conversation.last_inbound_at > after, Conversation.held_since > after),
    )
    waiting = await session.execute(waits.order_by(Conversation.gravity, Conversation.waiting_since).limit(MOST))
    held = await session.execute(mine.order_by(Conversation.last_at.desc()).limit(MOST))
    return [*(_call(row, "waits", row[0].waiting_since) for row in waiting), *(_mine(row, after) for row in held)]


def _rows() -> Select[tuple[Conversation, str, str]]:
    return (
        select(Conversation, Debtor.name, Case.reference)
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
    )


def _mine(row: Row[tuple[Conversation, str, str]], after: datetime) -> Call:
    conversation = row[0]
    wrote = conversation.last_inbound_at is not None and conversation.last_inbound_at > after
    return _call(row, "wrote", conversation.last_inbound_at) if wrote else _call(row, "given", conversation.held_since)


def _call(row: Row[tuple[Conversation, str, str]], kind: str, at: datetime | None) -> Call:
    conversation, name, reference = row
    return Call(kind, conversation.id, name, reference, conversation.reason, at or conversation.last_at)
