"""Signing in and out."""

from collections.abc import Mapping
from typing import Annotated

import structlog
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from console import security
from console.forms import text_of
from console.i18n import N_, language_of
from console.page import ForgedRequest, Page, Public, SignedIn
from console.security import address, safe_next
from console.sso import Begun, SingleSignOn, SsoFailed
from core.actions import accounts, sessions, sso, users
from core.actions.values import Actor
from core.errors import NotFound

_log = structlog.get_logger(__name__)
router = APIRouter()
WRONG = N_("This login and password do not match. Check both and try again.")
BLOCKED = N_("Too many attempts. Wait five minutes, then try again.")
ELSEWHERE = N_("Your account signs in with single sign-on.")
SSO_FAILED = N_("Single sign-on did not work. Try again, or ask an administrator.")
SSO_REFUSED: Mapping[str, str] = {
    "unknown": N_("There is no account for you here yet. Ask an administrator for one."),
    "closed": N_("Your account is closed. Ask an administrator."),
    "domain": N_("Accounts of your organisation cannot sign in here."),
    "no_role": N_("None of your groups has a role here. Ask an administrator."),
    "other_person": N_("Your address belongs to another account here. Ask an administrator."),
}
YEAR_S = 365 * 24 * 3600


@router.get("/login")
async def form(page: Public, next: Annotated[str, Query()] = "/") -> Response:  # noqa: A002  the field's name
    """The login page; who is signed in goes on."""
    if page.viewer is not None:
        return page.go(safe_next(next))
    return _form(page, safe_next(next))


@router.post("/login")
async def sign_in(page: Public) -> Response:
    """A session for the right login and password. Whatever is wrong, the answer is the same."""
    fields = await page.form()
    login, password = text_of(fields, "login", 80), str(fields.get("password", ""))[:1000]
    next_path = safe_next(text_of(fields, "next", 500) or "/")
    cookie = page.request.cookies.get(security.LOGIN_COOKIE)
    if not page.console.signer.is_login_form(cookie, text_of(fields, "csrf", 500)):
        raise ForgedRequest("The login form is no longer valid.")
    key = f"{login.lower()} {address(page.request)}"
    if not await page.console.logins.may_try(key, page.console.now):
        return _form(page, next_path, login, page.say(BLOCKED), 429)
    async with page.console.services.works.read() as session:
        actor = await users.authenticate(session, login, password)
    if actor is None:
        return _form(page, next_path, login, page.say(WRONG), 401)
    await page.console.logins.forget(key)
    if page.console.sso is not None and page.console.sso.options.passwords_for_admins_only and actor.role != "admin":
        return _form(page, next_path, login, page.say(ELSEWHERE), 403)
    response = await _start(page, actor, next_path)
    response.delete_cookie(security.LOGIN_COOKIE)
    return response


@router.get("/login/sso")
async def go_to_provider(page: Public, next: Annotated[str, Query()] = "/") -> Response:  # noqa: A002  the field's name
    """On to the identity provider, with secrets of this browser's own."""
    provider = _provider(page)
    begun = Begun.new(safe_next(next))
    try:
        address = await provider.address(begun, page.console.now)
    except SsoFailed as error:
        return _failed(page, begun.next, error)
    response = RedirectResponse(address, status_code=303)
    _keep(page, response, security.SSO_COOKIE, page.console.signer.begun_sso(begun.to_json()), security.SSO_S)
    return response


@router.get("/login/sso/back")
async def come_back(page: Public) -> Response:
    """Back from the identity provider: a session for whom it vouches for and the house lets in."""
    provider = _provider(page)
    begun = Begun.from_json(page.console.signer.sso_begun(page.request.cookies.get(security.SSO_COOKIE)))
    if begun is None:
        return _form(page, "/", problem=page.say(SSO_FAILED), status=403)
    try:
        identity = await provider.identity(begun, dict(page.request.query_params), page.console.now)
    except SsoFailed as error:
        return _failed(page, begun.next, error)
    async with page.console.services.works.begin() as work:
        outcome = await sso.sign_in(work, identity, provider.options.rules)
    if isinstance(outcome, sso.Refused):
        return _form(page, begun.next, problem=page.say(SSO_REFUSED[outcome.why]), status=403)
    response = await _start(page, outcome, begun.next)
    response.delete_cookie(security.SSO_COOKIE)
    return response


@router.post("/logout")
async def sign_out(page: SignedIn) -> Response:
    """The session ends on the server; the cookie is worth nothing from now on."""
    async with page.console.services.works.begin() as work:
        await sessions.end(work, page.user.secret)
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(security.SESSION_COOKIE)
    return response


@router.post("/language")
async def choose_language(page: Public) -> Response:
    """The console's language: the account's for who is signed in, the browser's before."""
    fields = await page.form()
    language = language_of(text_of(fields, "language", 8))
    if page.viewer is not None:
        async with page.console.services.works.begin() as work:
            await accounts.set_language(work, page.actor, language)
    response = RedirectResponse(safe_next(text_of(fields, "next", 500) or "/"), status_code=303)
    _keep(page, response, security.LANGUAGE_COOKIE, language, YEAR_S)
    return response


def _provider(page: Page) -> SingleSignOn:
    if page.console.sso is None:
        raise NotFound("There is no single sign-on here.")
    return page.console.sso


def _failed(page: Page, next_path: str, error: SsoFailed) -> HTMLResponse:
    _log.warning("sso_failed", why=error.data.get("why"))
    response = _form(page, next_path, problem=page.say(SSO_FAILED), status=403)
    response.delete_cookie(security.SSO_COOKIE)
    return response


async def _start(page: Page, actor: Actor, next_path: str) -> Response:
    async with page.console.services.works.begin() as work:
        started = await sessions.start(work, actor)
    response = RedirectResponse(next_path, status_code=303)
    seconds = int((started.expires_at - page.console.now).total_seconds())
    _keep(page, response, security.SESSION_COOKIE, page.console.signer.session(started.secret), seconds)
    return response


def _form(page: Page, next_path: str, login: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    token = page.console.signer.login_form()
    response = page.render("login.html", status, next_path=next_path, login=login, problem=problem, token=token)
    _keep(page, response, security.LOGIN_COOKIE, token, security.LOGIN_FORM_S)
    return response


def _keep(page: Page, response: Response, name: str, value: str, seconds: int) -> None:
    secure = page.console.services.secure_cookies
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)
