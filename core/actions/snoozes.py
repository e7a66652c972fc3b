"""Conversations that an agent puts aside until a moment, or until the debtor writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.actions.takeover import holder_name, holds
from core.actions.trail import leave
from core.actions.values import Actor, NotHolder
from core.actions.waits import end_wait
from core.errors import InvalidInput
from core.store import conversations, outbox
from core.store.tables import Conversation
from core.work import Work

LONGEST = timedelta(days=14)
"""Nothing sleeps longer: also what waits for the debtor's word comes back to its agent then."""
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The conversation comes back at `until` (UTC), or as soon as the debtor writes."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Awake:
    """The conversation waits for its agent again."""


async def snooze(work: Work, conversation_id: int, actor: Actor, until: datetime | None) -> Snoozed | NotHolder:
    """Put the conversation aside until then; without a moment until the debtor writes, `LONGEST` at most.

    InvalidInput for a moment that has passed or is further away than that.
    """
    wakes = until or work.now + LONGEST
    if not work.now < wakes <= work.now + LONGEST:
        raise InvalidInput("Give a moment within the next two weeks.", until=wakes.isoformat())
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    conversation.snoozed_until = wakes
    conversation.unread = 0
    end_wait(conversation)
    await work.session.flush()
    _changed(work, conversation_id)
    await leave(work, actor.login, "snoozed", "conversation", conversation_id, until=wakes.isoformat())
    return Snoozed(wakes)


async def wake(work: Work, conversation_id: int, actor: Actor) -> Awake | NotHolder:
    """Take the conversation up again before its time."""
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    if conversation.snoozed_until is not None:
        conversation.snoozed_until = None
        await work.session.flush()
        _changed(work, conversation_id)
        await leave(work, actor.login, "woke", "conversation", conversation_id, why="agent")
    return Awake()


async def wake_due(work: Work) -> int:
    """Conversations whose moment has come wait for their agent again; how many. A busy one waits for next time."""
    due = select(Conversation.id).where(Conversation.snoozed_until <= work.now).order_by(Conversation.snoozed_until)
    ids = (await work.session.scalars(due.limit(MOST_AT_ONCE))).all()
    if not ids:
        return 0
    held = await outbox.lock_conversations(work.session, ids)
    woken = [row for row in held.values() if row.snoozed_until is not None and row.snoozed_until <= work.now]
    for conversation in woken:
        conversation.snoozed_until = None
    await work.session.flush()
    for conversation in woken:
        _changed(work, conversation.id)
        await leave(work, "system", "woke", "conversation", conversation.id, why="time")
    return len(woken)


def _changed(work: Work, conversation_id: int) -> None:
    work.notify("queue")
    work.notify(f"conversation:{conversation_id}")
