"""What went wrong, as RFC 9457 tells it: `application/problem+json` with a stable code."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from console.i18n import N_
from core.errors import InvalidInput, NotAllowed, NotFound, ParleyError

MEDIA_TYPE = "application/problem+json"
PROBLEMS: Mapping[str, tuple[int, str]] = {
    "unauthorized": (401, N_("The key is missing, unknown, revoked or expired.")),
    "insufficient_scope": (403, N_("The key does not open this.")),
    "not_found": (404, N_("There is nothing here.")),
    "method_not_allowed": (405, N_("This address does not take this method.")),
    "payment_reference_used": (409, N_("Another payment of the case has this reference.")),
    "conflict": (409, N_("Somebody did the same at this moment. Ask again.")),
    "length_required": (411, N_("Say how long the body is.")),
    "payload_too_large": (413, N_("The body is too large.")),
    "invalid_cursor": (400, N_("The cursor was not given out here.")),
    "idempotency_key_missing": (400, N_("Send an Idempotency-Key.")),
    "idempotency_key_reused": (422, N_("The Idempotency-Key belongs to another request.")),
    "invalid_request": (422, N_("The request cannot be read.")),
    "case_refused": (422, N_("The case was not taken in.")),
    "rate_limited": (429, N_("Too many requests.")),
    "internal": (500, N_("Something went wrong here.")),
}
"""Every code with its status and title."""

_BY_STATUS = {404: "not_found", 405: "method_not_allowed"}


class Problem(ParleyError):
    """A request that is answered with this problem. `errors` point at what is wrong in its body."""

    code = "problem"

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or PROBLEMS[name][1], name=name)
        self.name = name
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def answer(self) -> Response:
        """As it is sent."""
        status, title = PROBLEMS[self.name]
        body: dict[str, Any] = {
            "type": f"/api/v1/docs#problem-{self.name}",
            "title": title,
            "status": status,
            "code": self.name,
            **({"detail": self.detail} if self.detail else {}),
            **({"errors": [dict(error) for error in self.errors]} if self.errors else {}),
        }
        return JSONResponse(body, status, self.headers, MEDIA_TYPE)


def handle_problems(app: FastAPI) -> None:
    """Whatever a route raises leaves as a problem."""
    app.add_exception_handler(Problem, _as_told)
    app.add_exception_handler(ParleyError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(IntegrityError, _clash)
    app.add_exception_handler(Exception, _broken)


async def _as_told(_request: Request, error: Exception) -> Response:
    return error.answer() if isinstance(error, Problem) else Problem("internal").answer()


async def _refused(_request: Request, error: Exception) -> Response:
    """An error of the house, told by its own words."""
    if isinstance(error, NotFound):
        return Problem("not_found", str(error)).answer()
    if isinstance(error, NotAllowed):
        return Problem("insufficient_scope", str(error)).answer()
    if isinstance(error, InvalidInput):
        named = error.data.get("field")
        errors = [{"pointer": f"/{named}", "detail": str(error)}] if named else []
        return Problem("invalid_request", str(error), errors=errors).answer()
    return Problem("internal").answer()


async def _http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return Problem(_BY_STATUS.get(status, "invalid_request"), headers=headers).answer()


async def _clash(_request: Request, _error: Exception) -> Response:
    """Two requests made the same thing at the same moment; one of them did."""
    return Problem("conflict").answer()


async def _broken(_request: Request, _error: Exception) -> Response:
    """A defect or a server that is down: it is logged by who runs this, and told nothing of here."""
    return Problem("internal").answer()


async def _unreadable(_request: Request, error: Exception) -> Response:
    """Each fault with a JSON pointer into the body, or the name of the parameter; never with what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [_fault(each["loc"], str(each["msg"])) for each in found]
    return Problem("invalid_request", errors=errors).answer()


def _fault(place: Sequence[str | int], message: str) -> dict[str, str]:
    where, *path = (str(part) for part in place)
    named = {"pointer": "/" + "/".join(path)} if where == "body" else {"parameter": ".".join(path)}
    return {**named, "detail": message}
