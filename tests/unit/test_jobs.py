"""A background job that is cut short: it is put back where that can be, and nothing is left half done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from core.work import Work, Works
from parley.jobs import one_of, unbroken


class Fails:
    """Begins nothing once its store is `gone`."""

    gone = False

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        if self.gone:
            raise OSError("the store is gone")
        yield cast(Work, None)


class OneJob:
    async def claim(self, work: Work) -> int | None:
        return 7

    async def put_back(self, work: Work, job_id: int, /) -> None:
        raise AssertionError("nothing can be put back into a store that is gone")

    async def fail(self, work: Work, job_id: int, why: str, /) -> None:
        raise AssertionError(why)


async def test_whoever_is_cancelled_ends_though_the_job_cannot_be_put_back() -> None:
    works, began = Fails(), asyncio.Event()

    async def work_on(_: int) -> None:
        began.set()
        await asyncio.sleep(3600)

    task = asyncio.create_task(one_of(cast(Works, works), OneJob(), work_on))
    await began.wait()
    works.gone = True
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_step_is_not_cut_off_in_the_middle() -> None:
    began, may_end, ended = asyncio.Event(), asyncio.Event(), []

    async def step() -> None:
        began.set()
        await may_end.wait()
        ended.append(True)

    task = asyncio.create_task(unbroken(step()))
    await began.wait()
    task.cancel()
    asyncio.get_running_loop().call_later(0.05, may_end.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [True]


async def test_a_step_gives_what_it_gives_and_raises_what_it_raises() -> None:
    async def gives() -> int:
        return 3

    async def raises() -> None:
        raise ValueError("no")

    assert await unbroken(gives()) == 3
    with pytest.raises(ValueError, match="no"):
        await unbroken(raises())
