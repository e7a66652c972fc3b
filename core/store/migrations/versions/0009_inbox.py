"""Saved views, what the inbox filters by, and what searching needs.

PostgreSQL finds words by the grams of a text: three letters of a Latin word or number, two characters of any other
script, so that two Chinese characters are enough and no extension is needed. SQLite reads an index of the texts.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SEARCHED = (("messages", "text"), ("debtors", "name"), ("cases", "reference"), ("contact_points", "value"))
FILTERED = [
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
    "last_inbound_at",
]
"""What the lists are narrowed by, kept beside their order: a filter that little passes reads the index alone."""
GRAMS = r"""
CREATE FUNCTION parley_grams(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 300 AS $$
  WITH runs AS (
    SELECT found[1] AS run, CASE WHEN octet_length(found[1]) = length(found[1]) THEN 3 ELSE 2 END AS size
    FROM regexp_matches(lower(words COLLATE "C"), '[a-z0-9]+|[^\u0001-\u007f]+', 'g') AS found
  )
  SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
    SELECT substr(run, place, size) AS gram FROM runs, generate_series(1, length(run) - size + 1) AS place
    UNION ALL
    SELECT left(run, size - 1) FROM runs
  ) AS grams
$$
"""
"""The grams of each run of letters or characters, and its beginning, one shorter than a gram."""


def upgrade() -> None:
    _views()
    op.create_index("ix_conversations_latest", "conversations", ["last_at", "id"], postgresql_include=FILTERED)
    op.create_index("ix_conversations_reason", "conversations", ["reason", "last_at", "id"])
    op.create_index("ix_case_flags_flag", "case_flags", ["flag", "case_id"])
    op.create_index("ix_cases_due", "cases", ["due_date", "market", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(GRAMS)
        for table, column in SEARCHED:
            op.execute(f"CREATE INDEX ix_{table}_grams ON {table} USING gin (parley_grams({column}))")
    else:
        op.create_index("ix_messages_words", "messages", ["text"])


def _views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_views_user_id_name")),
    )
    op.create_table(
        "default_views",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("view_id", KEY, nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_default_views_user_id")),
        sa.ForeignKeyConstraint(["view_id"], ["saved_views.id"], name=op.f("fk_default_views_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_default_views")),
        sa.UniqueConstraint("user_id", name=op.f("uq_default_views_user_id")),
    )
    op.create_index(op.f("ix_default_views_view_id"), "default_views", ["view_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, _ in SEARCHED:
            op.drop_index(f"ix_{table}_grams", table)
        op.execute("DROP FUNCTION parley_grams(text)")
    else:
        op.drop_index("ix_messages_words", "messages")
    op.drop_index("ix_cases_due", "cases")
    op.drop_index("ix_case_flags_flag", "case_flags")
    op.drop_index("ix_conversations_reason", "conversations")
    op.drop_index("ix_conversations_latest", "conversations")
    op.drop_table("default_views")
    op.drop_table("saved_views")
