"""The audit trail, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Audit, Conversation

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what. `actor` is `bot`, `system`, `debtor`, `api:` with a key's beginning, or a login."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: int | None
    data: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; empty means anything. `since` is included, `until` is not; both are UTC."""

    subject: str = ""
    subject_id: int | None = None
    action: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def page(
    session: AsyncSession, wanted: AuditFilter, before: int | None = None, size: int | None = None
) -> tuple[Sequence[AuditRow], int | None]:
    """One page of rows, and the id to ask before for the next."""
    most = size or PAGE
    query = _found(wanted).order_by(Audit.id.desc()).limit(most + 1)
    if before is not None:
        query = query.where(Audit.id < before)
    rows = (await session.scalars(query)).all()
    shown = [
        AuditRow(row.id, row.at, row.actor, row.action, row.subject, row.subject_id, row.data, row.hash)
        for row in rows[:most]
    ]
    return shown, shown[-1].id if len(rows) > most else None


async def latest_conversation(session: AsyncSession, case_id: int) -> int | None:
    """Where the case was last spoken of."""
    return await session.scalar(
        select(Conversation.id)
        .where(Conversation.case_id == case_id)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(1)
    )


def _found(wanted: AuditFilter) -> Select[Audit]:
    """The chain's order is that of its ids, so a period is a range of ids, found by the index of the moments."""
    query = select(Audit)
    if wanted.subject:
        query = query.where(Audit.subject == wanted.subject)
    if wanted.subject_id is not None:
        query = query.where(Audit.subject_id == wanted.subject_id)
    if wanted.action:
        query = query.where(Audit.action == wanted.action)
    if wanted.actor:
        query = query.where(Audit.actor == wanted.actor)
    if wanted.since is not None:
        first = select(func.min(Audit.id)).where(Audit.at >= wanted.since).scalar_subquery()
        query = query.where(Audit.id >= first)
    if wanted.until is not None:
        query = query.where(Audit.at < wanted.until)
    return query
