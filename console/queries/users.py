"""The team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Conversation, User

PAGE = 100


@dataclass(frozen=True, slots=True)
class UserRow:
    """Someone of the team, and how many conversations they hold. `sso`: they have signed in through the provider."""

    id: int
    login: str
    name: str
    role: str
    language: str
    active: bool
    created_at: datetime
    holding: int
    email: str
    sso: bool


async def everyone(session: AsyncSession, after: str = "") -> tuple[Sequence[UserRow], str | None]:
    """One page of all users, the active ones first, by login; and the word to ask after for the next.

    The word is `1` or `0`, for active or not, and a login.
    """
    holding = (
        select(func.count())
        .where(Conversation.agent_id == User.id, Conversation.state == "open")
        .correlate(User)
        .scalar_subquery()
    )
    query = select(User, holding).order_by(User.active.desc(), User.login).limit(PAGE + 1)
    if after:
        active, login = after.startswith("1"), after[1:]
        following = and_(User.active.is_(active), User.login > login)
        query = query.where(or_(following, User.active.is_(False)) if active else following)
    found = (await session.execute(query)).all()
    rows = [
        UserRow(
            user.id, user.login, user.name, user.role, user.language, user.active, user.created_at, held,
            user.email or "", user.sso_subject is not None,
        )
        for user, held in found[:PAGE]
    ]  # fmt: skip
    return rows, f"{int(rows[-1].active)}{rows[-1].login}" if len(found) > PAGE else None
