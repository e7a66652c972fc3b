"""The inbox: mine, the queue, all."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.page import Agent, Forbidden
from console.queries import inbox
from console.queries.inbox import Box

router = APIRouter()


@router.get("/")
async def show(
    page: Agent, box: Annotated[Box | None, Query()] = None, after: Annotated[str | None, Query()] = None
) -> Response:
    """One list with the sizes of all; htmx gets the same list without the page around it."""
    sees_all = page.may("conversations.all")
    if box == "all" and not sees_all:
        raise Forbidden("Your role does not see all conversations.", permission="conversations.all")
    async with page.console.services.works.read() as session:
        counts = await inbox.counts(session, page.user.id)
        chosen: Box = box or ("mine" if counts.mine else "queue")
        listed = await inbox.page(session, chosen, page.user.id, after)
    template = "inbox/_list.html" if page.is_partial else "inbox/page.html"
    return page.render(
        template, box=chosen, listed=listed, counts=counts, sees_all=sees_all, after=after, counted=inbox.COUNTED
    )
