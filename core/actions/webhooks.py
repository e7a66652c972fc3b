"""Webhooks: where they go, how what they carry is signed, what becomes of each event on its way."""

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update

from core.actions.events import EVENTS, TOPIC, delivery, written
from core.actions.trail import leave
from core.errors import InvalidInput, NotFound
from core.store.tables import Webhook, WebhookDelivery
from core.work import Work

__all__ = ["EVENTS", "TOPIC"]

LONGEST_URL = 500
OLD_SECRET_FOR = timedelta(hours=24)
GIVE_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=30)
STALE_AFTER = timedelta(minutes=5)
WAITS = tuple(timedelta(seconds=each) for each in (10, 60, 300, 1800, 7200, 21600, 43200, 86400))
"""Before each further attempt; with the last one spent, the event has failed."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who adds a webhook: somebody of the team, or a key. `name` is theirs in the audit trail."""

    name: str
    user_id: int | None = None
    key_id: int | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """An event to be sent now. `salts` are of the secrets that sign it, the newest first."""

    id: int
    webhook_id: int
    url: str
    event: str
    event_id: str
    body: str
    salts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: the status, or None and why there was none. `ms` is how long it took."""

    status: int | None
    error: str
    ms: int

    @property
    def taken(self) -> bool:
        """Whether the event has arrived."""
        return self.status is not None and 200 <= self.status < 300


def secret_of(key: str, webhook_id: int, salt: str) -> str:
    """A webhook's secret, made anew each time from the house's signing key: there is none in the database to steal."""
    made = hmac.digest(key.encode(), f"webhook:{webhook_id}:{salt}".encode(), "sha256")
    return f"whsec_{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def signature(secrets_: Sequence[str], at: datetime, body: str) -> str:
    """The header that proves where a body comes from, and when: `t=SECONDS,v1=HEX`, a `v1` for each secret in force."""
    seconds = int(at.timestamp())
    proofs = (hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256) for secret in secrets_)
    return ",".join([f"t={seconds}", *(f"v1={proof.hexdigest()}" for proof in proofs)])


def checked_address(url: str, *, anywhere: bool = False) -> str:
    """The address, if webhooks may go there; InvalidInput otherwise. Names are looked up only when something is sent.

    With `anywhere` it may be without TLS and on a private network.
    """
    address = url.strip()
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        port, host, parts = None, "", urlsplit("")
    if not host or len(address) > LONGEST_URL or not address.isascii() or not address.isprintable() or port == 0:
        raise InvalidInput("Give a web address, such as https://example.com/hooks.", field="url")
    if parts.username is not None or parts.fragment:
        raise InvalidInput("Give an address without a login and without a fragment.", field="url")
    if parts.scheme != "https" and not (anywhere and parts.scheme == "http"):
        raise InvalidInput("Give an address that begins with https://.", field="url")
    if not anywhere and (is_private_name(host) or not may_be_reached(host)):
        raise InvalidInput("Webhooks go to public addresses only.", field="url")
    return address


def is_private_name(host: str) -> bool:
    """Whether the name is one of this machine or of a network of its own."""
    name = host.lower().rstrip(".")
    return (
        name == "localhost"
        or name.endswith((".localhost", ".local", ".internal", ".home.arpa"))
        or ("." not in name and ":" not in name)
    )


def may_be_reached(host: str) -> bool:
    """Whether an IP address is a public one; True for a name, which is looked up later."""
    try:
        found = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return not host.replace(".", "").isdigit()
    return is_public(found)


def is_public(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether everybody's routers lead there, whatever the address is wrapped in."""
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


async def create(
    work: Work, maker: Maker, url: str, name: str, events: Sequence[str], *, anywhere: bool = False
) -> Webhook:
    """A webhook for these events, from now on. InvalidInput for an address or an event that there cannot be."""
    row = Webhook(
        url=checked_address(url, anywhere=anywhere),
        name=" ".join(name.split())[:120],
        events=_events(events),
        salt=secrets.token_hex(16),
        active=True,
        user_id=maker.user_id,
        key_id=maker.key_id,
        created_at=work.now,
    )
    work.session.add(row)
    await work.session.flush()
    await leave(
        work, maker.name, "created_webhook", "webhook", row.id, host=urlsplit(row.url).hostname, events=row.events
    )
    return row


async def set_active(work: Work, by: str, webhook_id: int, *, active: bool) -> None:
    """Go on telling it, or no longer. What happened meanwhile is not told; what was on its way goes on with it."""
    row = await lock(work, webhook_id)
    if row.active == active:
        return
    row.active, row.failing_since = active, None
    await work.session.flush()
    await leave(work, by, "changed_webhook", "webhook", webhook_id, active=active)
    work.notify(TOPIC)


async def rotate(work: Work, by: str, webhook_id: int) -> Webhook:
    """A new secret; for a day what is sent is signed with the old one too."""
    row = await lock(work, webhook_id)
    row.old_salt, row.salt, row.rotated_at = row.salt, secrets.token_hex(16), work.now
    await work.session.flush()
    await leave(work, by, "rotated_webhook", "webhook", webhook_id)
    return row


