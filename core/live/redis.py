"""Notices between processes over Redis publish/subscribe."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from uuid import uuid4

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.live.inprocess import InProcessNotices

_CHANNEL = "parley:notices"
_RETRY_S = 1.0
_log = structlog.get_logger(__name__)


class RedisNotices:
    """Rings here at once and elsewhere through Redis; without Redis the other processes learn later, by looking."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._listener: Redis = Redis.from_url(url, socket_connect_timeout=2, health_check_interval=15)
        self._here = InProcessNotices()
        self._name = uuid4().hex
        self._reader: asyncio.Task[None] | None = None

    async def publish(self, topics: Iterable[str]) -> None:
        """Tell this process now, and the others if Redis answers."""
        told = tuple(topics)
        await self._here.publish(told)
        try:
            await self._redis.publish(_CHANNEL, json.dumps({"from": self._name, "topics": told}))
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("redis_notice_lost", topics=list(told), error=str(error))

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """The topics that change, here or elsewhere, while the context is open."""
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(), name="redis-notices")
        return self._here.subscribe(*topics)

    async def aclose(self) -> None:
        """Stop listening and let go of the connections."""
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        await self._redis.aclose()
        await self._listener.aclose()

    async def _read(self) -> None:
        lost = False
        while True:
            try:
                async with self._listener.pubsub() as channel:
                    await channel.subscribe(_CHANNEL)
                    if lost:
                        self._here.ring_all()
                    lost = False
                    async for message in channel.listen():
                        if message["type"] == "message":
                            await self._hear(message["data"])
            except (RedisError, OSError, TimeoutError) as error:
                _log.warning("redis_lost", error=str(error))
            lost = True
            await asyncio.sleep(_RETRY_S)

    async def _hear(self, data: bytes) -> None:
        try:
            said = json.loads(data)
            topics = [str(topic) for topic in said["topics"]]
            sender = said["from"]
        except (ValueError, KeyError, TypeError):
            return
        if sender != self._name:
            await self._here.publish(topics)
