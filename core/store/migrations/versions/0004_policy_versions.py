"""The life of a policy version: drafts, reviews, moments to come in force; and at most one in force."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
IN_FORCE = sa.text("state = 'in_force'")
STATES = "state IN ('draft', 'review', 'scheduled', 'in_force', 'superseded', 'withdrawn')"
NUMBERED = "number IS NOT NULL OR state IN ('draft', 'review', 'withdrawn')"
FOUR_EYES = "reviewed_by IS NULL OR reviewed_by <> created_by OR alone"


def upgrade() -> None:
    with op.batch_alter_table("policies") as batch:
        batch.alter_column("number", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("based_on", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("asked_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("reviewed_by", KEY, nullable=True))
        batch.add_column(sa.Column("reviewed_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("review", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("starts_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("withdrawn_by", KEY, nullable=True))
        batch.add_column(sa.Column("withdrawn_at", MOMENT, nullable=True))
    with op.batch_alter_table("policies") as batch:
        for column in ("revision", "review", "alone"):
            batch.alter_column(column, server_default=None)
        batch.create_foreign_key(op.f("fk_policies_reviewed_by"), "users", ["reviewed_by"], ["id"])
        batch.create_foreign_key(op.f("fk_policies_withdrawn_by"), "users", ["withdrawn_by"], ["id"])
        batch.create_check_constraint(op.f("ck_policies_state_known"), STATES)
        batch.create_check_constraint(op.f("ck_policies_published_numbered"), NUMBERED)
        batch.create_check_constraint(op.f("ck_policies_four_eyes"), FOUR_EYES)
    op.execute("UPDATE policies SET based_on = number - 1, starts_at = published_at WHERE number > 1")
    op.create_index(
        "uq_policies_in_force", "policies", ["state"], unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
    )


def downgrade() -> None:
    op.drop_index("uq_policies_in_force", "policies", sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)
    op.execute("DELETE FROM policies WHERE state NOT IN ('in_force', 'superseded')")
    with op.batch_alter_table("policies") as batch:
        for name in ("four_eyes", "published_numbered", "state_known"):
            batch.drop_constraint(op.f(f"ck_policies_{name}"), type_="check")
        for name in ("reviewed_by", "withdrawn_by"):
            batch.drop_constraint(op.f(f"fk_policies_{name}"), type_="foreignkey")
        for name in ("withdrawn_at", "withdrawn_by", "starts_at", "alone", "review", "reviewed_at", "reviewed_by"):
            batch.drop_column(name)
        for name in ("asked_at", "revision", "based_on"):
            batch.drop_column(name)
        batch.alter_column("number", existing_type=sa.Integer(), nullable=False)
