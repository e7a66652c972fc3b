"""What reports count by: facts, made from what there is once the worker runs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_facts",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ref", KEY, nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("conversation_id", KEY, nullable=True),
        sa.Column("agent_id", KEY, nullable=True),
        sa.Column("team_id", KEY, nullable=True),
        sa.Column("creditor_id", KEY, nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("bucket", sa.String(length=4), nullable=False),
        sa.Column("segment", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("worth", sa.BigInteger(), nullable=False),
        sa.Column("planned_s", sa.Integer(), nullable=True),
        sa.Column("waited_s", sa.Integer(), nullable=True),
        sa.Column("replied_s", sa.Integer(), nullable=True),
        sa.Column("handled_s", sa.Integer(), nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_facts")),
        sa.UniqueConstraint("kind", "ref", "value", name=op.f("uq_report_facts_kind_ref_value")),
    )
    op.create_index(op.f("ix_report_facts_case_id"), "report_facts", ["case_id"])
    op.create_index("ix_report_facts_kind_at", "report_facts", ["kind", "at", "id"])
    op.create_table(
        "report_state",
        sa.Column("audit_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_state")),
    )
    op.execute("INSERT INTO report_state (audit_id, case_id) SELECT COALESCE(MAX(id), 0), 0 FROM audit")


def downgrade() -> None:
    op.drop_table("report_state")
    op.drop_table("report_facts")
