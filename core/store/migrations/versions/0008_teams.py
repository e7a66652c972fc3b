"""Teams, working hours, skills and presence, for giving out conversations."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWED = sa.text("owed_since IS NOT NULL")
ESCALATED = sa.text("escalated_at IS NOT NULL")


def upgrade() -> None:
    _teams()
    _users()
    _conversations()


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("hours", sa.String(length=400), nullable=False),
        sa.Column("holidays_of", sa.String(length=10), nullable=False),
        sa.Column("routing", sa.String(length=12), nullable=False),
        sa.Column("agent_capacity", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("reply_minutes", sa.Integer(), nullable=False),
        sa.Column("escalate_minutes", sa.Integer(), nullable=False),
        sa.Column("markets", sa.JSON(), nullable=False),
        sa.Column("creditors", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("routing IN ('manual', 'round_robin', 'least_loaded')", name=op.f("ck_teams_routing_known")),
        sa.CheckConstraint("agent_capacity >= 1", name=op.f("ck_teams_agent_capacity_positive")),
        sa.CheckConstraint("capacity IS NULL OR capacity >= 1", name=op.f("ck_teams_capacity_positive")),
        sa.CheckConstraint("reply_minutes >= 1 AND escalate_minutes >= 1", name=op.f("ck_teams_minutes_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_team_members_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_team_members_team_id_user_id")),
    )
    op.create_index("ix_team_members_user_id", "team_members", ["user_id"])
    op.create_table(
        "team_holidays",
        sa.Column("team_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_holidays_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_holidays")),
        sa.UniqueConstraint("team_id", "day", name=op.f("uq_team_holidays_team_id_day")),
    )


def _users() -> None:
    known = "CONSTRAINT ck_users_status_known CHECK (status IN ('available', 'pause', 'break', 'away'))"
    op.execute("ALTER TABLE users ADD COLUMN skills JSON DEFAULT '[]' NOT NULL")
    op.add_column("users", sa.Column("capacity", sa.Integer(), nullable=True))
    op.execute(f"ALTER TABLE users ADD COLUMN status VARCHAR(12) DEFAULT 'available' NOT NULL {known}")
    op.add_column("users", sa.Column("status_since", MOMENT, nullable=True))
    op.add_column("users", sa.Column("seen_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE users SET seen_at = CURRENT_TIMESTAMP WHERE id IN"
        " (SELECT agent_id FROM conversations WHERE state = 'open' AND agent_id IS NOT NULL)"
    )


def _conversations() -> None:
    """Who waits already has waited since then: in the queue, or unread by the agent who holds the conversation."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    points = "CONSTRAINT fk_conversations_team_id REFERENCES teams (id)"
    op.execute(f"ALTER TABLE conversations ADD COLUMN team_id {kind} {points}")
    op.add_column("conversations", sa.Column("owed_since", MOMENT, nullable=True))
    op.execute("ALTER TABLE conversations ADD COLUMN passed JSON DEFAULT '[]' NOT NULL")
    op.add_column("conversations", sa.Column("escalated_at", MOMENT, nullable=True))
    op.add_column("conversations", sa.Column("queue_told", sa.String(length=10), nullable=True))
    op.execute("UPDATE conversations SET owed_since = waiting_since WHERE state = 'open' AND holder = 'queue'")
    op.execute(
        "UPDATE conversations SET owed_since = last_inbound_at WHERE state = 'open' AND holder = 'agent' AND unread > 0"
    )
    op.create_index(op.f("ix_conversations_team_id"), "conversations", ["team_id"])
    for name, column, where in (("owed", "owed_since", OWED), ("escalated", "escalated_at", ESCALATED)):
        op.create_index(
            f"ix_conversations_{name}", "conversations", [column], sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for name in ("escalated", "owed", "team_id"):
        op.drop_index(f"ix_conversations_{name}", "conversations")
    for name in ("queue_told", "escalated_at", "passed", "owed_since", "team_id"):
        op.execute(f"ALTER TABLE conversations DROP COLUMN {name}")
    for name in ("seen_at", "status_since", "status", "capacity", "skills"):
        op.execute(f"ALTER TABLE users DROP COLUMN {name}")
    for table in ("team_holidays", "team_members", "teams"):
        op.drop_table(table)
