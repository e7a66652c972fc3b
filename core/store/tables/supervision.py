"""What supervisors do: whispers to agents, quality reviews, callbacks and complaints. A debtor never sees any of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import OPEN, Key, Table

DRAWN = text("state = 'drawn'")
UNDECIDED = text("state IN ('open', 'acknowledged')")


class Whisper(Table):
    """A word of a supervisor to the agent `to_id`, of one conversation. It has no way to the outbox.

    `kind` is `whisper`, or what was done over the agent's head: `taken`, `moved` (away), `given` (to them).
    """

    __tablename__ = "whispers"
    __table_args__ = (CheckConstraint("kind IN ('whisper', 'taken', 'moved', 'given')", name="kind_known"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(10), default="whisper")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class QualityCriterion(Table):
    """One line of the score card. `weight` is its share of the score beside the other lines'; a mark of nothing on an
    `auto_fail` line fails the whole conversation. One that was ever used is retired, never deleted."""

    __tablename__ = "quality_criteria"
    __table_args__ = (CheckConstraint("weight > 0 AND weight <= 100", name="weight_in_range"),)

    position: Mapped[int]
    label_en: Mapped[str] = mapped_column(String(120))
    label_zh: Mapped[str] = mapped_column(String(120))
    weight: Mapped[int]
    auto_fail: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class QualitySample(Table):
    """A draw of conversations to review. The same `seed` and `filters` over the same conversations draw the same."""

    __tablename__ = "quality_samples"

    drawn_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    drawn_at: Mapped[datetime]
    seed: Mapped[int]
    filters: Mapped[dict[str, Any]]
    candidates: Mapped[int]
    size: Mapped[int]


class QualityReview(Table):
    """An agent's part in one conversation, drawn for review. States: `drawn`, `done`, `answered`.

    `score` is in hundredths of a percent, None until it is done. The reviewer is never the agent.
    """

    __tablename__ = "quality_reviews"
    __table_args__ = (
        UniqueConstraint("sample_id", "conversation_id", "agent_id"),
        CheckConstraint("state IN ('drawn', 'done', 'answered')", name="state_known"),
        CheckConstraint("reviewer_id IS NULL OR reviewer_id <> agent_id", name="not_their_own"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 10000)", name="score_in_range"),
        Index("ix_quality_reviews_waiting", "id", sqlite_where=DRAWN, postgresql_where=DRAWN),
        Index("ix_quality_reviews_agent", "agent_id", "reviewed_at"),
        Index("ix_quality_reviews_newest", "reviewed_at", "id"),
        Index("ix_quality_reviews_averages", "reviewed_at", "agent_id", "score", "failed", "hard"),
    )

    sample_id: Mapped[int | None] = mapped_column(ForeignKey("quality_samples.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    hard: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="drawn")
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    score: Mapped[int | None]
    failed: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]


class QualityMark(Table):
    """A mark of 0 to 4 on one line of a review, None where the line does not apply. `weight` is as it was then."""

    __tablename__ = "quality_marks"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion_id"),
        CheckConstraint("mark IS NULL OR (mark >= 0 AND mark <= 4)", name="mark_in_range"),
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("quality_reviews.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("quality_criteria.id"))
    mark: Mapped[int | None]
    weight: Mapped[int]
    auto_fail: Mapped[bool] = mapped_column(default=False)


class Callback(Table):
    """Somebody is to be called or written at a time. States: `open`, `done`, `missed`, `cancelled`.

    `source` is `debtor` (heard in the message `message_id`) or `agent`. `exact` is whether a clock time was named.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        UniqueConstraint("message_id"),
        CheckConstraint("state IN ('open', 'done', 'missed', 'cancelled')", name="state_known"),
        CheckConstraint("source IN ('debtor', 'agent')", name="source_known"),
        Index("ix_callbacks_due", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_callbacks_newest", "due_at", "id"),
        Index("ix_callbacks_made_by", "made_by", "state"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    source: Mapped[str] = mapped_column(String(10))
    message_id: Mapped[int | None] = mapped_column(Key)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    exact: Mapped[bool] = mapped_column(default=True)
    way: Mapped[str] = mapped_column(String(10), default="write")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")


class Complaint(Table):
    """A complaint and its clocks. States: `open`, `acknowledged`, `answered`, `closed`. `number` is what people quote.

    `due_at` is the next of the two deadlines, None once it is answered. `rule` names where the figures come from.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'acknowledged', 'answered', 'closed')", name="state_known"),
        CheckConstraint("(due_at IS NULL) = (state IN ('answered', 'closed'))", name="due_while_undecided"),
        Index("ix_complaints_due", "due_at", "id", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
        Index("ix_complaints_category", "category", "due_at", "id", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
        Index("ix_complaints_newest", "received_at", "id"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    market: Mapped[str] = mapped_column(String(2))
    category: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[int | None] = mapped_column(Key)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    received_at: Mapped[datetime]
    rule: Mapped[str] = mapped_column(String(40))
    acknowledge_by: Mapped[datetime]
    answer_by: Mapped[datetime]
    due_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12), default="open")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    acknowledged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
