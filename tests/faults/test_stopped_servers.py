"""Redis and PostgreSQL go away for a while: things come later, nothing is lost, and nothing is allowed by it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot.options import BotOptions
from bot.services import BotServices
from core.actions import limits, links, takeover, users
from core.actions.portfolio import upsert
from core.actions.values import Actor
from core.clock import SystemClock
from core.live import RedisNotices
from core.settings import Settings
from core.store.tables import Message, Outbox, Table
from core.work import Works, make_engine
from parley.processes import Process, application
from parley.script import stage
from parley.script.document import read
from tests.bot.scene import PhraseEngine, until
from tests.bot.serving import served
from tests.faults.test_kills import CASE
from tests.support.ports import free_port
from tests.support.redis import RedisServer

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@dataclass
class Place:
    """A web process and a worker, each with its own connections, over one PostgreSQL and one Redis."""

    web: BotServices
    worker: BotServices
    client: httpx.AsyncClient
    path: str
    ana: Actor

    async def rows(self, table: type[Table], **where: Any) -> list[Any]:
        async with self.web.works.read() as session:
            return list((await session.scalars(select(table).filter_by(**where).order_by(table.id))).all())

    async def post(self, text: str, key: str) -> httpx.Response:
        return await self.client.post(f"{self.path}/messages", json={"client_key": f"message-{key}", "text": text})

    async def all_sent(self, *fates: str) -> None:
        """Wait until the last that the debtor sent has its answer, and all has left but what met one of these fates."""

        async def true() -> bool:
            last = (await self.rows(Message, direction="in"))[-1].id
            rows = await self.rows(Outbox)
            return any(row.reply_to == last for row in rows) and {row.state for row in rows} <= {"sent", *fates}

        await until(true, seconds=60)


@asynccontextmanager
async def _services(url: str, redis_url: str, address: str) -> AsyncIterator[BotServices]:
    notices = RedisNotices(redis_url)
    works = Works(make_engine(url), notices, SystemClock())
    services = BotServices(works, notices, PhraseEngine(), works.clock, options=BotOptions(public_url=address))
    yield services
    await services.close()
    await works.dispose()
    await notices.aclose()


@pytest.fixture
async def place(migrated_pg_url: str, redis_server: RedisServer, tmp_path: Path) -> AsyncIterator[Place]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with (
        _services(migrated_pg_url, redis_server.url, address) as web,
        _services(migrated_pg_url, redis_server.url, address) as worker,
    ):
        async with web.works.begin() as work:
            await limits.ensure_default(work)
            await upsert(work, [stage.case_of(read(CASE))], "test")
            ana = await users.create(work, "ana", "Ana", "agent", "a long password")
        async with web.works.begin() as work:
            code = await links.issue(work, await stage.only_case(web.works), 14)
        process = Process(Settings(data_dir=tmp_path), web.works, web, None)
        app = application(process, {"bot"})
        application(Process(Settings(data_dir=tmp_path), worker.works, worker, None), {"bot"})
        job = asyncio.create_task(worker.run())
        async with served(app, port), httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
            place = Place(web, worker, client, f"/c/{code}", ana)
            await client.get(f"{place.path}/messages")
            await place.all_sent()
            yield place
            web.closing.set()
        await worker.close()
        await asyncio.wait_for(job, 20)


async def test_without_redis_answers_come_later_and_an_agent_is_still_the_only_one_who_speaks(
    place: Place, redis_server: RedisServer
) -> None:
    redis_server.stop()
    assert (await place.post("hello", "one")).status_code == 202
    await place.all_sent()
    [conversation_id] = {row.conversation_id for row in await place.rows(Message)}
    async with place.web.works.begin() as work:
        await takeover.take_over(work, conversation_id, place.ana)
    said = len(await place.rows(Outbox))
    assert (await place.post("are you there?", "two")).status_code == 202
    await place.web.front.settled()
    assert len(await place.rows(Outbox)) == said
    redis_server.start()
    async with place.web.works.begin() as work:
        await takeover.hand_back(work, conversation_id, place.ana)
    assert (await place.post("hello again", "three")).status_code == 202
    await place.all_sent()


class Outage:
    """The database refuses connections and ends those that there are."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)

    def _run(self, statement: str) -> None:
        host = str(self._url.query["host"])
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.format(name=self._url.database))

    def begins(self) -> None:
        self._run('ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def ends(self) -> None:
        self._run('ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


async def test_while_the_database_is_away_the_debtor_is_told_kindly_and_afterwards_nothing_is_lost(
    place: Place, migrated_pg_url: str
) -> None:
    assert (await place.post("hello", "one")).status_code == 202
    outage = Outage(migrated_pg_url)
    outage.begins()
    try:
        refused = await place.post("how much do I owe?", "two")
        page = await place.client.get(place.path, headers={"Accept": "text/html", "Accept-Language": "zh-CN"})
        health = await place.client.get("/healthz")
    finally:
        outage.ends()
    assert (refused.status_code, refused.json()["error"]) == (503, "unavailable")
    assert "nothing that was sent is lost" in refused.json()["hint"]
    assert (page.status_code, "请过一会儿再试" in page.text, "again in a moment" in page.text) == (503, True, True)
    assert (health.status_code, health.json()["status"]) == (503, "database unavailable")
    again = [await place.post("how much do I owe?", "two") for _ in range(2)]
    assert [answer.json()["repeat"] for answer in again] == [False, True]
    await place.all_sent("unknown")
    assert [row.text for row in await place.rows(Message, direction="in")] == ["", "hello", "how much do I owe?"]
