"""Versions of the texts and of the contact rules: found, locked, followed."""

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import HouseVersion

_LOCK = 0x686F757365  # "house"


async def lock(session: AsyncSession) -> None:
    """Let one transaction at a time change versions; on SQLite every writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


async def by_id(session: AsyncSession, version_id: int) -> HouseVersion | None:
    """A version or draft, as it is stored now."""
    return await session.get(HouseVersion, version_id, populate_existing=True)


async def in_force(session: AsyncSession, subject: str) -> HouseVersion | None:
    """The version that holds; None while what is shipped does."""
    query = select(HouseVersion).where(HouseVersion.subject == subject, HouseVersion.state == "in_force")
    return await session.scalar(query.execution_options(populate_existing=True))


async def digest_in_force(session: AsyncSession, subject: str) -> tuple[int, str] | None:
    """The number and the digest of the version that holds."""
    query = select(HouseVersion.number, HouseVersion.digest)
    row = (
        await session.execute(query.where(HouseVersion.subject == subject, HouseVersion.state == "in_force"))
    ).one_or_none()
    return None if row is None or row[0] is None else (row[0], row[1])


async def draft_of(session: AsyncSession, subject: str, user_id: int) -> HouseVersion | None:
    """The draft that this person is writing."""
    query = select(HouseVersion).where(
        HouseVersion.subject == subject, HouseVersion.created_by == user_id, HouseVersion.state == "draft"
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def supersede(session: AsyncSession, subject: str) -> None:
    """The version in force makes way."""
    query = update(HouseVersion).where(HouseVersion.subject == subject, HouseVersion.state == "in_force")
    await session.execute(query.values(state="superseded"))
    await session.flush()


async def next_number(session: AsyncSession, subject: str) -> int:
    """The number of the next version of a subject."""
    query = select(func.max(HouseVersion.number)).where(HouseVersion.subject == subject)
    return (await session.scalar(query) or 0) + 1
