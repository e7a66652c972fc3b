"""Counts of all processes together, in Redis."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.live.counters import MOST, InProcessCounters

_KEPT_FOR = timedelta(minutes=1)
"""A window may grow until then, as the part of a minute that has passed does."""
_WAIT_S = 0.5
"""Nobody waits longer for a count."""
_AWAY_S = 5.0
"""So long after Redis failed it is not asked again."""
_log = structlog.get_logger(__name__)


class RedisCounters:
    """Counted in Redis for every process, and here besides: while Redis is away each process goes by its own count.

    Names are kept as digests: they tell who signs in from where.
    """

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S)
        self._here = InProcessCounters()
        self._away_until = 0.0

    async def add(self, name: str, at: datetime, window: timedelta) -> int:
        """As `Counters`."""
        here = await self._here.add(name, at, window)

        async def everywhere() -> int:
            key = _key(name)
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.zadd(key, {uuid4().hex: at.timestamp()})
                pipe.zremrangebyscore(key, "-inf", (at - window).timestamp())
                pipe.zremrangebyrank(key, 0, -MOST - 1)
                pipe.pexpire(key, max(window, _KEPT_FOR))
                pipe.zcard(key)
                return int((await pipe.execute())[-1])

        return await self._asked(everywhere, here)

    async def count(self, name: str, at: datetime, window: timedelta) -> int:
        """As `Counters`."""
        here = await self._here.count(name, at, window)

        async def everywhere() -> int:
            return int(await self._redis.zcount(_key(name), f"({(at - window).timestamp()}", "+inf"))

        return await self._asked(everywhere, here)

    async def forget(self, name: str) -> None:
        """As `Counters`."""
        await self._here.forget(name)

        async def everywhere() -> int:
            return int(await self._redis.delete(_key(name)))

        await self._asked(everywhere, 0)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()

    async def _asked(self, everywhere: Callable[[], Awaitable[int]], here: int) -> int:
        """What Redis says; what is known here where it does not answer."""
        clock = asyncio.get_running_loop()
        if clock.time() < self._away_until:
            return here
        try:
            return await everywhere()
        except (RedisError, OSError, TimeoutError) as error:
            self._away_until = clock.time() + _AWAY_S
            _log.warning("redis_counts_lost", error=str(error))
            return here


def _key(name: str) -> str:
    return f"parley:count:{sha256(name.encode()).hexdigest()[:32]}"
