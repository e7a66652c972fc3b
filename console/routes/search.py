"""Search over people, references, contact points and messages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import highlighting
from console.page import Page, Reader
from console.queries import search
from console.queries.search import Found, FoundPage, Looker
from console.queries.words import Sought

router = APIRouter()
NOTHING = FoundPage((), None)


@router.get("/search")
async def show(
    page: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
    among: Annotated[Literal["all", "people", "messages"], Query()] = "all",
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What the viewer may see with all of the words in it; htmx gets the list without the page around it."""
    sought = Sought.read(q)
    looker = Looker(page.user.id, page.may("conversations.all"), page.may("personal_data"))
    people = messages = NOTHING
    if sought.terms:
        async with page.console.services.works.read() as session:
            if among != "messages":
                people = await search.people(session, sought, looker, after)
            if among != "people":
                before = int(after) if after and after.isascii() and after.isdigit() and len(after) < 19 else None
                messages = await search.messages(session, sought, looker, before)
    values: Mapping[str, Any] = {
        "q": q.strip(),
        "among": among,
        "sought": sought,
        "people": _covered(page, people),
        "messages": _heard(page, messages, sought),
        "after": after,
        "marked": lambda text: highlighting.marked(text, sought.terms),
        "excerpt": lambda text: highlighting.excerpt(text, sought.terms),
    }
    return page.render("inbox/_found.html" if page.is_partial else "inbox/search.html", **values)


def _covered(page: Page, found: FoundPage) -> FoundPage:
    """Contact points as the viewer may see them."""
    rows = (replace(row, value=page.contact(row.kind, row.value)) if row.value else row for row in found.rows)
    return replace(found, rows=tuple(rows))


def _heard(page: Page, found: FoundPage, sought: Sought) -> FoundPage:
    """Messages as the viewer may see them, without those whose words stand only in what is covered."""
    shown: list[Found] = []
    for row in found.rows:
        text = page.private(row.value)
        if highlighting.holds(text, sought.terms):
            shown.append(replace(row, value=text))
    return replace(found, rows=tuple(shown))
