"""Policy versions as stored."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.policy import Grant, PolicyVersion, version_from_json
from core.policy import select as rule_for
from core.store.tables import Case, Policy


async def in_force(session: AsyncSession) -> PolicyVersion | None:
    """The version that everything new obeys, or None before any was published."""
    body = await session.scalar(select(Policy.body).where(Policy.state == "in_force"))
    return version_from_json(body) if body else None


async def numbered(session: AsyncSession, number: int) -> PolicyVersion | None:
    """A version by its number; what was once published never changes."""
    body = await session.scalar(select(Policy.body).where(Policy.number == number))
    return version_from_json(body) if body else None


async def grant_for(session: AsyncSession, case: Case, number: int | None = None) -> Grant | None:
    """The limits for a case under the version in force, or under a version of this number."""
    version = await (in_force(session) if number is None else numbered(session, number))
    return rule_for(version, case.market, case.product) if version else None
