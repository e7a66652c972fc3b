"""Fetches what debtors attach: the message is recorded first, its file follows; a crash leaves it awaited."""

import asyncio
from io import BytesIO

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest

from bot.services import BotServices
from bot.waiting import rung
from core.actions import attachments
from core.actions.attachments import Todo

_EVERY_S = 30.0
_log = structlog.get_logger(__name__)


class Fetcher:
    """Looks when a file comes, and every half minute; what cannot be had within a day is given up."""

    def __init__(self, services: BotServices, bot: Bot) -> None:
        self._services = services
        self._bot = bot

    async def run(self, closing: asyncio.Event) -> None:
        """Fetch until the event is set."""
        async with self._services.notices.subscribe(attachments.TOPIC) as rings:
            while not closing.is_set():
                try:
                    await self.round()
                except Exception as error:
                    _log.error("files_not_fetched", error=type(error).__name__)
                await rung(rings, closing, _EVERY_S)

    async def round(self) -> None:
        """Every file that is awaited, once."""
        async with self._services.works.read() as session:
            awaited = await attachments.todo(session, "awaited")
        for each in awaited:
            await self._fetch(each)

    async def _fetch(self, awaited: Todo) -> None:
        try:
            content = await self._content(awaited.file_ref)
        except TelegramBadRequest as error:
            _log.warning("file_not_to_be_had", attachment=awaited.id, error=error.message)
            content = b""
        except TelegramAPIError as error:
            _log.warning("file_not_fetched", attachment=awaited.id, error=type(error).__name__)
            if self._services.clock.now() - awaited.at < attachments.GIVE_UP:
                return
            content = b""
        kept = await self._services.files.keep(content, awaited.name)
        async with self._services.works.begin() as work:
            await attachments.fetched(work, awaited.id, kept)

    async def _content(self, file_id: str) -> bytes:
        """The bytes; none where they are more than is taken."""
        file = await self._bot.get_file(file_id)
        if file.file_path is None or (file.file_size or 0) > self._services.files.most_bytes:
            return b""
        into = BytesIO()
        await self._bot.download_file(file.file_path, into)
        return into.getvalue()
