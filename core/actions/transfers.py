"""The holder passes a conversation on: to a colleague or to a team, with a note that says what it is about."""

from dataclasses import dataclass

from core.actions import notes, notices
from core.actions.handoff import open_handoff
from core.actions.takeover import holder_name, holds
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor, NotHolder
from core.dialogue.flags import GRAVITY, priority_of
from core.errors import InvalidInput
from core.store import conversations
from core.store.tables import Conversation, Team, User
from core.work import Work

RECEIVERS = ("agent", "supervisor", "manager", "admin")
"""Roles that hold conversations."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """The conversation is with `name` now."""

    name: str


@dataclass(frozen=True, slots=True)
class CannotReceive:
    """There is no such colleague or team, it is closed, or it is the actor; nothing was changed."""


async def to_agent(
    work: Work, conversation_id: int, actor: Actor, user_id: int, note: str
) -> Transferred | CannotReceive | NotHolder:
    """Make a colleague the holder and tell them, with the note. InvalidInput without one."""
    words = _required(note)
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    user = await work.session.get(User, user_id)
    if user is None or not user.active or user.role not in RECEIVERS or user.id == actor.id:
        return CannotReceive()
    conversation.agent_id, conversation.held_since, conversation.snoozed_until = user.id, work.now, None
    handoff = await open_handoff(work, conversation_id)
    if handoff is not None:
        handoff.taken_by, handoff.taken_at = user.id, work.now
    note_id, _ = await notes.keep(work, conversation_id, actor, words, "transfer")
    await notices.notify(work, user.id, "transferred", conversation_id, words, note_id=note_id, from_user=actor.id)
    await work.session.flush()
    _changed(work, conversation_id)
    await leave(
        work, actor.login, "transferred", "conversation", conversation_id, to="agent", agent=user.login, note=words
    )
    return Transferred(user.name)


async def to_team(
    work: Work, conversation_id: int, actor: Actor, team_id: int | None, note: str
) -> Transferred | CannotReceive | NotHolder:
    """Put the conversation in the queue of a team, or of all where `team_id` is None. InvalidInput without a note."""
    words = _required(note)
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    team = None if team_id is None else await work.session.get(Team, team_id)
    if team_id is not None and (team is None or not team.active):
        return CannotReceive()
    await _queued(work, conversation, team)
    await notes.keep(work, conversation_id, actor, words, "transfer")
    _changed(work, conversation_id)
    name = "" if team is None else team.name
    await leave(
        work,
        actor.login,
        "transferred",
        "conversation",
        conversation_id,
        to="team",
        team=team_id,
        name=name,
        note=words,
    )
    return Transferred(name)


async def _queued(work: Work, conversation: Conversation, team: Team | None) -> None:
    conversation.holder, conversation.agent_id, conversation.held_since = "queue", None, None
    conversation.waiting_since, conversation.snoozed_until = work.now, None
    conversation.team_id = None if team is None else team.id
    if conversation.gravity is None:
        conversation.reason, conversation.priority = "person_requested", priority_of("person_requested")
        conversation.gravity = GRAVITY.index("person_requested")
    handoff = await open_handoff(work, conversation.id)
    if handoff is not None:
        handoff.taken_by = handoff.taken_at = None
    await work.session.flush()


def _required(note: str) -> str:
    words = clean(note).strip()[:2000]
    if not words:
        raise InvalidInput("Say in a note what your colleague should know.")
    return words


def _changed(work: Work, conversation_id: int) -> None:
    work.notify("queue")
    work.notify(f"conversation:{conversation_id}")
