"""Supervisors move conversations: from an agent to themselves, to another agent, back to the queue, to the bot."""

from dataclasses import dataclass
from typing import Literal, cast

from core.actions import pulses, whispers
from core.actions.handoff import hand_over, open_handoff, without_hand_back
from core.actions.situations import remembered
from core.actions.takeover import hand_back, put_in_hands
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor, Closed
from core.actions.whispers import MAY_WHISPER, MayNotSupervise
from core.dialogue.decision import HandOff
from core.dialogue.flags import priority_of
from core.errors import InvalidInput
from core.store import cases, conversations, teams
from core.store.tables import Conversation, User
from core.work import Work

Target = Literal["agent", "queue", "bot"]
MOST_AT_ONCE = 100
"""So many conversations are moved with one press (product default)."""


@dataclass(frozen=True, slots=True)
class Moved:
    """It is where it was to go."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class ThereAlready:
    """It was there before; nothing was changed and nobody was told."""


@dataclass(frozen=True, slots=True)
class MayNotHold:
    """The person chosen cannot hold conversations: no such account, a closed one, or of another role."""

    user_id: int | None


async def take_from(
    work: Work, conversation_id: int, actor: Actor, reason: str
) -> Moved | ThereAlready | Closed | MayNotSupervise:
    """Take a conversation over from whoever holds it; an agent is told at once, and why. InvalidInput without why."""
    why = _why(reason)
    if actor.role not in MAY_WHISPER:
        return MayNotSupervise(actor.role)
    conversation = await conversations.lock(work.session, conversation_id)
    if conversation.state != "open":
        return Closed(conversation.outcome)
    if conversation.agent_id == actor.id:
        return ThereAlready()
    await _give_to(work, conversation, actor, actor.id, why)
    return Moved(conversation_id)


async def reassign(
    work: Work, conversation_id: int, actor: Actor, target: Target, *, agent_id: int | None = None, reason: str
) -> Moved | ThereAlready | Closed | MayNotHold | MayNotSupervise:
    """Move a conversation to an agent, the queue or the bot, whoever holds it. InvalidInput without a reason."""
    why = _why(reason)
    if actor.role not in MAY_WHISPER:
        return MayNotSupervise(actor.role)
    conversation = await conversations.lock(work.session, conversation_id)
    if conversation.state != "open":
        return Closed(conversation.outcome)
    if target == "agent":
        if not await _may_hold(work, agent_id):
            return MayNotHold(agent_id)
        if conversation.agent_id == agent_id:
            return ThereAlready()
        await _give_to(work, conversation, actor, cast(int, agent_id), why)
    elif conversation.holder == target:
        return ThereAlready()
    elif target == "queue":
        await _to_queue(work, conversation, actor, why)
    else:
        await _to_bot(work, conversation, actor, why)
    return Moved(conversation_id)


def _why(reason: str) -> str:
    why = clean(reason).strip()[:500]
    if not why:
        raise InvalidInput("Say why the conversation is moved.")
    return why


async def _may_hold(work: Work, agent_id: int | None) -> bool:
    user = await work.session.get(User, agent_id) if agent_id is not None else None
    return user is not None and user.active and user.role in ("agent", *MAY_WHISPER)


async def _give_to(work: Work, conversation: Conversation, actor: Actor, agent_id: int, why: str) -> None:
    before, before_id = conversation.holder, conversation.agent_id
    await put_in_hands(work, conversation, agent_id)
    conversation.snoozed_until = None
    if agent_id != actor.id:
        conversation.unread = max(1, conversation.unread)
        work.notify(f"given:{agent_id}")
    await work.session.flush()
    await _left(work, conversation, actor, why, before, before_id, to="agent", agent=agent_id)


async def _to_queue(work: Work, conversation: Conversation, actor: Actor, why: str) -> None:
    before, before_id = conversation.holder, conversation.agent_id
    whole = await cases.lock(work.session, conversation.case_id)
    handoff = await open_handoff(work, conversation.id)
    if handoff is None or conversation.gravity is None:
        conversation.holder, conversation.agent_id, conversation.held_since = "bot", None, None
        memory = without_hand_back(remembered(conversation))
        conversation.memory = memory.to_json()
        asked = HandOff("person_requested", priority_of("person_requested"), why)
        await hand_over(work, conversation, whole, asked, memory, by=actor.login)
    else:
        conversation.holder, conversation.agent_id, conversation.held_since = "queue", None, None
        conversation.owed_since = conversation.owed_since or work.now
        conversation.waiting_since, conversation.snoozed_until = conversation.owed_since, None
        handoff.taken_by = handoff.taken_at = None
        await work.session.flush()
    await _left(work, conversation, actor, why, before, before_id, to="queue")


async def _to_bot(work: Work, conversation: Conversation, actor: Actor, why: str) -> None:
    """Through the actor's hands, so that it is handed back like any other: with what was agreed, and the holds."""
    before, before_id = conversation.holder, conversation.agent_id
    conversation.holder, conversation.agent_id, conversation.held_since = "agent", actor.id, work.now
    await work.session.flush()
    await hand_back(work, conversation.id, actor, why)
    await _left(work, conversation, actor, why, before, before_id, to="bot")


async def _left(  # noqa: PLR0917  whose hands it left, and for whose
    work: Work,
    conversation: Conversation,
    actor: Actor,
    why: str,
    before: str,
    before_id: int | None,
    *,
    to: Target,
    agent: int | None = None,
) -> None:
    """Tell those whose hands it was in and is in now, and audit the move."""
    await _told(work, conversation, actor, why, before_id=before_id, after_id=agent)
    given = {} if agent is None else {"agent": agent, "team": await teams.team_of(work.session, agent)}
    await leave(
        work,
        actor.login,
        "took_from" if agent == actor.id else "reassigned",
        "conversation",
        conversation.id,
        reason=why,
        previous=before,
        previous_agent=before_id,
        to=to,
        **given,
    )


async def _told(
    work: Work, conversation: Conversation, actor: Actor, why: str, *, before_id: int | None, after_id: int | None
) -> None:
    """Who had it and who has it now are told, but nobody what they did themselves."""
    if before_id is not None and before_id not in (actor.id, after_id):
        kind: whispers.Kind = "taken" if after_id == actor.id else "moved"
        await whispers.tell(work, conversation.id, actor, before_id, why, kind=kind)
    if after_id is not None and after_id != actor.id:
        await whispers.tell(work, conversation.id, actor, after_id, why, kind="given")
    work.notify(f"conversation:{conversation.id}")
    work.notify("queue")
    await pulses.take(work, conversation)
