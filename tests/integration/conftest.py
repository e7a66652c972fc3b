"""A migrated database of each kind, and units of work over it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from core.clock import FixedClock
from core.live import InProcessNotices
from core.store import migrate
from core.work import Works, make_engine
from tests.integration.world import World, make_world
from tests.support.postgres import Postgres

MONDAY_NOON_NEW_YORK = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    """Monday 23 November 2026, noon in New York."""
    return FixedClock(MONDAY_NOON_NEW_YORK)


def _migrated(url: str) -> None:
    """Migrate outside of the tests' event loop."""

    def run() -> None:
        asyncio.run(migrate.upgrade(url))

    thread = Thread(target=run)
    thread.start()
    thread.join()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with today's schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "parley.db"
    _migrated(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """A PostgreSQL database with today's schema, to be copied."""
    name = postgres.create_database()
    _migrated(postgres.url(name))
    return name


@pytest.fixture(params=["postgresql", "sqlite"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database of each kind with today's schema."""
    if request.param == "sqlite":
        path = tmp_path / "parley.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.create_database(request.getfixturevalue("postgres_template"))
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
async def works(migrated_url: str, clock: FixedClock) -> AsyncIterator[Works]:
    """Units of work over a new database with today's schema."""
    opened = Works(make_engine(migrated_url), InProcessNotices(), clock)
    yield opened
    await opened.dispose()


@pytest.fixture
async def world(works: Works) -> World:
    """Dana, her case, and the team."""
    return await make_world(works)
