"""Versions of the limits, and simulations of what they would change."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import IN_FORCE, RUNNING, WAITING, Table


class Policy(Table):
    """A policy version; its `body` is only ever changed while it is a draft.

    States: `draft`, `review`, `scheduled`, `in_force`, `superseded`, `withdrawn`. At most one is in force. `number` is
    given with the approval; `based_on` is the number of the version that it was made from. `revision` counts the
    changes of a draft. `reviewed_by` approved it or sent it back with `review`, never who wrote it, unless four eyes
    were off (`alone`). It holds from `starts_at`, and came in force at `published_at`.
    """

    __tablename__ = "policies"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'review', 'scheduled', 'in_force', 'superseded', 'withdrawn')", name="state_known"
        ),
        CheckConstraint("number IS NOT NULL OR state IN ('draft', 'review', 'withdrawn')", name="published_numbered"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> created_by OR alone", name="four_eyes"),
        Index("uq_policies_in_force", "state", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
    )

    number: Mapped[int | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(12))
    body: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    based_on: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    review: Mapped[str] = mapped_column(Text, default="")
    alone: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]


class WhatIf(Table):
    """A simulation of what a version of the limits would change, on the portfolio as it was when it ran.

    States: `asked`, `running`, `done`, `failed`, `called_off`. One runs at a time, and one waits or runs for a version.
    `revision` and `digest` name the limits that it was asked for, `against` the number of the version then in force.
    `done` counts the cases simulated of `cases`, `live` those that there were. `beat_at` is its last sign of life.
    """

    __tablename__ = "what_ifs"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'running', 'done', 'failed', 'called_off')", name="state_known"),
        Index("uq_what_ifs_running", "state", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("uq_what_ifs_waiting", "policy_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
    )

    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), index=True)
    revision: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    against: Mapped[int | None]
    seed: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="asked")
    done: Mapped[int] = mapped_column(default=0)
    cases: Mapped[int] = mapped_column(default=0)
    live: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(120), default="")
