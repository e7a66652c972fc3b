"""The versions of the texts and of the contact rules, and what each changes, for reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.actions.house import Subject
from core.errors import NotFound
from core.store import house_versions
from core.store.tables import HouseVersion, User

HISTORY = 20
OPEN_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Version:
    """A version or draft with its people. `changes` are its own; `body` all that differed from what is shipped."""

    id: int
    subject: Subject
    number: int | None
    state: str
    changes: Mapping[str, Any]
    body: Mapping[str, Any]
    note: str
    revision: int
    author: str
    author_id: int
    created_at: datetime
    asked_at: datetime | None
    reviewer: str | None
    reviewed_at: datetime | None
    review: str
    alone: bool
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """What holds (None: what is shipped), the viewer's own draft, and what waits for somebody's approval."""

    in_force: Version | None
    mine: Version | None
    reviews: Sequence[Version]

    @property
    def body(self) -> Mapping[str, Any]:
        """All that differs from what is shipped, now."""
        return self.in_force.body if self.in_force else {}

    @property
    def number(self) -> int:
        """The number in force; 0 while what is shipped holds."""
        return (self.in_force.number or 0) if self.in_force else 0


_Author, _Reviewer = aliased(User), aliased(User)
_ROWS = (
    select(HouseVersion, _Author.name, _Reviewer.name)
    .join(_Author, _Author.id == HouseVersion.created_by)
    .outerjoin(_Reviewer, _Reviewer.id == HouseVersion.reviewed_by)
)


async def board(session: AsyncSession, subject: Subject, user_id: int) -> Board:
    """Where a subject stands."""
    open_states = HouseVersion.state.in_(("in_force", "review")) | (
        (HouseVersion.state == "draft") & (HouseVersion.created_by == user_id)
    )
    query = _ROWS.where(HouseVersion.subject == subject, open_states).order_by(HouseVersion.asked_at, HouseVersion.id)
    found = [_version(*row) for row in (await session.execute(query.limit(OPEN_SHOWN))).all()]
    return Board(
        next((each for each in found if each.state == "in_force"), None),
        next((each for each in found if each.state == "draft"), None),
        [each for each in found if each.state == "review"],
    )


async def history(
    session: AsyncSession, subject: Subject, before: int | None = None
) -> tuple[Sequence[Version], int | None]:
    """The versions that have held, newest first, and where the older ones begin."""
    query = _ROWS.where(HouseVersion.subject == subject, HouseVersion.state.in_(("in_force", "superseded")))
    if before is not None:
        query = query.where(HouseVersion.id < before)
    rows = (await session.execute(query.order_by(HouseVersion.id.desc()).limit(HISTORY + 1))).all()
    shown = [_version(*row) for row in rows[:HISTORY]]
    return shown, shown[-1].id if len(rows) > HISTORY else None


async def one(session: AsyncSession, version_id: int) -> Version:
    """A version or draft; NotFound where there is none."""
    row = (await session.execute(_ROWS.where(HouseVersion.id == version_id))).one_or_none()
    if row is None:
        raise NotFound("There is no such version.", version_id=version_id)
    return _version(*row)


async def body_before(session: AsyncSession, version: Version) -> Mapping[str, Any]:
    """What held before the version: for one that has held, the one numbered before it; for others, what holds now."""
    if version.number is None:
        row = await house_versions.in_force(session, version.subject)
    else:
        row = await session.scalar(
            select(HouseVersion).where(
                HouseVersion.subject == version.subject, HouseVersion.number == version.number - 1
            )
        )
    return dict(row.body or {}) if row else {}


def _version(row: HouseVersion, author: str, reviewer: str | None) -> Version:
    return Version(
        id=row.id,
        subject="wording" if row.subject == "wording" else "contact",
        number=row.number,
        state=row.state,
        changes=row.changes,
        body=row.body or {},
        note=row.note,
        revision=row.revision,
        author=author,
        author_id=row.created_by,
        created_at=row.created_at,
        asked_at=row.asked_at,
        reviewer=reviewer,
        reviewed_at=row.reviewed_at,
        review=row.review,
        alone=row.alone,
        published_at=row.published_at,
    )
