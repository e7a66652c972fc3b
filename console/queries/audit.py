"""The audit trail, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Audit

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what. `actor` is `bot`, `system`, `debtor` or a login."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; empty means anything."""

    subject: str = ""
    subject_id: int | None = None
    action: str = ""
    actor: str = ""


async def page(
    session: AsyncSession, wanted: AuditFilter, before: int | None = None
) -> tuple[Sequence[AuditRow], int | None]:
    """One page of rows, and the id to ask before for the next."""
    query = select(Audit).order_by(Audit.id.desc()).limit(PAGE + 1)
    if wanted.subject:
        query = query.where(Audit.subject == wanted.subject)
    if wanted.subject_id is not None:
        query = query.where(Audit.subject_id == wanted.subject_id)
    if wanted.action:
        query = query.where(Audit.action == wanted.action)
    if wanted.actor:
        query = query.where(Audit.actor == wanted.actor)
    if before is not None:
        query = query.where(Audit.id < before)
    rows = (await session.scalars(query)).all()
    shown = [
        AuditRow(row.id, row.at, row.actor, row.action, row.subject, row.subject_id, row.data) for row in rows[:PAGE]
    ]
    return shown, shown[-1].id if len(rows) > PAGE else None
