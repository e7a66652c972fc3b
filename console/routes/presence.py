"""Whether I take new conversations."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.forms import text_of
from console.page import Agent
from console.security import safe_next
from core.actions import presence
from core.errors import InvalidInput

router = APIRouter(prefix="/presence")


@router.post("")
async def switch(page: Agent) -> Response:
    """Say so; away, who waits for me goes to a colleague at once."""
    form = await page.form()
    status = text_of(form, "status", 12)
    if status not in presence.STATUSES:
        raise InvalidInput("Say whether you are available, on a pause, on a break or away.", status=status)
    async with page.console.services.works.begin() as work:
        await presence.set_status(work, page.actor, status)
    return page.go(safe_next(text_of(form, "next", 500) or "/"))
