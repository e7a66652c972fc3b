"""What can be filtered for, and how far the facts have come: two statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Creditor, Policy, ReportState, Team

MOST = 1000


@dataclass(frozen=True, slots=True)
class Choices:
    """Names by id; versions by number. `counted_at` is None before the first count, `anew` while all is counted
    again."""

    creditors: Mapping[str, str]
    versions: tuple[str, ...]
    teams: Mapping[str, str]
    counted_at: datetime | None
    anew: bool


async def choices(session: AsyncSession) -> Choices:
    """All of them, by name; versions the newest first."""
    parts = (
        select(literal("creditor").label("what"), Creditor.id.label("id"), Creditor.name.label("name"))
        .order_by(Creditor.name)
        .limit(MOST),
        select(literal("version"), Policy.number, literal(""))
        .where(Policy.number.is_not(None))
        .order_by(Policy.number.desc())
        .limit(MOST),
        select(literal("team"), Team.id, Team.name).order_by(Team.name).limit(MOST),
    )
    rows = (await session.execute(union_all(*(part.subquery().select() for part in parts)))).all()
    counted = (await session.execute(select(ReportState.counted_at, ReportState.case_id).limit(1))).one_or_none()
    return Choices(
        creditors={str(row.id): row.name for row in rows if row.what == "creditor"},
        versions=tuple(str(row.id) for row in rows if row.what == "version"),
        teams={str(row.id): row.name for row in rows if row.what == "team"},
        counted_at=counted[0] if counted else None,
        anew=counted is not None and counted[1] is not None,
    )
