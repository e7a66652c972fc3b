"""Conversations and their messages: found, locked, read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from core.store.tables import Conversation, Message


async def lock(session: AsyncSession, conversation_id: int) -> Conversation:
    """The conversation, held until the transaction ends and read anew; NotFound when there is none."""
    found = await session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such conversation.", conversation_id=conversation_id)
    return found


async def lock_survivor(session: AsyncSession, conversation_id: int) -> Conversation:
    """The conversation that this one goes on in, or itself, held and read anew; NotFound when there is none."""
    found = await lock(session, conversation_id)
    while found.merged_into is not None:
        found = await lock(session, found.merged_into)
    return found


async def members(session: AsyncSession, conversation_id: int) -> Sequence[int]:
    """The conversation and those that go on in it."""
    others = select(Conversation.id).where(Conversation.merged_into == conversation_id).order_by(Conversation.id)
    return [conversation_id, *(await session.scalars(others)).all()]


async def get(session: AsyncSession, conversation_id: int) -> Conversation:
    """The conversation, for reading; NotFound when there is none."""
    found = await session.get(Conversation, conversation_id)
    if found is None:
        raise NotFound("There is no such conversation.", conversation_id=conversation_id)
    return found


async def at_address(session: AsyncSession, channel: str, address: str, case_id: int | None) -> Conversation | None:
    """The conversation of this address, of one case when it is given, else the one last used."""
    query = select(Conversation).where(Conversation.channel == channel, Conversation.address == address)
    if case_id is not None:
        query = query.where(Conversation.case_id == case_id)
    return await session.scalar(query.order_by(Conversation.last_at.desc(), Conversation.id.desc()).limit(1))


async def unanswered(session: AsyncSession, conversation_id: int) -> Sequence[Message]:
    """Inbound messages that nothing has answered, in the order in which they came."""
    return (
        await session.scalars(
            select(Message)
            .where(
                Message.conversation_id == conversation_id,
                Message.direction == "in",
                Message.answered_at.is_(None),
            )
            .order_by(Message.id)
        )
    ).all()


async def last_messages(session: AsyncSession, conversation_id: int, count: int) -> Sequence[Message]:
    """The newest messages, oldest of them first."""
    newest = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id.desc()).limit(count)
    return list(reversed((await session.scalars(newest)).all()))


async def last_out_before(session: AsyncSession, conversation_id: int, message_id: int) -> Message | None:
    """What the debtor was last told before this message."""
    return await session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.direction == "out", Message.id < message_id)
        .order_by(Message.id.desc())
        .limit(1)
    )


async def last_inbound_id(session: AsyncSession, conversation_id: int) -> int | None:
    """The debtor's newest message."""
    return await session.scalar(
        select(Message.id)
        .where(Message.conversation_id == conversation_id, Message.direction == "in")
        .order_by(Message.id.desc())
        .limit(1)
    )


async def with_client_key(session: AsyncSession, conversation_id: int, client_key: str) -> Message | None:
    """The message that was sent with this key, if it was."""
    return await session.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.client_key == client_key)
    )


async def waiting_since(session: AsyncSession, before: datetime, limit: int = 200) -> Sequence[tuple[int, int]]:
    """Unanswered inbound messages that came before this moment, as (conversation, message), oldest first."""
    rows = await session.execute(
        select(Message.conversation_id, Message.id)
        .where(Message.answered_at.is_(None), Message.direction == "in", Message.at <= before)
        .order_by(Message.id)
        .limit(limit)
    )
    return [(conversation_id, message_id) for conversation_id, message_id in rows]
