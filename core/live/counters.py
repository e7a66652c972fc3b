"""How often something happened lately, to limit how often it may. Losing a count forgets; the truth is elsewhere."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Protocol

MOST = 1000
"""What happens more often is counted no further."""
NAMES_KEPT = 10_000


class Counters(Protocol):
    """Moments by the name of what happened; those as old as `window` before `at` (UTC), or older, are forgotten.

    A window that grows from one time to the next, by no more than a minute in all, loses nothing.
    """

    async def add(self, name: str, at: datetime, window: timedelta) -> int:
        """It happened once more at this moment; how often it did within the window, this time included."""
        ...

    async def count(self, name: str, at: datetime, window: timedelta) -> int:
        """How often it happened within the window."""
        ...

    async def forget(self, name: str) -> None:
        """It starts over."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class InProcessCounters:
    """Counted in this process; the names that were not heard of for longest are forgotten beyond `NAMES_KEPT`."""

    def __init__(self) -> None:
        self._moments: OrderedDict[str, deque[datetime]] = OrderedDict()

    async def add(self, name: str, at: datetime, window: timedelta) -> int:
        """As `Counters`."""
        self._moments.setdefault(name, deque(maxlen=MOST)).append(at)
        self._moments.move_to_end(name)
        while len(self._moments) > NAMES_KEPT:
            self._moments.popitem(last=False)
        return await self.count(name, at, window)

    async def count(self, name: str, at: datetime, window: timedelta) -> int:
        """As `Counters`."""
        moments = self._moments.get(name, deque())
        while moments and at - moments[0] >= window:
            moments.popleft()
        if not moments:
            self._moments.pop(name, None)
        return len(moments)

    async def forget(self, name: str) -> None:
        """As `Counters`."""
        self._moments.pop(name, None)

    async def aclose(self) -> None:
        """Nothing to let go of."""
