"""What was read out of messages, and with which models."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import IN_FORCE, MAKING, Table


class Reading(Table):
    """How an engine read one text of a debtor. States: `sure`, `unsure`, `misheard` (an agent said so), `relabelled`.

    `intent` is the likeliest one, empty where there is none, and `confidence` its confidence in ten-thousandths.
    `labels` are what a person says that it means; with them taken back the state follows from the other fields.
    """

    __tablename__ = "readings"
    __table_args__ = (
        CheckConstraint("state IN ('sure', 'unsure', 'misheard', 'relabelled')", name="state_known"),
        Index("ix_readings_newest", "at", "id"),
        Index("ix_readings_least_sure", "confidence", "id"),
        Index("ix_readings_state_newest", "state", "at", "id"),
        Index("ix_readings_state_least_sure", "state", "confidence", "id"),
        Index("ix_readings_intent_newest", "intent", "at", "id"),
        Index("ix_readings_lang_newest", "lang", "at", "id"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    at: Mapped[datetime]
    lang: Mapped[str] = mapped_column(String(2))
    intent: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[int]
    unsure: Mapped[bool]
    engine: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    misheard_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    misheard_at: Mapped[datetime | None]
    labels: Mapped[list[Any] | None] = mapped_column(JSON)
    labelled_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    labelled_at: Mapped[datetime | None]


class ModelRow(Table):
    """A model of the understanding, from the moment that somebody asks for it. `origin` is `release` or `trained`.

    States: `asked`, `training`, `candidate`, `in_force`, `retired`, `discarded`, `failed`. At most one is in force and
    at most one in the making, for each engine. `beat_at` is the last sign of life of its training, `running_at` when
    a process first read messages with it. `report` compares it on messages that no model was trained on.
    """

    __tablename__ = "models"
    __table_args__ = (
        CheckConstraint("origin IN ('release', 'trained')", name="origin_known"),
        Index("uq_models_in_force", "engine", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
        Index("uq_models_in_the_making", "engine", unique=True, sqlite_where=MAKING, postgresql_where=MAKING),
    )

    engine: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(10))
    version: Mapped[str] = mapped_column(String(40), default="")
    digest: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(12))
    stage: Mapped[str] = mapped_column(String(20), default="")
    examples: Mapped[int] = mapped_column(default=0)
    relabelled: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    promoted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    promoted_at: Mapped[datetime | None]
    running_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(String(120), default="")
