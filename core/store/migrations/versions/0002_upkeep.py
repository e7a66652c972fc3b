"""Instalments that were missed, and what upkeep looks for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OPEN = sa.text("state = 'open'")
UNPAID = sa.text("paid < amount")


def upgrade() -> None:
    op.add_column("instalments", sa.Column("missed_on", sa.Date(), nullable=True))
    op.create_index("ix_instalments_unpaid", "instalments", ["due"], sqlite_where=UNPAID, postgresql_where=UNPAID)
    op.create_index("ix_promises_open", "promises", ["due"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_promises_open", "promises", sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index("ix_instalments_unpaid", "instalments", sqlite_where=UNPAID, postgresql_where=UNPAID)
    op.drop_column("instalments", "missed_on")
