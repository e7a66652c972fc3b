"""A supervisor's word to the agent who holds a conversation. It stays in the team: nothing here reaches the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.actions import notices
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import InvalidInput
from core.store import conversations
from core.store.tables import Whisper
from core.work import Work

MAY_WHISPER = ("supervisor", "manager", "admin")
LONGEST = 2000
Kind = Literal["whisper", "taken", "moved", "given"]
_NOTICES: Mapping[Kind, notices.Kind] = {
    "whisper": "whisper",
    "taken": "taken",
    "moved": "taken",
    "given": "transferred",
}


@dataclass(frozen=True, slots=True)
class Whispered:
    """The agent sees it at once."""

    whisper_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class NobodyListens:
    """No agent holds the conversation, or the actor does: there is nobody to whisper to."""


@dataclass(frozen=True, slots=True)
class MayNotSupervise:
    """This role does not supervise."""

    role: str


async def whisper(
    work: Work, conversation_id: int, actor: Actor, text: str
) -> Whispered | NobodyListens | MayNotSupervise:
    """Say something to the holder that only they and supervisors see. InvalidInput when it is empty."""
    if actor.role not in MAY_WHISPER:
        return MayNotSupervise(actor.role)
    words = clean(text).strip()[:LONGEST]
    if not words:
        raise InvalidInput("Write what to whisper.", conversation_id=conversation_id)
    conversation = await conversations.lock(work.session, conversation_id)
    if conversation.state != "open" or conversation.agent_id is None or conversation.agent_id == actor.id:
        return NobodyListens()
    to_id = conversation.agent_id
    row = await tell(work, conversation_id, actor, to_id, words)
    await leave(work, actor.login, "whispered", "conversation", conversation_id, whisper=row.id, to=to_id)
    return Whispered(row.id, to_id)


async def tell(
    work: Work, conversation_id: int, actor: Actor, to_id: int, text: str, *, kind: Kind = "whisper"
) -> Whisper:
    """Put a word beside the transcript for one agent, who gets a notice of it; the caller leaves the trail."""
    row = Whisper(conversation_id=conversation_id, user_id=actor.id, to_id=to_id, kind=kind, text=text, at=work.now)
    work.session.add(row)
    await work.session.flush()
    await notices.notify(work, to_id, _NOTICES[kind], conversation_id, text, from_user=actor.id)
    work.notify(f"conversation:{conversation_id}")
    return row
