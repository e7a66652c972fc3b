"""What Telegram sends, as arrivals: each update recorded before it counts as handled; strangers answered kindly."""

from typing import Any

import structlog
from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, User

from bot.services import BotServices
from bot.words import NOTICES, in_both, language_of
from core.actions import links
from core.actions.inbound import Arrival, UnknownChat

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_log = structlog.get_logger(__name__)


def create_router(services: BotServices) -> Router:
    """Handlers that record. They raise where recording fails, so that the update is delivered again."""
    router = Router(name="telegram")
    private = F.chat.type == ChatType.PRIVATE

    @router.message(private, F.from_user.is_bot)
    @router.edited_message(private, F.from_user.is_bot)
    async def another_bot(message: Message) -> None:
        _log.info("bot_ignored", chat=message.chat.id)

    @router.message(private, CommandStart(deep_link=True))
    async def opened(message: Message, command: CommandObject, bot: Bot) -> None:
        async with services.works.read() as session:
            case_id = await links.open(session, (command.args or "").strip(), services.clock.now())
        if isinstance(case_id, int):
            await services.front.arrived(_arrival(message, kind="start", case_id=case_id))
            return
        notice = "expired_link" if isinstance(case_id, links.Expired) else "unknown_link"
        await _tell(bot, message.chat.id, notice, message.from_user)

    @router.message(private)
    async def written(message: Message, bot: Bot) -> None:
        is_start = (message.text or "").split("@")[0].strip() == "/start"
        kind, attachment = ("start", None) if is_start else _content(message)
        text = "" if is_start else message.text or message.caption or ""
        outcome = await services.front.arrived(_arrival(message, kind=kind, text=text, attachment=attachment))
        if isinstance(outcome, UnknownChat):
            await _tell(bot, message.chat.id, "unknown_chat", message.from_user)

    @router.edited_message(private)
    async def rewritten(message: Message) -> None:
        kind, attachment = _content(message)
        text = message.text or message.caption or ""
        await services.front.arrived(_arrival(message, kind=kind, text=text, attachment=attachment))

    @router.callback_query(F.message.chat.type == ChatType.PRIVATE)
    async def pressed(query: CallbackQuery, bot: Bot) -> None:
        assert query.message is not None  # noqa: S101  told by the filter
        chat = query.message.chat.id
        arrival = Arrival(
            channel="telegram",
            external_id=f"q:{query.id}",
            address=str(chat),
            kind="press",
            press=query.data or "",
            text="",
            sent_at=services.clock.now(),
        )
        outcome = await services.front.arrived(arrival)
        await _quietly(query.answer())
        if isinstance(outcome, UnknownChat):
            await _tell(bot, chat, "unknown_chat", query.from_user)

    @router.message()
    @router.edited_message()
    async def in_a_group(message: Message, bot: Bot) -> None:
        await _leave(bot, message.chat.id, message.chat.type, message.from_user)

    @router.callback_query()
    async def pressed_in_a_group(query: CallbackQuery) -> None:
        await _quietly(query.answer(NOTICES["private_only"][language_of(query.from_user.language_code)]))

    @router.my_chat_member()
    async def added(event: ChatMemberUpdated, bot: Bot) -> None:
        if event.new_chat_member.status in ("member", "administrator"):
            await _leave(bot, event.chat.id, event.chat.type, event.from_user)

    return router


def _arrival(
    message: Message, *, kind: str, text: str = "", case_id: int | None = None, attachment: dict[str, Any] | None = None
) -> Arrival:
    """An edited message is a new one: what the debtor corrected is what they mean."""
    edited = f":{message.edit_date}" if message.edit_date else ""
    return Arrival(
        channel="telegram",
        external_id=f"{message.chat.id}:{message.message_id}{edited}",
        address=str(message.chat.id),
        case_id=case_id,
        kind=kind,
        text=text,
        attachment=attachment,
        sent_at=message.date,
    )


def _content(message: Message) -> tuple[str, dict[str, Any] | None]:
    """The kind of a message, and what of it is no text: Telegram keeps the file under `file_id`, for the agent."""
    if message.text is not None:
        return "text", None
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return "picture", {"file_id": largest.file_id, "caption": message.caption}
    if message.voice or message.audio or message.video_note:
        heard = message.voice or message.audio or message.video_note
        assert heard is not None  # noqa: S101  one of them is there
        return "voice", {"file_id": heard.file_id, "seconds": heard.duration}
    if message.sticker or message.dice:
        shown = message.sticker
        return "sticker", {"file_id": shown.file_id, "emoji": shown.emoji} if shown else None
    if message.location or message.venue:
        place = message.location
        return "location", {"latitude": place.latitude, "longitude": place.longitude} if place else None
    if message.contact:
        return "file", {"contact": message.contact.phone_number, "name": message.contact.full_name}
    for name in ("document", "video", "animation"):
        file = getattr(message, name, None)
        if file is not None:
            return "file", {"file_id": file.file_id, "name": getattr(file, "file_name", None), "type": file.mime_type}
    return "file", {"type": str(message.content_type)}


async def _leave(bot: Bot, chat_id: int, chat_type: str, user: User | None) -> None:
    """Nothing about anybody's affairs is ever said in a group."""
    if chat_type in (ChatType.GROUP, ChatType.SUPERGROUP):
        await _tell(bot, chat_id, "private_only", user)
        await _quietly(bot.leave_chat(chat_id))


async def _tell(bot: Bot, chat_id: int, notice: str, user: User | None) -> None:
    """A notice that is about nobody, to a chat that belongs to no conversation; both languages, theirs first."""
    words = in_both(notice, language_of(user.language_code if user else None))
    await _quietly(bot.send_message(chat_id, words, parse_mode=None))


async def _quietly(call: Any) -> None:
    """Do it if Telegram lets us: what was recorded stays recorded when it does not."""
    try:
        await call
    except TelegramAPIError as error:
        _log.warning("telegram_call_failed", error=type(error).__name__)
