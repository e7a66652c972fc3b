"""A recording proxy between a bot and the emulator: it keeps what the bot said, and can make Telegram fail."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import ClientSession, ClientTimeout, FormData, web

UNMODELLED_FIELDS = frozenset({"link_preview_options", "message_effect_id", "protect_content"})
"""Real Telegram knows these and the emulator refuses them: they are recorded and not passed on."""


@dataclass(frozen=True, slots=True)
class BotCall:
    """One call of a bot: its fields as values, its files by field name, and what Telegram answered (0: nothing)."""

    method: str
    fields: Mapping[str, Any]
    files: Mapping[str, bytes]
    status: int
    result: Any

    @property
    def chat_id(self) -> int | None:
        """The chat that the call is about, if any."""
        value = self.fields.get("chat_id")
        return None if value is None else int(value)

    @property
    def text(self) -> str:
        """What the debtor reads: the message's text, or a medium's caption."""
        return str(self.fields.get("text") or self.fields.get("caption") or "")

    @property
    def message_id(self) -> int:
        """The id that Telegram gave to the message of a successful call."""
        return int(self.result["message_id"])

    @property
    def buttons(self) -> list[Mapping[str, Any]]:
        """The keyboard's buttons, row after row; a reply keyboard's plain strings become {"text": ...}."""
        markup = self.fields.get("reply_markup") or {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of `method` (any method when None).

    `status` other than 0 is answered in Telegram's stead. Status 0 is the unknown outcome: when `delivered`, the call
    reaches Telegram, and in either case the bot's connection is cut without an answer.
    """

    method: str | None
    status: int
    retry_after: int | None = None
    delivered: bool = False
    times: int = 1

    def answer(self) -> web.Response:
        """Telegram's error body for this status."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": f"Injected {self.status}"}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return web.json_response(body, status=self.status)


@dataclass(slots=True)
class TelegramProxy:
    """Listens on a free port of 127.0.0.1 and passes every call on to `upstream`."""

    upstream: str
    calls: list[BotCall] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    url: str = ""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _runner: web.AppRunner | None = None
    _client: ClientSession | None = None

    async def start(self) -> None:
        """Listen; `url` is known afterwards."""
        self._client = ClientSession(timeout=ClientTimeout(total=90))
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/{path:.*}", self._file)
        self._runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close the port: from here on Telegram cannot be reached."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._client is not None:
            await self._client.close()

    async def wait_until(self, calls: int, seconds: float) -> None:
        """Return when more than `calls` calls are recorded; TimeoutError after `seconds`."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.calls) > calls), seconds)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields, files = _parse(request.content_type, request.headers.get("Content-Type", ""), await request.read())
        fields |= request.query
        fault = self._fault_for(method)
        if fault is not None and fault.status:
            await self._record(BotCall(method, fields, files, fault.status, None))
            return fault.answer()
        if fault is None or fault.delivered:
            status, body = await self._pass_on(request.path, fields, files)
            await self._record(BotCall(method, fields, files, status, body.get("result")))
        else:
            status, body = 0, {}
            await self._record(BotCall(method, fields, files, 0, None))
        if fault is not None and request.transport is not None:
            request.transport.abort()
        return web.json_response(body, status=status or 500)

    async def _pass_on(
        self, path: str, fields: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> tuple[int, dict[str, Any]]:
        assert self._client is not None
        known = {name: value for name, value in fields.items() if name not in UNMODELLED_FIELDS}
        body: dict[str, Any]
        if not files:
            async with self._client.post(self.upstream + path, json=known) as response:
                body = await response.json()
                return response.status, body
        form = FormData()
        for name, value in known.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, content in files.items():
            form.add_field(name, content, filename=name)
        async with self._client.post(self.upstream + path, data=form) as response:
            body = await response.json()
            return response.status, body

    async def _file(self, request: web.Request) -> web.Response:
        assert self._client is not None
        async with self._client.get(self.upstream + request.path) as response:
            return web.Response(body=await response.read(), status=response.status)

    def _fault_for(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.method in (None, method):
                fault.times -= 1
                return fault
        return None

    async def _record(self, call: BotCall) -> None:
        async with self._changed:
            self.calls.append(call)
            self._changed.notify_all()


def _parse(content_type: str, header: str, body: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    if not body:
        return {}, {}
    if content_type == "application/json":
        return json.loads(body), {}
    if not content_type.startswith("multipart/"):
        return {name: _value(text) for name, text in parse_qsl(body.decode(), keep_blank_values=True)}, {}
    fields: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    message = message_from_bytes(b"Content-Type: " + header.encode() + b"\r\n\r\n" + body, policy=HTTP)
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is None:
            fields[name] = _value(content.decode())
        else:
            files[name] = content
    return fields, files


def _value(text: str) -> Any:
    """Objects and lists travel in forms as JSON; every other value stays the text it is."""
    if text[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
