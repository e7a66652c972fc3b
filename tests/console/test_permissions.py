"""The matrix of roles and routes, made from the routes themselves."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import get_type_hints

import httpx
import pytest
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute
from starlette.routing import Mount

from console import routes
from console.access import ROLES, declared_permission, may
from console.routes import ROUTERS, every_route
from core.errors import InvariantBroken
from tests.console.conftest import Browser, SignIn, console_over
from tests.console.markup import Element
from tests.console.office import TEAM, Office
from tests.console.visits import Walks

LOGINS = {role: login for login, _, role, _ in TEAM}
OTHER_VALUES = {"name": "nothing", "public_id": "nothing", "key": "nothing", "code": "nothing"}
"""What a place in a path holds where no number does."""


def test_every_route_declares_a_permission() -> None:
    undeclared = [route.path for route in every_route() if declared_permission(route) is None]
    assert undeclared == []
    assert len(list(every_route())) > 20


def test_the_console_serves_nothing_but_those_routes_and_its_files(office: Office) -> None:
    app = console_over(office.works)
    others = [route for route in app.routes if getattr(route, "original_router", None) not in ROUTERS]
    assert [(type(route), getattr(route, "name", "")) for route in others] == [(Mount, "api"), (Mount, "assets")]


def test_a_console_with_a_route_open_to_anyone_by_omission_does_not_start(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = APIRouter()
    careless.add_api_route("/everything", lambda: "secrets")
    monkeypatch.setattr(routes, "ROUTERS", (*ROUTERS, careless))
    with pytest.raises(InvariantBroken):
        console_over(office.works)


def test_every_route_is_known_to_the_matrix_of_roles() -> None:
    granted = {permission for role in ROLES.values() for permission in role} | {"public"}
    assert {declared_permission(route) for route in every_route()} <= granted
    assert not may("intern", "own")


@dataclass(frozen=True, slots=True)
class Call:
    """One way to call a route, its path filled in."""

    method: str
    path: str
    permission: str
    streams: bool

    async def by(self, browser: Browser) -> httpx.Response:
        """The answer to the browser."""
        if self.method == "GET":
            return await browser.get(self.path)
        return await browser.post(self.path)


def _filled(path: str) -> str:
    """The path with a value in each of its places: by its name, or a number that nothing has."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda place: OTHER_VALUES.get(place[1], "999"), path)


def _streams(route: APIRoute) -> bool:
    """Whether its answers go on and on, so that a test cannot read one to its end."""
    returned = get_type_hints(route.endpoint).get("return")
    return returned is StreamingResponse


def _calls() -> list[Call]:
    found = [
        Call(method, _filled(route.path), str(declared_permission(route)), _streams(route))
        for route in every_route()
        for method in sorted(route.methods or ())
    ]
    return sorted((call for call in found if call.permission != "public"), key=lambda call: (call.path, call.method))


@pytest.mark.parametrize("role", list(ROLES))
async def test_a_route_is_closed_to_every_role_without_its_permission(role: str, sign_in: SignIn) -> None:
    browser = await sign_in(LOGINS[role])
    wrong = []
    for call in _calls():
        allowed = call.permission in ROLES[role]
        if call.permission == "own" or (allowed and call.streams):
            continue
        answer = await call.by(browser)
        if (answer.status_code != 403) != allowed or answer.status_code >= 500:
            wrong.append((call, answer.status_code))
    assert wrong == []


def test_who_may_do_more_may_do_all_that_others_in_their_line_may() -> None:
    line = [ROLES[role] for role in ("agent", "supervisor", "manager", "admin")]
    assert all(less < more for less, more in pairwise(line))
    assert ROLES["auditor"] < ROLES["compliance"] < ROLES["admin"]


async def test_an_auditor_changes_nothing_but_what_is_their_own(sign_in: SignIn) -> None:
    browser = await sign_in(LOGINS["auditor"])
    changing = [call for call in _calls() if call.method != "GET" and call.permission != "own"]
    assert len(changing) > 20
    assert [call for call in changing if (await call.by(browser)).status_code != 403] == []


async def test_nobody_who_is_not_signed_in_gets_anything_but_the_login_page(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("")
    for call in _calls():
        answer = await call.by(browser)
        assert answer.status_code == 303, call
        assert answer.headers["location"].startswith("/login")
    part = await browser.get(f"/conversations/{office.talks[0]}/changes", part=True)
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login")


ASKING = {"action": "POST", "formaction": "POST", "hx-post": "POST", "hx-get": "GET", "href": "GET"}


def _offered(page: Element) -> set[tuple[str, str]]:
    """What the page offers to press, to follow and to fetch: methods, and addresses of the console."""
    found = set()
    for each in page:
        searches = each.tag == "form" and each.attrs.get("method", "get") == "get"
        for name, method in ASKING.items():
            address = re.split(r"[?#]", each.attrs.get(name, ""))[0]
            if address.startswith("/"):
                found.add(("GET" if searches and name == "action" else method, address))
    return found


def _route_of(method: str, address: str) -> APIRoute | None:
    """The route that would answer; None for what is no page: assets, the API's own reference."""
    ways = (route for route in every_route() if method in (route.methods or ()))
    return next((route for route in ways if route.path_regex.fullmatch(address)), None)


@pytest.mark.parametrize("role", list(ROLES))
async def test_a_page_offers_a_role_nothing_that_it_may_not_do(role: str, walks: Walks) -> None:
    pages = await walks.by(LOGINS[role])
    assert len(pages) > 10
    refused = set()
    for shown, page in pages.items():
        for method, address in _offered(page):
            route = _route_of(method, address)
            if route is not None and not may(role, declared_permission(route) or "public"):
                refused.add(f"{shown} offers {method} {route.path}")
            assert route is not None or address.startswith(("/assets/", "/api/")), f"{shown} leads to {address}"
    assert not refused, "\n".join(sorted(refused))
