"""Private notes of the team."""

from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import InvalidInput
from core.store import conversations
from core.store.tables import Note
from core.work import Work


async def add(work: Work, conversation_id: int, actor: Actor, text: str) -> int:
    """Add a note that only the team sees, and return its id. InvalidInput when it is empty."""
    words = clean(text).strip()
    if not words:
        raise InvalidInput("Write the note.", conversation_id=conversation_id)
    await conversations.get(work.session, conversation_id)
    note = Note(conversation_id=conversation_id, user_id=actor.id, text=words, at=work.now)
    work.session.add(note)
    await work.session.flush()
    work.notify(f"conversation:{conversation_id}")
    await leave(work, actor.login, "noted", "conversation", conversation_id, note=note.id)
    return note.id
