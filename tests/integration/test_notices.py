"""Notices ring for whoever listens, and never get in the way."""

import asyncio
from contextlib import suppress

import pytest

from core.live import InProcessNotices, RedisNotices


async def test_a_subscriber_hears_its_topics_and_prefixes_only() -> None:
    notices = InProcessNotices()
    async with notices.subscribe("queue", "conversation:*") as heard:
        await notices.publish(["outbox", "conversation:7", "queue"])
        assert [await anext(heard), await anext(heard)] == ["conversation:7", "queue"]


async def test_a_topic_that_rang_often_is_told_once() -> None:
    notices = InProcessNotices()
    async with notices.subscribe("queue", "outbox") as heard:
        await notices.publish(["queue", "queue"])
        await notices.publish(["queue", "outbox"])
        assert [await anext(heard), await anext(heard)] == ["queue", "outbox"]


async def test_waiting_may_be_given_up_and_taken_up_again() -> None:
    notices = InProcessNotices()
    async with notices.subscribe("queue") as heard:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(heard), 0.01)
        await notices.publish(["queue"])
        assert await anext(heard) == "queue"


async def test_two_processes_hear_each_other_over_redis(redis_url: str) -> None:
    here, there = RedisNotices(redis_url), RedisNotices(redis_url)
    try:
        async with there.subscribe("queue") as heard:
            async with asyncio.timeout(20):
                while True:
                    await here.publish(["queue"])
                    with suppress(TimeoutError):
                        assert await asyncio.wait_for(anext(heard), 0.2) == "queue"
                        break
    finally:
        await here.aclose()
        await there.aclose()


async def test_without_redis_this_process_still_hears_itself() -> None:
    notices = RedisNotices("redis://127.0.0.1:1/0")
    try:
        async with notices.subscribe("queue") as heard:
            await notices.publish(["queue"])
            assert await anext(heard) == "queue"
    finally:
        await notices.aclose()
