"""The codes of how a conversation can end: data that managers keep, in both languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import NotFound
from core.store.tables import OutcomeCode
from core.work import Work

MOST = 60
RESERVED = ("merged", "stopped", "done")
"""What the system itself ends conversations with."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,38}")


@dataclass(frozen=True, slots=True)
class Kept:
    """The code is as it was given."""

    code_id: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """Nothing was saved: `outcome.code`, `outcome.taken`, `outcome.names`, `outcome.last` or `outcome.too_many`."""

    code: str


async def choosable(session: AsyncSession) -> Sequence[OutcomeCode]:
    """The codes that a conversation can be closed with, in their order."""
    rows = select(OutcomeCode).where(OutcomeCode.archived_at.is_(None))
    return (await session.scalars(rows.order_by(OutcomeCode.position, OutcomeCode.id).limit(MOST))).all()


async def every(session: AsyncSession) -> Sequence[OutcomeCode]:
    """All codes, those that can be chosen first."""
    gone = OutcomeCode.archived_at.is_not(None)
    return (await session.scalars(select(OutcomeCode).order_by(gone, OutcomeCode.position, OutcomeCode.id))).all()


async def find(session: AsyncSession, code: str) -> OutcomeCode | None:
    """The code of this name that can be chosen now."""
    return await session.scalar(select(OutcomeCode).where(OutcomeCode.code == code, OutcomeCode.archived_at.is_(None)))


async def add(work: Work, actor: Actor, code: str, en: str, zh: str, *, needs_note: bool) -> Kept | Wrong:
    """A new way to end a conversation."""
    name = clean(code).strip().lower()
    if _CODE.fullmatch(name) is None or name in RESERVED:
        return Wrong("outcome.code")
    if await work.session.scalar(select(OutcomeCode.id).where(OutcomeCode.code == name)) is not None:
        return Wrong("outcome.taken")
    names = _names(en, zh)
    if names is None:
        return Wrong("outcome.names")
    count, last = (await work.session.execute(select(func.count(), func.max(OutcomeCode.position)))).one()
    if count >= MOST:
        return Wrong("outcome.too_many")
    row = OutcomeCode(code=name, en=names[0], zh=names[1], needs_note=needs_note, position=(last or 0) + 1)
    work.session.add(row)
    await work.session.flush()
    await leave(work, actor.login, "saved_outcome", "outcome", row.id, before={}, after=_told(row))
    return Kept(row.id)


async def change(work: Work, actor: Actor, code_id: int, en: str, zh: str, *, needs_note: bool) -> Kept | Wrong:
    """Change what a code is called and whether it asks for a note; what was stored with it reads so from now on."""
    row = await _locked(work, code_id)
    names = _names(en, zh)
    if names is None:
        return Wrong("outcome.names")
    before = _told(row)
    row.en, row.zh, row.needs_note = *names, needs_note
    await work.session.flush()
    await leave(work, actor.login, "saved_outcome", "outcome", row.id, before=before, after=_told(row))
    return Kept(row.id)


async def archive(work: Work, actor: Actor, code_id: int, *, archived: bool) -> Kept | Wrong:
    """Offer a code no more, or again. The last one stays: a conversation has to end somehow."""
    row = await _locked(work, code_id)
    if (row.archived_at is not None) == archived:
        return Kept(row.id)
    if archived and len(await choosable(work.session)) <= 1:
        return Wrong("outcome.last")
    row.archived_at = work.now if archived else None
    await work.session.flush()
    action = "archived_outcome" if archived else "restored_outcome"
    await leave(work, actor.login, action, "outcome", row.id, code=row.code)
    return Kept(row.id)


async def _locked(work: Work, code_id: int) -> OutcomeCode:
    found = await work.session.scalar(
        select(OutcomeCode).where(OutcomeCode.id == code_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such outcome.", code_id=code_id)
    return found


def _names(en: str, zh: str) -> tuple[str, str] | None:
    first, second = (" ".join(_CONTROL.sub(" ", clean(name)).split())[:80] for name in (en, zh))
    return (first, second) if first and second else None


def _told(row: OutcomeCode) -> dict[str, object]:
    return {"code": row.code, "en": row.en, "zh": row.zh, "needs_note": row.needs_note}
