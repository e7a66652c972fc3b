"""What one was told: where colleagues named one in a note, what was passed on to one, what was not sent."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.forms import text_of
from console.page import Reader, SignedIn
from console.queries import colleagues
from core.actions import notices

router = APIRouter(prefix="/mentions")


@router.get("")
async def show(page: Reader, before: Annotated[int | None, Query()] = None) -> Response:
    """One's own notices, newest first."""
    async with page.console.services.works.read() as session:
        rows, older = await colleagues.notices(session, page.user.id, before)
    template = "replies/_mentions.html" if page.is_partial else "replies/mentions.html"
    return page.render(template, rows=rows, older=older, before=before)


@router.get("/count")
async def count(page: SignedIn) -> Response:
    """How many are new, for the menu."""
    async with page.console.services.works.read() as session:
        unseen = await colleagues.unseen(session, page.user.id)
    return page.render("replies/_count.html", unseen=unseen, most=colleagues.COUNTED)


@router.post("/seen")
async def seen(page: SignedIn) -> Response:
    """They were read, up to one."""
    newest = text_of(await page.form(), "newest", 18)
    if newest.isdecimal():
        async with page.console.services.works.begin() as work:
            await notices.seen(work, page.actor, int(newest))
    return page.go("/mentions")
