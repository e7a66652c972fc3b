"""Who may open a chat: a link that has not expired, and the browser that opened it.

A link may be forwarded or read over a shoulder, so it is not enough to read what was said: each browser that opens it
has a conversation of its own, which starts with the identity check. The browser is known by a cookie for that link.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.words import Language, language_of
from core.actions import links
from core.actions.debtor_view import conversation_at, header
from core.work import Works

_BROWSER = re.compile(r"[A-Za-z0-9_-]{24,64}")
_KEPT_S = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Shut:
    """The link opens nothing. `notice` is `unknown_link` or `expired_link`."""

    notice: str
    status: int
    language: Language


@dataclass(frozen=True, slots=True)
class Access:
    """An open link in one browser. `browser` is a secret; `is_new` says that the browser does not know it yet."""

    code: str
    case_id: int
    creditor: str
    language: Language
    browser: str
    is_new: bool

    @property
    def address(self) -> str:
        """Where the web channel sends: this link in this browser."""
        return f"{_digest(self.code)[:24]}.{_digest(self.browser)[:24]}"

    def external_id(self, key: str) -> str:
        """The channel's id of a message, from the key that the page gave it."""
        return f"{self.prefix}{key}"

    @property
    def prefix(self) -> str:
        """What the ids of this chat's messages begin with."""
        return f"web:{self.address}:"


class Door:
    """Opens links."""

    def __init__(self, works: Works, *, secure: bool) -> None:
        self._works = works
        self._secure = secure

    async def open(self, code: str, request: Request) -> Access | Shut:
        """What this link opens for the browser that asks."""
        browser = request.cookies.get(_cookie(code), "")
        is_new = _BROWSER.fullmatch(browser) is None
        async with self._works.read() as session:
            case_id = await links.open(session, code, self._works.clock.now())
            if not isinstance(case_id, int):
                expired = isinstance(case_id, links.Expired)
                language = language_of(request.headers.get("accept-language"))
                return Shut("expired_link" if expired else "unknown_link", 410 if expired else 404, language)
            who = await header(session, case_id)
        language = language_of(who.language)
        return Access(code, case_id, who.creditor, language, secrets.token_urlsafe(24) if is_new else browser, is_new)

    async def conversation(self, access: Access) -> int | None:
        """The conversation of this link in this browser, if there is one yet."""
        async with self._works.read() as session:
            return await conversation_at(session, "web", access.address, access.case_id)

    async def is_open(self, access: Access) -> bool:
        """Whether the link still opens its chat."""
        async with self._works.read() as session:
            return await links.open(session, access.code, self._works.clock.now()) == access.case_id

    def remember(self, access: Access, response: Response) -> Response:
        """Give a new browser its cookie: for this link only, out of reach of scripts."""
        if access.is_new:
            how = "SameSite=None; Secure; Partitioned" if self._secure else "SameSite=Lax"
            where = f"Path=/c/{access.code}; Max-Age={_KEPT_S}"
            response.headers.append("set-cookie", f"{_cookie(access.code)}={access.browser}; {where}; HttpOnly; {how}")
        return response


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _cookie(code: str) -> str:
    return f"chat_{_digest(code)[:12]}"
