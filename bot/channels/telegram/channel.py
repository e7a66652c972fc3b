"""Telegram: updates in by long polling or webhook, recorded before they are acknowledged; cleared messages out."""

import asyncio
import hmac
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    Update,
)
from aiogram.utils.token import TokenValidationError
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from bot.channels.telegram import updates
from bot.channels.telegram.fetching import Fetcher
from bot.services import BotServices
from bot.words import COMMANDS, Language
from core.channels import DeliveredFile, Delivery, Gone, Retry, SendResult, Sent, Unknown
from core.errors import InvalidInput

Mode = Literal["polling", "webhook"]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
MOST_CHARACTERS = 4096
MOST_CAPTION = 1024
_POLL_S = 25
_PAUSES_S = (0.2, 1.0, 3.0, 10.0)
_REFUSED_PAUSE_S = 60.0
_TRIES = 6
_RESTART = timedelta(seconds=20)
_log = structlog.get_logger(__name__)


class Telegram:
    """One bot on Telegram, as a channel to send through and as a source of updates."""

    name = "telegram"

    def __init__(
        self, services: BotServices, bot: Bot, mode: Mode, webhook_secret: str = "", webhook_url: str = ""
    ) -> None:
        self.bot = bot
        self.mode = mode
        self._services = services
        self._secret = webhook_secret
        self._url = webhook_url
        self._closing = asyncio.Event()
        self._fetcher = Fetcher(services, bot)
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_router(updates.create_router(services))

    @property
    def router(self) -> APIRouter:
        """POST /telegram/webhook: 200 only once what arrived is committed; 401 without the secret."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/telegram/webhook", self._webhook, methods=["POST"])
        return router

    async def run(self) -> None:
        """Tell Telegram how updates come and which commands there are; in polling, fetch updates until `close`."""
        pauses = iter(_PAUSES_S)
        while not self._closing.is_set():
            try:
                await self._introduce()
                break
            except TelegramRetryAfter as error:
                await self._pause(error.retry_after)
            except TelegramUnauthorizedError:
                _log.error("telegram_token_refused", hint="Telegram does not know PARLEY_TELEGRAM_TOKEN (any more).")
                await self._pause(_REFUSED_PAUSE_S)
            except TelegramAPIError as error:
                _log.warning("telegram_not_reached", error=type(error).__name__)
                await self._pause(next(pauses, _PAUSES_S[-1]))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fetcher.run(self._closing), name="telegram-files")
            if self.mode == "polling":
                await self._poll()
            else:
                await self._closing.wait()

    async def close(self) -> None:
        """Stop fetching and let go of the connections."""
        self._closing.set()
        await self.bot.session.close()

    async def send(self, delivery: Delivery) -> SendResult:
        """Plain text without a parse mode, so that nobody's words become markup; what was said cannot be forwarded."""
        if delivery.file is not None:
            return await self._send_file(delivery, delivery.file)
        parts = split(delivery.text)
        external_id = ""
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            outcome = await self._send_part(delivery, part, keyboard(delivery.buttons) if last else None)
            if number > 0 and isinstance(outcome, Retry):
                return Unknown(f"only {number} of {len(parts)} parts left: {outcome.error}")
            if not isinstance(outcome, Sent):
                return outcome
            external_id = f"{external_id} {outcome.external_id}".strip()
        return Sent(external_id[:120])

    async def _send_file(self, delivery: Delivery, file: DeliveredFile) -> SendResult:
        """The file with its words under it; words too long for that go before it."""
        content = await self._services.files.read(file.digest)
        if content is None:
            return Gone("the file is no longer there")
        under = delivery.text if len(delivery.text.encode("utf-16-le")) // 2 <= MOST_CAPTION else None
        if under is None:
            said = await self.send(replace(delivery, file=None))
            if not isinstance(said, Sent):
                return said
        sent = await self._ask(
            self.bot.send_document(
                int(delivery.address),
                BufferedInputFile(content, file.name),
                caption=under,
                parse_mode=None,
                protect_content=True,
            )
        )
        if under is None and isinstance(sent, Retry):
            return Unknown(f"the words left without their file: {sent.error}")
        return sent

    async def _send_part(self, delivery: Delivery, text: str, markup: InlineKeyboardMarkup | None) -> SendResult:
        return await self._ask(
            self.bot.send_message(
                int(delivery.address),
                text,
                parse_mode=None,
                reply_markup=markup,
                protect_content=True,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    async def _ask(self, call: Awaitable[Message]) -> SendResult:
        """What became of one call that sends."""
        try:
            sent = await call
        except TelegramRetryAfter as error:
            return Retry(timedelta(seconds=error.retry_after), "too many requests")
        except (TelegramForbiddenError, TelegramNotFound) as error:
            return Gone(error.message)
        except TelegramBadRequest as error:
            return Gone(error.message)
        except TelegramUnauthorizedError:
            return Retry(_RESTART, "the token was refused")
        except TelegramNetworkError as error:
            refused = "Cannot connect to host" in error.message
            return Retry(_RESTART, "Telegram cannot be reached") if refused else Unknown("the connection was cut")
        except TelegramServerError:
            return Unknown("Telegram failed while it had the message")
        except TelegramAPIError as error:
            return Unknown(type(error).__name__)
        return Sent(str(sent.message_id))

    async def _introduce(self) -> None:
        languages: tuple[tuple[str | None, Language], ...] = ((None, "en"), ("zh", "zh"))
        for code, language in languages:
            commands = [BotCommand(command=name, description=words[language]) for name, words in COMMANDS.items()]
            await self.bot.set_my_commands(commands, language_code=code)
        if self.mode == "webhook":
            await self.bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=list(updates.ALLOWED))
        else:
            await self.bot.delete_webhook()

    async def _poll(self) -> None:
        offset: int | None = None
        failures = 0
        while not self._closing.is_set():
            try:
                fetched = await self.bot.get_updates(
                    offset,
                    timeout=_POLL_S,
                    request_timeout=_POLL_S + 10,
                    allowed_updates=list(updates.ALLOWED),
                )
            except TelegramRetryAfter as error:
                await self._pause(error.retry_after)
                continue
            except TelegramAPIError as error:
                if not self._closing.is_set():
                    _log.warning("telegram_updates_not_fetched", error=type(error).__name__)
                await self._pause(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
                failures += 1
                continue
            failures = 0
            for update in fetched:
                await self._take(update)
                offset = update.update_id + 1

    async def _take(self, update: Update) -> None:
        """Record one update; tried again while the database is away, so that it is not acknowledged unrecorded."""
        for attempt in range(_TRIES):
            try:
                await self._dispatcher.feed_update(self.bot, update)
            except Exception as error:
                _log.error("update_not_recorded", update=update.update_id, error=type(error).__name__)
                await self._pause(_PAUSES_S[min(attempt, len(_PAUSES_S) - 1)])
            else:
                return

    async def _webhook(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            return Response(status_code=401)
        try:
            update = Update.model_validate_json(await request.body(), context={"bot": self.bot})
        except ValidationError:
            return Response(status_code=400)
        await self._dispatcher.feed_update(self.bot, update)
        return Response(status_code=200)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)


def create_telegram(
    services: BotServices,
    token: str,
    *,
    mode: Mode = "polling",
    webhook_secret: str = "",
    api_base: str | None = None,
) -> Telegram:
    """A bot on Telegram (or on the API server at `api_base`), registered as a channel of these services."""
    server = TelegramAPIServer.from_base(api_base) if api_base else PRODUCTION
    try:
        bot = Bot(token, session=AiohttpSession(api=server))
    except TokenValidationError:
        raise InvalidInput("PARLEY_TELEGRAM_TOKEN is no bot token: BotFather gives them as 123456:ABC-….") from None
    url = f"{services.options.public_url.rstrip('/')}/telegram/webhook"
    made = Telegram(services, bot, mode, webhook_secret, url)
    services.add_channels([made])
    return made


def keyboard(buttons: tuple[tuple[str, str], ...]) -> InlineKeyboardMarkup | None:
    """Buttons under a message, one a row; a value longer than Telegram's 64 bytes is left to typed words."""
    rows = [
        [InlineKeyboardButton(text=label, callback_data=value)]
        for value, label in buttons
        if len(value.encode()) <= 64 and label
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def split(text: str, most: int = MOST_CHARACTERS) -> list[str]:
    """The text in parts of at most so many UTF-16 units, as Telegram counts, cut at line ends or spaces."""
    parts = []
    while len(text.encode("utf-16-le")) // 2 > most:
        head = text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")
        cut = (
            max(head.rfind("\n"), head.rfind(" ")) if max(head.rfind("\n"), head.rfind(" ")) > most // 2 else len(head)
        )
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text] if text or not parts else parts
