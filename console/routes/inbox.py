"""The inbox: mine, my teams', the queue, all, and the views that people made of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import inbox_view
from console.filters import LONGEST, Box, Wanted
from console.forms import text_of
from console.i18n import N_
from console.page import Page, Reader, SignedIn
from console.queries import saved_views as query
from core.actions import saved_views
from core.actions.saved_views import NameTaken, TooMany

router = APIRouter()

NAME_IT = N_("Give the view a name.")
TAKEN = N_("You have a view called %(name)s. Choose another name.")
TOO_MANY = N_("You have %(most)s views. Delete one before you make another.")


@router.get("/")
async def show(
    page: Reader,
    box: Annotated[Box | None, Query()] = None,
    view: Annotated[int | None, Query(ge=0, lt=2**62)] = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """One list with the sizes of all; htmx gets the same list without the page around it."""
    values = await inbox_view.values(page, box, view, after)
    return page.render("inbox/_list.html" if page.is_partial else "inbox/page.html", **values)


@router.get("/views")
async def views(page: Reader) -> Response:
    """The views that one may open, to be put in order, renamed, shared and deleted."""
    return await _views(page)


@router.get("/views/tabs")
async def tabs(page: Reader, view: Annotated[int | None, Query(ge=0, lt=2**62)] = None) -> Response:
    """The views as tabs of the inbox, each with its size."""
    return page.render("inbox/_views.html", **await inbox_view.tabs(page, view))


@router.post("/views")
async def keep(page: SignedIn) -> Response:
    """Name the filters that are shown."""
    form = await page.form()
    wanted = Wanted.read(text_of(form, "address", LONGEST))
    name, shared = text_of(form, "name", saved_views.LONGEST_NAME), _shares(page, text_of(form, "shared", 3))
    if not name:
        return await _views(page, 422, page.say(NAME_IT))
    async with page.console.services.works.begin() as work:
        outcome = await saved_views.keep(work, page.actor, name, wanted.address, shared=shared)
    match outcome:
        case NameTaken(taken):
            return await _views(page, 409, page.say(TAKEN, name=taken))
        case TooMany(most):
            return await _views(page, 409, page.say(TOO_MANY, most=most))
    return page.go(f"/?{wanted.address}&view={outcome.view_id}")


@router.post("/views/usual")
async def usual(page: SignedIn) -> Response:
    """Open the inbox with the usual list again."""
    async with page.console.services.works.begin() as work:
        await saved_views.open_with(work, page.actor, None)
    return page.go("/views")


@router.post("/views/{view_id}")
async def change(page: SignedIn, view_id: int) -> Response:
    """Another name, shared or not, and other filters where the form has some."""
    form = await page.form()
    name, address = text_of(form, "name", saved_views.LONGEST_NAME), text_of(form, "address", LONGEST)
    if not name:
        return await _views(page, 422, page.say(NAME_IT))
    kept = Wanted.read(address).address if address else None
    shared = _shares(page, text_of(form, "shared", 3))
    async with page.console.services.works.begin() as work:
        outcome = await saved_views.change(work, page.actor, view_id, name, shared=shared, address=kept)
    if isinstance(outcome, NameTaken):
        return await _views(page, 409, page.say(TAKEN, name=outcome.name))
    return page.go(f"/?{kept}&view={view_id}" if kept else "/views")


@router.post("/views/{view_id}/move")
async def move(page: SignedIn, view_id: int) -> Response:
    """One place up or down."""
    direction: Literal["up", "down"] = "up" if text_of(await page.form(), "direction", 4) == "up" else "down"
    async with page.console.services.works.begin() as work:
        await saved_views.move(work, page.actor, view_id, direction)
    return page.go("/views")


@router.post("/views/{view_id}/default")
async def make_default(page: SignedIn, view_id: int) -> Response:
    """Open the inbox with this view from now on."""
    async with page.console.services.works.begin() as work:
        await saved_views.open_with(work, page.actor, view_id)
    return page.go("/views")


@router.post("/views/{view_id}/delete")
async def remove(page: SignedIn, view_id: int) -> Response:
    """Delete one's own."""
    async with page.console.services.works.begin() as work:
        await saved_views.remove(work, page.actor, view_id)
    return page.go("/views")


def _shares(page: Page, said: str) -> bool:
    return said == "yes" and saved_views.may_share(page.actor)


async def _views(page: Page, status: int = 200, problem: str = "") -> Response:
    async with page.console.services.works.read() as session:
        rows = await query.seen_by(session, page.user.id, page.may("conversations.all"), most=query.LISTED)
    shares = saved_views.may_share(page.actor)
    return page.render("inbox/views.html", status, rows=rows, problem=problem, shares=shares)
