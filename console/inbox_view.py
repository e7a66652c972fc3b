"""What the page of the inbox is made of, for the whole page and for its list alone."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from console.filters import BOXES, Box, Filters, Wanted
from console.page import Forbidden, Page
from console.queries import inbox, saved_views
from console.queries.inbox import InboxPage
from console.queries.saved_views import ViewRow
from core.dialogue.pulse import MOODS


async def values(page: Page, given_box: Box | None, view_id: int | None, after: str | None) -> dict[str, Any]:
    """Everything that the templates of the inbox show. Without a box or a filter the viewer's default view opens."""
    sees_all = page.may("conversations.all")
    if given_box == "all" and not sees_all:
        raise Forbidden("Your role does not see all conversations.", permission="conversations.all")
    filters = Filters.read(page.request.query_params)
    async with page.console.services.works.read() as session:
        named = view_id is not None or not page.is_partial or (given_box is None and not filters)
        views = await saved_views.seen_by(session, page.user.id, sees_all) if named else ()
        view = _view(views, view_id, opening=given_box is None and not filters)
        wanted = view.wanted if view is not None and given_box is None else _wanted(page, given_box, filters)
        listed = await _listed(page, session, wanted, after) if wanted is not None else None
        whole = listed is not None and after is None and listed.after is None
        besides = wanted if wanted is not None and wanted.filters and not whole else None
        counts = await inbox.counts(session, page.user.id, page.console.now, besides, sees_all=sees_all)
        if wanted is None:
            wanted = Wanted("mine" if counts.mine else "queue" if _holds(page) or not sees_all else "all")
        if listed is None:
            listed = await _listed(page, session, wanted, after)
        agents = await inbox.holders(session) if wanted.box in ("all", "team") and not page.is_partial else ()
    return {
        "wanted": wanted,
        "box": wanted.box,
        "boxes": _boxes(page, counts),
        "listed": listed,
        "counts": counts,
        "counted": inbox.COUNTED,
        "moods": MOODS,
        "found": len(listed.rows) if whole else counts.found,
        "views": [(each, None) for each in views],
        "view": view,
        "agents": agents,
        "after": after,
    }


async def tabs(page: Page, view_id: int | None) -> dict[str, Any]:
    """The saved views with how many stand in each: counting what is rare takes longest, so the list does not wait."""
    sees_all, user_id = page.may("conversations.all"), page.user.id
    async with page.console.services.works.read() as session:
        views = await saved_views.seen_by(session, user_id, sees_all)
        asked = {f"view{each.id}": each.wanted for each in views}
        sizes = await inbox.sizes_of(session, asked, user_id, page.console.now)
    listed = [(each, sizes[f"view{each.id}"]) for each in views]
    return {"views": listed, "view": _view(views, view_id, opening=False), "counted": inbox.COUNTED}


async def _listed(page: Page, session: AsyncSession, wanted: Wanted, after: str | None) -> InboxPage:
    return await inbox.page(session, wanted, page.user.id, page.console.now, after)


def _wanted(page: Page, box: Box | None, filters: Filters) -> Wanted | None:
    if box is None and not filters:
        return None
    return Wanted(box or ("all" if page.may("conversations.all") else "queue"), filters)


def _view(views: tuple[ViewRow, ...], view_id: int | None, *, opening: bool) -> ViewRow | None:
    if view_id is not None:
        return next((view for view in views if view.id == view_id), None)
    return next((view for view in views if view.is_default), None) if opening else None


def _holds(page: Page) -> bool:
    return page.may("conversations")


def _boxes(page: Page, counts: inbox.Counts) -> tuple[Box, ...]:
    """The lists that the viewer has."""
    hidden = set[Box]()
    if not _holds(page):
        hidden.add("mine")
    if not counts.teams:
        hidden.add("team")
    if not page.may("conversations.all"):
        hidden.add("all")
    return tuple(box for box in BOXES if box not in hidden)
