"""How soon a team's people answer."""

from collections.abc import Sequence

from alembic import op

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = ("first_target", "reply_target")


def upgrade() -> None:
    for name in COLUMNS:
        check = f"CONSTRAINT ck_teams_{name}_positive CHECK ({name} IS NULL OR {name} >= 1)"
        op.execute(f"ALTER TABLE teams ADD COLUMN {name} INTEGER {check}")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("teams", name)
