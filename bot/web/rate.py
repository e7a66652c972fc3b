"""How fast one chat may write to this process. Contact caps are elsewhere; this only guards against a stuck key."""

import asyncio
from collections import OrderedDict, deque

_MOST_CHATS = 10_000


class Rate:
    """At most `most` messages of one chat in `per_s` seconds."""

    def __init__(self, most: int, per_s: float) -> None:
        self._most = most
        self._per_s = per_s
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, chat: str) -> bool:
        """Whether one more is all right; it is counted if so."""
        now = asyncio.get_running_loop().time()
        times = self._seen.setdefault(chat, deque())
        self._seen.move_to_end(chat)
        while len(self._seen) > _MOST_CHATS:
            self._seen.popitem(last=False)
        while times and times[0] <= now - self._per_s:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        return True
