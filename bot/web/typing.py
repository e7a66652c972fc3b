"""That the debtor is typing, as a notice to the agent who reads along. Nothing of it is stored."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.services import BotServices
from bot.web.access import Access, Door
from bot.web.rate import Rate

MOST = 30
"""So often a minute one chat may say so; a browser does every three seconds at most."""


def create_typing(services: BotServices, door: Door) -> APIRouter:
    """The route that a chat page calls while somebody writes in it."""
    router = APIRouter(include_in_schema=False)
    rate = Rate(most=MOST, per_s=60)

    @router.post("/c/{code}/typing")
    async def typing(request: Request, code: str) -> Response:
        access = await door.open(code, request)
        if not isinstance(access, Access):
            return Response(status_code=access.status)
        conversation_id = await door.conversation(access)
        if conversation_id is not None and rate.allows(access.address):
            await services.notices.publish((f"typing:{conversation_id}:debtor",))
        return Response(status_code=204)

    return router
