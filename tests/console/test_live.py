"""The doorbell: what it rings, and what it does not hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from sqlalchemy.pool import QueuePool

from console.routes.live import changes
from core.live import InProcessNotices
from tests.console.office import Office


async def next_of(stream: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(stream), 20)


async def test_it_rings_once_for_all_that_may_have_changed_before_it_listened_and_then_for_each_change() -> None:
    notices = InProcessNotices()
    stream = changes(notices, ("queue", "conversation:4"), asyncio.Event())
    assert [await next_of(stream), await next_of(stream)] == [
        "event: queue\ndata: queue\n\n",
        "event: conversation:4\ndata: conversation:4\n\n",
    ]
    await notices.publish(["conversation:5", "outbox", "conversation:4"])
    assert (await next_of(stream)).startswith("event: conversation:4\n")
    await notices.publish(["queue", "queue"])
    assert (await next_of(stream)).startswith("event: queue\n")


async def test_while_nothing_happens_it_says_that_it_is_there_and_at_last_ends() -> None:
    stream = changes(InProcessNotices(), ("queue",), asyncio.Event(), quiet=0.02, longest=0.05)
    heard = [piece async for piece in stream]
    assert heard[0].startswith("event: queue")
    assert set(heard[1:]) == {": still here\n\n"}


async def test_it_ends_at_once_when_the_process_is_told_to_stop_and_leaves_nothing_behind() -> None:
    notices, closing = InProcessNotices(), asyncio.Event()
    stream = changes(notices, ("queue",), closing)
    await next_of(stream)
    tasks = asyncio.all_tasks()
    listening = asyncio.ensure_future(anext(stream, None))
    await asyncio.sleep(0.01)
    closing.set()
    assert await asyncio.wait_for(listening, 20) is None
    assert not notices._subscriptions
    assert asyncio.all_tasks() == tasks


async def test_a_stream_that_is_closed_is_listened_to_no_longer() -> None:
    notices = InProcessNotices()
    stream = changes(notices, ("queue",), asyncio.Event())
    await next_of(stream)
    await next_of_or_cancel(stream)
    assert not notices._subscriptions


async def next_of_or_cancel(stream: AsyncIterator[str]) -> None:
    """Wait for what never comes, and be cancelled, as when a browser goes away."""
    task = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_listening_tab_holds_no_database_connection(office: Office) -> None:
    stream = changes(office.works.notices, ("queue",), asyncio.Event())
    await next_of(stream)
    pool = office.works.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    await next_of_or_cancel(stream)
