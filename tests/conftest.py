"""Fixtures over real servers, started by the tests themselves, once for each worker and only when asked for."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from core.store import migrate
from tests.support.chromium import LAUNCH_ARGUMENTS, ensure_chromium
from tests.support.postgres import Postgres, running_postgres
from tests.support.redis import RedisServer, running_redis
from tests.support.telegram import TelegramDouble, telegram_double_on
from tests.support.telegram_server import TelegramServer, running_telegram_server

PATIENCE_MS = 20_000
"""How long a page may take to show what is expected; speed is measured in benchmarks/."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The worker's PostgreSQL server."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def pg_url(postgres: Postgres) -> Iterator[str]:
    """A new, empty PostgreSQL database: postgresql+psycopg://..."""
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A new SQLite file: sqlite+aiosqlite:///..."""
    return f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"


@pytest.fixture(params=["postgresql", "sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test over a new database of each kind."""
    url: str = request.getfixturevalue("pg_url" if request.param == "postgresql" else "sqlite_url")
    return url


@pytest.fixture(scope="session")
async def _migrated_postgres(postgres: Postgres) -> str:
    name = postgres.create_database()
    await migrate.upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="session")
async def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "parley.db"
    await migrate.upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def migrated_pg_url(postgres: Postgres, _migrated_postgres: str) -> Iterator[str]:
    """A new PostgreSQL database with today's schema, copied from one that Alembic made."""
    name = postgres.create_database(template=_migrated_postgres)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path, _migrated_sqlite: Path) -> str:
    """A new SQLite file with today's schema, copied from one that Alembic made."""
    path = shutil.copy(_migrated_sqlite, tmp_path / "parley.db")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(params=["postgresql", "sqlite"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """The same test over a new database of each kind, with today's schema."""
    url: str = request.getfixturevalue("migrated_pg_url" if request.param == "postgresql" else "migrated_sqlite_url")
    return url


@pytest.fixture(scope="session")
def _shared_redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(_shared_redis: RedisServer) -> str:
    """An empty Redis: redis://127.0.0.1:port/0."""
    _shared_redis.flush()
    return _shared_redis.url


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test's own, which it may stop and start."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The worker's Chromium; take a `new_context()` for each person in the test, and close it."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=ensure_chromium(), args=LAUNCH_ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def _telegram_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramServer]:
    with running_telegram_server(tmp_path_factory.mktemp("telegram")) as server:
        yield server


@pytest.fixture
async def telegram_double(_telegram_server: TelegramServer) -> AsyncIterator[TelegramDouble]:
    """A new bot's Telegram: say, press and send_photo as a debtor, then read `messages()`."""
    async with telegram_double_on(_telegram_server) as double:
        yield double
