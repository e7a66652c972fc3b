"""How fast the pages of the console are with 100,000 conversations on PostgreSQL, and how many statements each needs.

Run it from the repository: `python -m benchmarks.console [--conversations 100000] [--rounds 40] [--url URL]`. Without a
URL it starts a PostgreSQL from the wheel of the tests and fills it (some minutes); with one it fills what is empty and
measures what is full. Each page is asked of the application in this process, signed in, its list as htmx asks for it
and as a whole page; times are from the request to the whole answer. A figure beyond its target is marked. Where others
use the machine too, the least time and the CPU that a page takes, here and in the server, say more than percentiles do.
The reports have no facts here: `benchmarks.reports` measures them with many.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import event, func, select, text

from benchmarks.console_office import fill
from benchmarks.import_portfolio import machine
from console.app import create_console
from console.queries.cursors import Cursor, write_cursor
from console.security import SESSION_COOKIE, Signer
from console.services import ConsoleServices
from core.actions import sessions, users
from core.clock import SystemClock
from core.dialogue.memory import Memory
from core.live import InProcessNotices
from core.store.migrate import upgrade
from core.store.tables import ContactPoint, Conversation, Message, SavedView, User
from core.work import Works, make_engine
from tests.support.postgres import running_postgres

SECRET = "k" * 32
ADDRESS = "http://console.test"
MOST_STATEMENTS = 8
WARM_UP = 3
HEAD = ("page", "who", "least ms", "p50 ms", "p95 ms", "CPU here ms", "CPU PostgreSQL ms", "statements", "target")


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, who asks for it, and the target of its 95th percentile in milliseconds."""

    name: str
    path: str
    login: str
    target: int
    part: bool = True


def pages(found: dict[str, str]) -> Sequence[Asked]:
    """What is measured; `found` are places that depend on the data."""
    one = found["conversation"]
    listed = (
        Asked("inbox, mine, whole page", "/?box=mine", "agent1", 80, part=False),
        Asked("inbox, mine", "/?box=mine", "agent1", 80),
        Asked("inbox, queue", "/?box=queue", "agent1", 80),
        Asked("inbox, queue, deep page", f"/?box=queue&after={found['queue']}", "agent1", 80),
        Asked("inbox, all", "/?box=all", "sue", 80),
        Asked("inbox, all, whole page", "/?box=all", "sue", 80, part=False),
        Asked("inbox, all, deep page", f"/?box=all&after={found['all']}", "sue", 80),
        Asked("inbox, all, reason and language", "/?box=all&reason=legal&language=zh", "sue", 80),
        Asked("inbox, all, market and bucket", "/?box=all&market=uk&bucket=M3", "sue", 80),
        Asked("inbox, all, rare flag", "/?box=all&flag=self_harm", "sue", 80),
        Asked("inbox, all, frequent flag and channel", "/?box=all&flag=hardship&channel=telegram", "sue", 80),
        Asked("inbox, all, filters that nothing matches", "/?box=all&market=cn&language=en&bucket=M2", "sue", 80),
        Asked("inbox, all, waiting and unread", "/?box=all&waiting=30&unread=yes", "sue", 80),
        Asked("inbox, all, closed, deep page", f"/?box=all&state=closed&after={found['all']}", "sue", 80),
        Asked("inbox, with eight saved views, whole page", "/?box=all", "ada", 80, part=False),
        Asked("inbox, the sizes of eight saved views", "/views/tabs", "ada", 150),
        Asked("inbox, mine, filtered", "/?box=mine&flag=hardship&bucket=M1", "agent1", 80),
        Asked("conversation", one, "agent1", 60, part=False),
        Asked("conversation, what changed", f"{one}/changes?seen=x", "agent1", 60),
        Asked("search, a name", "/search?q=Hargreaves", "sue", 150),
        Asked("search, first name of many", "/search?q=Dana", "sue", 150),
        Asked("search, two words", "/search?q=Priya+Nair", "agent1", 150),
        Asked("search, Chinese name", "/search?q=王建国", "sue", 150),
        Asked("search, Chinese surname", "/search?q=王", "sue", 150),
        Asked("search, reference", "/search?q=NC-277416", "agent1", 150),
        Asked("search, part of a reference", "/search?q=77416", "sue", 150),
        Asked("search, whole phone number", f"/search?q={found['phone']}", "sue", 150),
        Asked("search, a frequent word", "/search?q=please", "sue", 150),
        Asked("search, a frequent word, agent", "/search?q=please", "agent1", 150),
        Asked(
            "search, a frequent word, older", f"/search?q=please&among=messages&after={found['message']}", "sue", 150
        ),
        Asked("search, a rare word", "/search?q=chrysanthemum", "sue", 150),
        Asked("search, two Chinese characters", "/search?q=化疗", "sue", 150),
        Asked("search, frequent Chinese words", "/search?q=住院", "agent1", 150),
        Asked("search, nothing there", "/search?q=zyxwvutsr", "sue", 150),
    )
    reports = tuple(Asked(f"report {path}", path, "ada", 500, part=False) for path in found["reports"].split() if path)
    return (*listed, *reports)


