"""The processes as they are started: three of them over PostgreSQL and Redis as in production, and the demo alone."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from core.actions import links, users
from core.actions.portfolio import upsert
from core.clock import SystemClock
from core.live import InProcessNotices
from core.settings import Settings
from core.store.tables import Outbox
from core.work import Works, make_engine
from parley import processes
from parley.models import ModelKeeper
from parley.script import stage
from parley.script.document import read
from tests.bot.scene import until
from tests.console.conftest import Browser, words
from tests.support.model import lend_model
from tests.support.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
PASSWORD = "a long password"
CASE = {
    "market": "uk",
    "lang": "en",
    "creditor": "Northgate Bank",
    "now": "2026-11-23T15:00:00+00:00",
    "case": {
        "reference": "NB-1",
        "product": "credit_card",
        "currency": "GBP",
        "days_past_due": 60,
        "balance": {"principal": "900.00", "interest": "40.00", "fees": "10.00"},
        "debtor": {
            "name": "Tom Hughes",
            "birth_date": "1979-11-30",
            "phone_last4": "0118",
            "time_zone": "Europe/London",
        },
    },
}


@dataclass
class Started:
    """A process of Parley, and what it printed so far."""

    process: asyncio.subprocess.Process
    printed: list[str]
    reading: "asyncio.Task[None]"

    async def stop(self) -> int:
        """Tell it to stop, and its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            await self.reading
            return await self.process.wait()

    def kill(self) -> None:
        """As the machine would."""
        self.process.kill()


@asynccontextmanager
async def started(*arguments: str, **environment: str) -> AsyncIterator[Started]:
    """`parley …` with this environment; told to stop at the end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "parley.cli", *arguments,
        cwd=ROOT, env={**kept, "PYTHONUNBUFFERED": "1", **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    printed: list[str] = []

    async def listen() -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            printed.append(line.decode().rstrip())  # noqa: PERF401  it is read while it grows

    running = Started(process, printed, asyncio.create_task(listen()))
    try:
        yield running
    except BaseException as error:
        error.add_note("\n".join((f"parley {' '.join(arguments)} (exit {process.returncode}) had printed:", *printed)))
        raise
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await running.reading


async def answering(address: str) -> None:
    """Wait until the process says that it is well."""

    async def well() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"{address}/healthz")).status_code == 200
        except httpx.TransportError:
            return False

    await until(well, seconds=60)


async def furnish(works: Works) -> str:
    """An agent, one case, and the code that opens its chat."""
    async with works.begin() as work:
        await users.create(work, "ana", "Ana Torres", "agent", PASSWORD)
        await upsert(work, [stage.case_of(read(CASE))], "test")
    async with works.begin() as work:
        return await links.issue(work, await stage.only_case(works), 14)


@dataclass
class Chat:
    """The debtor's browser, as its script speaks."""

    client: httpx.AsyncClient
    path: str
    sent: int = 0

    async def messages(self) -> list[dict[str, Any]]:
        return list((await self.client.get(f"{self.path}/messages")).json()["messages"])

    async def say(self, text: str) -> None:
        self.sent += 1
        answer = await self.client.post(
            f"{self.path}/messages", json={"client_key": f"message-{self.sent}", "text": text}
        )
        assert answer.status_code == 202

    async def heard(self, author: str, count: int) -> list[dict[str, Any]]:
        """What this author said, once it is so much."""
        found: list[dict[str, Any]] = []

        async def there() -> bool:
            found[:] = [message for message in await self.messages() if message["from"] == author]
            return len(found) >= count

        await until(there, seconds=30)
        return found


async def test_a_conversation_goes_through_console_bot_and_worker(pg_url: str, redis_url: str, tmp_path: Path) -> None:
    """As docker-compose.yml starts them: migrate, then one process each, on one PostgreSQL and one Redis."""
    lend_model(tmp_path)
    ports = {"console": free_port(), "bot": free_port()}
    shared = {
        "PARLEY_DATABASE_URL": pg_url,
        "PARLEY_REDIS_URL": redis_url,
        "PARLEY_SECRET_KEY": "k" * 40,
        "PARLEY_DATA_DIR": str(tmp_path),
        "PARLEY_PUBLIC_URL": f"http://127.0.0.1:{ports['bot']}",
    }
    async with started("migrate", **shared) as migrate:
        assert await asyncio.wait_for(migrate.process.wait(), 60) == 0, migrate.printed
    works = Works(make_engine(pg_url), InProcessNotices(), SystemClock())
    async with (
        started("serve", "console", **shared, PARLEY_PORT=str(ports["console"])) as console,
        started("serve", "bot", **shared, PARLEY_PORT=str(ports["bot"])) as bot,
        started("serve", "worker", **shared) as worker,
    ):
        for port in ports.values():
            await answering(f"http://127.0.0.1:{port}")
        code = await furnish(works)
        await _conversation(works, code, ports)
        assert [await part.stop() for part in (console, bot, worker)] == [0, 0, 0]
    await works.dispose()


