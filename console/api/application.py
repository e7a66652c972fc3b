"""The public interface as an application of its own, so that its errors and its document are its own."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.api import cases, conversations, models, webhooks
from console.api.caller import Rates, scope_of
from console.api.problems import MEDIA_TYPE, PROBLEMS, Problem, handle_problems
from console.page import Console, open_page
from core.actions.events import EVENTS
from core.errors import InvariantBroken

ROUTERS: tuple[APIRouter, ...] = (cases.router, conversations.router, webhooks.router)
LARGEST = 256 * 1024
VERSION = "1.0.0"
_ABOUT = """Cases in, payments in; conversations, plans and payments out; events as webhooks.

Every request carries a key made under Integrations: `Authorization: Bearer parley_…`. A key opens only its scopes.
Sums are strings in major units beside their currency. Times are UTC, dates are the debtor's. Errors are
`application/problem+json` (RFC 9457) with a stable `code`. Fields may be added in this version; none is taken away."""
_TOLD_OF = {
    "conversation.handed_over": "A conversation was handed over to people.",
    "plan.agreed": "A debtor agreed to a plan.",
    "plan.broken": "The day of a plan's payment passed and it was not paid in full.",
    "payment.recorded": "Money arrived and was allocated.",
    "complaint.opened": "A complaint was taken down.",
}


def every_route() -> Iterator[APIRoute]:
    """Each route that a key opens."""
    for router in ROUTERS:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def create_api(console: Console) -> FastAPI:
    """The interface over this console's services, to be mounted under `/api/v1`."""
    undeclared = [route.path for route in every_route() if scope_of(route) is None]
    if undeclared:
        raise InvariantBroken("Declare the scope of every route.", routes=undeclared)
    app = FastAPI(
        title="Parley",
        version=VERSION,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        responses={"default": {"description": "A problem.", "content": {MEDIA_TYPE: _PROBLEM}}},
    )
    app.state.console = console
    app.state.rates = Rates(console.services.counters)
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/docs", _docs, methods=["GET"], include_in_schema=False)
    for event in EVENTS:
        app.webhooks.add_api_route(event, _told, methods=["POST"], summary=_TOLD_OF[event], operation_id=event)
    handle_problems(app)
    app.add_middleware(_Limits)
    document = app.openapi
    app.openapi = lambda: _completed(document())  # type: ignore[method-assign]
    return app


_PROBLEM = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}


async def _told(body: models.Event) -> None:
    """Answer with any status from 200 to 299 within ten seconds. `Parley-Signature` is `t=SECONDS,v1=HEX`: the
    HMAC-SHA256 of `SECONDS.BODY` with the webhook's secret."""


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the shape of a problem, and without FastAPI's own shape of an error, which is never sent."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = models.ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"ProblemDetails": problem}
    for path in (*document.get("paths", {}).values(), *document.get("webhooks", {}).values()):
        for operation in path.values():
            operation["responses"].pop("422", None)
    return document


async def _docs(request: Request) -> Response:
    """The document as a page for people."""
    page = await open_page(request)
    document = request.app.openapi()
    return page.render("integrations/reference.html", document=document, problems=PROBLEMS)


class _Limits:
    """Refuses bodies that are too long before they are read, and tells how much of the rate is left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = _unfit_length(Request(scope))
        if refused is not None:
            await refused.answer()(scope, receive, send)
            return
        scope.setdefault("state", {})

        async def with_rate(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in scope["state"].get("rate", {}).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_rate)


def _unfit_length(request: Request) -> Problem | None:
    if request.method not in ("POST", "PUT", "PATCH"):
        return None
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        return Problem("length_required")
    return Problem("payload_too_large", f"At most {LARGEST} bytes.") if int(length) > LARGEST else None