async def main() -> None:
    """Prints the table; the exit status is 1 where a figure is beyond its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--url")
    parser.add_argument("--only", default="", help="only pages whose names begin so")
    chosen = parser.parse_args()
    print(machine(), flush=True)
    with ExitStack() as stack:
        running = None if chosen.url else stack.enter_context(running_postgres())
        url = chosen.url if running is None else running.url(running.create_database())
        await upgrade(url)
        works = Works(make_engine(url), InProcessNotices(), SystemClock())
        try:
            print(await _filled(works, url, chosen.conversations), flush=True)
            late = await _measure(works, chosen.rounds, chosen.only)
        finally:
            await works.dispose()
    sys.exit(1 if late else 0)


async def _filled(works: Works, url: str, many: int) -> str:
    async with works.read() as session:
        there = await session.scalar(select(func.count()).select_from(Conversation)) or 0
        version = await session.scalar(text("SHOW server_version"))
    if not there:
        began = time.perf_counter()
        size = await asyncio.to_thread(fill, url, many, works.clock.now(), json.dumps(Memory(language="en").to_json()))
        await _views(works)
        seconds = time.perf_counter() - began
        what = f"{size.conversations:,} conversations, {size.messages:,} messages"
        return f"PostgreSQL {version}: {what}, filled in {seconds:.0f} s"
    return f"PostgreSQL {version}: {there:,} conversations"


async def _views(works: Works) -> None:
    """Eight saved views, of what is frequent and of what is rare."""
    addresses = (
        "box=all&reason=dispute",
        "box=all&flag=self_harm",
        "box=all&market=uk&bucket=M3",
        "box=all&language=zh&channel=telegram&state=open",
        "box=queue&priority=urgent",
        "box=all&flag=hardship&bucket=M1",
        "box=all&waiting=60",
        "box=all&market=cn&language=en",
    )
    async with works.begin() as work:
        ada = await work.session.scalar(select(User.id).where(User.login == "ada"))
        work.session.add_all(
            SavedView(user_id=ada, name=f"View {number}", address=address, position=number, changed_at=work.now)
            for number, address in enumerate(addresses, 1)
        )


async def _measure(works: Works, rounds: int, only: str) -> bool:
    services = ConsoleServices(works=works, notices=works.notices, public_url=ADDRESS, secret_key=SECRET)
    app = create_console(services)
    clients = {login: await _signed_in(works, app, login) for login in ("agent1", "sue", "ada")}
    counted = [0]
    event.listen(works.engine.sync_engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1))
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|", flush=True)
    async with works.read() as session:
        ours = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        backends = (await session.scalars(ours)).all()
    late = False
    for asked in pages(await _places(works, clients["ada"])):
        if asked.name.startswith(only):
            late |= await _row(clients[asked.login], asked, rounds, counted, backends)
    for client in clients.values():
        await client.aclose()
    return late


async def _row(
    client: httpx.AsyncClient, asked: Asked, rounds: int, counted: list[int], backends: Sequence[int]
) -> bool:
    walls: list[float] = []
    headers = {"HX-Request": "true"} if asked.part else {}
    here = there = 0.0
    for number in range(rounds + WARM_UP):
        if number == WARM_UP:
            here, there = time.process_time(), _cpu_of(backends)
        counted[0] = 0
        wall = time.perf_counter()
        answer = await client.get(asked.path, headers=headers)
        took = time.perf_counter() - wall
        if answer.status_code != 200:
            print(f"| {asked.name} | {asked.login} | answered {answer.status_code} |||||||", flush=True)
            return True
        if number >= WARM_UP:
            walls.append(1000 * took)
    here, there = (
        1000 * (now - then) / rounds for now, then in ((time.process_time(), here), (_cpu_of(backends), there))
    )
    p95 = statistics.quantiles(walls, n=20, method="inclusive")[18]
    late = p95 > asked.target or counted[0] > MOST_STATEMENTS
    figures = (min(walls), statistics.median(walls), p95, here, there)
    target = f"{asked.target}{' MISSED' if late else ''}"
    cells = (asked.name, asked.login, *(f"{figure:.1f}" for figure in figures), str(counted[0]), target)
    print("| " + " | ".join(cells) + " |", flush=True)
    return late


def _cpu_of(backends: Sequence[int]) -> float:
    """Seconds that these processes have used; 0 where the server is on another machine or system."""
    used = 0
    for pid in backends:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            used += sum(int(field) for field in stat.read_text().rpartition(")")[2].split()[11:13])
    return used / os.sysconf("SC_CLK_TCK")


async def _signed_in(works: Works, app: FastAPI, login: str) -> httpx.AsyncClient:
    async with works.begin() as work:
        user = await work.session.scalar(select(User).where(User.login == login))
        assert user is not None
        started = await sessions.start(work, users.actor_of(user))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    cookies = {SESSION_COOKIE: Signer(SECRET).session(started.secret)}
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies, timeout=60)


async def _places(works: Works, client: httpx.AsyncClient) -> dict[str, str]:
    """A conversation of the first agent, cursors of deep pages, a phone number, and the reports that there are."""
    async with works.read() as session:
        many = await session.scalar(select(func.max(Conversation.id))) or 0
        agent = await session.scalar(select(User.id).where(User.login == "agent1"))
        one = await session.scalar(
            select(Conversation.id).where(Conversation.agent_id == agent, Conversation.holder == "agent").limit(1)
        )
        latest = select(Conversation).order_by(Conversation.last_at.desc())
        deep = (await session.scalars(latest.offset(int(0.6 * many)).limit(1))).one()
        waiting = select(Conversation).where(Conversation.holder == "queue").order_by(Conversation.gravity)
        queued = (await session.scalars(waiting.offset(many // 100).limit(1))).one()
        phone = await session.scalar(select(ContactPoint.value).where(ContactPoint.id == many // 2))
        message = (await session.scalar(select(func.max(Message.id))) or 0) // 2
    assert queued.waiting_since is not None
    return {
        "conversation": f"/conversations/{one}",
        "all": write_cursor(Cursor(deep.id, deep.last_at)),
        "queue": write_cursor(Cursor(queued.id, queued.waiting_since, queued.gravity)),
        "phone": str(phone).replace("+", "%2B"),
        "message": str(message),
        "reports": " ".join(await _reports(client)),
    }


async def _reports(client: httpx.AsyncClient) -> list[str]:
    """The reports, and some lists of the rows behind their numbers, as their page links to them."""
    answer = await client.get("/reports")
    if answer.status_code != 200:
        return []
    linked = (unescape(address) for address in re.findall(r'href="(/reports[^"#]*)"', answer.text))
    first = {re.sub(r"=[^&]*", "", address): address for address in linked if "export" not in address}
    return ["/reports", *list(first.values())[:6]]


if __name__ == "__main__":
    asyncio.run(main())
