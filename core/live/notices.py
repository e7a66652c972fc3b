"""What a notice is."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Notices(Protocol):
    """Topics are plain names: `queue`, `outbox`, `inbound`, `conversation:42`."""

    async def publish(self, topics: Iterable[str]) -> None:
        """Tell every subscriber of these topics that something changed."""
        ...

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """The topics that change while the context is open; one ending in `*` stands for all that begin so.

        A topic that changes several times before it is read is told once. After a lost connection each subscription
        is told as it was written, since anything may have changed meanwhile.
        """
        ...

    async def aclose(self) -> None:
        """Stop listening and let go of connections."""
        ...
