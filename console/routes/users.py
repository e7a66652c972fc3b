"""The team's accounts."""

import re
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.forms import text_of
from console.i18n import N_, language_of
from console.page import Administrator, Page
from console.queries import users as query
from core.actions import accounts, users
from core.actions.values import ROLES
from core.errors import InvalidInput

router = APIRouter(prefix="/users")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

ADDED = N_("%(name)s can sign in now.")
CHANGED = N_("%(name)s: done.")
TAKEN = N_("This login is taken. Choose another.")
SHORT = N_("The password needs at least %(least)s characters.")
MISSING = N_("Give a login, a name and a role.")
HOLDING = N_("They hold %(count)s open conversations. Have them handed back or closed first.")
EMAIL_TAKEN = N_("Another account has this address.")
UNREADABLE = N_("Give a role, and an address such as name@example.com or none.")
LAST = N_("This is the only administrator left.")


@router.get("")
async def show(page: Administrator, after: Annotated[str, Query(max_length=81)] = "") -> Response:
    """Everyone of the team, a page at a time."""
    return await _list(page, after=after)


@router.post("")
async def add(page: Administrator) -> Response:
    """A new account."""
    form = await page.form()
    login, name, role = text_of(form, "login", 80).lower(), text_of(form, "name", 120), text_of(form, "role", 12)
    password = str(form.get("password", ""))[:1000]
    if not login or not name or role not in ROLES:
        return await _list(page, 422, problem=page.say(MISSING), typed={"login": login, "name": name, "role": role})
    if len(password) < users.SHORTEST_PASSWORD:
        problem = page.say(SHORT, least=users.SHORTEST_PASSWORD)
        return await _list(page, 422, problem=problem, typed={"login": login, "name": name, "role": role})
    language = language_of(text_of(form, "language", 8))
    try:
        async with page.console.services.works.begin() as work:
            await users.create(work, login, name, role, password, language=language, by=page.actor.login)
    except InvalidInput:
        return await _list(page, 409, problem=page.say(TAKEN), typed={"login": login, "name": name, "role": role})
    return await _list(page, notice=page.say(ADDED, name=name))


@router.post("/{user_id}")
async def change(page: Administrator, user_id: int) -> Response:
    """Another role, or another address for single sign-on."""
    form = await page.form()
    role, email = text_of(form, "role", 12), text_of(form, "email", 254)
    if role not in ROLES or (email and not _EMAIL.fullmatch(email)):
        return await _list(page, 422, problem=page.say(UNREADABLE))
    async with page.console.services.works.begin() as work:
        outcome = await accounts.change(work, page.actor, user_id, role=role, email=email)
    match outcome:
        case accounts.StillHolding(count):
            return await _list(page, 409, problem=page.say(HOLDING, count=count))
        case accounts.LastAdmin():
            return await _list(page, 409, problem=page.say(LAST))
        case accounts.EmailTaken():
            return await _list(page, 409, problem=page.say(EMAIL_TAKEN))
        case accounts.Changed(actor):
            return await _list(page, notice=page.say(CHANGED, name=actor.name))


@router.post("/{user_id}/active")
async def set_active(page: Administrator, user_id: int) -> Response:
    """Let an account sign in, or no longer."""
    active = text_of(await page.form(), "active", 5) == "yes"
    async with page.console.services.works.begin() as work:
        outcome = await accounts.set_active(work, page.actor, user_id, active=active)
    match outcome:
        case accounts.StillHolding(count):
            return await _list(page, 409, problem=page.say(HOLDING, count=count))
        case accounts.LastAdmin():
            return await _list(page, 409, problem=page.say(LAST))
        case accounts.Changed(actor):
            return await _list(page, notice=page.say(CHANGED, name=actor.name))


@router.post("/{user_id}/password")
async def reset_password(page: Administrator, user_id: int) -> Response:
    """A new password; the account is signed out everywhere."""
    password = str((await page.form()).get("password", ""))[:1000]
    if len(password) < users.SHORTEST_PASSWORD:
        return await _list(page, 422, problem=page.say(SHORT, least=users.SHORTEST_PASSWORD))
    async with page.console.services.works.begin() as work:
        changed = await accounts.reset_password(work, page.actor, user_id, password)
    return await _list(page, notice=page.say(CHANGED, name=changed.actor.name))


async def _list(
    page: Page,
    status: int = 200,
    *,
    notice: str = "",
    problem: str = "",
    typed: dict[str, str] | None = None,
    after: str = "",
) -> Response:
    async with page.console.services.works.read() as session:
        rows, following = await query.everyone(session, after)
    return page.render(
        "users/page.html", status, rows=rows, following=following, notice=notice, problem=problem, typed=typed or {}
    )
