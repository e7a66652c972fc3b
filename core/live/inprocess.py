"""Notices inside one process."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager


class Subscription:
    """Topics waiting to be read, each once however often it rang."""

    def __init__(self, topics: tuple[str, ...]) -> None:
        self.topics = topics
        self._pending: dict[str, None] = {}
        self._ring = asyncio.Event()

    def wants(self, topic: str) -> bool:
        """Whether this topic was subscribed to, by name or by prefix."""
        return any(topic.startswith(t[:-1]) if t.endswith("*") else t == topic for t in self.topics)

    def put(self, topic: str) -> None:
        """Remember that it changed."""
        self._pending[topic] = None
        self._ring.set()

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> str:
        """The next topic; waiting for it may be cancelled, and taken up again later."""
        while not self._pending:
            self._ring.clear()
            await self._ring.wait()
        topic = next(iter(self._pending))
        del self._pending[topic]
        return topic


class InProcessNotices:
    """Tells the subscribers of this process."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    async def publish(self, topics: Iterable[str]) -> None:
        """Tell every subscriber of these topics that something changed."""
        for topic in topics:
            for subscription in self._subscriptions:
                if subscription.wants(topic):
                    subscription.put(topic)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[str]]:
        """The topics that change while the context is open."""
        subscription = Subscription(topics)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def ring_all(self) -> None:
        """Tell everyone everything that they asked for."""
        for subscription in self._subscriptions:
            for topic in subscription.topics:
                subscription.put(topic)

    async def aclose(self) -> None:
        """Nothing to let go of."""
