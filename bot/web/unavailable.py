"""What a debtor sees while the database cannot be reached: that it is us, that nothing is lost, and to try again."""

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web import pages
from bot.words import NOTICES, Language, language_of

CAUSES: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout)
_RETRY = {"Retry-After": "5"}


async def unavailable(request: Request, _error: Exception) -> Response:
    """503: a page in both languages for who opens one, else an error and a hint; the same message may be sent again."""
    first = language_of(request.headers.get("accept-language"))
    if "text/html" not in request.headers.get("accept", ""):
        told = {"error": "unavailable", "hint": NOTICES["unavailable"][first]}
        return JSONResponse(told, status_code=503, headers=_RETRY)
    other: Language = "en" if first == "zh" else "zh"
    page = pages.render(
        "shut.html",
        status=503,
        notices=[(language, NOTICES["unavailable"][language]) for language in (first, other)],
        titles={"zh": "请稍后再试", "en": "Please try again shortly"},
        language=first,
    )
    page.headers.update(_RETRY)
    return page
