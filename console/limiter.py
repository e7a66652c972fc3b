"""How often a login may fail."""

from datetime import datetime, timedelta

from core.live import Counters


class Limiter:
    """At most `most` failures a key within `window`, wherever they happened."""

    def __init__(self, counters: Counters, most: int = 5, window: timedelta = timedelta(minutes=5)) -> None:
        self._counters = counters
        self.most = most
        self.window = window

    async def may_try(self, key: str, now: datetime) -> bool:
        """Whether the key may try once more, which counts as a failure until it is forgotten; `now` is UTC. What is
        counted before it is known holds off many attempts at the same moment too; a try that is not let in counts for
        nothing."""
        name = _name(key)
        if await self._counters.count(name, now, self.window) >= self.most:
            return False
        return await self._counters.add(name, now, self.window) <= self.most

    async def forget(self, key: str) -> None:
        """A login that succeeded starts over."""
        await self._counters.forget(_name(key))


def _name(key: str) -> str:
    return f"login {key}"
