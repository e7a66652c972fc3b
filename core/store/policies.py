"""Policy versions: changed one transaction at a time, and the line that they follow each other in."""

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Policy

_PUBLISH_LOCK = 0x6C696D697473  # "limits"


async def lock(session: AsyncSession) -> None:
    """Let one transaction at a time change versions; on SQLite every writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISH_LOCK})


async def supersede(session: AsyncSession) -> None:
    """The version in force makes way."""
    await session.execute(update(Policy).where(Policy.state == "in_force").values(state="superseded"))
    await session.flush()


async def last_in_line(session: AsyncSession) -> Policy | None:
    """The version that the next one follows: the last one scheduled, else the one in force."""
    line = select(Policy).where(Policy.state.in_(("in_force", "scheduled"))).order_by(Policy.number.desc()).limit(1)
    return await session.scalar(line.execution_options(populate_existing=True))


async def by_id(session: AsyncSession, version_id: int) -> Policy | None:
    """A version or draft, as it is stored now."""
    return await session.get(Policy, version_id, populate_existing=True)


async def next_number(session: AsyncSession) -> int:
    """The number of the next version; one that was given is never given again."""
    return (await session.scalar(select(func.max(Policy.number))) or 0) + 1
