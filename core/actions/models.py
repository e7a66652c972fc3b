"""The models of the understanding: promoted, rolled back, discarded. Rows say which is in force; processes follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.store.readings import lock_choice, lock_model
from core.store.tables import ModelRow
from core.work import Work

TOPIC = "models"
ENGINE = "local"
MAY_DECIDE = ("manager", "admin")

_PROMOTABLE = ("candidate", "retired")


@dataclass(frozen=True, slots=True)
class MayNotDecide:
    """This role neither trains nor chooses models."""

    role: str


@dataclass(frozen=True, slots=True)
class Promoted:
    """This model is in force; `back` when it has been before."""

    model_id: int
    back: bool


@dataclass(frozen=True, slots=True)
class Discarded:
    """The candidate will not be used."""

    model_id: int


@dataclass(frozen=True, slots=True)
class NotNow:
    """The model is in another state by now."""

    state: str


@dataclass(frozen=True, slots=True)
class SayWhy:
    """The candidate hears danger or rights less often than the model in force: promoting it needs a reason."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The model in force, as processes need to know it."""

    model_id: int
    origin: str
    version: str
    is_running: bool


async def discard(work: Work, actor: Actor, model_id: int) -> Discarded | NotNow | MayNotDecide:
    """Do not use this candidate; its file is removed."""
    return await drop(work, actor, model_id, ("candidate",), "discarded_model")


async def drop(
    work: Work, actor: Actor, model_id: int, states: tuple[str, ...], action: str
) -> Discarded | NotNow | MayNotDecide:
    """Give up a model that is in one of these states, and leave `action` in the trail."""
    if actor.role not in MAY_DECIDE:
        return MayNotDecide(actor.role)
    row = await lock_model(work.session, model_id)
    if row.state not in states or row.origin == "release":
        return NotNow(row.state)
    row.state, row.stage, row.finished_at = "discarded", "", row.finished_at or work.now
    await work.session.flush()
    work.notify(TOPIC)
    await leave(work, actor.login, action, "model", model_id, version=row.version)
    return Discarded(model_id)


async def promote(work: Work, actor: Actor, model_id: int, note: str = "") -> Promoted | NotNow | SayWhy | MayNotDecide:
    """Put a candidate in force, or go back to a model that was; running processes change over without a restart."""
    if actor.role not in MAY_DECIDE:
        return MayNotDecide(actor.role)
    before = await _in_force(work.session)
    row = await lock_model(work.session, model_id)
    if row.state not in _PROMOTABLE:
        return NotNow(row.state)
    back = row.state == "retired"
    if not back and not note.strip() and hears_less(row.report):
        return SayWhy()
    await _switch(work, before, row, actor.id, clean(note).strip())
    facts = {"version": row.version, "digest": row.digest, "instead_of": before.version if before else None}
    action = "rolled_back_model" if back else "promoted_model"
    await leave(work, actor.login, action, "model", row.id, note=row.note, **facts)
    return Promoted(row.id, back)


def hears_less(report: Mapping[str, Any] | None) -> bool:
    """Whether the comparison says that less danger or fewer rights are heard than by the model in force."""
    if not report:
        return False
    before, after = report["before"], report["after"]
    return any(
        before.get(name) is not None and (after.get(name) is None or after[name] < before[name])
        for name in ("critical_recall", "self_harm_recall")
    )


async def ensure_release(work: Work, version: str, digest: str) -> int:
    """The row of the model that this release brings. It is in force where no manager has chosen another."""
    before = await _in_force(work.session)
    row = await work.session.scalar(
        select(ModelRow).where(ModelRow.engine == ENGINE, ModelRow.origin == "release", ModelRow.version == version)
    )
    if row is None:
        row = ModelRow(
            engine=ENGINE,
            origin="release",
            version=version,
            digest=digest,
            state="candidate",
            asked_at=work.now,
            finished_at=work.now,
        )
        work.session.add(row)
        await work.session.flush()
    if row.state != "in_force" and (before is None or before.origin == "release"):
        await _switch(work, before, row, None, "")
        instead_of = before.version if before else None
        await leave(work, "system", "promoted_model", "model", row.id, version=row.version, instead_of=instead_of)
    return row.id


async def in_force(session: AsyncSession) -> InForce | None:
    """The model in force; None before the first process has started."""
    row = await session.scalar(select(ModelRow).where(ModelRow.engine == ENGINE, ModelRow.state == "in_force"))
    return InForce(row.id, row.origin, row.version, row.running_at is not None) if row is not None else None


async def unused(session: AsyncSession) -> list[str]:
    """Versions whose files nobody needs any more: discarded, and made by no other training."""
    rows = (await session.execute(select(ModelRow.version, ModelRow.state).where(ModelRow.version != ""))).all()
    needed = {version for version, state in rows if state != "discarded"}
    return sorted({version for version, _ in rows} - needed)


async def digests(session: AsyncSession) -> list[str]:
    """The hashes of the data behind the models that there are."""
    query = select(ModelRow.digest).where(ModelRow.state.in_(("candidate", "in_force", "retired")))
    return list(await session.scalars(query))


async def now_running(work: Work, model_id: int) -> None:
    """A process reads messages with this model now; the first to say so is remembered."""
    row = await lock_model(work.session, model_id)
    if row.state == "in_force" and row.running_at is None:
        row.running_at, row.error = work.now, ""
        work.notify(TOPIC)


async def cannot_run(work: Work, model_id: int, why: str) -> None:
    """A process could not load the model in force and stays with the one before."""
    row = await lock_model(work.session, model_id)
    if row.state == "in_force" and row.error != why[:120]:
        row.error = why[:120]
        work.notify(TOPIC)


async def _in_force(session: AsyncSession) -> ModelRow | None:
    """The row in force; one transaction at a time changes which one that is."""
    await lock_choice(session)
    query = select(ModelRow).where(ModelRow.engine == ENGINE, ModelRow.state == "in_force")
    return await session.scalar(query.execution_options(populate_existing=True))


async def _switch(work: Work, before: ModelRow | None, row: ModelRow, by: int | None, note: str) -> None:
    if before is not None:
        before.state = "retired"
        await work.session.flush()
    row.state, row.promoted_by, row.promoted_at = "in_force", by, work.now
    row.note, row.running_at, row.error = note[:500], None, ""
    await work.session.flush()
    work.notify(TOPIC)
