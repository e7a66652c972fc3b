"""What every route is handed: who asks, in which language and time zone, and how to answer with a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from console import access, masking, security
from console.access import Permission, demand
from console.i18n import Language, language_of, preferred
from console.limiter import Limiter
from console.presence import Presence
from console.rendering import Renderer
from console.security import Signer
from console.services import ConsoleServices
from console.sso import SingleSignOn
from core.actions import sessions
from core.actions.preferences import Preferences
from core.actions.values import Actor
from core.errors import ParleyError

CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"


class SignInNeeded(ParleyError):
    """Nobody is signed in; the page to go on to afterwards is in `data`."""

    code = "sign_in_needed"


class Forbidden(ParleyError):
    """The role does not hold the permission that the page demands."""

    code = "forbidden"


class ForgedRequest(ParleyError):
    """The request changes something and does not come from one of our own pages."""

    code = "forged_request"


@dataclass(frozen=True, slots=True)
class Console:
    """What the routes share: services, templates, signatures, counters."""

    services: ConsoleServices
    renderer: Renderer
    signer: Signer
    logins: Limiter
    sso: SingleSignOn | None = None
    presence: Presence | None = None

    @property
    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.services.works.clock.now()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in. `csrf` is the token that their forms carry."""

    actor: Actor
    language: Language
    csrf: str
    secret: str
    preferences: Preferences = Preferences()
    status: str = "available"

    @property
    def id(self) -> int:
        """The user's id."""
        return self.actor.id


@dataclass(frozen=True, slots=True)
class Page:
    """One request, understood. `viewer` is None only where a route is public."""

    request: Request
    console: Console
    viewer: Viewer | None
    language: Language
    time_zone: str

    @property
    def user(self) -> Viewer:
        """Who is signed in, on pages that nobody else sees."""
        if self.viewer is None:
            raise SignInNeeded("Sign in first.", next=self.request.url.path)
        return self.viewer

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.user.actor

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks for a part of a page and will put it in place."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def answers(self) -> bool:
        """Whether this answers a form, so that what it tells takes the place of what was told before."""
        return self.request.method == "POST"

    def may(self, permission: Permission) -> bool:
        """Whether who is signed in holds the permission."""
        return self.viewer is not None and access.may(self.viewer.actor.role, permission)

    def private(self, text: str) -> str:
        """What a debtor or somebody of the team wrote; numbers of telephones, cards and documents are covered for who
        may not see them."""
        return text if self.may("personal_data") else masking.mask_text(text)

    def contact(self, kind: str, value: str) -> str:
        """A contact point, or the address of a conversation on a channel; covered for who may not see it."""
        return value if self.may("personal_data") else masking.mask_contact(kind, value)

    def say(self, text: str, **values: object) -> str:
        """A text in the viewer's language."""
        said = self.console.renderer.translations(self.language).gettext(text)
        return said % values if values else said

    def render(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
    ) -> HTMLResponse:
        """The template as an answer."""
        text = self.console.renderer.render(template, self.language, self._context() | values)
        return HTMLResponse(text, status_code=status, headers=dict(headers or {}))

    def go(self, path: str) -> Response:
        """On to another page, after something was done."""
        if self.is_partial:
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, status_code=303)

    def nothing(self) -> Response:
        """Nothing changed: what is on the page stays."""
        return Response(status_code=204)

    async def form(self) -> FormData:
        """The fields that were sent."""
        return await self.request.form()

    def _context(self) -> dict[str, Any]:
        return {
            "page": self,
            "viewer": self.viewer,
            "language": self.language,
            "zone": self.time_zone,
            "now": self.console.now,
            "csrf": self.viewer.csrf if self.viewer else "",
            "path": self.request.url.path,
        }


def needs(permission: Permission) -> Any:
    """The dependency of a route that demands this permission, and the proof of origin where it changes something."""

    async def check(request: Request) -> Page:
        page = await open_page(request)
        if permission != "public":
            user = page.user
            if not page.may(permission):
                raise Forbidden("Your role does not allow this.", permission=permission, role=user.actor.role)
            if page.console.presence is not None:
                await page.console.presence.asked(user.id)
        await _check_origin(page)
        return page

    return demand(permission, check)


async def open_page(request: Request) -> Page:
    """The request with its viewer, if one is signed in. No database connection stays open."""
    console: Console = request.app.state.console
    viewer = await _viewer(console, request)
    chosen = request.cookies.get(security.LANGUAGE_COOKIE)
    if viewer is not None:
        language = viewer.language
    elif chosen:
        language = language_of(chosen)
    else:
        language = preferred(request.headers.get("accept-language", ""))
    zone = unquote(request.cookies.get(security.ZONE_COOKIE, "UTC"))
    return Page(request, console, viewer, language, zone)


def sign_in_address(request: Request) -> str:
    """The login page, which leads back here."""
    path = request.url.path if request.method == "GET" else "/"
    if request.headers.get("hx-request") == "true":
        path = "/"
    return "/login" if path == "/" else f"/login?next={quote(path)}"


async def _viewer(console: Console, request: Request) -> Viewer | None:
    secret = console.signer.session_secret(request.cookies.get(security.SESSION_COOKIE))
    if secret is None:
        return None
    async with console.services.works.read() as session:
        found = await sessions.resolve(session, secret, console.now)
    if found is None:
        return None
    return Viewer(found.actor, language_of(found.language), found.csrf, secret, found.preferences, found.status)


async def _check_origin(page: Page) -> None:
    request = page.request
    if request.method not in security.UNSAFE:
        return
    if not security.from_here(request, page.console.services.public_url):
        raise ForgedRequest("This request does not come from the console.")
    if page.viewer is None:
        return
    token = request.headers.get(CSRF_HEADER) or str((await page.form()).get(CSRF_FIELD, ""))
    if not security.same(token, page.viewer.csrf):
        raise ForgedRequest("The form is no longer valid. Reload the page and try again.")


Public = Annotated[Page, needs("public")]
SignedIn = Annotated[Page, needs("own")]
Reader = Annotated[Page, needs("conversations.read")]
Agent = Annotated[Page, needs("conversations")]
Overseer = Annotated[Page, needs("conversations.all")]
Supervisor = Annotated[Page, needs("supervise")]
Approver = Annotated[Page, needs("approvals")]
ComplaintsReader = Annotated[Page, needs("complaints.read")]
ComplaintsHandler = Annotated[Page, needs("complaints")]
LimitsReader = Annotated[Page, needs("limits.read")]
LimitsEditor = Annotated[Page, needs("limits.edit")]
WordingReader = Annotated[Page, needs("wording.read")]
WordingEditor = Annotated[Page, needs("wording.edit")]
ReportReader = Annotated[Page, needs("reports")]
Exporter = Annotated[Page, needs("reports.export")]
Manager = Annotated[Page, needs("settings")]
Auditor = Annotated[Page, needs("audit")]
Relabeller = Annotated[Page, needs("understanding")]
ModelKeeper = Annotated[Page, needs("understanding.train")]
Administrator = Annotated[Page, needs("users")]
Integrator = Annotated[Page, needs("integrations")]