async def test_a_console_with_pages_open_stops_at_once_and_they_come_back_to_the_next(
    tmp_path: Path, redis_url: str
) -> None:
    address = f"http://127.0.0.1:{(port := free_port())}"
    told = {"PARLEY_DATA_DIR": str(tmp_path), "PARLEY_SECRET_KEY": "k" * 40, "PARLEY_PORT": str(port)}
    told["PARLEY_REDIS_URL"] = redis_url
    async with started("migrate", **told) as migrate:
        assert await asyncio.wait_for(migrate.process.wait(), 60) == 0, migrate.printed
    works = Works(make_engine(f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"), InProcessNotices(), SystemClock())
    await furnish(works)
    await works.dispose()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60, limits=limits) as desk:
        for round_ in range(2):
            async with started("serve", "console", **told) as console:
                await answering(address)
                if not round_:
                    assert (await Browser(desk).sign_in("nobody", PASSWORD)).status_code == 401
                    async with Redis.from_url(redis_url) as redis:
                        assert len(await redis.keys("parley:count:*")) == 1
                    assert (await Browser(desk).sign_in("ana", PASSWORD)).status_code == 303
                opened = [asyncio.Event() for _ in range(40)]
                pages = [asyncio.create_task(_listen(desk, each)) for each in opened]
                await asyncio.wait_for(asyncio.gather(*(each.wait() for each in opened)), 60)
                began = time.monotonic()
                assert await console.stop() == 0
                assert time.monotonic() - began < 4
                heard = await asyncio.wait_for(asyncio.gather(*pages), 20)
                assert all("event: queue\n" in text for text in heard)
                assert not [line for line in console.printed if "Traceback" in line or "Cancel" in line]


async def _listen(desk: httpx.AsyncClient, opened: asyncio.Event) -> str:
    """What an open page hears until the stream ends as it should."""
    heard = ""
    async with desk.stream("GET", "/live") as stream:
        assert stream.status_code == 200
        async for piece in stream.aiter_text():
            heard += piece
            opened.set()
    return heard


async def _conversation(works: Works, code: str, ports: dict[str, int]) -> None:
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['bot']}", trust_env=False) as phone,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['console']}", trust_env=False) as desk,
    ):
        chat = Chat(phone, f"/c/{code}")
        await phone.get(chat.path)
        await chat.heard("bot", 1)
        await chat.say("can i talk to a real person please")
        agent = Browser(desk)
        assert (await agent.sign_in("ana", PASSWORD)).status_code == 303

        async def waiting() -> bool:
            return "Tom Hughes" in words((await agent.get("/?box=queue")).text)

        await until(waiting, seconds=30)
        await agent.post("/conversations/1/take")
        said = len([message for message in await chat.messages() if message["from"] == "bot"])
        await agent.post("/conversations/1/reply", text="Hello Tom, I am Ana.", client_key="desk-1")
        [reply] = await chat.heard("agent", 1)
        assert (reply["text"], reply["name"]) == ("Hello Tom, I am Ana.", "Ana Torres")
        await chat.say("hello Ana")

        async def arrived() -> bool:
            return "hello Ana" in words((await agent.get("/conversations/1")).text)

        await until(arrived, seconds=30)
        await agent.post("/conversations/1/back")
        assert len(await chat.heard("bot", said + 1)) == said + 1
    async with works.read() as session:
        states = set((await session.scalars(select(Outbox.state))).all())
    assert states == {"sent"}


async def test_a_process_that_can_no_longer_do_its_part_stops_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(keeper: ModelKeeper) -> None:
        raise RuntimeError("the part is broken")

    lend_model(tmp_path)
    monkeypatch.setattr(ModelKeeper, "run", breaks)
    monkeypatch.setattr(processes, "set_up_logs", lambda: None)
    settings = Settings(_env_file=None, data_dir=tmp_path, secret_key="k" * 40, port=free_port())
    with pytest.raises(RuntimeError, match="the part is broken"):
        await asyncio.wait_for(processes.serve(settings, {"bot", "console"}), 60)


async def test_the_demo_tells_where_to_look_and_keeps_what_it_has(tmp_path: Path) -> None:
    lend_model(tmp_path)
    port = free_port()
    codes: list[set[str]] = []
    for _ in range(2):
        async with started("demo", "--port", str(port), PARLEY_DATA_DIR=str(tmp_path)) as demo:

            async def ready(of: Started = demo) -> bool:
                assert of.process.returncode is None, of.printed
                return any("Ready in" in line for line in of.printed)

            await until(ready, seconds=100)
            text = "\n".join(demo.printed)
            async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{port}") as client:
                assert (await client.get("/login")).status_code == 200
                codes.append(set(re.findall(rf"http://127\.0\.0\.1:{port}(/c/\S+)", text)))
                for path in set().union(*codes):
                    assert (await client.get(path)).status_code == 200
            assert await demo.stop() == 0
    assert [len(found) for found in codes] == [6, 6]
    for login in ("ana (agent)", "sue (supervisor)", "max (manager)", "ada (admin)"):
        assert login in text
    assert "PARLEY_TELEGRAM_TOKEN" in text
