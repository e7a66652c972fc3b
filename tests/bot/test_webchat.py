"""The web chat over HTTP: committed before it is accepted, taken once, streamed from where the reader was."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.app import create_webchat
from core.store.tables import Message
from tests.bot.scene import open_bank
from tests.bot.serving import served
from tests.support.ports import free_port


@pytest.fixture
async def bank(migrated_sqlite_url, tmp_path):
    port = free_port()
    async with open_bank(migrated_sqlite_url, tmp_path, f"http://127.0.0.1:{port}") as opened:
        application = FastAPI()
        application.include_router(create_webchat(opened.services))
        async with served(application, port):
            await opened.start()
            yield opened
            opened.services.closing.set()


@pytest.fixture
async def browser(bank):
    async with httpx.AsyncClient(base_url=bank.services.options.public_url, trust_env=False, timeout=10) as client:
        yield client


async def opened(bank, browser) -> str:
    """The path of a chat whose page this browser has fetched."""
    path = f"/c/{await bank.link(bank.en)}"
    assert (await browser.get(path)).status_code == 200
    return path


async def read(browser, path: str, count: int, headers: dict[str, str] | None = None, after: int = 0):
    """The first `count` messages of the stream, as (id, message)."""
    seen: list[tuple[int, Any]] = []
    async with browser.stream("GET", f"{path}/events?after={after}", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        number = None
        async for line in stream.aiter_lines():
            if line.startswith("id: "):
                number = int(line[4:])
            elif line.startswith("data: ") and number is not None:
                seen.append((number, json.loads(line[6:])))
                number = None
                if len(seen) == count:
                    break
    return seen


async def test_fetching_the_page_opens_no_conversation_but_reading_it_does(bank, browser):
    path = await opened(bank, browser)
    assert await bank.rows(Message) == []
    messages = await read(browser, path, 2)
    assert "automated assistant" in messages[0][1]["text"]
    assert [row.kind for row in await bank.rows(Message) if row.direction == "in"] == ["start"]


async def test_a_message_is_committed_before_it_is_accepted_and_taken_once(bank, browser):
    path = await opened(bank, browser)
    said = {"client_key": "abcdefgh-1", "text": "hello"}
    first = await browser.post(f"{path}/messages", json=said)
    assert first.status_code == 202
    assert first.json()["message_id"] in [row.id for row in await bank.rows(Message)]
    again = await browser.post(f"{path}/messages", json=said)
    assert again.json() == {"message_id": first.json()["message_id"], "repeat": True}
    await bank.services.front.settled()
    assert [row.text for row in await bank.rows(Message)].count("hello") == 1


async def test_twenty_at_once_with_one_key_are_taken_once(bank, browser):
    path = await opened(bank, browser)
    said = {"client_key": "abcdefgh-1", "text": "hello"}
    answers = await asyncio.gather(*(browser.post(f"{path}/messages", json=said) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert [row.text for row in await bank.rows(Message)].count("hello") == 1


async def test_the_stream_goes_on_where_the_reader_was(bank, browser):
    path = await opened(bank, browser)
    greeting, question = await read(browser, path, 2)
    await browser.post(f"{path}/messages", json={"client_key": "abcdefgh-1", "text": "April 12, 1990"})
    rest = await read(browser, path, 2, headers={"Last-Event-ID": str(greeting[0])})
    assert rest[0] == question
    assert rest[1][1]["key"] == "abcdefgh-1"
    more = (await browser.get(f"{path}/messages?after={rest[1][0]}")).json()
    assert all(message["id"] > rest[1][0] for message in more["messages"])
    assert more["state"]["holder"] == "bot"


async def test_an_idle_stream_holds_no_database_connection(bank, browser):
    path = await opened(bank, browser)
    await read(browser, path, 2)
    await bank.services.front.settled()
    async with browser.stream("GET", f"{path}/events"):
        await asyncio.sleep(0.3)
        assert bank.works.engine.pool.checkedout() == 0


@pytest.mark.parametrize(
    "said",
    [
        {"client_key": "short", "text": "hi"},
        {"client_key": "abcdefgh-1"},
        {"client_key": "abcdefgh-1", "text": "   "},
        {"client_key": "abc defgh<1>", "text": "hi"},
    ],
)
async def test_what_is_no_message_is_refused(bank, browser, said):
    assert (await browser.post(f"{await opened(bank, browser)}/messages", json=said)).status_code == 422
    assert await bank.rows(Message) == []


async def test_too_long_and_too_many_are_refused_with_a_hint(bank, browser):
    path = await opened(bank, browser)
    long = await browser.post(f"{path}/messages", json={"client_key": "abcdefgh-0", "text": "好" * 4097})
    assert (long.status_code, long.json()["error"]) == (413, "too_long")
    for number in range(30):
        await browser.post(f"{path}/messages", json={"client_key": f"abcdefgh-{number}", "text": "hi"})
    many = await browser.post(f"{path}/messages", json={"client_key": "abcdefgh-99", "text": "hi"})
    assert (many.status_code, many.json()["error"]) == (429, "too_many")
    assert "wait a few seconds" in many.json()["hint"]


@pytest.mark.parametrize("path", ["/c/nothing/messages", "/c/nothing/events", "/c/nothing", "/p/nothing", "/p/no.pdf"])
async def test_unknown_addresses_are_not_found(bank, browser, path):
    assert (await browser.get(path)).status_code == 404


@pytest.mark.parametrize("name", ["chat.js", "chat.css", "icon.svg"])
async def test_the_pages_files_are_fetched_once(bank, browser, name):
    first = await browser.get(f"/chat/static/{name}")
    again = await browser.get(f"/chat/static/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


async def test_nothing_else_is_served(bank, browser):
    assert (await browser.get("/chat/static/..%2fpages.py")).status_code == 404


async def test_that_somebody_types_is_passed_on_both_ways_and_kept_nowhere(bank, browser):
    path = await opened(bank, browser)
    assert (await browser.post(f"{path}/typing")).status_code == 204
    await browser.get(f"{path}/messages")
    await bank.services.front.settled()
    before = len(await bank.rows(Message))
    notices = bank.services.notices
    async with notices.subscribe("typing:*") as rings:
        assert (await browser.post(f"{path}/typing")).status_code == 204
        topic = await asyncio.wait_for(anext(rings), 20)
    assert topic.endswith(":debtor")
    async with browser.stream("GET", f"{path}/events") as stream:
        lines = stream.aiter_lines()
        async for line in lines:
            if line.startswith("event: state"):
                break
        await notices.publish([topic.replace(":debtor", ":agent")])
        async with asyncio.timeout(20):
            async for line in lines:
                if line == "event: typing":
                    break
    assert len(await bank.rows(Message)) == before
    assert (await browser.post("/c/nothing/typing")).status_code == 404
