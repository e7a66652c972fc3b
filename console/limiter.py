"""How often a login may fail, counted in this process."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

KEYS_KEPT = 10_000


class Limiter:
    """At most `most` failures a key within `window`; the oldest keys are forgotten beyond `KEYS_KEPT`."""

    def __init__(self, most: int = 5, window: timedelta = timedelta(minutes=5)) -> None:
        self.most = most
        self.window = window
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def blocked(self, key: str, now: datetime) -> bool:
        """Whether the key has used up its failures; `now` is UTC."""
        times = self._failures.get(key)
        if times is None:
            return False
        while times and now - times[0] >= self.window:
            times.popleft()
        if not times:
            del self._failures[key]
            return False
        return len(times) >= self.most

    def failed(self, key: str, now: datetime) -> None:
        """Count one failure."""
        self._failures.setdefault(key, deque(maxlen=self.most)).append(now)
        self._failures.move_to_end(key)
        while len(self._failures) > KEYS_KEPT:
            self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        """A login that succeeded starts over."""
        self._failures.pop(key, None)
