"""Files in conversations, what a debtor has seen, and what the team's pages remember of a person's settings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = "'awaited', 'waiting', 'clean', 'unscanned', 'infected', 'refused'"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("file_ref", sa.String(length=250), nullable=True),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_attachments_state_known")),
        sa.CheckConstraint(
            "digest IS NOT NULL OR state IN ('awaited', 'refused')", name=op.f("ck_attachments_bytes_kept")
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_attachments_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attachments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("message_id", name=op.f("uq_attachments_message_id")),
    )
    op.create_index(op.f("ix_attachments_conversation_id"), "attachments", ["conversation_id"])
    op.create_index(op.f("ix_attachments_digest"), "attachments", ["digest"])
    op.create_index("ix_attachments_state", "attachments", ["state", "id"])
    op.execute("ALTER TABLE users ADD COLUMN preferences JSON DEFAULT '{}' NOT NULL")
    op.add_column("conversations", sa.Column("debtor_seen", KEY, nullable=True))
    op.add_column("conversations", sa.Column("debtor_seen_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE conversations DROP COLUMN debtor_seen_at")
    op.execute("ALTER TABLE conversations DROP COLUMN debtor_seen")
    op.execute("ALTER TABLE users DROP COLUMN preferences")
    op.drop_table("attachments")
