"""Whispers, quality reviews, callbacks and complaints; the mood and risk of live conversations."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'open'")
PEOPLES = sa.text("state = 'open' AND holder <> 'bot'")
ASKED = sa.text("state = 'asked'")
DECIDED = sa.text("state <> 'asked'")
DRAWN = sa.text("state = 'drawn'")
UNDECIDED = sa.text("state IN ('open', 'acknowledged')")
BY_AGENT = sa.text("author = 'agent'")

CRITERIA = (
    ("Accuracy: sums, dates and terms are right", "准确：金额、日期和条款无误", 25, True),
    ("Compliance: nothing said that the rules forbid", "合规：没有违反规定的话", 25, True),
    ("Empathy: the person was heard", "同理心：听懂并回应了对方的处境", 20, False),
    ("Clarity: short, plain and complete", "清楚：简短、易懂、没有遗漏", 15, False),
    ("The plan fits the person", "方案适合对方的实际情况", 15, False),
)
"""The score card that a new installation starts with: label in English and Chinese, weight, whether it fails all."""

PARTIAL = (
    ("conversations", "risk", ["risk", "last_at", "id"], OPEN),
    ("conversations", "live", ["last_at", "id"], OPEN),
    ("conversations", "people", ["risk", "last_at", "id"], PEOPLES),
    ("conversations", "age", ["opened_at", "id"], OPEN),
    ("approvals", "waiting", ["id"], ASKED),
    ("approvals", "decided", ["decided_at", "id"], DECIDED),
    ("messages", "by_agent", ["at", "agent_id", "conversation_id"], BY_AGENT),
)


def upgrade() -> None:
    for name in ("mood", "risk"):
        op.add_column("conversations", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for table, name, columns, where in PARTIAL:
        op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=where, postgresql_where=where)
    _whispers()
    _quality()
    _followups()


def downgrade() -> None:
    for table in (
        "complaints",
        "callbacks",
        "quality_marks",
        "quality_reviews",
        "quality_samples",
        "quality_criteria",
        "whispers",
    ):
        op.drop_table(table)
    for table, name, _, _ in reversed(PARTIAL):
        op.drop_index(f"ix_{table}_{name}", table)
    for name in ("risk", "mood"):
        op.drop_column("conversations", name)


def _whispers() -> None:
    op.create_table(
        "whispers",
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("to_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('whisper', 'taken', 'moved', 'given')", name=op.f("ck_whispers_kind_known")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_whispers_conversation_id")),
        sa.ForeignKeyConstraint(["to_id"], ["users.id"], name=op.f("fk_whispers_to_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_whispers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whispers")),
    )
    op.create_index(op.f("ix_whispers_conversation_id"), "whispers", ["conversation_id"], unique=False)


def _quality() -> None:
    op.create_table(
        "quality_criteria",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("label_zh", sa.String(length=120), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("auto_fail", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("weight > 0 AND weight <= 100", name=op.f("ck_quality_criteria_weight_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_criteria")),
    )
    op.create_table(
        "quality_samples",
        sa.Column("drawn_by", KEY, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], ["users.id"], name=op.f("fk_quality_samples_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_samples")),
    )
    op.create_table(
        "quality_reviews",
        sa.Column("sample_id", KEY, nullable=True),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("agent_id", KEY, nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reviewer_id", KEY, nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("state IN ('drawn', 'done', 'answered')", name=op.f("ck_quality_reviews_state_known")),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR reviewer_id <> agent_id", name=op.f("ck_quality_reviews_not_their_own")
        ),
        sa.CheckConstraint(
            "score IS NULL OR (score >= 0 AND score <= 10000)", name=op.f("ck_quality_reviews_score_in_range")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_quality_reviews_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_quality_reviews_conversation_id")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_quality_reviews_reviewer_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["quality_samples.id"], name=op.f("fk_quality_reviews_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_reviews")),
        sa.UniqueConstraint(
            "sample_id",
            "conversation_id",
            "agent_id",
            name=op.f("uq_quality_reviews_sample_id_conversation_id_agent_id"),
        ),
    )
    op.create_index("ix_quality_reviews_agent", "quality_reviews", ["agent_id", "reviewed_at"], unique=False)
    op.create_index(op.f("ix_quality_reviews_conversation_id"), "quality_reviews", ["conversation_id"], unique=False)
    op.create_index(
        "ix_quality_reviews_averages",
        "quality_reviews",
        ["reviewed_at", "agent_id", "score", "failed", "hard"],
        unique=False,
    )
    op.create_index("ix_quality_reviews_newest", "quality_reviews", ["reviewed_at", "id"], unique=False)
    op.create_index(
        "ix_quality_reviews_waiting",
        "quality_reviews",
        ["id"],
        unique=False,
        sqlite_where=DRAWN,
        postgresql_where=DRAWN,
    )
    op.create_table(
        "quality_marks",
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("criterion_id", KEY, nullable=False),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("auto_fail", sa.Boolean(), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("mark IS NULL OR (mark >= 0 AND mark <= 4)", name=op.f("ck_quality_marks_mark_in_range")),
        sa.ForeignKeyConstraint(["criterion_id"], ["quality_criteria.id"], name=op.f("fk_quality_marks_criterion_id")),
        sa.ForeignKeyConstraint(["review_id"], ["quality_reviews.id"], name=op.f("fk_quality_marks_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_marks")),
        sa.UniqueConstraint("review_id", "criterion_id", name=op.f("uq_quality_marks_review_id_criterion_id")),
    )
    rows = [
        {
            "position": place,
            "label_en": english,
            "label_zh": chinese,
            "weight": weight,
            "auto_fail": fails,
            "active": True,
        }
        for place, (english, chinese, weight, fails) in enumerate(CRITERIA, 1)
    ]
    table = sa.table(
        "quality_criteria",
        sa.column("position", sa.Integer),
        sa.column("label_en", sa.String),
        sa.column("label_zh", sa.String),
        sa.column("weight", sa.Integer),
        sa.column("auto_fail", sa.Boolean),
        sa.column("active", sa.Boolean),
    )
    op.bulk_insert(table, rows)


def _followups() -> None:
    op.create_table(
        "callbacks",
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("made_by", KEY, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("source IN ('debtor', 'agent')", name=op.f("ck_callbacks_source_known")),
        sa.CheckConstraint("state IN ('open', 'done', 'missed', 'cancelled')", name=op.f("ck_callbacks_state_known")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_callbacks_case_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_callbacks_conversation_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_callbacks_ended_by")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_callbacks_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("message_id", name=op.f("uq_callbacks_message_id")),
    )
    op.create_index(op.f("ix_callbacks_conversation_id"), "callbacks", ["conversation_id"], unique=False)
    op.create_index(
        "ix_callbacks_due", "callbacks", ["due_at", "id"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_callbacks_made_by", "callbacks", ["made_by", "state"], unique=False)
    op.create_index("ix_callbacks_newest", "callbacks", ["due_at", "id"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("opened_by", KEY, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("acknowledge_by", MOMENT, nullable=False),
        sa.Column("answer_by", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("handler_id", KEY, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(due_at IS NULL) = (state IN ('answered', 'closed'))", name=op.f("ck_complaints_due_while_undecided")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'answered', 'closed')", name=op.f("ck_complaints_state_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_complaints_case_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_complaints_conversation_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["users.id"], name=op.f("fk_complaints_handler_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_complaints_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
    )
    op.create_index(op.f("ix_complaints_case_id"), "complaints", ["case_id"], unique=False)
    op.create_index(op.f("ix_complaints_conversation_id"), "complaints", ["conversation_id"], unique=False)
    op.create_index(
        "ix_complaints_due",
        "complaints",
        ["due_at", "id"],
        unique=False,
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
    op.create_index(
        "ix_complaints_category",
        "complaints",
        ["category", "due_at", "id"],
        unique=False,
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
    op.create_index("ix_complaints_newest", "complaints", ["received_at", "id"], unique=False)
