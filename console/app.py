"""The console as an application: routes, files, errors as pages, security headers."""

import mimetypes
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from console import routes
from console.access import declared_permission
from console.api import create_api
from console.assets import STATIC
from console.i18n import N_
from console.limiter import Limiter
from console.page import Console, Forbidden, ForgedRequest, SignInNeeded, open_page, sign_in_address
from console.presence import Presence
from console.rendering import Renderer
from console.security import SecurityHeaders, Signer
from console.services import ConsoleServices
from console.sso import SingleSignOn
from core.errors import InvalidInput, InvariantBroken, NotFound, ParleyError

mimetypes.add_type("image/svg+xml", ".svg")
FOREVER = "public, max-age=31536000, immutable"

_TITLES = {
    400: N_("That could not be read"),
    403: N_("You may not do this"),
    404: N_("There is nothing here"),
    405: N_("There is nothing here"),
    422: N_("That could not be read"),
    429: N_("Too many attempts"),
}
_HELP = {
    400: N_("Go back, check what you entered, and try again."),
    403: N_("Your role does not allow it, or the form is no longer valid. Reload the page, or ask an administrator."),
    404: N_("It may have been moved, or the address is not quite right."),
    405: N_("It may have been moved, or the address is not quite right."),
    422: N_("Go back, check what you entered, and try again."),
    429: N_("Wait a few minutes, then try again."),
}
_STATUS: dict[type[ParleyError], int] = {Forbidden: 403, ForgedRequest: 403, NotFound: 404, InvalidInput: 422}


class Assets(StaticFiles):
    """Files whose address changes with their content, and that browsers may therefore keep."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file with its lifetime."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = FOREVER
        return response


def create_console(services: ConsoleServices) -> FastAPI:
    """The console, to be mounted at the root. It opens nothing until it is asked for a page."""
    _check_declared()
    app = FastAPI(title="Parley console", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.console = Console(
        services,
        Renderer(),
        Signer(services.secret_key),
        Limiter(services.counters),
        _single_sign_on(services),
        Presence(services.works),
    )
    for router in routes.ROUTERS:
        app.include_router(router)
    app.mount("/api/v1", create_api(app.state.console), name="api")
    app.mount("/assets", Assets(directory=STATIC), name="assets")
    app.add_middleware(SecurityHeaders, secure=services.secure_cookies)
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(ParleyError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    return app


def _single_sign_on(services: ConsoleServices) -> SingleSignOn | None:
    return SingleSignOn(services.sso, f"{services.public_url}/login/sso/back") if services.sso is not None else None


def _check_declared() -> None:
    """A route that says nothing of who may use it must not exist."""
    undeclared = [route.path for route in routes.every_route() if declared_permission(route) is None]
    if undeclared:
        raise InvariantBroken("Declare the permission of every route.", routes=undeclared)


async def _sign_in(request: Request, _error: Exception) -> Response:
    address = sign_in_address(request)
    if request.headers.get("hx-request") == "true":
        return Response(status_code=401, headers={"HX-Redirect": address})
    return Response(status_code=303, headers={"Location": address})


async def _refused(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
    return await _page(request, status)


async def _http(request: Request, error: Exception) -> Response:
    return await _page(request, error.status_code if isinstance(error, HTTPException) else 400)


async def _unreadable(request: Request, _error: Exception) -> Response:
    return await _page(request, 422)


async def _page(request: Request, status: int) -> Response:
    page = await open_page(request)
    title, help_text = _TITLES.get(status, _TITLES[400]), _HELP.get(status, _HELP[400])
    return page.render("error.html", status, title=page.say(title), help_text=page.say(help_text), code=status)
