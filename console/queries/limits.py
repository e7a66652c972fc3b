"""The policy version in force, and what a rule may be chosen by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.policy import PolicyVersion, version_from_json
from core.store.tables import Creditor, Policy, User


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version with who wrote it."""

    version: PolicyVersion
    state: str
    note: str
    author: str | None
    published_at: datetime | None

    @property
    def number(self) -> int:
        """The version's number."""
        return self.version.number


async def in_force(session: AsyncSession) -> VersionView | None:
    """The version that everything new obeys, or None before any was published."""
    row = (await session.execute(_rows().where(Policy.state == "in_force"))).one_or_none()
    return _view(row) if row else None


async def creditors(session: AsyncSession) -> list[str]:
    """The creditors' names, in order."""
    return list((await session.scalars(select(Creditor.name).order_by(Creditor.name))).all())


def _rows() -> Select[*tuple[Any, ...]]:
    return select(Policy, User.name).outerjoin(User, User.id == Policy.created_by)


def _view(row: Any) -> VersionView:
    policy, author = row
    return VersionView(version_from_json(policy.body), policy.state, policy.note, author, policy.published_at)
