"""Two conversations of one case become one: the other goes on in the survivor, and nothing that was said is moved away.

Messages stay where they were written and are read together; only what nobody has answered yet goes to the survivor, so
that somebody does. Identity must have been checked in both: a link may be opened by somebody else.
"""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update

from core.actions.beyond_limits import waiting_approval
from core.actions.handoff import open_handoff
from core.actions.situations import is_verified, remembered
from core.actions.takeover import holder_name, holds
from core.actions.trail import leave
from core.actions.values import Actor, NotHolder
from core.actions.waits import end_wait
from core.store import cases, conversations
from core.store.tables import Conversation, OfferRow, ScheduledMessage
from core.work import Work

Obstacle = Literal["same", "merged", "other_person", "other_case", "identity", "held", "approval"]


@dataclass(frozen=True, slots=True)
class Merged:
    """The other conversation goes on in the survivor."""

    survivor_id: int
    other_id: int


@dataclass(frozen=True, slots=True)
class CannotMerge:
    """Nothing was changed: why."""

    why: Obstacle


async def merge(work: Work, survivor_id: int, other_id: int, actor: Actor) -> Merged | CannotMerge | NotHolder:
    """Have the other conversation go on in the survivor, which the actor holds. NotFound where there is none."""
    if survivor_id == other_id:
        return CannotMerge("same")
    locked = {
        conversation_id: await conversations.lock(work.session, conversation_id)
        for conversation_id in sorted((survivor_id, other_id))
    }
    survivor, other = locked[survivor_id], locked[other_id]
    if not holds(survivor, actor):
        return NotHolder(await holder_name(work, survivor))
    obstacle = await _obstacle(work, survivor, other, actor)
    if obstacle is not None:
        return CannotMerge(obstacle)
    moved = await _move_unanswered(work, survivor, other)
    await _close_what_is_open(work, other)
    _carry_over(survivor, other)
    other.merged_into = survivor.id
    pointed = update(Conversation).where(Conversation.merged_into == other.id).values(merged_into=survivor.id)
    await work.session.execute(pointed)
    await work.session.flush()
    for topic in ("queue", "inbound", f"conversation:{survivor_id}", f"conversation:{other_id}"):
        work.notify(topic)
    await leave(
        work, actor.login, "merged", "conversation", survivor_id, other=other_id, channel=other.channel, moved=moved
    )
    await leave(work, actor.login, "merged_away", "conversation", other_id, into=survivor_id)
    return Merged(survivor_id, other_id)


async def _obstacle(work: Work, survivor: Conversation, other: Conversation, actor: Actor) -> Obstacle | None:
    if other.merged_into is not None or survivor.merged_into is not None:
        return "merged"
    if survivor.case_id != other.case_id:
        mine, theirs = await cases.load(work.session, survivor.case_id), await cases.load(work.session, other.case_id)
        return "other_case" if mine.debtor.id == theirs.debtor.id else "other_person"
    if not all(is_verified(remembered(each)) for each in (survivor, other)):
        return "identity"
    if other.holder == "agent" and other.agent_id != actor.id:
        return "held"
    if await waiting_approval(work.session, other.id) is not None:
        return "approval"
    return None


async def _move_unanswered(work: Work, survivor: Conversation, other: Conversation) -> list[int]:
    """What nobody has answered yet is answered in the survivor."""
    waiting = await conversations.unanswered(work.session, other.id)
    for message in waiting:
        message.conversation_id = survivor.id
    await work.session.flush()
    return [message.id for message in waiting]


async def _close_what_is_open(work: Work, other: Conversation) -> None:
    """Offers of the other conversation bind nobody any more, and nothing is sent there later."""
    await work.session.execute(
        update(OfferRow)
        .where(OfferRow.conversation_id == other.id, OfferRow.state == "open")
        .values(state="replaced")
        .execution_options(synchronize_session="fetch")
    )
    waiting = await work.session.scalars(
        select(ScheduledMessage)
        .where(ScheduledMessage.conversation_id == other.id, ScheduledMessage.state == "waiting")
        .with_for_update()
    )
    for row in waiting:
        row.state, row.settled_at = "cancelled", work.now
    handoff = await open_handoff(work, other.id)
    if handoff is not None:
        handoff.ended_at = work.now


def _carry_over(survivor: Conversation, other: Conversation) -> None:
    """The survivor waits for what the other waited for; the other has ended."""
    graver = other.gravity is not None and (survivor.gravity is None or other.gravity < survivor.gravity)
    if graver:
        survivor.reason, survivor.priority, survivor.gravity = other.reason, other.priority, other.gravity
    survivor.unread += other.unread
    wrote = [at for at in (survivor.last_inbound_at, other.last_inbound_at) if at is not None]
    survivor.last_inbound_at = max(wrote, default=None)
    survivor.last_at = max(survivor.last_at, other.last_at)
    owed = [at for at in (survivor.owed_since, other.owed_since) if at is not None]
    end_wait(other)
    survivor.owed_since = min(owed, default=None)
    other.holder, other.agent_id, other.held_since = "bot", None, None
    other.reason = other.priority = other.gravity = other.waiting_since = other.snoozed_until = None
    other.unread = 0
    other.state, other.outcome = "closed", "merged"
