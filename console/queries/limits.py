"""The policy versions: the one in force, and how it came to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.policy import Change, PolicyVersion, diff, version_from_json
from core.store.tables import Creditor, Policy, User

HISTORY = 20


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version with who published it; `changes` is what differs from the one before, None for the first."""

    version: PolicyVersion
    state: str
    note: str
    author: str | None
    published_at: datetime | None
    changes: tuple[Change, ...] | None = None

    @property
    def number(self) -> int:
        """The version's number."""
        return self.version.number


async def in_force(session: AsyncSession) -> VersionView | None:
    """The version that everything new obeys, or None before any was published."""
    row = (await session.execute(_rows().where(Policy.state == "in_force"))).one_or_none()
    return _view(row) if row else None


async def history(session: AsyncSession, before: int | None = None) -> tuple[Sequence[VersionView], int | None]:
    """Published versions, newest first, each with its changes; and the number to ask before for older ones."""
    query = _rows().where(Policy.state != "draft").order_by(Policy.number.desc()).limit(HISTORY + 1)
    if before is not None:
        query = query.where(Policy.number < before)
    views = [_view(row) for row in (await session.execute(query)).all()]
    compared = [
        VersionView(
            each.version,
            each.state,
            each.note,
            each.author,
            each.published_at,
            diff(views[index + 1].version, each.version) if index + 1 < len(views) else None,
        )
        for index, each in enumerate(views)
    ]
    return compared[:HISTORY], compared[HISTORY - 1].number if len(compared) > HISTORY else None


async def creditors(session: AsyncSession) -> list[str]:
    """The creditors' names, in order."""
    return list((await session.scalars(select(Creditor.name).order_by(Creditor.name))).all())


def _rows() -> Select[*tuple[Any, ...]]:
    return select(Policy, User.name).outerjoin(User, User.id == Policy.created_by)


def _view(row: Any) -> VersionView:
    policy, author = row
    return VersionView(version_from_json(policy.body), policy.state, policy.note, author, policy.published_at)
