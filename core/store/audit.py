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


@dataclass(frozen=True, slots=True)
class Checked:
    """Each of `rows` rows follows from the one before; the last is `last`, written at `at`, and `ended` the chain."""

    rows: int
    last: int
    at: datetime | None
    ended: bool


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
    last, rows = 0, 0
    while True:
        found = await verify_part(session, last, _BATCH)
        if isinstance(found, Tampered):
            return found
        last, rows = found.last, rows + found.rows
        if found.ended:
            return Intact(rows)
        session.expunge_all()


async def verify_part(session: AsyncSession, after: int, most: int) -> Checked | Tampered:
    """Check up to `most` rows after the row `after`, which was checked before; 0 begins at the beginning."""
    previous = GENESIS
    if after:
        previous = await session.scalar(select(Audit.hash).where(Audit.id == after)) or ""
    batch = (await session.scalars(select(Audit).where(Audit.id > after).order_by(Audit.id).limit(most + 1))).all()
    for row in batch[:most]:
        if row.previous != previous or row.hash != chained(row):
            return Tampered(row.id)
        previous = row.hash
    checked = batch[:most]
    last = checked[-1] if checked else None
    return Checked(len(checked), last.id if last else after, last.at if last else None, len(batch) <= most)
