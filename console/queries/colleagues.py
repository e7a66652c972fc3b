"""The team as somebody at work sees it: whom to name, whom to pass a conversation to, and what one is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.actions.transfers import RECEIVERS
from core.store.tables import AgentNotice, Case, Conversation, Debtor, Team, User

FOUND = 8
MOST = 200
PAGE = 30
COUNTED = 99


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team."""

    id: int
    login: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice for one person, newest first."""

    id: int
    kind: str
    conversation_id: int
    name: str
    reference: str
    author: str | None
    text: str
    at: datetime
    seen: bool


async def named(session: AsyncSession, typed: str) -> Sequence[Colleague]:
    """The active people whose login or name begins with what was typed."""
    begins = typed.lower()
    query = select(User.id, User.login, User.name, User.role).where(
        User.active.is_(True),
        or_(
            User.login.startswith(begins, autoescape=True),
            func.lower(User.name).startswith(begins, autoescape=True),
        ),
    )
    return [Colleague(*row) for row in await session.execute(query.order_by(User.login).limit(FOUND))]


async def receivers(session: AsyncSession, without: int) -> Sequence[Colleague]:
    """The active people whom a conversation can be passed to."""
    query = select(User.id, User.login, User.name, User.role).where(
        User.active.is_(True), User.role.in_(RECEIVERS), User.id != without
    )
    return [Colleague(*row) for row in await session.execute(query.order_by(User.name, User.id).limit(MOST))]


async def teams(session: AsyncSession) -> Sequence[tuple[int, str]]:
    """The active teams, by name."""
    query = select(Team.id, Team.name).where(Team.active.is_(True)).order_by(Team.name).limit(MOST)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def notices(
    session: AsyncSession, user_id: int, before: int | None = None
) -> tuple[Sequence[NoticeView], int | None]:
    """What this person was told, newest first, and the id to ask before for more."""
    author = aliased(User)
    query = (
        select(AgentNotice, Debtor.name, Case.reference, author.name)
        .join(Conversation, Conversation.id == AgentNotice.conversation_id)
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .outerjoin(author, author.id == AgentNotice.from_user)
        .where(AgentNotice.user_id == user_id)
    )
    if before is not None:
        query = query.where(AgentNotice.id < before)
    rows = (await session.execute(query.order_by(AgentNotice.id.desc()).limit(PAGE + 1))).all()
    views = [
        NoticeView(
            row.id, row.kind, row.conversation_id, name, reference, by, row.text, row.at, row.seen_at is not None
        )
        for row, name, reference, by in rows[:PAGE]
    ]
    return views, views[-1].id if len(rows) > PAGE else None


async def unseen(session: AsyncSession, user_id: int) -> int:
    """How many notices this person has not seen, counted no further than `COUNTED` and one."""
    waiting = select(AgentNotice.id).where(AgentNotice.user_id == user_id, AgentNotice.seen_at.is_(None))
    return await session.scalar(select(func.count()).select_from(waiting.limit(COUNTED + 1).subquery())) or 0
