"""One's own settings, and what one is called for."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from console.forms import text_of
from console.i18n import N_
from console.page import Agent, Page, SignedIn
from console.queries import alerts as query
from core.actions import preferences
from core.actions.preferences import CHOICES, Preferences

router = APIRouter(prefix="/me")

CALLS = {
    "waits": N_("%(name)s needs a person"),
    "late": N_("%(name)s has waited too long"),
    "given": N_("%(name)s is yours now"),
    "wrote": N_("%(name)s has written"),
}
SWITCHES = ("notify", "sound", "letters")
OVERLAP = timedelta(seconds=3)
"""What was committed late is asked for once more; the page tells each call only once."""


@router.get("")
async def show(page: SignedIn, kept: Annotated[bool, Query()] = False) -> Response:
    """How the console looks and how it calls."""
    return page.render("settings/me.html", kept=kept, choices=CHOICES)


@router.post("")
async def keep(page: SignedIn) -> Response:
    """From the next page on it looks so."""
    form = await page.form()
    wanted: dict[str, object] = {name: text_of(form, name, 20) for name in CHOICES}
    wanted |= {name: text_of(form, name, 3) == "yes" for name in SWITCHES}
    async with page.console.services.works.begin() as work:
        await preferences.keep(work, page.actor, Preferences.of(wanted))
    return page.go("/me?kept=true")


@router.get("/alerts")
async def alerts(page: Agent, after: Annotated[str, Query(max_length=40)] = "") -> Response:
    """What has come after the moment that the last answer named, and how many of my conversations wait for me."""
    since = _moment(after)
    async with page.console.services.works.read() as session:
        waiting, quiet = await query.unread(session, page.user.id)
        found = []
        if since is not None and not quiet:
            found = await query.calls(session, page.user.id, since, oversees=page.may("supervise"))
    told = {"waiting": waiting, "after": (page.console.now - OVERLAP).isoformat()}
    return JSONResponse({**told, "news": [_news(page, call) for call in found]})


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _news(page: Page, call: query.Call) -> dict[str, str]:
    """No words of the debtor: a notice of the desktop is seen by whoever passes."""
    shown = page.console.renderer.shown(page.language)
    reason = shown.label(call.reason, "REASONS") if call.kind == "waits" and call.reason else ""
    if call.kind in CALLS:
        title, who = page.say(CALLS[call.kind], name=call.name), ""
    else:
        title, who = shown.label(call.kind, "NOTICE_KINDS"), call.name
    return {
        "key": f"{call.kind}-{call.conversation_id}-{int(call.at.timestamp() * 1000)}",
        "title": title,
        "words": " · ".join(each for each in (reason, who, call.reference) if each),
        "address": f"/conversations/{call.conversation_id}",
    }
