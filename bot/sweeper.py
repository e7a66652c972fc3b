"""The sweeper: finishes what a crash, a lost notice or a failed answer left behind."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.front import Front
from bot.options import BotOptions
from core.actions import inbound, outbox, scheduled, upkeep
from core.work import Works

_EVERY_S = 2.0
_UPKEEP_EVERY = timedelta(minutes=1)
_log = structlog.get_logger(__name__)


class Sweeper:
    """Has unanswered messages answered, calls the fate of silent sends unknown, and notes what time has changed."""

    def __init__(self, works: Works, front: Front, options: BotOptions) -> None:
        self._works = works
        self._front = front
        self._options = options
        self._closing = asyncio.Event()
        self._upkept: datetime | None = None

    async def run(self) -> None:
        """Sweep every two seconds until `close`."""
        while not self._closing.is_set():
            try:
                await self.round()
            except Exception as error:
                _log.error("sweep_failed", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await self._closing.wait()

    def close(self) -> None:
        """Stop after the round under way."""
        self._closing.set()

    async def round(self) -> None:
        """One sweep."""
        async with self._works.read() as session:
            left = await inbound.unanswered(session, self._options.unanswered_after, self._works.clock.now())
        for conversation_id in dict.fromkeys(conversation_id for conversation_id, _ in left):
            if not self._front.is_answering(conversation_id):
                self._front.wake(conversation_id)
        async with self._works.begin() as work:
            silent = await outbox.give_up_on_silent(work, self._options.silent_after)
        if silent:
            _log.warning("fates_unknown", messages=silent)
        await self._send_scheduled()
        await self._upkeep()

    async def _send_scheduled(self) -> None:
        """What agents wrote for a moment that has come, each message a transaction of its own."""
        settled = 1
        while settled and not self._closing.is_set():
            async with self._works.begin() as work:
                settled = await scheduled.send_due(work)

    async def _upkeep(self) -> None:
        """Once a minute, in lots, each a transaction of its own."""
        now = self._works.clock.now()
        if self._upkept is not None and now - self._upkept < _UPKEEP_EVERY:
            return
        changed = 1
        while changed and not self._closing.is_set():
            async with self._works.begin() as work:
                changed = await upkeep.run(work)
        self._upkept = now
