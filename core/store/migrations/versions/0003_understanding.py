"""How debtors' messages were read, what they mean, and the models that read them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
IN_FORCE = sa.text("state = 'in_force'")
MAKING = sa.text("state IN ('asked', 'training')")
BATCH = 1000
LOW = 6000
"""Below this confidence, in ten-thousandths, a reading made before this migration counts as unsure."""


def upgrade() -> None:
    readings = op.create_table(
        "readings",
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("intent", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("misheard_by", KEY, nullable=True),
        sa.Column("misheard_at", MOMENT, nullable=True),
        sa.Column("labels", sa.JSON(), nullable=True),
        sa.Column("labelled_by", KEY, nullable=True),
        sa.Column("labelled_at", MOMENT, nullable=True),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "state IN ('sure', 'unsure', 'misheard', 'relabelled')", name=op.f("ck_readings_state_known")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_readings_message_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_readings_conversation_id")),
        sa.ForeignKeyConstraint(["misheard_by"], ["users.id"], name=op.f("fk_readings_misheard_by")),
        sa.ForeignKeyConstraint(["labelled_by"], ["users.id"], name=op.f("fk_readings_labelled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("message_id", name=op.f("uq_readings_message_id")),
    )
    op.create_index("ix_readings_newest", "readings", ["at", "id"])
    op.create_index("ix_readings_least_sure", "readings", ["confidence", "id"])
    op.create_index("ix_readings_state_newest", "readings", ["state", "at", "id"])
    op.create_index("ix_readings_state_least_sure", "readings", ["state", "confidence", "id"])
    op.create_index("ix_readings_intent_newest", "readings", ["intent", "at", "id"])
    op.create_index("ix_readings_lang_newest", "readings", ["lang", "at", "id"])
    _make_models()
    _fill(readings)


def _make_models() -> None:
    op.create_table(
        "models",
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("relabelled", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("asked_by", KEY, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("beat_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("promoted_by", KEY, nullable=True),
        sa.Column("promoted_at", MOMENT, nullable=True),
        sa.Column("running_at", MOMENT, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("error", sa.String(length=120), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint("origin IN ('release', 'trained')", name=op.f("ck_models_origin_known")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_models_asked_by")),
        sa.ForeignKeyConstraint(["promoted_by"], ["users.id"], name=op.f("fk_models_promoted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_models")),
    )
    for name, where in (("uq_models_in_force", IN_FORCE), ("uq_models_in_the_making", MAKING)):
        op.create_index(name, "models", ["engine"], unique=True, sqlite_where=where, postgresql_where=where)


def _fill(readings: sa.Table) -> None:
    """What was read before: by which version was not kept then."""
    bind = op.get_bind()
    messages = sa.table(
        "messages",
        *(sa.column(name) for name in ("id", "conversation_id", "direction", "kind")),
        sa.column("at", MOMENT),
        sa.column("understanding", sa.JSON()),
    )
    wanted = (messages.c.direction == "in", messages.c.kind == "text", messages.c.understanding.is_not(None))
    last = 0
    while True:
        query = sa.select(messages).where(messages.c.id > last, *wanted).order_by(messages.c.id).limit(BATCH)
        found = bind.execute(query).all()
        if not found:
            return
        last = found[-1].id
        rows = [_reading(row) for row in found if isinstance(row.understanding, dict)]
        if rows:
            bind.execute(sa.insert(readings), rows)


def _reading(row: Any) -> dict[str, Any]:
    heard = row.understanding
    best = max(heard.get("intents") or (), key=lambda intent: intent["confidence"], default=None)
    confidence = round(best["confidence"] * 10_000) if best else 0
    unsure = bool(heard.get("fallback")) or confidence < LOW
    return {
        "message_id": row.id,
        "conversation_id": row.conversation_id,
        "at": row.at,
        "lang": "zh" if heard.get("lang") == "zh" else "en",
        "intent": best["name"] if best else "",
        "confidence": confidence,
        "unsure": unsure,
        "engine": str(heard.get("engine", "")),
        "version": str(heard.get("version", "")),
        "state": "unsure" if unsure else "sure",
    }


def downgrade() -> None:
    op.drop_table("models")
    op.drop_table("readings")
