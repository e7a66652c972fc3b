"""Telegram for the tests: people who write to the bot, and what the bot said to them over real HTTP."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.support.telegram_proxy import BotCall, Fault, TelegramProxy
from tests.support.telegram_server import TelegramServer

MESSAGE_METHODS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendVoice", "editMessageText"})
_tokens = itertools.count(1000)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account; their private chat with the bot has their id."""

    id: int = 501
    first_name: str = "Wei"
    language_code: str = "zh-hans"


@dataclass(slots=True)
class TelegramDouble:
    """One bot's Telegram. `url` is what the bot is given as its API server; `token` is new for each double."""

    server: TelegramServer
    proxy: TelegramProxy
    token: str
    _journal_start: int
    _message_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _query_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Address of the API server for the bot under test."""
        return self.proxy.url

    @property
    def calls(self) -> list[BotCall]:
        """Every call that the bot made, in order, getUpdates included."""
        return self.proxy.calls

    def bot(self) -> Bot:
        """An aiogram bot that talks to this double; close its session at the end."""
        return Bot(self.token, session=AiohttpSession(api=TelegramAPIServer.from_base(self.url)))

    async def say(self, text: str, person: Person | None = None) -> int:
        """The person writes `text`; a leading slash makes it a command. Returns the update's id."""
        message: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return await self._message(message, person)

    async def press(self, data: str, on: BotCall, person: Person | None = None) -> int:
        """The person presses the inline button with this callback data under the message that call `on` made."""
        person = person or Person()
        return await self.update(
            {
                "callback_query": {
                    "id": str(next(self._query_ids)),
                    "from": _user(person),
                    "chat_instance": str(person.id),
                    "data": data,
                    "message": {
                        "message_id": on.message_id,
                        "date": _now(),
                        "chat": _chat(person),
                        "from": {"id": 7, "is_bot": True, "first_name": "Parley"},
                        "text": on.text,
                    },
                }
            }
        )

    async def send_photo(self, content: bytes, caption: str | None = None, person: Person | None = None) -> int:
        """The person sends a photo whose bytes the bot can download."""
        file = await self._upload("photo", content)
        message: dict[str, Any] = {"photo": [{**file, "width": 640, "height": 480}]}
        return await self._message(message | ({"caption": caption} if caption else {}), person)

    async def send_voice(self, content: bytes, seconds: int = 3, person: Person | None = None) -> int:
        """The person sends a voice message whose bytes the bot can download."""
        file = await self._upload("voice", content)
        return await self._message({"voice": {**file, "duration": seconds, "mime_type": "audio/ogg"}}, person)

    async def update(self, update: Mapping[str, Any]) -> int:
        """Queue any update as it is; with an explicit update_id that was used before it is refused."""
        answer = await self._control("updates", {"token": self.token, "update": dict(update)})
        return int(answer["update_id"])

    async def deliver_again(self) -> int:
        """Try the webhook once more for the updates that it did not accept; returns how many it took now."""
        return int((await self._control("deliver", {"token": self.token}))["delivered"])

    def messages(self, chat_id: int | None = None) -> list[BotCall]:
        """What the debtor was shown, in order: successful sends and edits (of one chat)."""
        return [
            call
            for call in self.calls
            if call.method in MESSAGE_METHODS and call.status == 200 and chat_id in (None, call.chat_id)
        ]

    async def wait_for_messages(self, count: int, chat_id: int | None = None, seconds: float = 10) -> list[BotCall]:
        """The messages once there are at least `count`; AssertionError that shows what there was instead."""
        try:
            async with asyncio.timeout(seconds):
                while len(self.messages(chat_id)) < count:
                    await self.proxy.wait_until(len(self.calls), seconds)
        except TimeoutError:
            said = [call.text for call in self.messages(chat_id)]
            raise AssertionError(f"expected {count} messages within {seconds} s, saw {said}") from None
        return self.messages(chat_id)

    def fail_next(
        self, status: int, *, method: str | None = None, retry_after: int | None = None, times: int = 1
    ) -> None:
        """Answer the next calls with this HTTP status instead of passing them on (429 with `retry_after` seconds)."""
        self.proxy.faults.append(Fault(method, status, retry_after=retry_after, times=times))

    def cut_next(self, *, method: str, delivered: bool, times: int = 1) -> None:
        """Cut the next calls' connections without an answer, after (`delivered`) or before Telegram acted on them."""
        self.proxy.faults.append(Fault(method, 0, delivered=delivered, times=times))

    def journal(self) -> list[dict[str, Any]]:
        """What the emulator noted since this double began: methods, field names, statuses, update ids."""
        if not self.server.journal.exists():
            return []
        lines = self.server.journal.read_text().splitlines()[self._journal_start :]
        return [json.loads(line) for line in lines]

    async def _message(self, message: Mapping[str, Any], person: Person | None) -> int:
        person = person or Person()
        envelope = {"message_id": next(self._message_ids), "date": _now(), "chat": _chat(person), "from": _user(person)}
        return await self.update({"message": {**envelope, **message}})

    async def _upload(self, kind: str, content: bytes) -> dict[str, str]:
        """Store the file at the emulator; the proxy does not see it, since no bot sent it."""
        method = f"send{kind.capitalize()}"
        async with httpx.AsyncClient(base_url=self.server.url, trust_env=False) as client:
            answer = await client.post(f"/bot0:STORE/{method}", data={"chat_id": "1"}, files={kind: content})
            asset = answer.raise_for_status().json()["result"][kind]
        file = asset[0] if isinstance(asset, list) else asset
        return {"file_id": file["file_id"], "file_unique_id": file["file_unique_id"]}

    async def _control(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.server.url, trust_env=False, timeout=30) as client:
            answer = (await client.post(f"/__fixture/{path}", json=body)).raise_for_status().json()
        result: dict[str, Any] = answer["result"]
        return result


@asynccontextmanager
async def telegram_double_on(server: TelegramServer) -> AsyncIterator[TelegramDouble]:
    """A new bot's Telegram on a running emulator."""
    proxy = TelegramProxy(server.url)
    await proxy.start()
    lines = len(server.journal.read_text().splitlines()) if server.journal.exists() else 0
    try:
        yield TelegramDouble(server, proxy, f"{next(_tokens)}:TEST", lines)
    finally:
        await proxy.stop()


def _user(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "is_bot": False,
        "first_name": person.first_name,
        "language_code": person.language_code,
    }


def _chat(person: Person) -> dict[str, Any]:
    return {"id": person.id, "type": "private", "first_name": person.first_name}


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
