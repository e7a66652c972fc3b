"""What other systems have here: keys, webhooks, events on their way to them, and requests that may come again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import DUE, Table


class ApiKey(Table):
    """A key of the public interface. Only the hash of its secret is kept; `prefix` is shown, so that it is known again.

    `scopes` is what it opens. `last_used_at` is true to a minute. Of one that is `revoked_at` nothing opens any more.
    """

    __tablename__ = "api_keys"

    name: Mapped[str] = mapped_column(String(120))
    prefix: Mapped[str] = mapped_column(String(20), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class Webhook(Table):
    """An address that is told of `events`. Its secret is made from `salt` and the house's key, and is not kept; for a
    day after a rotation the one from `old_salt` signs too.

    `failing_since` is when it first did not answer without having answered since. `user_id` or `key_id` made it.
    """

    __tablename__ = "webhooks"

    url: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(120))
    events: Mapped[list[Any]]
    salt: Mapped[str] = mapped_column(String(64))
    old_salt: Mapped[str | None] = mapped_column(String(64))
    rotated_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    failing_since: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id"))
    created_at: Mapped[datetime]


class WebhookDelivery(Table):
    """One event on its way to one webhook. States: `due`, `sending`, `delivered`, `failed`.

    `body` is what is sent, to the letter. `tries` lists what came of each attempt: {at, status, error, ms}.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('due', 'sending', 'delivered', 'failed')", name="state_known"),
        Index("ix_webhook_deliveries_webhook", "webhook_id", "id"),
        Index("ix_webhook_deliveries_due", "due_at", "id", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_webhook_deliveries_state", "state", "claimed_at"),
        Index("ix_webhook_deliveries_created", "created_at"),
    )

    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    event_id: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="due")
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    tries: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class ApiRequest(Table):
    """A request that changed something, under the name that its sender gave it, with the answer it got.

    `digest` is of its method, path and body. Rows are kept for a day.
    """

    __tablename__ = "api_requests"
    __table_args__ = (UniqueConstraint("key_id", "name"), Index("ix_api_requests_at", "at"))

    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"))
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime]
