"""What three hundred open consoles cost one process, and how soon each hears of a change.

Run it from the repository: `python -m benchmarks.consoles_live [--consoles 300] [--changes 60]`. It starts PostgreSQL
and Valkey from the wheels of the tests and one `parley serve console`, opens the live stream of so many browsers, each
with a session of its own, and prints: the share of a core that the process needs while nothing happens; the same while
each browser also looks at its list once a minute, as an open inbox does; the database connections that the process has
and those in use; and, for changes that another process commits, how long after the commit each browser was told.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import select, text

from benchmarks.console_office import fill
from benchmarks.import_portfolio import machine
from console.security import SESSION_COOKIE, Signer
from core.actions import sessions, takeover, users
from core.clock import SystemClock
from core.dialogue.memory import Memory
from core.live import RedisNotices
from core.store.migrate import upgrade
from core.store.tables import Conversation, User
from core.work import Works, make_engine
from tests.support.ports import free_port
from tests.support.postgres import running_postgres
from tests.support.redis import running_redis

SECRET = "k" * 32
CONVERSATIONS = 5000
MOST_IDLE = 25.0
MOST_LATENCY_MS = 300.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Tab:
    """A browser's open stream: when it last heard of each thing, by the clock of this process."""

    cookie: str
    heard: dict[str, float] = field(default_factory=dict)
    writer: asyncio.StreamWriter | None = None

    async def listen(self, port: int) -> None:
        """Reads until it is closed."""
        reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        request = f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {SESSION_COOKIE}={self.cookie}\r\n\r\n"
        self.writer.write(request.encode())
        status = await reader.readline()
        assert b" 200 " in status, status
        while line := await reader.readline():
            if line.startswith(b"event: "):
                self.heard[line[7:].decode().strip()] = time.perf_counter()


async def main() -> None:
    """Prints the figures; the exit status is 1 where one is beyond its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consoles", type=int, default=300)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds")
    chosen = parser.parse_args()
    print(machine(), flush=True)
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres())
        redis = stack.enter_context(running_redis())
        url = postgres.url(postgres.create_database())
        await upgrade(url)
        works = Works(make_engine(url), RedisNotices(redis.url), SystemClock())
        await asyncio.to_thread(fill, url, CONVERSATIONS, works.clock.now(), json.dumps(Memory().to_json()))
        tabs = await _tabs(works, chosen.consoles)
        try:
            async with _console(url, redis.url) as (pid, port):
                late = await _measure(works, tabs, pid, port, chosen)
        finally:
            await works.notices.aclose()
            await works.dispose()
    sys.exit(1 if late else 0)


async def _measure(works: Works, tabs: list[Tab], pid: int, port: int, chosen: argparse.Namespace) -> bool:
    listening = [asyncio.create_task(tab.listen(port)) for tab in tabs]
    await _until(lambda: all("queue" in tab.heard for tab in tabs), 60)
    print(f"{len(tabs)} streams are open", flush=True)
    await asyncio.sleep(3)
    idle = await _share(pid, chosen.idle)
    print(f"idle: {idle:.1f} % of a core over {chosen.idle:.0f} s (target {MOST_IDLE:.0f} %)", flush=True)
    print(f"database connections of the process: {await _connections(works)}", flush=True)
    looking = asyncio.create_task(_look(tabs, port))
    busy = await _share(pid, chosen.idle)
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking
    print(f"with each list looked at once a minute besides: {busy:.1f} % of a core", flush=True)
    took = await _changes(works, tabs, chosen.changes)
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20, method="inclusive")[18]
    told = f"{len(took):,} events of {chosen.changes} changes"
    print(
        f"from the commit to the browser, {told}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, slowest {max(took):.1f} ms",
        flush=True,
    )
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return idle > MOST_IDLE or p95 > MOST_LATENCY_MS


async def _changes(works: Works, tabs: list[Tab], many: int) -> list[float]:
    """Milliseconds from each commit, its own time included, to each browser."""
    async with works.read() as session:
        waiting = (
            await session.scalars(select(Conversation.id).where(Conversation.holder == "queue").limit(many))
        ).all()
        agent = await session.scalar(select(User).where(User.login == "agent1"))
    assert agent is not None
    actor = users.actor_of(agent)
    took: list[float] = []
    for conversation_id in waiting:
        async with works.begin() as work:
            await takeover.take_over(work, conversation_id, actor)
            began = time.perf_counter()
        await _until(lambda: all(tab.heard["queue"] > began for tab in tabs), 10)  # noqa: B023  awaited in the same round
        took += [1000 * (tab.heard["queue"] - began) for tab in tabs]
        await asyncio.sleep(0.25)
    return took


async def _look(tabs: list[Tab], port: int) -> None:
    """Each browser's list, evenly over a minute."""
    limits = httpx.Limits(max_keepalive_connections=8)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30) as client:
        while True:
            for tab in tabs:
                headers = {"HX-Request": "true", "Cookie": f"{SESSION_COOKIE}={tab.cookie}"}
                began = time.perf_counter()
                answer = await client.get("/?box=queue", headers=headers)
                assert answer.status_code == 200, answer.status_code
                await asyncio.sleep(max(0.0, 60 / len(tabs) - (time.perf_counter() - began)))


async def _share(pid: int, seconds: float) -> float:
    """Percent of a core that the process used."""
    before, began = _cpu(pid), time.perf_counter()
    await asyncio.sleep(seconds)
    return 100 * (_cpu(pid) - before) / (time.perf_counter() - began)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _connections(works: Works) -> str:
    """How many there are that are not this process's own, and how many of them hold a transaction or a statement."""
    async with works.read() as session:
        rows = await session.execute(
            text(
                "SELECT count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'console'"
            )
        )
    there, held = rows.one()
    return f"{there} in the pool, {held} in use"


async def _tabs(works: Works, many: int) -> list[Tab]:
    signer = Signer(SECRET)
    async with works.begin() as work:
        people = [users.actor_of(user) for user in await work.session.scalars(select(User).where(User.role == "agent"))]
        started = [await sessions.start(work, people[number % len(people)]) for number in range(many)]
    return [Tab(signer.session(each.secret)) for each in started]


@asynccontextmanager
async def _console(url: str, redis_url: str) -> AsyncIterator[tuple[int, int]]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="parley-console-") as folder:
        environment = os.environ | {
            "PARLEY_DATABASE_URL": f"{url}&application_name=console",
            "PARLEY_REDIS_URL": redis_url,
            "PARLEY_SECRET_KEY": SECRET,
            "PARLEY_PORT": str(port),
            "PARLEY_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PARLEY_DATA_DIR": folder,
        }
        command = [str(Path(sys.executable).with_name("parley")), "serve", "console"]
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
        try:
            await _until(lambda: process.returncode is not None or _answers(port), 120)
            assert process.returncode is None, "the console did not start"
            yield process.pid, port
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            await process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/login", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


async def _until(happened: Callable[[], bool], seconds: float) -> None:
    ends = time.perf_counter() + seconds
    while not happened():
        if time.perf_counter() > ends:
            raise TimeoutError("It did not happen in time.")
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main())
