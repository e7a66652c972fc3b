"""Keys and webhooks of other systems."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from console.forms import text_of
from console.i18n import N_
from console.page import Integrator, Page
from console.queries import integrations as query
from console.show import zone
from core.actions import api_keys, webhooks
from core.actions.api_keys import SCOPES
from core.actions.webhooks import EVENTS, Maker
from core.errors import InvalidInput

router = APIRouter(prefix="/integrations")

KEY_UNREADABLE = N_("Give the key a name, at least one scope, and a last day that is still to come or none.")
HOOK_UNREADABLE = N_("Give an address that begins with https:// and is public, and at least one event.")
REVOKED = N_("The key opens nothing from now on.")
PINGED = N_("A trial event is on its way.")
AGAIN = N_("The event is on its way again.")
DONE = N_("Done.")
_Number = Annotated[int | None, Query(ge=1)]


@router.get("")
async def show(page: Integrator, keys_before: _Number = None, hooks_before: _Number = None) -> Response:
    """The keys and the webhooks there are."""
    return await _page(page, keys_before=keys_before, hooks_before=hooks_before)


@router.post("/keys")
async def add_key(page: Integrator) -> Response:
    """A new key; the answer shows it whole, once."""
    form = await page.form()
    name, scopes, last_day = text_of(form, "name", 120), _several(form, "scopes"), text_of(form, "last_day", 10)
    try:
        expires_at = _end_of(last_day, zone(page.time_zone))
        async with page.console.services.works.begin() as work:
            made = await api_keys.create(work, page.actor, name, scopes, expires_at)
    except InvalidInput:
        typed = {"name": name, "scopes": scopes, "last_day": last_day}
        return await _page(page, 422, problem=page.say(KEY_UNREADABLE), key_typed=typed)
    return await _page(page, secret=made.secret)


@router.post("/keys/{key_id}/revoke")
async def revoke_key(page: Integrator, key_id: int) -> Response:
    """The key opens nothing any more."""
    async with page.console.services.works.begin() as work:
        await api_keys.revoke(work, page.actor, key_id)
    return await _page(page, notice=page.say(REVOKED))


@router.post("/webhooks")
async def add_webhook(page: Integrator) -> Response:
    """A new webhook; the answer shows its secret, once."""
    form = await page.form()
    name, url, events = text_of(form, "name", 120), text_of(form, "url", 600), _several(form, "events")
    maker = Maker(page.actor.login, user_id=page.user.id)
    anywhere = page.console.services.webhooks_anywhere
    try:
        async with page.console.services.works.begin() as work:
            made = await webhooks.create(work, maker, url, name, events, anywhere=anywhere)
    except InvalidInput:
        typed = {"name": name, "url": url, "events": events}
        return await _page(page, 422, problem=page.say(HOOK_UNREADABLE), hook_typed=typed)
    return await _webhook(page, made.id, secret=_secret(page, made.id, made.salt))


@router.get("/webhooks/{webhook_id}")
async def show_webhook(page: Integrator, webhook_id: int, before: _Number = None) -> Response:
    """A webhook and what became of its events."""
    return await _webhook(page, webhook_id, before=before)


@router.post("/webhooks/{webhook_id}/active")
async def set_active(page: Integrator, webhook_id: int) -> Response:
    """Tell it of events, or no longer."""
    active = text_of(await page.form(), "active", 5) == "yes"
    async with page.console.services.works.begin() as work:
        await webhooks.set_active(work, page.actor.login, webhook_id, active=active)
    return await _webhook(page, webhook_id, notice=page.say(DONE))


@router.post("/webhooks/{webhook_id}/secret")
async def rotate(page: Integrator, webhook_id: int) -> Response:
    """A new secret, shown once; the old one signs for a day more."""
    async with page.console.services.works.begin() as work:
        made = await webhooks.rotate(work, page.actor.login, webhook_id)
    return await _webhook(page, webhook_id, secret=_secret(page, webhook_id, made.salt))


@router.post("/webhooks/{webhook_id}/ping")
async def ping(page: Integrator, webhook_id: int) -> Response:
    """A trial event."""
    async with page.console.services.works.begin() as work:
        await webhooks.ping(work, webhook_id)
    return await _webhook(page, webhook_id, notice=page.say(PINGED))


@router.post("/deliveries/{delivery_id}/again")
async def redeliver(page: Integrator, delivery_id: int) -> Response:
    """An event once more, as it was."""
    async with page.console.services.works.begin() as work:
        webhook_id = await webhooks.redeliver(work, page.actor.login, delivery_id)
    return await _webhook(page, webhook_id, notice=page.say(AGAIN))


async def _page(
    page: Page,
    status: int = 200,
    *,
    notice: str = "",
    problem: str = "",
    secret: str = "",
    key_typed: Mapping[str, object] | None = None,
    hook_typed: Mapping[str, object] | None = None,
    keys_before: int | None = None,
    hooks_before: int | None = None,
) -> Response:
    async with page.console.services.works.read() as session:
        keys, older_keys = await query.keys(session, page.console.now, keys_before)
        hooks, older_hooks = await query.webhooks(session, hooks_before)
    return page.render(
        "integrations/page.html",
        status,
        keys=keys,
        older_keys=older_keys,
        hooks=hooks,
        older_hooks=older_hooks,
        notice=notice,
        problem=problem,
        secret=secret,
        key_typed=key_typed or {"name": "", "scopes": [], "last_day": ""},
        hook_typed=hook_typed or {"name": "", "url": "", "events": list(EVENTS)},
        scopes=SCOPES,
        events=EVENTS,
    )


async def _webhook(
    page: Page, webhook_id: int, *, notice: str = "", secret: str = "", before: int | None = None
) -> Response:
    async with page.console.services.works.read() as session:
        hook = await query.webhook(session, webhook_id)
        rows, older = await query.deliveries(session, webhook_id, before)
    old_until = hook.rotated_at + webhooks.OLD_SECRET_FOR if hook.rotated_at else None
    return page.render(
        "integrations/webhook.html",
        hook=hook,
        rows=rows,
        older=older,
        notice=notice,
        secret=secret,
        old_until=old_until if old_until and old_until > page.console.now else None,
        pretty=_pretty,
        moment_of=datetime.fromisoformat,
    )


def _several(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


def _end_of(day: str, here: ZoneInfo) -> datetime | None:
    """The end of a day in this zone; None for no day, InvalidInput for what is none."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), here)
    except (ValueError, OverflowError):
        raise InvalidInput("Give a day.", field="last_day") from None


def _secret(page: Page, webhook_id: int, salt: str) -> str:
    return webhooks.secret_of(page.console.services.secret_key, webhook_id, salt)


def _pretty(body: str) -> str:
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
