"""Notices for one person of the team: that they were mentioned, given a conversation, or that a message stayed."""

import re
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select, update

from core.actions.values import Actor
from core.store.tables import AgentNotice, User
from core.work import Work

Kind = Literal["mention", "transferred", "withheld", "taken", "whisper"]
MENTION = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]{0,78}[a-z0-9]|[a-z0-9])", re.IGNORECASE)
MOST_MENTIONED = 20


async def notify(
    work: Work,
    user_id: int,
    kind: Kind,
    conversation_id: int,
    text: str,
    *,
    note_id: int | None = None,
    from_user: int | None = None,
) -> None:
    """Leave a notice for this person; their open consoles hear of it after the commit."""
    work.session.add(
        AgentNotice(
            user_id=user_id,
            kind=kind,
            conversation_id=conversation_id,
            note_id=note_id,
            from_user=from_user,
            text=text[:500],
            at=work.now,
        )
    )
    work.notify(f"notices:{user_id}")


async def mentioned(work: Work, text: str, actor: Actor) -> Sequence[User]:
    """The active people whom a note names by `@login`, without its author."""
    logins = {found.lower() for found in MENTION.findall(text)} - {actor.login}
    if not logins:
        return ()
    wanted = select(User).where(User.login.in_(logins), User.active.is_(True)).order_by(User.id).limit(MOST_MENTIONED)
    return (await work.session.scalars(wanted)).all()


async def seen(work: Work, actor: Actor, up_to: int) -> int:
    """The actor has seen their notices up to this one; how many were new. Nobody else's change."""
    marked = (
        update(AgentNotice)
        .where(AgentNotice.user_id == actor.id, AgentNotice.id <= up_to, AgentNotice.seen_at.is_(None))
        .values(seen_at=work.now)
        .returning(AgentNotice.id)
    )
    count = len((await work.session.scalars(marked)).all())
    if count:
        work.notify(f"notices:{actor.id}")
    return count
