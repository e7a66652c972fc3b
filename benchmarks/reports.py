"""How fast reports are with 100,000 conversations on PostgreSQL, and how many statements each needs.

Run it from the repository: `python -m benchmarks.reports [--conversations 100000] [--rounds 20] [--url URL]`. It fills
an empty database as `benchmarks.console` does, with five months of offers, plans, promises, payments, refusals and
complaints beside, counts all of it as the worker does, and asks for each page signed in, for a month and for
everything; then it exports every conversation in each format and tells how much more memory that took. Times are from
the request to the whole answer. Exit status 1 where a figure is beyond its target.
"""

import argparse
import asyncio
import resource
import statistics
import sys
import time
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psycopg
from sqlalchemy import event, func, select

from benchmarks.console_office import fill
from benchmarks.import_portfolio import machine
from console.app import create_console
from console.security import SESSION_COOKIE, Signer
from console.services import ConsoleServices
from core.actions import report_facts, sessions, users
from core.clock import SystemClock
from core.live import InProcessNotices
from core.store.migrate import upgrade
from core.store.tables import Conversation, ReportFact, User
from core.work import Works, make_engine
from tests.support.postgres import running_postgres

SECRET = "k" * 32
ADDRESS = "http://console.test"
TARGET = 500
MOST_STATEMENTS = 8
TABS = ("agreements", "money", "service", "care")
_BESIDE = Path(__file__).with_name("reports_office.sql")


async def main() -> None:
    """Prints the table; the exit status is 1 where a figure is beyond its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--url")
    chosen = parser.parse_args()
    print(machine(), flush=True)
    with nullcontext() if chosen.url else running_postgres() as running:
        url = chosen.url or running.url(running.create_database())
        await upgrade(url)
        works = Works(make_engine(url), InProcessNotices(), SystemClock())
        try:
            await _filled(works, url, chosen.conversations)
            late = await _measured(works, chosen.rounds)
        finally:
            await works.dispose()
    sys.exit(1 if late else 0)


async def _filled(works: Works, url: str, many: int) -> None:
    async with works.read() as session:
        there = await session.scalar(select(func.count()).select_from(Conversation)) or 0
    began = time.perf_counter()
    if not there:
        now = works.clock.now()
        await asyncio.to_thread(fill, url, many, now)
        await asyncio.to_thread(_beside, url, {"now": now})
        print(f"{many:,} conversations, filled in {time.perf_counter() - began:.0f} s", flush=True)
        async with works.begin() as work:
            await report_facts.start_anew(work)
    began = time.perf_counter()
    while await report_facts.follow(works):
        pass
    async with works.read() as session:
        facts = await session.scalar(select(func.count()).select_from(ReportFact)) or 0
    print(f"{facts:,} facts, counted in {time.perf_counter() - began:.0f} s", flush=True)
    if not there:
        await asyncio.to_thread(_vacuum, url)


def _beside(url: str, values: dict[str, object]) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = psycopg.ClientCursor(connection)
        for statement in _BESIDE.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                cursor.execute(statement.encode(), values)
        cursor.execute("VACUUM ANALYZE")


def _vacuum(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


async def _measured(works: Works, rounds: int) -> bool:
    app = create_console(ConsoleServices(works=works, notices=works.notices, public_url=ADDRESS, secret_key=SECRET))
    async with works.begin() as work:
        user = (await work.session.scalars(select(User).where(User.login == "ada"))).one()
        started = await sessions.start(work, users.actor_of(user))
    counted = [0]
    event.listen(works.engine.sync_engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1))
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=ADDRESS,
        cookies={SESSION_COOKIE: Signer(SECRET).session(started.secret)},
        timeout=600,
    )
    print("| page | p50 ms | p95 ms | CPU p50 ms | statements | target |\n|---|---|---|---|---|---|", flush=True)
    late = False
    for name, path in _pages(works):
        late |= await _row(client, name, path, rounds, counted)
    await _exports(client, works)
    await client.aclose()
    return late


def _pages(works: Works) -> list[tuple[str, str]]:
    today = works.clock.now().date()
    month = {"since": str(today - timedelta(days=27)), "until": str(today)}
    whole = {"since": str(today - timedelta(days=220)), "until": str(today)}
    found = []
    for tab in TABS:
        found += [
            (f"{tab}, 28 days", f"/reports?{urlencode({'tab': tab, **month})}"),
            (f"{tab}, everything", f"/reports?{urlencode({'tab': tab, **whole})}"),
            (
                f"{tab}, everything, by creditor, one market",
                f"/reports?{urlencode({'tab': tab, 'by': 'creditor', 'market': 'us', **whole})}",
            ),
        ]
    for measure in ("wrote", "contained", "received", "queue_wait"):
        found.append((f"rows of {measure}, everything", f"/reports/rows?{urlencode({'measure': measure, **whole})}"))
    return found


async def _row(client: httpx.AsyncClient, name: str, path: str, rounds: int, counted: list[int]) -> bool:
    walls, cpus = [], []
    for number in range(rounds + 2):
        counted[0] = 0
        wall, cpu = time.perf_counter(), time.process_time()
        answer = await client.get(path)
        took, spent = time.perf_counter() - wall, time.process_time() - cpu
        assert answer.status_code == 200, (path, answer.status_code)
        if number >= 2:
            walls.append(1000 * took)
            cpus.append(1000 * spent)
    p95 = statistics.quantiles(walls, n=20, method="inclusive")[18]
    late = p95 > TARGET or counted[0] > MOST_STATEMENTS
    print(
        f"| {name} | {statistics.median(walls):.0f} | {p95:.0f} | {statistics.median(cpus):.0f} | {counted[0]} "
        f"| {TARGET}{' MISSED' if late else ''} |",
        flush=True,
    )
    return late


async def _exports(client: httpx.AsyncClient, works: Works) -> None:
    csrf = (await client.get("/")).text.split('name="csrf" value="')[1].split('"')[0]
    today = works.clock.now().date()
    fields = {"measure": "opened", "since": str(today - timedelta(days=220)), "until": str(today), "csrf": csrf}
    for kind in ("csv", "xlsx"):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, size = time.perf_counter(), 0
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with client.stream(
            "POST", "/reports/rows/export", data={**fields, "format": kind}, headers=headers
        ) as answer:
            assert answer.status_code == 200, answer.status_code
            async for piece in answer.aiter_bytes():
                size += len(piece)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(
            f"{kind}: {size / 1e6:.1f} MB in {time.perf_counter() - began:.1f} s, {grown} MiB more memory at most",
            flush=True,
        )


if __name__ == "__main__":
    asyncio.run(main())
