"""Keys, webhooks and what became of their events, for who manages them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from core.store.tables import ApiKey, User, Webhook, WebhookDelivery

PAGE = 50


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key by its beginning. `state` is `active`, `expired` or `revoked`."""

    id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class HookRow:
    """A webhook and who added it: a name, or the beginning of a key. `old_until` is when its old secret ends."""

    id: int
    url: str
    name: str
    events: tuple[str, ...]
    active: bool
    failing_since: datetime | None
    added_by: str
    created_at: datetime
    rotated_at: datetime | None
    salt: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One event for one webhook, and what came of each attempt: {at, status, error, ms}."""

    id: int
    event_id: str
    event: str
    body: str
    state: str
    due_at: datetime
    attempts: int
    tries: tuple[dict[str, Any], ...]
    created_at: datetime


async def keys(session: AsyncSession, now: datetime, before: int | None = None) -> tuple[Sequence[KeyRow], int | None]:
    """One page of keys, the newest first, and the id to ask before for the next."""
    query = select(ApiKey, User.name).join(User, User.id == ApiKey.created_by).order_by(ApiKey.id.desc())
    if before is not None:
        query = query.where(ApiKey.id < before)
    found = (await session.execute(query.limit(PAGE + 1))).all()
    rows = [
        KeyRow(
            row.id, row.name, row.prefix, tuple(row.scopes), by, row.created_at, row.expires_at, row.last_used_at,
            _state(row, now),
        )
        for row, by in found[:PAGE]
    ]  # fmt: skip
    return rows, rows[-1].id if len(found) > PAGE else None


async def webhooks(session: AsyncSession, before: int | None = None) -> tuple[Sequence[HookRow], int | None]:
    """One page of webhooks, the newest first, and the id to ask before for the next."""
    query = hooks().order_by(Webhook.id.desc())
    if before is not None:
        query = query.where(Webhook.id < before)
    found = (await session.execute(query.limit(PAGE + 1))).all()
    rows = [hook(row, by) for row, by in found[:PAGE]]
    return rows, rows[-1].id if len(found) > PAGE else None


async def webhook(session: AsyncSession, webhook_id: int) -> HookRow:
    """One webhook; NotFound where there is none."""
    found = (await session.execute(hooks().where(Webhook.id == webhook_id))).one_or_none()
    if found is None:
        raise NotFound("There is no such webhook.", webhook_id=webhook_id)
    return hook(*found)


async def deliveries(
    session: AsyncSession, webhook_id: int, before: int | None = None
) -> tuple[Sequence[DeliveryRow], int | None]:
    """One page of a webhook's events, the newest first, and the id to ask before for the next."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id).order_by(WebhookDelivery.id.desc())
    if before is not None:
        query = query.where(WebhookDelivery.id < before)
    found = (await session.scalars(query.limit(PAGE + 1))).all()
    rows = [
        DeliveryRow(
            row.id, row.event_id, row.event, row.body, row.state, row.due_at, row.attempts, tuple(row.tries),
            row.created_at,
        )
        for row in found[:PAGE]
    ]  # fmt: skip
    return rows, rows[-1].id if len(found) > PAGE else None


def _state(row: ApiKey, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= now else "active"


def hooks() -> Select[Webhook, str]:
    """Each webhook with who added it."""
    by = case((Webhook.key_id.is_not(None), ApiKey.prefix), else_=User.name)
    return (
        select(Webhook, func.coalesce(by, ""))
        .outerjoin(User, User.id == Webhook.user_id)
        .outerjoin(ApiKey, ApiKey.id == Webhook.key_id)
    )


def hook(row: Webhook, by: str) -> HookRow:
    """The row of `hooks` as it is shown."""
    return HookRow(
        row.id, row.url, row.name, tuple(row.events), row.active, row.failing_since, by, row.created_at,
        row.rotated_at, row.salt,
    )  # fmt: skip
