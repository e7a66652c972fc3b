"""What the debtor has received: files that agents sent, and what the page has had in view."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from bot.services import BotServices
from bot.web import pages
from bot.web.access import Access, Door
from bot.web.rate import Rate
from core.actions.attachments import open_for_debtor
from core.actions.seen import debtor_saw
from core.store.files import MEDIA


class Seen(BaseModel):
    """The last message that the page has had in view."""

    last: int = Field(ge=1)


def create_received(services: BotServices, door: Door, rate: Rate) -> APIRouter:
    """GET /c/{code}/files/{file_id} and POST /c/{code}/seen, for the browser that has the chat."""
    router = APIRouter()

    @router.get("/c/{code}/files/{file_id}")
    async def read(request: Request, code: str, file_id: int) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return Response(status_code=access.status)
        conversation_id = await door.conversation(access)
        async with services.works.read() as session:
            found = await open_for_debtor(session, conversation_id, file_id) if conversation_id is not None else None
        content = await services.files.read(found.digest) if found is not None else None
        if found is None or content is None:
            return Response(status_code=404)
        return Response(content, media_type=MEDIA[found.kind], headers=pages.file_headers(found.name))

    @router.post("/c/{code}/seen")
    async def seen(request: Request, code: str, what: Seen) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return Response(status_code=access.status)
        conversation_id = await door.conversation(access)
        if conversation_id is not None and rate.allows(f"seen {access.address}"):
            async with services.works.begin() as work:
                await debtor_saw(work, conversation_id, what.last)
        return Response(status_code=204)

    return router
