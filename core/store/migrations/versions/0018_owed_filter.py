"""The inbox filters by how long a person has been owed an answer: kept beside the order of its lists."""

from collections.abc import Sequence

from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEPT = [
    "case_id",
    "state",
    "holder",
    "agent_id",
    "reason",
    "language",
    "channel",
    "priority",
    "unread",
    "waiting_since",
]
NAME, TABLE, ORDER = "ix_conversations_latest", "conversations", ["last_at", "id"]


def upgrade() -> None:
    _with("owed_since")


def downgrade() -> None:
    _with("last_inbound_at")


def _with(column: str) -> None:
    """Only PostgreSQL keeps columns beside those of an index."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(NAME, TABLE)
        op.create_index(NAME, TABLE, ORDER, postgresql_include=[*KEPT, column])
