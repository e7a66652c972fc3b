"""Publishing limits, one at a time."""

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Policy

_PUBLISH_LOCK = 0x6C696D697473  # "limits"


async def lock(session: AsyncSession) -> None:
    """Let one transaction at a time publish; on SQLite every writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISH_LOCK})


async def supersede(session: AsyncSession) -> None:
    """The version in force makes way."""
    await session.execute(update(Policy).where(Policy.state == "in_force").values(state="superseded"))
    await session.flush()
