"""The team and its signed-in browsers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Table


class User(Table):
    """Someone of the team. Roles: `agent`, `supervisor`, `manager`, `compliance`, `admin`, `auditor`.

    `sso_issuer` and `sso_subject` name them at the identity provider, once they have signed in through it; `email` is
    how it finds them before. `password_hash` is empty for an account that has no password.

    `skills` are what they can be given; `capacity` is how many open conversations, None as their team has it.
    `status` is `available`, `pause`, `break` or `away`; `seen_at` is when a browser of theirs last gave a sign of life.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "role IN ('agent', 'supervisor', 'manager', 'compliance', 'admin', 'auditor')", name="role_known"
        ),
        CheckConstraint("status IN ('available', 'pause', 'break', 'away')", name="status_known"),
        Index("uq_users_email", "email", unique=True),
        Index("uq_users_sso", "sso_issuer", "sso_subject", unique=True),
    )

    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8), default="en")
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    email: Mapped[str | None] = mapped_column(String(254))
    sso_issuer: Mapped[str | None] = mapped_column(String(255))
    sso_subject: Mapped[str | None] = mapped_column(String(255))
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    skills: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    capacity: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default="available", server_default="available")
    status_since: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]


class Session(Table):
    """A signed-in browser. Only the hash of its secret is kept; deleting the row signs it out."""

    __tablename__ = "sessions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
