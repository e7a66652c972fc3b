"""Signs of life of the browsers of this process, written together and not often."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import structlog

from core.actions import presence
from core.work import Works

EVERY = timedelta(seconds=20)
SLACK = timedelta(seconds=5)
WITHOUT_LINE = timedelta(seconds=45)
"""Where no page holds a line open, requests themselves give the sign of life, this seldom."""
_log = structlog.get_logger(__name__)


class Presence:
    """Who has a page open here. One statement tells the database of all of them."""

    def __init__(self, works: Works) -> None:
        self._works = works
        self._open: Counter[int] = Counter()
        self._asked: set[int] = set()
        self._written: dict[int, datetime] = {}
        self._last = works.clock.now()

    async def asked(self, user_id: int) -> None:
        """Somebody has asked for a page."""
        self._asked.add(user_id)
        if self._works.clock.now() - self._last >= WITHOUT_LINE:
            await self._write()

    async def attended(self, user_id: int, events: AsyncIterator[str]) -> AsyncIterator[str]:
        """The events of an open page, with a sign of life as each passes."""
        self._open[user_id] += 1
        try:
            await self._beat(user_id)
            async for event in events:
                yield event
                await self._beat(user_id)
        finally:
            self._open[user_id] -= 1
            if not self._open[user_id]:
                del self._open[user_id]

    async def _beat(self, user_id: int) -> None:
        written = self._written.get(user_id)
        if written is None or self._works.clock.now() - written >= EVERY:
            await self._write()

    async def _write(self) -> None:
        """A database that does not answer costs a sign of life, never a page."""
        now = self._works.clock.now()
        here = {*self._open, *self._asked}
        due = sorted(one for one in here if one not in self._written or now - self._written[one] >= EVERY - SLACK)
        self._asked.clear()
        self._last = now
        self._written = {one: now if one in due else at for one, at in self._written.items() if one in here}
        self._written |= dict.fromkeys(due, now)
        if not due:
            return
        try:
            async with self._works.begin() as work:
                await presence.seen(work, due)
        except Exception as error:
            _log.warning("presence_not_written", error=type(error).__name__)
