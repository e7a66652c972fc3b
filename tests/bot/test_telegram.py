"""Telegram over HTTP, by polling and by webhook: nothing lost, nothing said twice, nothing said to strangers."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.app import create_telegram
from bot.channels.telegram.channel import keyboard, split
from core.errors import InvalidInput
from core.store.tables import Conversation, Message
from tests.bot.scene import open_bank, until
from tests.bot.serving import served
from tests.support.ports import free_port
from tests.support.telegram import Person

SECRET = "a-secret-for-the-test"
DANA = Person(id=501, first_name="Dana", language_code="en")


@asynccontextmanager
async def on_telegram(mode, double, url, folder):
    """A bank whose bot talks to the double in this mode."""
    port = free_port()
    async with open_bank(url, folder, f"http://127.0.0.1:{port}") as bank:
        bot = create_telegram(bank.services, double.token, mode=mode, webhook_secret=SECRET, api_base=double.url)
        application = FastAPI()
        application.include_router(bot.router)
        async with served(application, port):
            bank.telegram = bot
            await bank.start()
            task = asyncio.create_task(bot.run())
            await until(lambda: was_called(double, method="setWebhook" if mode == "webhook" else "deleteWebhook"))
            await asyncio.sleep(0.05)
            try:
                yield bank
            finally:
                await bot.close()
                await task


async def test_a_token_that_telegram_refuses_leaves_the_other_channels_at_work(
    telegram_double, migrated_sqlite_url, tmp_path
):
    async with open_bank(migrated_sqlite_url, tmp_path) as bank:
        telegram_double.fail_next(401, times=100)
        bot = create_telegram(bank.services, telegram_double.token, api_base=telegram_double.url)
        task = asyncio.create_task(bot.run())
        await until(lambda: was_called(telegram_double, method="setMyCommands"))
        await asyncio.sleep(0.2)
        assert not task.done()
        await bot.close()
        await task


async def test_a_token_of_the_wrong_form_is_refused_at_the_start(migrated_sqlite_url, tmp_path):
    async with open_bank(migrated_sqlite_url, tmp_path) as bank:
        with pytest.raises(InvalidInput, match="PARLEY_TELEGRAM_TOKEN"):
            create_telegram(bank.services, "not a token")


@pytest.fixture(params=["polling", "webhook"])
async def bank(request, telegram_double, migrated_sqlite_url, tmp_path):
    async with on_telegram(request.param, telegram_double, migrated_sqlite_url, tmp_path) as opened:
        yield opened


async def was_called(double, **what) -> bool:
    return any(all(getattr(call, name) == value for name, value in what.items()) for call in double.calls)


async def deliver(bank, update) -> None:
    """Hand in an update of a kind that the emulator does not know."""
    url = f"{bank.services.options.public_url}/telegram/webhook"
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            url, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}, json={"update_id": 77, **update}
        )
    assert answer.status_code == 200


async def told(double, count: int, person: Person = DANA):
    return await double.wait_for_messages(count, chat_id=person.id, seconds=15)


async def verified(bank, double, person: Person = DANA, case: str = "en") -> int:
    """The person has opened the chat and passed the check; how many messages they have been sent."""
    code = await bank.link(getattr(bank, case))
    await double.say(f"/start {code}", person=person)
    await told(double, 2, person)
    facts = ("April 12, 1990", "4471") if case == "en" else ("1988年9月3日", "6620")
    for number, fact in enumerate(facts):
        await double.say(fact, person=person)
        await told(double, 3 + number, person)
    return 4


async def test_a_start_code_opens_the_chat_of_a_case(bank, telegram_double):
    await telegram_double.say(f"/start {await bank.link(bank.en)}", person=DANA)
    greeting, question = await told(telegram_double, 2)
    assert "automated assistant of Harbour Bank" in greeting.text
    assert "date of birth" in question.text
    assert "$" not in greeting.text + question.text
    assert greeting.fields["protect_content"] in (True, "true", "True")
    assert "is_disabled" in str(greeting.fields["link_preview_options"])
    assert "parse_mode" not in greeting.fields


async def test_from_the_check_to_offers_with_buttons_and_an_agreed_plan(bank, telegram_double):
    count = await verified(bank, telegram_double)
    balance = telegram_double.messages(DANA.id)[-1]
    assert "$2,400.00" in balance.text
    await telegram_double.say("what are my options?", person=DANA)
    offers = (await told(telegram_double, count + 1))[-1]
    assert offers.buttons
    assert all(len(button["callback_data"].encode()) <= 64 for button in offers.buttons)
    chosen = next(button for button in offers.buttons if button["callback_data"].startswith("choose:"))
    await telegram_double.press(chosen["callback_data"], on=offers, person=DANA)
    readback = (await told(telegram_double, count + 2))[-1]
    assert [button["callback_data"] for button in readback.buttons][:2] == ["yes", "no"]
    await telegram_double.press("yes", on=readback, person=DANA)
    agreed = (await told(telegram_double, count + 3))[-1]
    assert "/p/" in agreed.text
    assert [call.method for call in telegram_double.calls].count("answerCallbackQuery") == 2


async def test_chinese_all_the_way(bank, telegram_double):
    wei = Person(id=77, first_name="Fang", language_code="zh-hans")
    await verified(bank, telegram_double, wei, "zh")
    texts = [call.text for call in telegram_double.messages(wei.id)]
    assert "临海银行的自动助手" in texts[0]
    assert "¥9,600.00" in texts[-1]


async def test_the_menu_of_commands_is_told_in_both_languages(bank, telegram_double):
    calls = [call for call in telegram_double.calls if call.method == "setMyCommands"]
    assert [call.fields.get("language_code") for call in calls] == [None, "zh"]
    assert "转人工" in str(calls[1].fields["commands"])


async def test_a_message_delivered_twice_is_answered_once(bank, telegram_double):
    await verified(bank, telegram_double)
    message = {
        "message_id": 9001,
        "date": 1_795_000_000,
        "chat": {"id": DANA.id, "type": "private", "first_name": "Dana"},
        "from": {"id": DANA.id, "is_bot": False, "first_name": "Dana", "language_code": "en"},
        "text": "what do I owe?",
    }
    await telegram_double.update({"message": message})
    await telegram_double.update({"message": message})
    await told(telegram_double, 5)
    await asyncio.sleep(0.3)
    assert len(telegram_double.messages(DANA.id)) == 5
    assert [row.text for row in await bank.rows(Message)].count("what do I owe?") == 1


async def test_too_many_requests_is_waited_for_and_then_delivered(bank, telegram_double):
    count = await verified(bank, telegram_double)
    telegram_double.fail_next(429, method="sendMessage", retry_after=2)
    await telegram_double.say("what do I owe?", person=DANA)
    await until(lambda: was_called(telegram_double, status=429))
    await asyncio.sleep(0.2)
    assert len(telegram_double.messages(DANA.id)) == count
    bank.clock.advance(timedelta(seconds=2))
    await told(telegram_double, count + 1)


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_send_of_unknown_outcome_is_not_repeated(bank, telegram_double, delivered):
    count = await verified(bank, telegram_double)
    telegram_double.cut_next(method="sendMessage", delivered=delivered)
    await telegram_double.say("what do I owe?", person=DANA)
    await until(lambda: bank.outbox_has("unknown"))
    bank.clock.advance(timedelta(minutes=5))
    await asyncio.sleep(1.3)
    assert len(telegram_double.messages(DANA.id)) == count + (1 if delivered else 0)


async def test_who_blocked_the_bot_is_not_tried_again(bank, telegram_double):
    await verified(bank, telegram_double)
    telegram_double.fail_next(403, method="sendMessage")
    await telegram_double.say("what do I owe?", person=DANA)
    await until(lambda: bank.outbox_has("failed"))
    assert [call.status for call in telegram_double.calls if call.method == "sendMessage"].count(403) == 1


async def test_voice_and_photo_are_answered_kindly_and_kept_for_the_agent(bank, telegram_double):
    count = await verified(bank, telegram_double)
    await telegram_double.send_voice(b"v" * 70, person=DANA)
    await told(telegram_double, count + 1)
    await telegram_double.send_photo(b"p" * 100, caption="the receipt", person=DANA)
    voice, photo = [call.text for call in await told(telegram_double, count + 2)][-2:]
    assert "voice" in voice
    assert "kept it for my colleagues" in photo
    kept = [(row.kind, row.text, bool(row.attachment["file_id"])) for row in await bank.rows(Message) if row.attachment]
    assert kept == [("voice", "", True), ("picture", "the receipt", True)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9,
                      "is_animated": False, "is_video": False}}, "sticker"),
        ({"location": {"latitude": 31.2, "longitude": 121.4}}, "location"),
        ({"contact": {"phone_number": "+1555", "first_name": "Sam"}}, "file"),
        ({"document": {"file_id": "d", "file_unique_id": "d", "file_name": "slip.pdf"}}, "file"),
    ],
)  # fmt: skip
async def test_anything_else_is_answered_too(bank, telegram_double, content, kind):
    count = await verified(bank, telegram_double)
    await telegram_double._message(content, DANA)
    await told(telegram_double, count + 1)
    assert (await bank.rows(Message))[-2].kind == kind


async def test_an_edited_message_counts_as_what_the_debtor_means_now(bank, telegram_double):
    count = await verified(bank, telegram_double)
    message = {
        "message_id": 9001,
        "date": 1_795_000_000,
        "chat": {"id": DANA.id, "type": "private", "first_name": "Dana"},
        "from": {"id": DANA.id, "is_bot": False, "first_name": "Dana"},
        "text": "100 a month",
    }
    await telegram_double.update({"message": message})
    await told(telegram_double, count + 1)
    await deliver(bank, {"edited_message": {**message, "text": "400 a month", "edit_date": 1_795_000_050}})
    answer = (await told(telegram_double, count + 2))[-1]
    assert "$400.00" in answer.text


async def test_a_button_of_an_offer_that_expired_is_answered_kindly(bank, telegram_double):
    count = await verified(bank, telegram_double)
    await telegram_double.say("what are my options?", person=DANA)
    offers = (await told(telegram_double, count + 1))[-1]
    bank.clock.advance(timedelta(days=8))
    await telegram_double.press(offers.buttons[0]["callback_data"], on=offers, person=DANA)
    answer = (await told(telegram_double, count + 2))[-1]
    assert "no longer open" in answer.text
    assert answer.buttons


async def test_an_unknown_link_and_an_expired_one_say_how_to_get_a_new_one(bank, telegram_double):
    await telegram_double.say("/start nonsense", person=DANA)
    (unknown,) = await told(telegram_double, 1)
    assert "这个链接打不开" in unknown.text
    assert "doesn't open anything" in unknown.text
    code = await bank.link(bank.en, days=1)
    bank.clock.advance(timedelta(days=2))
    await telegram_double.say(f"/start {code}", person=DANA)
    expired = (await told(telegram_double, 2))[-1]
    assert expired.text.startswith("To protect your privacy, this link has expired")
    assert await bank.rows(Conversation) == []


@pytest.mark.parametrize("text", ["/start", "hello", "/help"])
async def test_a_stranger_is_told_to_open_their_link(bank, telegram_double, text):
    await telegram_double.say(text, person=DANA)
    (answer,) = await told(telegram_double, 1)
    assert "personal link" in answer.text
    assert await bank.rows(Message) == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [("/agent", "passing you to a colleague"), ("/language", "中文"), ("/help", "bring in a person")],
)
async def test_commands_work_in_a_chat(bank, telegram_double, command, answer):
    await verified(bank, telegram_double)
    await telegram_double.say(command, person=DANA)
    assert answer in (await told(telegram_double, 5))[-1].text


async def test_in_a_group_nothing_is_said_but_that_it_must_be_private(bank, telegram_double):
    code = await bank.link(bank.en)
    group = {"id": -100, "type": "group", "title": "Family"}
    sender = {"id": DANA.id, "is_bot": False, "first_name": "Dana", "language_code": "en"}
    text = f"/start {code}"
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    await telegram_double.update(
        {"message": {"message_id": 5, "date": 1, "chat": group, "from": sender, "text": text, "entities": entities}}
    )
    (answer,) = await telegram_double.wait_for_messages(1, chat_id=-100)
    assert "only talk in private chats" in answer.text
    assert await bank.rows(Conversation) == []


async def test_added_to_a_group_it_says_why_it_leaves(bank, telegram_double):
    robot = {"id": 7, "is_bot": True, "first_name": "Parley"}
    sender = {"id": DANA.id, "is_bot": False, "first_name": "Dana", "language_code": "en"}
    change = {
        "chat": {"id": -100, "type": "supergroup", "title": "Family"},
        "from": sender,
        "date": 1,
        "old_chat_member": {"user": robot, "status": "left"},
        "new_chat_member": {"user": robot, "status": "member"},
    }
    await deliver(bank, {"my_chat_member": change})
    assert "only talk in private chats" in (await telegram_double.wait_for_messages(1, chat_id=-100))[0].text
    assert "leaveChat" in [call.method for call in telegram_double.calls]


async def test_another_bot_is_not_answered(bank, telegram_double):
    robot = {"id": 900, "is_bot": True, "first_name": "Robot"}
    chat = {"id": 900, "type": "private", "first_name": "Robot"}
    await telegram_double.update({"message": {"message_id": 5, "date": 1, "chat": chat, "from": robot, "text": "hi"}})
    await telegram_double.say("hello", person=DANA)
    await told(telegram_double, 1)
    assert telegram_double.messages(900) == []


async def test_an_update_is_not_acknowledged_before_it_is_recorded(bank, telegram_double, monkeypatch):
    real = bank.services.front.arrived
    failures: list[object] = []

    async def unreliable(arrival):
        if len(failures) < 2:
            failures.append(arrival)
            raise ConnectionError("the database is away")
        return await real(arrival)

    monkeypatch.setattr(bank.services.front, "arrived", unreliable)
    monkeypatch.setattr("bot.channels.telegram.channel._PAUSES_S", (0.01,))
    with monkeypatch.context() as quiet:
        quiet.setattr("uvicorn.protocols.http.h11_impl.RequestResponseCycle.run_asgi", _quiet_run, raising=False)
        await telegram_double.say(f"/start {await bank.link(bank.en)}", person=DANA)
        for _ in range(3):
            if bank.telegram.mode == "webhook":
                await telegram_double.deliver_again()
    await told(telegram_double, 2)
    assert len([row for row in await bank.rows(Message) if row.direction == "in"]) == 1


async def _quiet_run(self, app):
    """A failing webhook is answered with 500, as uvicorn does, without a trace on the test's output."""
    try:
        await app(self.scope, self.receive, self.send)
    except ConnectionError:
        if not self.response_started:
            await self.send_500_response()


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}])
async def test_the_webhook_turns_away_who_does_not_know_the_secret(
    telegram_double, migrated_sqlite_url, tmp_path, headers
):
    async with on_telegram("webhook", telegram_double, migrated_sqlite_url, tmp_path) as bank:
        url = f"{bank.services.options.public_url}/telegram/webhook"
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(url, headers=headers, json={"update_id": 1})
        assert answer.status_code == 401


def test_long_texts_are_cut_at_a_space_and_nothing_is_lost():
    words = "每个月还八百元 from the 12th 🙂 " * 400
    parts = split(words.strip())
    assert all(len(part.encode("utf-16-le")) // 2 <= 4096 for part in parts)
    assert "".join("".join(parts).split()) == "".join(words.split())


def test_a_value_too_long_for_a_button_is_left_to_typed_words():
    assert keyboard((("还" * 30, "Long"),)) is None
