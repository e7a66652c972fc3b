"""The matrix of roles and routes, made from the routes themselves."""

import pytest
from fastapi import APIRouter
from starlette.routing import Mount

from console import routes
from console.access import ROLES, declared_permission, may
from console.routes import ROUTERS, every_route
from core.errors import InvariantBroken
from tests.console.conftest import SignIn, console_over
from tests.console.office import Office

LOGINS = {"agent": "ana", "supervisor": "sue", "manager": "max", "admin": "ada"}


def test_every_route_declares_a_permission() -> None:
    undeclared = [route.path for route in every_route() if declared_permission(route) is None]
    assert undeclared == []
    assert len(list(every_route())) > 20


def test_the_console_serves_nothing_but_those_routes_and_its_files(office: Office) -> None:
    app = console_over(office.works)
    others = [route for route in app.routes if getattr(route, "original_router", None) not in ROUTERS]
    assert [(type(route), getattr(route, "name", "")) for route in others] == [(Mount, "assets")]


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


def _calls() -> list[tuple[str, str, str]]:
    found = []
    for route in every_route():
        permission = declared_permission(route)
        if permission in ("public", "own") or route.path == "/live":
            continue
        path = route.path.replace("{conversation_id}", "999").replace("{approval_id}", "999")
        for name in ("{message_id}", "{reading_id}", "{model_id}", "{version_id}"):
            path = path.replace(name, "999")
        path = path.replace("{user_id}", "999") + ("?market=cn" if route.path == "/limits/edit" else "")
        found += [(method, path, str(permission)) for method in route.methods or ()]
    return sorted(found)


@pytest.mark.parametrize("role", list(ROLES))
async def test_a_route_is_closed_to_every_role_without_its_permission(role: str, sign_in: SignIn) -> None:
    browser = await sign_in(LOGINS[role])
    for method, path, permission in _calls():
        answer = await (browser.get(path) if method == "GET" else browser.post(path))
        allowed = permission in ROLES[role]
        assert (answer.status_code != 403) == allowed, (method, path, answer.status_code)


async def test_nobody_who_is_not_signed_in_gets_anything_but_the_login_page(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("")
    for method, path, _ in [*_calls(), ("GET", "/live", "conversations")]:
        answer = await (browser.get(path) if method == "GET" else browser.post(path))
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"].startswith("/login")
    part = await browser.get(f"/conversations/{office.talks[0]}/changes", part=True)
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login")
