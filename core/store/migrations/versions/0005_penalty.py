"""The penalty for paying late (违约金), told apart from the fees of a case.

Written out, since SQLite would otherwise copy a table that others refer to.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE cases ADD COLUMN penalty BIGINT DEFAULT '0' NOT NULL"
        " CONSTRAINT ck_cases_penalty_not_negative CHECK (penalty >= 0)"
    )


def downgrade() -> None:
    op.execute("UPDATE cases SET fees = fees + penalty")
    op.execute("ALTER TABLE cases DROP COLUMN penalty")
