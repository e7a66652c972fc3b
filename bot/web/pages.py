"""The pages of the web chat and what guards them: a strict content security policy, nothing kept, nothing referred."""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.requests import Request

from bot.web.access import Access, Shut
from bot.words import NOTICES, Language, language_of

UNKEPT = {"Cache-Control": "no-store"}
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_STATIC = frozenset(("chat.css", "chat.js", "chat-words.js", "paper.css", "widget.js", "icon.svg"))


@cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("bot.web"), autoescape=select_autoescape(), trim_blocks=True)
    made.globals["static"] = lambda name: f"/chat/static/{name}"
    return made


def render(template: str, status: int = 200, frame_ancestors: Sequence[str] = (), **values: Any) -> Response:
    """A page with its guards. `frame_ancestors` are origins that may show it in a frame; without any, nobody may."""
    ancestors = " ".join(frame_ancestors) or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    )
    headers = {
        **UNKEPT,
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    page = _environment().get_template(template).render(**values)
    return HTMLResponse(page, status_code=status, headers=headers)


def chat(access: Access, embed_origins: Sequence[str], *, framed: bool) -> Response:
    """The chat's page. It holds nothing of the conversation: its script asks for that."""
    return render(
        "chat.html",
        frame_ancestors=_ancestors(embed_origins, framed),
        creditor=access.creditor,
        initial=next((c for c in access.creditor if c.isalnum()), "P").upper(),
        language=access.language,
        base=f"/c/{access.code}",
        framed=framed,
    )


def closed_door(shut: Shut, request: Request, embed_origins: Sequence[str]) -> Response:
    """A link that opens nothing, said in both languages, the visitor's first."""
    first = language_of(request.headers.get("accept-language"))
    other: Language = "en" if first == "zh" else "zh"
    return render(
        "shut.html",
        status=shut.status,
        frame_ancestors=_ancestors(embed_origins, framed="embed" in request.query_params),
        notices=[(language, NOTICES[shut.notice][language]) for language in (first, other)],
        titles={"zh": "链接已失效", "en": "This link no longer works"}
        if shut.notice == "expired_link"
        else {"zh": "没有找到对话", "en": "No conversation here"},
        language=first,
    )


def no_paper() -> Response:
    """The address of no plan, said in both languages."""
    return render(
        "shut.html",
        status=404,
        notices=[(language, NOTICES["unknown_paper"][language]) for language in ("zh", "en")],
        titles={"zh": "没有找到协议", "en": "No agreement here"},
        language="zh",
    )


def _ancestors(origins: Sequence[str], framed: bool) -> Sequence[str]:
    return ("'self'", *origins) if framed and origins else ()


def file_headers(name: str) -> dict[str, str]:
    """The guards of a file that somebody sent: kept by the browser as a file, never run as a page."""
    return {
        **UNKEPT,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
    }


def static(name: str, known: str | None) -> Response:
    """One of the chat's own files, 304 where the browser's copy (`known` is its tag) is today's; 404 for any other."""
    if name not in _STATIC:
        return Response(status_code=404)
    tag = f'"{_version(name)}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag, "X-Content-Type-Options": "nosniff"}
    if known == tag:
        return Response(status_code=304, headers=headers)
    return Response(_content(name), media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


@cache
def _content(name: str) -> bytes:
    return resources.files("bot.web").joinpath("static", name).read_bytes()


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:10]
