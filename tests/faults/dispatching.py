"""A process that is killed: the worker that gives the queue out, over a database."""

import asyncio

from core.clock import SystemClock
from core.live import InProcessNotices
from core.work import Works, make_engine
from parley.dispatch import Dispatcher


def main(url: str) -> None:
    """Give out until killed, without a pause."""
    asyncio.run(_serve(url))


async def _serve(url: str) -> None:
    dispatcher = Dispatcher(Works(make_engine(url), InProcessNotices(), SystemClock()))
    while True:
        await dispatcher.round()
        await asyncio.sleep(0.05)
