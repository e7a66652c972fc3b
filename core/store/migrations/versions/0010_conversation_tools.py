"""Canned replies, scheduled messages, snoozing, merging, outcome codes, notices for one person."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SNOOZED = sa.text("snoozed_until IS NOT NULL")
UNSEEN = sa.text("seen_at IS NULL")
WAITING = sa.text("state = 'waiting'")
OUTCOMES = (
    ("agreed", "Plan agreed", "已达成方案", False),
    ("no_agreement", "No agreement", "未达成一致", False),
    ("wrong_party", "Wrong person", "非本人", False),
    ("complaint", "Complaint taken", "已受理投诉", False),
    ("dispute", "Dispute under review", "异议核查中", False),
    ("hardship", "Referred for hardship", "已转困难帮扶", False),
    ("paid", "Paid in full", "已全部还清", False),
    ("other", "Other", "其他", True),
)
REPLIES = (
    (
        "hello",
        "Opening",
        "person_requested",
        "Hello {name}, I'm {agent} from {creditor}. I have read what you wrote. What can I do for you?",
        "{name}您好，我是{creditor}的{agent}，您前面写的我都看过了。您看我能帮您做点什么？",
    ),
    (
        "moment",
        "Opening",
        None,
        "Give me a few minutes to look at this properly. I'll write to you here.",
        "请给我几分钟仔细看一下，看完在这里回复您。",
    ),
    (
        "hours",
        "Contact",
        None,
        "We are here at these times: {hours}. You can write at any hour; we answer when we are back.",
        "我们的工作时间是：{hours}。您随时可以留言，我们上班后回复您。",
    ),
    (
        "balance",
        "Account",
        None,
        "What is owed on {reference} today is {balance}.",
        "{reference}目前的欠款是{balance}。",
    ),
    (
        "afford",
        "Hardship",
        "hardship",
        "Thank you for telling me. What you and your family need comes first. What is left in a month after that?",
        "谢谢您告诉我这些。您和家人的基本生活放在第一位。除去这些，您每个月大概还能剩多少？",
    ),
    (
        "documents",
        "Dispute",
        "dispute",
        "Thank you. We are looking into it, and there is nothing for you to do meanwhile. If you have anything that "
        "shows it, you can send it here.",
        "谢谢您，这件事我们正在核实，期间您什么都不用做。如果有能说明情况的材料，可以直接发到这里。",
    ),
    (
        "complaint",
        "Complaint",
        "complaint",
        "I'm sorry that this happened. I'll write your complaint down in your own words. What should it say?",
        "让您遇到这样的事，很抱歉。我会按您的原话登记投诉，您希望怎么写？",
    ),
    (
        "next",
        "Plan",
        None,
        "Your next payment under the plan is {plan_next_amount} on {plan_next_due}. Would another day suit you better?",
        "按方案，您的下一笔是{plan_next_due}的{plan_next_amount}。如果想换个日子，可以告诉我。",
    ),
    (
        "thanks",
        "Closing",
        None,
        "Thank you for your time. You can write here whenever you need something.",
        "谢谢您抽时间沟通，有需要随时在这里留言。",
    ),
)


def upgrade() -> None:
    _columns()
    _tables()
    _fill()


def _columns() -> None:
    op.add_column("conversations", sa.Column("snoozed_until", MOMENT, nullable=True))
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    points = "CONSTRAINT fk_conversations_merged_into REFERENCES conversations (id)"
    op.execute(f"ALTER TABLE conversations ADD COLUMN merged_into {kind} {points}")
    op.create_index(op.f("ix_conversations_merged_into"), "conversations", ["merged_into"])
    op.create_index(
        "ix_conversations_snoozed", "conversations", ["snoozed_until"], sqlite_where=SNOOZED, postgresql_where=SNOOZED
    )
    op.add_column("notes", sa.Column("kind", sa.String(length=12), nullable=False, server_default="note"))


def _tables() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("suits", sa.String(length=30), nullable=True),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_by", KEY, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_canned_replies_created_by")),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name=op.f("fk_canned_replies_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_canned_replies_shortcut")),
    )
    op.create_index("ix_canned_replies_most_used", "canned_replies", ["archived_at", "uses", "id"])
    op.create_table(
        "outcome_codes",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("en", sa.String(length=80), nullable=False),
        sa.Column("zh", sa.String(length=80), nullable=False),
        sa.Column("needs_note", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_outcome_codes_code")),
    )
    _scheduled()
    _notices()


def _scheduled() -> None:
    op.create_table(
        "scheduled_messages",
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("client_key", sa.String(length=80), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("after_message", KEY, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'cancelled', 'withheld')", name=op.f("ck_scheduled_messages_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_scheduled_messages_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_scheduled_messages_message_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_scheduled_messages_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_messages")),
        sa.UniqueConstraint(
            "conversation_id", "client_key", name=op.f("uq_scheduled_messages_conversation_id_client_key")
        ),
    )
    op.create_index("ix_scheduled_messages_conversation", "scheduled_messages", ["conversation_id", "id"])
    op.create_index(
        "ix_scheduled_messages_due", "scheduled_messages", ["due_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def _notices() -> None:
    op.create_table(
        "agent_notices",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("note_id", KEY, nullable=True),
        sa.Column("from_user", KEY, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "kind IN ('mention', 'transferred', 'withheld', 'taken', 'whisper')",
            name=op.f("ck_agent_notices_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_agent_notices_conversation_id")
        ),
        sa.ForeignKeyConstraint(["from_user"], ["users.id"], name=op.f("fk_agent_notices_from_user")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_agent_notices_note_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agent_notices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_notices")),
    )
    op.create_index(op.f("ix_agent_notices_conversation_id"), "agent_notices", ["conversation_id"])
    op.create_index("ix_agent_notices_newest", "agent_notices", ["user_id", "id"])
    op.create_index(
        "ix_agent_notices_unseen", "agent_notices", ["user_id"], sqlite_where=UNSEEN, postgresql_where=UNSEEN
    )


def _fill() -> None:
    """The outcomes that there were as codes, and replies to begin with."""
    codes = sa.table(
        "outcome_codes", *(sa.column(name) for name in ("code", "en", "zh", "needs_note", "position", "archived_at"))
    )
    op.bulk_insert(
        codes,
        [
            {"code": code, "en": en, "zh": zh, "needs_note": needs_note, "position": place, "archived_at": None}
            for place, (code, en, zh, needs_note) in enumerate(OUTCOMES, 1)
        ],
    )
    moments = ("created_at", "updated_at")
    names = ("shortcut", "category", "suits", "en", "zh", "uses", "revision")
    replies = sa.table(
        "canned_replies", *(sa.column(name) for name in names), *(sa.column(name, MOMENT) for name in moments)
    )
    written = datetime(2026, 11, 22, tzinfo=UTC)
    op.bulk_insert(
        replies,
        [
            {**dict(zip(names, (*reply, 0, 1), strict=True)), "created_at": written, "updated_at": written}
            for reply in REPLIES
        ],
    )


def downgrade() -> None:
    for table in ("agent_notices", "scheduled_messages", "outcome_codes", "canned_replies"):
        op.drop_table(table)
    op.drop_column("notes", "kind")
    op.drop_index("ix_conversations_snoozed", "conversations", sqlite_where=SNOOZED, postgresql_where=SNOOZED)
    op.drop_index(op.f("ix_conversations_merged_into"), "conversations")
    op.execute("ALTER TABLE conversations DROP COLUMN merged_into")
    op.drop_column("conversations", "snoozed_until")
