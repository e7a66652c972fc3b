"""How Alembic reaches the database: through the same engine as everything else."""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import JSON, Column, Connection, text

from core.store.session import make_engine
from core.store.tables import Table, UtcDateTime

_LOCK = 0x7061726C6579  # "parley": one process migrates at a time.


def _render(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """A migration outlives the classes of the day that it was written: it names plain types only."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def _other_default(
    _context: object,
    _found: object,
    column: Column[object],
    found: str | None,
    _default: object,
    wanted: str | None,
) -> bool | None:
    """Whether a JSON column has another default than its model says; PostgreSQL cannot compare two itself."""
    if not isinstance(column.type, JSON):
        return None
    return (found or "").removesuffix("::json").strip("'") != (wanted or "").strip("'")


def _include(name: str | None, kind: str, _parents: object) -> bool:
    """The indexes that searching needs differ by database: the migrations name them, the tables do not."""
    return not (kind == "index" and name is not None and (name.endswith("_grams") or name == "ix_messages_words"))


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
        include_name=_include,
        compare_type=True,
        compare_server_default=_other_default,
    )
    context.run_migrations()


async def _run(url: str) -> None:
    engine = make_engine(url).execution_options(parley_writes=True)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


def _url() -> str:
    url = context.config.attributes.get("url")
    if url is None:
        from core.settings import Settings  # noqa: PLC0415  only Alembic's own command line needs the environment

        url = Settings().database_url
    return str(url)


asyncio.run(_run(_url()))
