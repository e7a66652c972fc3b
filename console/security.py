"""What a browser must show before it is heard, and what it is told about itself."""

import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import Request
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "parley_session"
LOGIN_COOKIE = "parley_login"
ZONE_COOKIE = "parley_zone"
LANGUAGE_COOKIE = "parley_language"
LOGIN_FORM_S = 3600
SSO_COOKIE = "parley_sso"
SSO_S = 600
UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"


class Signer:
    """Signs what the browser keeps for us."""

    def __init__(self, secret_key: str) -> None:
        self._session = URLSafeSerializer(secret_key, salt="console-session")
        self._login = URLSafeTimedSerializer(secret_key, salt="console-login")
        self._sso = URLSafeTimedSerializer(secret_key, salt="console-sso")

    def session(self, secret: str) -> str:
        """A session's secret as its cookie holds it."""
        return str(self._session.dumps(secret))

    def session_secret(self, cookie: str | None) -> str | None:
        """The secret in a cookie that we signed, or None."""
        try:
            value = self._session.loads(cookie or "")
        except BadSignature:
            return None
        return value if isinstance(value, str) else None

    def login_form(self) -> str:
        """A token that ties a login form to the browser that asked for it."""
        return str(self._login.dumps(secrets.token_urlsafe(16)))

    def is_login_form(self, cookie: str | None, field: str) -> bool:
        """Whether the form comes from a page that we gave to this browser within the hour."""
        if not cookie or not same(cookie, field):
            return False
        try:
            self._login.loads(cookie, max_age=LOGIN_FORM_S)
        except BadSignature:
            return False
        return True

    def begun_sso(self, value: list[str]) -> str:
        """A sign-in that has begun elsewhere, as its cookie holds it."""
        return str(self._sso.dumps(value))

    def sso_begun(self, cookie: str | None) -> object:
        """What a cookie of ours says has begun in the last ten minutes, or None."""
        try:
            return self._sso.loads(cookie or "", max_age=SSO_S)
        except BadSignature:
            return None


def same(one: str, other: str) -> bool:
    """Equality that takes as long for a near miss as for a far one."""
    return hmac.compare_digest(one.encode(), other.encode())


def from_here(request: Request, public_url: str) -> bool:
    """Whether a request that changes something was made by one of our own pages, as far as the browser says."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return site is not None
    named = urlsplit(origin)
    return bool(named.netloc) and named.netloc in (urlsplit(public_url).netloc, request.headers.get("host", ""))


def address(request: Request) -> str:
    """The address that the request came from."""
    return request.client.host if request.client else "unknown"


def safe_next(path: str) -> str:
    """A path inside the console to go on to; anything else becomes the inbox."""
    if path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and path.isprintable():
        return path
    return "/"


class SecurityHeaders:
    """Puts the security headers on every answer, and keeps pages out of caches."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.headers = {**HEADERS, **({"Strict-Transport-Security": HSTS} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cached = "/assets/" in scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if not cached:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)
