"""The audit trail: who did what, each row chained to the one before it by its hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Audit

GENESIS = "0" * 64
_CHAIN_LOCK = 0x6175646974  # "audit": one transaction at a time adds to the chain.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Intact:
    """Every row follows from the one before; `rows` were checked."""

    rows: int


@dataclass(frozen=True, slots=True)
class Tampered:
    """The first row whose hash does not follow: it, or one before it, was changed, added or removed."""

    row_id: int


async def record(
    session: AsyncSession,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    subject_id: int | None,
    data: Mapping[str, Any],
) -> None:
    """Add one row inside the caller's transaction; on PostgreSQL the chain is held until it ends."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    previous = await session.scalar(select(Audit.hash).order_by(Audit.id.desc()).limit(1)) or GENESIS
    plain = json.loads(json.dumps(dict(data), ensure_ascii=False))
    row = Audit(
        at=at, actor=actor, action=action, subject=subject, subject_id=subject_id, data=plain, previous=previous
    )
    row.hash = chained(row)
    session.add(row)
    await session.flush()


def chained(row: Audit) -> str:
    """The SHA-256 of the row's content and of the hash before it, in hexadecimal."""
    content = [
        row.previous,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor,
        row.action,
        row.subject,
        row.subject_id,
        row.data,
    ]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


async def verify(session: AsyncSession) -> Intact | Tampered:
    """Check the whole chain from its first row to its last."""
    previous, last, rows = GENESIS, 0, 0
    while True:
        batch = (await session.scalars(select(Audit).where(Audit.id > last).order_by(Audit.id).limit(_BATCH))).all()
        if not batch:
            return Intact(rows)
        for row in batch:
            if row.previous != previous or row.hash != chained(row):
                return Tampered(row.id)
            previous, last, rows = row.hash, row.id, rows + 1
        session.expunge_all()
