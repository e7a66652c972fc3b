"""The team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Conversation, User


@dataclass(frozen=True, slots=True)
class UserRow:
    """Someone of the team, and how many conversations they hold."""

    id: int
    login: str
    name: str
    role: str
    language: str
    active: bool
    created_at: datetime
    holding: int


async def everyone(session: AsyncSession) -> Sequence[UserRow]:
    """All users, the active ones first, by name."""
    holding = (
        select(func.count())
        .where(Conversation.agent_id == User.id, Conversation.state == "open")
        .correlate(User)
        .scalar_subquery()
    )
    rows = await session.execute(select(User, holding).order_by(User.active.desc(), User.name, User.id).limit(1000))
    return [
        UserRow(user.id, user.login, user.name, user.role, user.language, user.active, user.created_at, held)
        for user, held in rows
    ]
