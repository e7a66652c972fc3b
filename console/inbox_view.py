"""What the page of the inbox is made of, for the whole page and for its list alone."""

from typing import Any

from console.filters import BOXES, Box, Filters, Wanted
from console.page import Forbidden, Page
from console.queries import inbox, saved_views
from console.queries.saved_views import ViewRow
from core.dialogue.pulse import MOODS


async def values(page: Page, given_box: Box | None, view_id: int | None, after: str | None) -> dict[str, Any]:
    """Everything that the templates of the inbox show. Without a box or a filter the viewer's default view opens."""
    sees_all = page.may("conversations.all")
    if given_box == "all" and not sees_all:
        raise Forbidden("Your role does not see all conversations.", permission="conversations.all")
    filters = Filters.read(page.request.query_params)
    async with page.console.services.works.read() as session:
        views = await saved_views.seen_by(session, page.user.id, sees_all)
        view = _view(views, view_id, opening=given_box is None and not filters)
        wanted = view.wanted if view is not None and given_box is None else _wanted(page, given_box, filters)
        counts = await inbox.counts(
            session,
            page.user.id,
            page.console.now,
            wanted,
            {each.id: each.wanted for each in views},
            sees_all,
        )
        if wanted is None:
            wanted = Wanted("mine" if counts.mine else "queue" if _holds(page) or not sees_all else "all")
        listed = await inbox.page(session, wanted, page.user.id, page.console.now, after)
        agents = await inbox.holders(session) if wanted.box in ("all", "team") and not page.is_partial else ()
    return {
        "wanted": wanted,
        "box": wanted.box,
        "boxes": _boxes(page, counts),
        "listed": listed,
        "counts": counts,
        "counted": inbox.COUNTED,
        "moods": MOODS,
        "views": views,
        "view": view,
        "agents": agents,
        "after": after,
    }


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
