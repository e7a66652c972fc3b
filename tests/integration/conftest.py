"""A migrated database of each kind, and units of work over it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from core.clock import FixedClock
from core.live import InProcessNotices
from core.store import migrate
from core.work import Works, make_engine
from tests.integration.world import World, make_world

MONDAY_NOON_NEW_YORK = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    """Monday 23 November 2026, noon in New York."""
    return FixedClock(MONDAY_NOON_NEW_YORK)


@pytest.fixture
async def works(database_url: str, clock: FixedClock) -> AsyncIterator[Works]:
    """Units of work over a new database with today's schema."""
    await migrate.upgrade(database_url)
    opened = Works(make_engine(database_url), InProcessNotices(), clock)
    yield opened
    await opened.dispose()


@pytest.fixture
async def world(works: Works) -> World:
    """Dana, her case, and the team."""
    return await make_world(works)
