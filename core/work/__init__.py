"""One unit of work: the only place that opens sessions and commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from core.clock import Clock
from core.live import Notices
from core.store.session import make_engine, readers, writers

__all__ = ["Work", "Works", "make_engine"]

_log = structlog.get_logger(__name__)


class Work:
    """One transaction. `now` is UTC and stands still in it; what is notified is told to others after the commit."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self.session = session
        self.now = now
        self.notices: dict[str, None] = {}

    def notify(self, topic: str) -> None:
        """Tell everyone who listens for `topic` once this is committed."""
        self.notices[topic] = None


class Works:
    """Opens units of work. On SQLite writers of this process queue for their turn; they never nest."""

    def __init__(self, engine: AsyncEngine, notices: Notices, clock: Clock) -> None:
        self.engine = engine
        self.notices = notices
        self.clock = clock
        self._writers = writers(engine)
        self._readers = readers(engine)
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """One transaction: committed on a clean exit, then its notices go out; rolled back on an error."""
        async with self._turn or nullcontext(), self._writers() as session, session.begin():
            work = Work(session, self.clock.now())
            yield work
        await self._publish(work)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads, all of it from one moment on SQLite; nothing done in it is kept."""
        async with self._readers() as session:
            yield session

    async def _publish(self, work: Work) -> None:
        """A doorbell that does not ring delays; it never undoes what is committed."""
        if not work.notices:
            return
        try:
            await self.notices.publish(tuple(work.notices))
        except Exception:
            _log.warning("notices_not_published", topics=list(work.notices), exc_info=True)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
