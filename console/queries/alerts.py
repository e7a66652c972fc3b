"""What somebody of the team is called for, since they were last told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import AgentNotice, Case, Conversation, Debtor, User

GIVEN = "transferred"
"""The notice that says what being the holder from now on says already."""

QUIET = ("pause", "break")
MOST = 5
"""A burst is told as its first few; the inbox shows all."""


@dataclass(frozen=True, slots=True)
class Call:
    """`kind` is `waits` where nobody holds the conversation, `late` where supervisors are called to one, `given` where
    I do from now on, `wrote` for an answer, or what a notice to me is of."""

    kind: str
    conversation_id: int
    name: str
    reference: str
    reason: str | None
    at: datetime


async def unread(session: AsyncSession, user_id: int) -> tuple[int, bool]:
    """How many of my conversations hold something that I have not answered; and whether I am not to be called."""
    mine = (
        select(func.count())
        .where(Conversation.agent_id == user_id, Conversation.state == "open", Conversation.unread > 0)
        .scalar_subquery()
    )
    count, status = (await session.execute(select(mine, User.status).where(User.id == user_id))).one()
    return count, status in QUIET


async def calls(session: AsyncSession, user_id: int, after: datetime, *, oversees: bool = False) -> list[Call]:
    """What has come after this moment (UTC): what waits, the gravest first, then what is mine; for who oversees, first
    of all what has waited too long."""
    late = await _late(session, after) if oversees else []
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
    told = await session.execute(
        _rows()
        .add_columns(AgentNotice.kind, AgentNotice.at)
        .join(AgentNotice, AgentNotice.conversation_id == Conversation.id)
        .where(AgentNotice.user_id == user_id, AgentNotice.at > after, AgentNotice.kind != GIVEN)
        .order_by(AgentNotice.id.desc())
        .limit(MOST)
    )
    return [
        *late,
        *(
            _call(conversation, name, reference, "waits", conversation.waiting_since)
            for conversation, name, reference in waiting
        ),
        *(_mine(conversation, name, reference, after) for conversation, name, reference in held),
        *(_call(*row) for row in told),
    ]


async def _late(session: AsyncSession, after: datetime) -> list[Call]:
    found = await session.execute(
        _rows()
        .where(Conversation.escalated_at > after, Conversation.state == "open")
        .order_by(Conversation.escalated_at)
        .limit(MOST)
    )
    return [_call(talk, name, reference, "late", talk.escalated_at) for talk, name, reference in found]


def _rows() -> Select[Conversation, str, str]:
    return (
        select(Conversation, Debtor.name, Case.reference)
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
    )


def _mine(conversation: Conversation, name: str, reference: str, after: datetime) -> Call:
    wrote = conversation.last_inbound_at is not None and conversation.last_inbound_at > after
    kind, at = ("wrote", conversation.last_inbound_at) if wrote else ("given", conversation.held_since)
    return _call(conversation, name, reference, kind, at)


def _call(conversation: Conversation, name: str, reference: str, kind: str, at: datetime | None) -> Call:
    return Call(kind, conversation.id, name, reference, conversation.reason, at or conversation.last_at)
