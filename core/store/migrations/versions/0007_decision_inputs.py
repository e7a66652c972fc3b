"""What each decision looked at, kept with its message, so that it can be made again."""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN inputs JSON")


def downgrade() -> None:
    op.execute("ALTER TABLE messages DROP COLUMN inputs")
