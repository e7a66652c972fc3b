"""Work in the background: done when it is asked for, by a child process, so that nobody waits for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import structlog

from core.live import Notices
from core.work import Work, Works

_LINE = 2**24
_TO_END_S = 5.0
_log = structlog.get_logger(__name__)
T = TypeVar("T")


async def keep_doing(
    notices: Notices, topic: str, round_: Callable[[], Awaitable[bool]], *, again_s: float, lost: str
) -> None:
    """Rounds until one says that nothing is left, then again when the topic rings or after `again_s`, until cancelled.

    A round that fails is logged as `lost`, without what anybody wrote.
    """
    async with notices.subscribe(topic) as changed:
        while True:
            try:
                while await round_():
                    pass
            except Exception as error:
                _log.error(lost, error=type(error).__name__)
            try:
                async with asyncio.timeout(again_s):
                    await anext(changed)
            except TimeoutError:
                continue


class Lifecycle(Protocol):
    """The actions of a kind of job, each in a transaction of its own. `claim` takes on the next, if there is one;
    `put_back` leaves it for another process, `fail` says why it came to nothing."""

    async def claim(self, work: Work) -> int | None: ...

    async def put_back(self, work: Work, job_id: int, /) -> None: ...

    async def fail(self, work: Work, job_id: int, why: str, /) -> None: ...


async def one_of(works: Works, jobs: Lifecycle, do: Callable[[int], Awaitable[None]]) -> bool:
    """Takes on one job and does it; False where none waits. Whoever is cancelled meanwhile puts it back, and ends all
    the same where that fails: a job that nobody gives a sign of life for is begun anew."""
    async with works.begin() as work:
        job_id = await jobs.claim(work)
    if job_id is None:
        return False
    try:
        await do(job_id)
    except asyncio.CancelledError:
        try:
            async with works.begin() as work:
                await jobs.put_back(work, job_id)
        except Exception as error:
            _log.error("job_not_put_back", job=job_id, error=type(error).__name__)
        raise
    except Exception as error:
        async with works.begin() as work:
            await jobs.fail(work, job_id, type(error).__name__)
        raise
    return True


async def unbroken(step: Coroutine[Any, Any, T]) -> T:
    """What the step gives, which is not cut off in the middle: whoever is cancelled waits for its end first.

    SQLite keeps its lock where a transaction's own words are cut off.
    """
    task = asyncio.create_task(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def told_by(
    program: Sequence[str],
    task: str,
    heard: Callable[[Mapping[str, Any]], Coroutine[Any, Any, bool]],
    *,
    every_s: float,
    at_most_every_s: float = 0.0,
) -> dict[str, Any] | None:
    """Runs a program that reads its task and tells JSON lines; the last one, {} where it told nothing.

    `heard` is called with what was told last, and with the same again while nothing new comes for `every_s`, so that it
    can give a sign of life; where it answers False the program is stopped and the result is None. What comes faster
    than `at_most_every_s` is passed on together.
    """
    child = await asyncio.create_subprocess_exec(
        *program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_LINE
    )
    try:
        return await _listen(child, task, heard, every_s, at_most_every_s)
    finally:
        await _end(child)


async def _listen(
    child: asyncio.subprocess.Process,
    task: str,
    heard: Callable[[Mapping[str, Any]], Coroutine[Any, Any, bool]],
    every_s: float,
    at_most_every_s: float,
) -> dict[str, Any] | None:
    assert child.stdin is not None  # noqa: S101  both are pipes
    assert child.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError, ConnectionResetError):
        child.stdin.write(task.encode())
        await child.stdin.drain()
        child.stdin.close()
    told: dict[str, Any] = {}
    clock = asyncio.get_running_loop()
    passed_on = -at_most_every_s
    reading = asyncio.create_task(child.stdout.readline())
    try:
        while True:
            done, _ = await asyncio.wait({reading}, timeout=every_s)
            if done:
                line = reading.result()
                if not line:
                    return told
                told = json.loads(line)
                reading = asyncio.create_task(child.stdout.readline())
                if clock.time() - passed_on < at_most_every_s:
                    continue
            passed_on = clock.time()
            if not await unbroken(heard(told)):
                return None
    finally:
        reading.cancel()


async def _end(child: asyncio.subprocess.Process) -> None:
    """Asked to end first, so that it can end what it started itself."""
    if child.returncode is not None:
        return
    with suppress(ProcessLookupError):
        child.terminate()
    try:
        async with asyncio.timeout(_TO_END_S):
            await child.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
