"""Versions of the debtor's texts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
IN_FORCE = sa.text("state = 'in_force'")
DRAFT = sa.text("state = 'draft'")
TABLE = "house_versions"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("reviewed_by", KEY, nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("subject IN ('wording', 'contact')", name=op.f("ck_house_versions_subject_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'review', 'in_force', 'superseded', 'withdrawn')",
            name=op.f("ck_house_versions_state_known"),
        ),
        sa.CheckConstraint(
            "(number IS NOT NULL) = (state IN ('in_force', 'superseded'))",
            name=op.f("ck_house_versions_published_numbered"),
        ),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> created_by OR alone", name=op.f("ck_house_versions_four_eyes")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_house_versions_created_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"], name=op.f("fk_house_versions_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_versions")),
        sa.UniqueConstraint("subject", "number", name=op.f("uq_house_versions_subject_number")),
    )
    op.create_index("ix_house_versions_newest", TABLE, ["subject", "id"])
    for name, columns, where in (("in_force", ["subject"], IN_FORCE), ("draft", ["subject", "created_by"], DRAFT)):
        op.create_index(
            f"uq_house_versions_{name}", TABLE, columns, unique=True, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    op.drop_table(TABLE)
