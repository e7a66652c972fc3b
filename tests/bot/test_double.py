"""The Telegram double keeps the promises that the bot's tests rest on, shown with a small aiogram bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.support.telegram import Person, TelegramDouble

SECRET = "a-secret-for-the-test"
YES_OR_NO = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="好的", callback_data="yes"), InlineKeyboardButton(text="No", callback_data="no")]
    ]
)


async def greet(message: Message) -> None:
    await message.answer("您好，我是和谈。可以吗？", reply_markup=YES_OR_NO)


async def take(message: Message, bot: Bot) -> None:
    file = message.voice or (message.photo[-1] if message.photo else None)
    assert file is not None
    content = await bot.download(file, BytesIO())
    assert content is not None
    await message.answer(f"received {len(content.read())} bytes")


async def repeat(message: Message) -> None:
    await message.answer(f"You said: {message.text}")


async def chosen(query: CallbackQuery) -> None:
    await query.answer()
    assert isinstance(query.message, Message)
    await query.message.edit_text(f"You chose {query.data}")


def small_bot() -> Dispatcher:
    dispatcher = Dispatcher()
    dispatcher.message.register(greet, CommandStart())
    dispatcher.message.register(take, F.photo | F.voice)
    dispatcher.message.register(repeat)
    dispatcher.callback_query.register(chosen)
    return dispatcher


@asynccontextmanager
async def polling(double: TelegramDouble) -> AsyncIterator[Bot]:
    bot, dispatcher, started = double.bot(), small_bot(), asyncio.Event()
    dispatcher.startup.register(started.set)
    task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5))
    await started.wait()
    try:
        yield bot
    finally:
        await dispatcher.stop_polling()
        await task


@asynccontextmanager
async def webhook(double: TelegramDouble) -> AsyncIterator[Bot]:
    bot, dispatcher, application = double.bot(), small_bot(), web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token=SECRET, handle_in_background=False)
    handler.register(application, path="/telegram")
    setup_application(application, dispatcher, bot=bot)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/telegram", secret_token=SECRET)
        yield bot
    finally:
        await runner.cleanup()


WAYS = pytest.mark.parametrize("way", [polling, webhook])


@WAYS
async def test_a_bot_hears_a_command_and_its_reply_and_keyboard_are_kept(telegram_double, way):
    async with way(telegram_double):
        await telegram_double.say("/start")
        (greeting,) = await telegram_double.wait_for_messages(1)
    assert greeting.text == "您好，我是和谈。可以吗？"
    assert [(button["text"], button["callback_data"]) for button in greeting.buttons] == [("好的", "yes"), ("No", "no")]
    assert greeting.chat_id == Person().id


@WAYS
async def test_a_pressed_button_reaches_the_bot_and_the_edit_is_seen(telegram_double, way):
    async with way(telegram_double):
        await telegram_double.say("/start")
        (greeting,) = await telegram_double.wait_for_messages(1)
        await telegram_double.press("yes", on=greeting)
        _, edited = await telegram_double.wait_for_messages(2)
    assert (edited.method, edited.text) == ("editMessageText", "You chose yes")
    assert "answerCallbackQuery" in [call.method for call in telegram_double.calls]


@WAYS
async def test_photos_and_voice_can_be_downloaded(telegram_double, way):
    async with way(telegram_double):
        await telegram_double.send_photo(b"p" * 100, caption="转账截图")
        await telegram_double.send_voice(b"v" * 70)
        texts = [call.text for call in await telegram_double.wait_for_messages(2)]
    assert texts == ["received 100 bytes", "received 70 bytes"]


@WAYS
async def test_five_quick_messages_all_arrive(telegram_double, way):
    async with way(telegram_double):
        for number in range(5):
            await telegram_double.say(f"message {number}")
        texts = {call.text for call in await telegram_double.wait_for_messages(5)}
    assert texts == {f"You said: message {number}" for number in range(5)}


async def test_people_have_chats_of_their_own(telegram_double):
    ann = Person(id=77, first_name="Ann", language_code="en")
    async with polling(telegram_double):
        await telegram_double.say("hello", person=ann)
        await telegram_double.say("你好")
        await telegram_double.wait_for_messages(2)
    assert [call.text for call in telegram_double.messages(chat_id=77)] == ["You said: hello"]


async def test_a_webhook_that_fails_keeps_the_update_until_it_is_delivered_again(telegram_double):
    async with webhook(telegram_double):
        telegram_double.fail_next(500, method="sendMessage")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("aiohttp.web_protocol.RequestHandler.log_exception", lambda *_, **__: None)
            await telegram_double.say("are you there?")
        assert telegram_double.messages() == []
        assert await telegram_double.deliver_again() == 1
        assert [call.text for call in telegram_double.messages()] == ["You said: are you there?"]


async def test_a_stranger_without_the_secret_is_turned_away(telegram_double):
    async with webhook(telegram_double) as bot:
        info = await bot.get_webhook_info()
        await bot.set_webhook(info.url, secret_token="a-wrong-secret")
        await telegram_double.say("let me in")
        assert telegram_double.messages() == []
    assert telegram_double.journal()[-1]["status"] == 401


async def test_too_many_requests_carries_the_seconds_to_wait(telegram_double):
    async with telegram_double.bot() as bot:
        telegram_double.fail_next(429, method="sendMessage", retry_after=3)
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(1, "hello")
        assert refused.value.retry_after == 3
        await bot.send_message(1, "hello")
    assert [call.status for call in telegram_double.calls] == [429, 200]


async def test_a_server_error_is_injected_once(telegram_double):
    async with telegram_double.bot() as bot:
        telegram_double.fail_next(502)
        with pytest.raises(TelegramServerError):
            await bot.send_message(1, "hello")
        await bot.send_message(1, "hello")
    assert len(telegram_double.messages()) == 1


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_cut_connection_leaves_the_outcome_unknown_to_the_bot_only(telegram_double, delivered):
    async with telegram_double.bot() as bot:
        telegram_double.cut_next(method="sendMessage", delivered=delivered)
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(1, "hello")
    assert len(telegram_double.messages()) == (1 if delivered else 0)


async def test_the_journal_knows_no_text(telegram_double):
    async with telegram_double.bot() as bot:
        await bot.send_message(1, "about the debt", protect_content=True)
    (entry,) = telegram_double.journal()
    assert entry == {"method": "sendMessage", "fields": ["chat_id", "text"], "files": [], "status": 200}
    assert telegram_double.calls[0].fields["protect_content"] == "true"
