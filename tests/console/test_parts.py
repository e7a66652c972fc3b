"""One rendering path: whatever a page fetches, and whatever answers a form, is what the page opened anew is made of."""

import re
from difflib import unified_diff

import pytest
from fastapi.routing import APIRoute

from console.routes import every_route
from tests.console.conftest import Browser
from tests.console.deeds import BY_SCRIPT, IN_CONVERSATIONS, OUTSIDE, PLAIN, WORK, Deed
from tests.console.full_house import House, filled
from tests.console.markup import Element, form_to, goes_to, is_page, parse, sent_by
from tests.console.visits import QUERIES, Placed, Walks, Wanted, ask, enter, placed, plain, settle, settled, wanted_by

DEEDS = (*IN_CONVERSATIONS, *WORK, *PLAIN)
AS_TYPED = {"/colleagues", "/conversations/{conversation_id}/replies", "/search"}
"""Parts that scripts fetch as one types: choices that no page shows by itself, and a page's own list."""


def difference(piece: Placed, fresh: Element, *, notices: bool = False) -> str:
    """What differs between a piece of an answer and the same element of a page; nothing where nothing does."""
    there = fresh.by_id(piece.target)
    if there is None:
        return f"nothing is #{piece.target} on the page opened anew"
    answered = plain(piece.piece, inside=piece.inside, notices=notices).splitlines()
    opened = plain(there, inside=piece.inside, notices=notices).splitlines()
    return "\n".join(unified_diff(opened, answered, "the page", "the answer", lineterm="", n=1))


async def fetched(browser: Browser, address: str, page: Element) -> dict[str, str]:
    """What the parts that a page fetches do otherwise than the page, by the address of each."""
    wrong = {}
    for element in [each for each in page if "hx-get" in each.attrs]:
        wanted = wanted_by(element, page)
        answer = await ask(browser, wanted)
        opens = element.attrs.get("href")
        fresh = page if opens is None else await settled(browser, opens)
        found = [difference(piece, fresh) for piece in placed(answer.text, wanted)]
        if answer.status_code != 200 or any(found):
            wrong[f"{address} {wanted.address} {answer.status_code}"] = "\n".join(found)
    return wrong


@pytest.mark.parametrize("login", ["ana", "ada", "otto"])
async def test_what_a_page_fetches_is_what_it_is_made_of(login: str, walks: Walks) -> None:
    pages = await walks.by(login)
    wrong: dict[str, str] = {}
    for address, page in pages.items():
        wrong |= await fetched(walks.browsers[login], address, page)
    assert not wrong, "\n".join(f"{where}:\n{what}" for where, what in wrong.items())


async def test_every_part_that_a_route_answers_is_fetched_by_a_page_or_as_one_types(walks: Walks) -> None:
    pages = await walks.by("ada")
    asked = [
        each.attrs["hx-get"].partition("?")[0] for page in pages.values() for each in page if "hx-get" in each.attrs
    ]
    forgotten = []
    for route in every_route():
        address = filled(route.path, walks.house.places)
        if "GET" in (route.methods or ()) and route.path not in ("/live", *AS_TYPED):
            answer = await walks.browsers["ada"].get(address + QUERIES.get(route.path, ""), part=True)
            is_part = answer.headers.get("content-type", "").startswith("text/html") and not is_page(answer.text)
            if is_part and answer.text and not any(route.path_regex.fullmatch(each) for each in asked):
                forgotten.append(route.path)
    assert forgotten == []


async def _sent(deed: Deed, house: House, browser: Browser) -> tuple[Wanted | None, int, str]:
    """What answers a form that is sent as its page says: what htmx asked, or None where the browser sent it itself;
    the status, and the text."""
    action = filled(deed.action, house.places)
    page = await settled(browser, filled(deed.page, house.places))
    fields = {name: _filled(value, house) for name, value in deed.fields.items()}
    form = form_to(page, action, fields)
    asks = next((each for each in form if goes_to(each, action, "hx-post")), None)
    sent: dict[str, object] = {**sent_by(form, page, deed.button), **fields}
    if deed.meanwhile is not None:
        await deed.meanwhile(house.office)
    if asks is None:
        answer = await browser.client.post(
            form.attrs["action"], data=sent, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True
        )
        return None, answer.status_code, answer.text
    wanted = wanted_by(asks, page)
    wanted = Wanted("POST", wanted.address, sent, wanted.target, wanted.swap)
    answer = await ask(browser, wanted)
    return wanted, answer.status_code, answer.text


def _filled(value: object, house: House) -> object:
    if isinstance(value, list):
        return [_filled(each, house) for each in value]
    return filled(value, house.places) if isinstance(value, str) else value


def _goes(deed: Deed, route: APIRoute) -> bool:
    """Whether the deed is done through this route, and through none that stands before it."""
    path = re.sub(r"{\w+}", "1", deed.action)
    posts = (each for each in every_route() if "POST" in (each.methods or ()))
    return next((each for each in posts if each.path_regex.fullmatch(path)), None) is route


@pytest.mark.parametrize("deed", DEEDS, ids=str)
async def test_what_answers_a_form_is_what_the_page_opened_anew_is_made_of(deed: Deed, full_house: House) -> None:
    if deed.before is not None:
        await deed.before(full_house.office)
    browser = await enter(full_house.office, deed.login)
    wanted, status, text = await _sent(deed, full_house, browser)
    assert status == deed.status, parse(text).text[:1500]
    if wanted is None or status == 204:
        return
    opened = await settled(browser, filled(deed.opens or deed.page, full_house.places))
    refused = opened
    if status != 200:
        again = await browser.client.post(
            wanted.address, data=dict(wanted.fields), headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert (again.status_code, is_page(again.text)) == (status, True)
        refused = parse(again.text)
        await settle(browser, refused)
    pieces = placed(text, wanted)
    for piece in pieces:
        await settle(browser, piece.piece)
    pages = [refused if refused.by_id(piece.target) else opened for piece in pieces]
    found = [difference(piece, page, notices=status != 200) for piece, page in zip(pieces, pages, strict=True)]
    assert not any(found), "\n".join(found)


def test_every_form_that_the_console_takes_is_sent_here() -> None:
    sent = {route.path for deed in DEEDS for route in every_route() if _goes(deed, route)}
    posts = {route.path for route in every_route() if "POST" in (route.methods or ())}
    assert posts - sent - BY_SCRIPT - OUTSIDE == set()
