"""Versions of what the house says and when it may write: the debtor's texts, and the contact rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import DRAFT, IN_FORCE, Table


class HouseVersion(Table):
    """A version of a `subject`: `wording` or `contact`. `changes` is what it changes in the one that it follows; `body`
    is all that differs from what is shipped, worked out when it comes in force, and `digest` names it.

    States: `draft`, `review`, `in_force`, `superseded`, `withdrawn`. At most one of a subject is in force, and each
    person has one draft of it. `number` is given with the approval. `reviewed_by` approved it or sent it back with
    `review`, never who wrote it, unless four eyes were off (`alone`).
    """

    __tablename__ = "house_versions"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        CheckConstraint("subject IN ('wording', 'contact')", name="subject_known"),
        CheckConstraint("state IN ('draft', 'review', 'in_force', 'superseded', 'withdrawn')", name="state_known"),
        CheckConstraint("(number IS NOT NULL) = (state IN ('in_force', 'superseded'))", name="published_numbered"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> created_by OR alone", name="four_eyes"),
        Index("uq_house_versions_in_force", "subject", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
        Index(
            "uq_house_versions_draft",
            "subject",
            "created_by",
            unique=True,
            sqlite_where=DRAFT,
            postgresql_where=DRAFT,
        ),
        Index("ix_house_versions_newest", "subject", "id"),
    )

    subject: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    changes: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    review: Mapped[str] = mapped_column(Text, default="")
    alone: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
