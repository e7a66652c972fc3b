"""One installation's database and notices, opened from its settings and closed again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.clock import Clock, SystemClock
from core.live import Counters, InProcessCounters, InProcessNotices, Notices
from core.settings import Settings
from core.store.migrate import upgrade
from core.work import Works, make_engine


@asynccontextmanager
async def open_works(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Works]:
    """Works on the settings' database. An embedded SQLite database is brought up to date first."""
    settings.prepare()
    if settings.database_url.startswith("sqlite"):
        await upgrade(settings.database_url)
    notices = _notices(settings)
    works = Works(make_engine(settings.database_url), notices, clock or SystemClock())
    try:
        yield works
    finally:
        await works.dispose()
        await notices.aclose()


def _notices(settings: Settings) -> Notices:
    if settings.redis_url is None:
        return InProcessNotices()
    from core.live.redis import RedisNotices

    return RedisNotices(settings.redis_url)


def open_counters(settings: Settings) -> Counters:
    """What limits how often something may happen counts with: in Redis for all processes, else in this one."""
    if settings.redis_url is None:
        return InProcessCounters()
    from core.live.redis_counters import RedisCounters

    return RedisCounters(settings.redis_url)
