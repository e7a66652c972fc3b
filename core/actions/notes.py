"""Private notes of the team."""

from typing import Literal

from core.actions import notices
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import InvalidInput
from core.store import conversations
from core.store.tables import Note
from core.work import Work

Kind = Literal["note", "transfer", "back", "closed"]


async def add(work: Work, conversation_id: int, actor: Actor, text: str) -> int:
    """Add a note that only the team sees, and return its id. Whoever it names by `@login` is told.

    InvalidInput when it is empty.
    """
    words = clean(text).strip()
    if not words:
        raise InvalidInput("Write the note.", conversation_id=conversation_id)
    await conversations.get(work.session, conversation_id)
    note_id, told = await keep(work, conversation_id, actor, words, "note")
    work.notify(f"conversation:{conversation_id}")
    mentions = {"mentions": list(told)} if told else {}
    await leave(work, actor.login, "noted", "conversation", conversation_id, note=note_id, **mentions)
    return note_id


async def keep(work: Work, conversation_id: int, actor: Actor, words: str, kind: Kind) -> tuple[int, tuple[str, ...]]:
    """Store a note of this kind and tell whom it names; its id and their logins. The caller audits it."""
    note = Note(conversation_id=conversation_id, user_id=actor.id, kind=kind, text=words, at=work.now)
    work.session.add(note)
    await work.session.flush()
    people = await notices.mentioned(work, words, actor)
    for person in people:
        await notices.notify(work, person.id, "mention", conversation_id, words, note_id=note.id, from_user=actor.id)
    await work.session.flush()
    return note.id, tuple(person.login for person in people)
