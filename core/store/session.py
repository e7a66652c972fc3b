"""Engines and session makers. Only `core.work` and the migrations open sessions."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

WRITES = "parley_writes"
BUSY_TIMEOUT_MS = 15_000
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def database_url(url: str | URL) -> URL:
    """The URL with the asynchronous driver of its database, whichever driver was named or none."""
    read = make_url(url)
    return read.set(drivername=_DRIVERS.get(read.drivername, read.drivername))


def make_engine(url: str | URL) -> AsyncEngine:
    """An engine for SQLite (WAL, foreign keys, waits for its turn) or PostgreSQL (psycopg)."""
    read = database_url(url)
    if read.get_backend_name() != "sqlite":
        return create_async_engine(read, pool_pre_ping=True, pool_size=10, max_overflow=10)
    if read.database:
        Path(read.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(read)
    event.listen(engine.sync_engine, "connect", _on_connect)
    event.listen(engine.sync_engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    """A writer takes the write lock at once: upgrading a read transaction later could fail without waiting."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def writers(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose transactions write."""
    return async_sessionmaker(engine.execution_options(**{WRITES: True}), expire_on_commit=False)


def readers(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions that only read."""
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=False)
