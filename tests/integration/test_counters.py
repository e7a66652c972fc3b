"""How often something may happen is counted for all processes together, and by each alone while Redis is away."""

import time
from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from console.api.caller import Rates
from console.app import create_console
from console.limiter import Limiter
from console.services import ConsoleServices
from core.actions import users
from core.live import Counters, InProcessCounters, RedisCounters, counters, redis_counters
from core.work import Works
from tests.console.conftest import ADDRESS, browser_on
from tests.support.redis import RedisServer

NOON = datetime(2026, 11, 23, 12, 0, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@asynccontextmanager
async def processes(url: str, count: int = 2) -> AsyncIterator[list[RedisCounters]]:
    """Counters of so many processes on one Redis."""
    opened = [RedisCounters(url) for _ in range(count)]
    yield opened
    for each in opened:
        await each.aclose()


@pytest.fixture(params=["process", "redis"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Counters]:
    """Counters of each kind."""
    if request.param == "process":
        yield InProcessCounters()
        return
    async with processes(request.getfixturevalue("redis_url"), 1) as [opened]:
        yield opened


async def test_what_is_older_than_the_window_is_forgotten(either: Counters) -> None:
    assert [await either.add("a", NOON + timedelta(seconds=s), MINUTE) for s in (0, 20, 40)] == [1, 2, 3]
    assert await either.count("a", NOON + timedelta(seconds=59), MINUTE) == 3
    assert await either.count("a", NOON + timedelta(seconds=60), MINUTE) == 2
    assert await either.add("a", NOON + timedelta(seconds=90), MINUTE) == 2
    assert await either.count("b", NOON, MINUTE) == 0
    await either.forget("a")
    assert await either.count("a", NOON + timedelta(seconds=90), MINUTE) == 0


async def test_it_is_counted_no_further_than_anyone_asks(either: Counters, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (counters, redis_counters):
        monkeypatch.setattr(module, "MOST", 3)
    assert [await either.add("a", NOON, MINUTE) for _ in range(5)] == [1, 2, 3, 3, 3]


async def test_a_process_forgets_what_it_has_not_heard_of_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "NAMES_KEPT", 2)
    here = InProcessCounters()
    for name in ("a", "b", "c"):
        await here.add(name, NOON, MINUTE)
    assert [await here.count(name, NOON, MINUTE) for name in ("a", "b", "c")] == [0, 1, 1]


async def test_a_key_has_one_limit_whichever_process_it_asks_and_a_new_one_each_minute(redis_url: str) -> None:
    async with processes(redis_url) as opened:
        first, second = (Rates(each, 3) for each in opened)
        asked = [await rates.take(7, NOON) for rates in (first, second, first, second)]
        assert asked == [(2, 40), (1, 40), (0, 40), (-1, 40)]
        assert (await second.take(8, NOON))[0] == 2
        ends = NOON + timedelta(seconds=39)
        assert (await first.take(7, ends))[0] == -1
        assert await first.take(7, NOON + timedelta(seconds=40)) == (2, 60)


async def test_failed_logins_count_in_every_process_and_a_right_one_starts_over_in_all(redis_url: str) -> None:
    async with processes(redis_url) as opened:
        here, there = (Limiter(each, most=2) for each in opened)
        assert [await each.may_try("ana 10.0.0.1", NOON) for each in (here, there)] == [True, True]
        assert [await each.may_try("ana 10.0.0.1", NOON) for each in (here, there)] == [False, False]
        assert await here.may_try("ana 10.0.0.2", NOON)
        await here.forget("ana 10.0.0.1")
        assert [await each.may_try("ana 10.0.0.1", NOON) for each in (here, there)] == [True, True]


async def test_of_many_guesses_at_the_same_moment_no_more_are_tried_than_of_as_many_in_turn(redis_url: str) -> None:
    async with processes(redis_url) as opened:
        limiters = [Limiter(each, most=5) for each in opened]
        tried = await gather(*(limiters[n % 2].may_try("ana 10.0.0.1", NOON) for n in range(40)))
        assert sum(tried) == 5


async def test_who_guesses_at_two_consoles_is_stopped_at_both(works: Works, redis_url: str) -> None:
    async with works.begin() as work:
        await users.create(work, "ana", "Ana", "agent", "a long password")
    async with processes(redis_url) as opened:
        browsers = [
            await browser_on(
                create_console(
                    ConsoleServices(
                        works=works,
                        notices=works.notices,
                        public_url=ADDRESS,
                        secret_key="k" * 32,
                        counters=each,
                    )
                )
            )
            for each in opened
        ]
        guessed = [(await browsers[number % 2].sign_in("ana", "wrong password")).status_code for number in range(5)]
        assert guessed == [401] * 5
        assert [(await browser.sign_in("ana", "a long password")).status_code for browser in browsers] == [429, 429]
        for browser in browsers:
            await browser.client.aclose()


async def test_while_redis_is_away_each_process_goes_by_its_own_count_without_waiting_for_it(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_counters, "_AWAY_S", 0.2)
    async with processes(redis_server.url) as [here, there]:
        assert [await each.add("a", NOON, MINUTE) for each in (here, there, here)] == [1, 2, 3]
        redis_server.stop()
        assert [await each.add("a", NOON, MINUTE) for each in (here, there)] == [3, 2]
        monkeypatch.setattr(redis_counters, "_AWAY_S", 60.0)
        await here.count("a", NOON, MINUTE)
        here._away_until = 0.0
        await here.count("a", NOON, MINUTE)
        began = time.monotonic()
        for _ in range(200):
            await here.count("a", NOON, MINUTE)
        assert time.monotonic() - began < 0.5
        await here.forget("a")
        assert await here.count("a", NOON, MINUTE) == 0
        redis_server.start()
        here._away_until = there._away_until = 0.0
        assert [await each.add("b", NOON, MINUTE) for each in (here, there)] == [1, 2]