async def redeliver(work: Work, by: str, delivery_id: int) -> int:
    """Send an event once more, as it was, with all its attempts before it; the webhook's id."""
    row = await _lock_delivery(work, delivery_id)
    if row is None:
        raise NotFound("There is no such event.", delivery_id=delivery_id)
    if row.state in ("delivered", "failed"):
        row.state, row.due_at, row.attempts, row.claimed_at = "due", work.now, 0, None
        await work.session.flush()
        await leave(work, by, "redelivered_webhook", "webhook", row.webhook_id, event=row.event_id)
        work.notify(TOPIC)
    return row.webhook_id


async def ping(work: Work, webhook_id: int) -> None:
    """An event `ping` that tells nothing, to try the way."""
    await lock(work, webhook_id)
    event_id = f"evt_{secrets.token_hex(12)}"
    work.session.add(delivery(work, webhook_id, "ping", event_id, written("ping", event_id, work, {})))
    await work.session.flush()
    work.notify(TOPIC)


async def claim(work: Work, most: int = 20) -> list[Signed]:
    """Events that are due, taken by this process, those first that have waited longest.

    One that was taken five minutes ago and of which nothing was heard since is taken again: it may arrive twice, and
    never not at all.
    """
    await work.session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.state == "sending", WebhookDelivery.claimed_at <= work.now - STALE_AFTER)
        .values(state="due", claimed_at=None)
    )
    found = (
        await work.session.execute(
            select(WebhookDelivery, Webhook)
            .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
            .where(WebhookDelivery.state == "due", WebhookDelivery.due_at <= work.now, Webhook.active)
            .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
            .limit(most)
            .with_for_update(skip_locked=True, of=WebhookDelivery)
            .execution_options(populate_existing=True)
        )
    ).all()
    for row, _ in found:
        row.state, row.claimed_at = "sending", work.now
    await work.session.flush()
    return [
        Signed(row.id, hook.id, hook.url, row.event, row.event_id, row.body, _salts(hook, work.now))
        for row, hook in found
    ]


async def keep(work: Work, delivery_id: int, answer: Answer) -> None:
    """What came of an attempt. Without success it is tried again, later each time; at last it has failed.

    A webhook that says 410 (Gone), or has not answered for three days, is paused.
    """
    row = await _lock_delivery(work, delivery_id)
    if row is None or row.state != "sending":
        return
    row.attempts += 1
    tried = {"at": work.now.isoformat(), "status": answer.status, "error": answer.error[:200], "ms": answer.ms}
    row.tries = [*row.tries[-19:], tried]
    row.claimed_at = None
    hook = await lock(work, row.webhook_id)
    if answer.taken:
        row.state, row.delivered_at, hook.failing_since = "delivered", work.now, None
        return
    row.state, row.due_at = _again(row, work.now)
    hook.failing_since = hook.failing_since or work.now
    if hook.active and (answer.status == 410 or work.now - hook.failing_since >= GIVE_UP_AFTER):
        hook.active = False
        await work.session.flush()
        await leave(work, "system", "webhook_paused", "webhook", hook.id, status=answer.status)


async def forget_old(work: Work) -> int:
    """What arrived or failed a month ago is forgotten; how many events it was."""
    gone = delete(WebhookDelivery).where(
        WebhookDelivery.state.in_(("delivered", "failed")), WebhookDelivery.created_at < work.now - KEPT_FOR
    )
    found = await work.session.execute(gone)
    return int(getattr(found, "rowcount", 0))


async def lock(work: Work, webhook_id: int) -> Webhook:
    """The webhook, held until the transaction ends; NotFound where there is none."""
    query = select(Webhook).where(Webhook.id == webhook_id).with_for_update(key_share=True)
    found = await work.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such webhook.", webhook_id=webhook_id)
    return found


async def _lock_delivery(work: Work, delivery_id: int) -> WebhookDelivery | None:
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update(key_share=True)
    return await work.session.scalar(query.execution_options(populate_existing=True))


def _again(row: WebhookDelivery, now: datetime) -> tuple[str, datetime]:
    """The state and moment of the next attempt; up to a tenth later than planned, so that not all come at once."""
    if row.attempts > len(WAITS):
        return "failed", row.due_at
    wait = WAITS[row.attempts - 1]
    return "due", now + wait * (1 + row.id % 11 / 100)


def _salts(hook: Webhook, now: datetime) -> tuple[str, ...]:
    still = hook.old_salt is not None and hook.rotated_at is not None and now - hook.rotated_at < OLD_SECRET_FOR
    return (hook.salt, hook.old_salt) if still and hook.old_salt else (hook.salt,)


def _events(events: Sequence[str]) -> list[str]:
    wanted = [event for event in EVENTS if event in events]
    if not wanted or set(events) - set(EVENTS):
        raise InvalidInput("Name at least one event that there is.", field="events", known=", ".join(EVENTS))
    return wanted
