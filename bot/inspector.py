"""Puts the files that debtors send before the scanner; one that it gave no answer for is asked about again."""

import asyncio

import structlog

from bot.waiting import rung
from core.actions import attachments
from core.live import Notices
from core.store.files import Files
from core.work import Works

_EVERY_S = 30.0
_log = structlog.get_logger(__name__)


class Inspector:
    """Looks when a file comes, and every half minute."""

    def __init__(self, works: Works, notices: Notices, files: Files) -> None:
        self._works = works
        self._notices = notices
        self._files = files
        self._closing = asyncio.Event()

    async def run(self) -> None:
        """Scan until `close`."""
        if not self._files.scanner:
            await self._closing.wait()
            return
        async with self._notices.subscribe(attachments.TOPIC) as rings:
            while not self._closing.is_set():
                try:
                    await self.round()
                except Exception as error:
                    _log.error("scan_failed", error=type(error).__name__)
                await rung(rings, self._closing, _EVERY_S)

    def close(self) -> None:
        """Stop after the file under way."""
        self._closing.set()

    async def round(self) -> None:
        """Every file that waits, once."""
        async with self._works.read() as session:
            waiting = await attachments.todo(session, "waiting")
        for each in waiting:
            verdict = await self._files.scan(each.digest)
            async with self._works.begin() as work:
                await attachments.scanned(work, each.id, verdict)
