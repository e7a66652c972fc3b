"""The web chat: a page behind a signed link, messages in by POST, messages out by a stream or by asking."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, UploadFile
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field, model_validator

from bot.services import BotServices
from bot.web import pages
from bot.web.access import Access, Door
from bot.web.papers import create_papers
from bot.web.rate import Rate
from bot.web.received import create_received
from bot.web.stream import events, snapshot
from bot.web.typing import create_typing
from bot.words import NOTICES, Language
from core.actions.inbound import Arrival, Recorded
from core.channels import Delivery, SendResult, Sent

MOST_CHARACTERS = 4096
KEY = r"^[A-Za-z0-9_-]{8,48}$"


class WebChannel:
    """A web chat's message is delivered by being marked as sent: the page reads it from the transcript."""

    name = "web"

    async def send(self, delivery: Delivery) -> SendResult:  # noqa: ARG002
        """Let it be seen."""
        return Sent()


class Said(BaseModel):
    """What the page sends: words or a pressed button, with a key of its own that makes repeating harmless."""

    client_key: str = Field(pattern=KEY)
    text: str | None = Field(default=None, max_length=200_000)
    press: str | None = Field(default=None, max_length=120)

    @model_validator(mode="after")
    def _one_of_them(self) -> "Said":
        if self.press is None and not (self.text or "").strip():
            raise ValueError("send words or a pressed button")
        return self


def create_webchat(services: BotServices) -> APIRouter:
    """The routes of the chat, its widget and the copies of plans."""
    services.add_channels([WebChannel()])
    router = APIRouter(include_in_schema=False)
    router.include_router(create_papers(services))
    door = Door(services.works, secure=services.options.public_url.startswith("https://"))
    rate = Rate(most=30, per_s=60)
    router.include_router(create_typing(services, door))
    router.include_router(create_received(services, door, rate))
    embed = services.options.embed_origins

    @router.get("/c/{code}")
    async def page(request: Request, code: str, embed_in: Annotated[bool, Query(alias="embed")] = False) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return pages.closed_door(access, request, embed)
        return door.remember(access, pages.chat(access, embed, framed=embed_in))

    @router.post("/c/{code}/messages")
    async def say(request: Request, code: str, said: Said) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return _refused(access.status, access.notice, access.language)
        if len(said.text or "") > MOST_CHARACTERS:
            return _refused(413, "too_long", access.language)
        if not rate.allows(access.address):
            return _refused(429, "too_many", access.language)
        arrival = Arrival(
            channel="web",
            external_id=access.external_id(said.client_key),
            address=access.address,
            case_id=access.case_id,
            kind="press" if said.press is not None else "text",
            text=(said.text or "").strip(),
            press=said.press,
            attachment=None,
            sent_at=services.clock.now(),
        )
        return door.remember(access, await _take(arrival))

    @router.post("/c/{code}/files")
    async def send_file(
        request: Request, code: str, file: UploadFile, x_client_key: Annotated[str, Header(pattern=KEY)]
    ) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return _refused(access.status, access.notice, access.language)
        if not rate.allows(access.address):
            return _refused(429, "too_many", access.language)
        kept = await services.files.keep(await file.read(services.files.most_bytes + 1), file.filename or "")
        if kept is None:
            return _refused(415, "file_refused", access.language)
        arrival = Arrival(
            channel="web",
            external_id=access.external_id(x_client_key),
            address=access.address,
            case_id=access.case_id,
            kind="picture" if kept.is_picture else "file",
            text="",
            press=None,
            attachment=kept.to_json(),
            sent_at=services.clock.now(),
        )
        return door.remember(access, await _take(arrival))

    @router.get("/c/{code}/messages")
    async def read(request: Request, code: str, after: Annotated[int, Query(ge=0)] = 0) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return _refused(access.status, access.notice, access.language)
        await _open(access)
        return door.remember(access, JSONResponse(await snapshot(services, access, after), headers=pages.UNKEPT))

    @router.get("/c/{code}/events")
    async def stream(
        request: Request,
        code: str,
        after: Annotated[int, Query(ge=0)] = 0,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return _refused(access.status, access.notice, access.language)
        start = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
        await _open(access)
        headers = {**pages.UNKEPT, "X-Accel-Buffering": "no"}
        told = events(services, door, access, start)
        return door.remember(access, StreamingResponse(told, media_type="text/event-stream", headers=headers))

    @router.get("/widget.js")
    async def widget(if_none_match: Annotated[str | None, Header()] = None) -> Response:
        return pages.static("widget.js", if_none_match)

    @router.get("/chat/static/{name}")
    async def static(name: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        return pages.static(name, if_none_match)

    async def _take(arrival: Arrival) -> Response:
        outcome = await services.front.arrived(arrival)
        message_id = getattr(outcome, "message_id", None)
        fresh = isinstance(outcome, Recorded)
        return JSONResponse({"message_id": message_id, "repeat": not fresh}, status_code=202)

    async def _open(access: Access) -> None:
        """The first visit of a browser, told by its script: what merely fetches a link to preview it runs none."""
        if await door.conversation(access) is not None:
            return
        start = Arrival(
            channel="web",
            external_id=access.external_id("start"),
            address=access.address,
            case_id=access.case_id,
            kind="start",
            text="",
            press=None,
            attachment=None,
            sent_at=services.clock.now(),
        )
        await services.front.arrived(start)

    return router


def _refused(status: int, notice: str, language: Language) -> Response:
    return JSONResponse({"error": notice, "hint": NOTICES[notice][language]}, status_code=status)
