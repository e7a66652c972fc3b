"""Training a model of the understanding: asked for by a manager, done by one worker, one at a time for all processes.

The training itself is not done here: these rows say what is to be done, how far it is, and what came of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.actions.models import ENGINE, MAY_DECIDE, TOPIC, Discarded, MayNotDecide, NotNow, drop
from core.actions.trail import leave
from core.actions.values import Actor
from core.store.readings import lock_model
from core.store.tables import ModelRow
from core.work import Work

SILENT_AFTER = timedelta(minutes=2)
"""A training that has shown no sign of life for this long died with its process, and is begun anew."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A worker will train this model."""

    model_id: int


@dataclass(frozen=True, slots=True)
class Busy:
    """Another model is in the making: one at a time."""


async def ask(work: Work, actor: Actor) -> Asked | Busy | MayNotDecide:
    """Ask for a new model; a worker trains it when it gets to it."""
    if actor.role not in MAY_DECIDE:
        return MayNotDecide(actor.role)
    row = ModelRow(engine=ENGINE, origin="trained", state="asked", asked_by=actor.id, asked_at=work.now)
    try:
        async with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        return Busy()
    work.notify(TOPIC)
    await leave(work, actor.login, "asked_training", "model", row.id)
    return Asked(row.id)


async def claim(work: Work) -> int | None:
    """Take on the training that waits, or that a process left behind; None where there is nothing to do."""
    row = await work.session.scalar(
        select(ModelRow).where(ModelRow.state.in_(("asked", "training"))).with_for_update(skip_locked=True)
    )
    if row is None or (row.state == "training" and row.beat_at and work.now - row.beat_at < SILENT_AFTER):
        return None
    row.state, row.stage, row.error = "training", "reading", ""
    row.started_at = row.beat_at = work.now
    work.notify(TOPIC)
    await work.session.flush()
    return row.id


async def beat(work: Work, model_id: int, stage: str) -> bool:
    """A sign of life of a training, with how far it is; False where it was called off meanwhile."""
    row = await lock_model(work.session, model_id)
    if row.state != "training":
        return False
    row.stage, row.beat_at = stage, work.now
    work.notify(TOPIC)
    return True


async def finish(work: Work, model_id: int, made: Mapping[str, Any]) -> bool:
    """The model is trained and compared: it waits for a manager. False where it was called off meanwhile.

    `made` holds version, digest, examples, relabelled and report.
    """
    row = await lock_model(work.session, model_id)
    if row.state != "training":
        return False
    row.state, row.stage, row.finished_at = "candidate", "", work.now
    row.version, row.digest = str(made["version"]), str(made["digest"])
    row.examples, row.relabelled, row.report = int(made["examples"]), int(made["relabelled"]), made["report"]
    await work.session.flush()
    work.notify(TOPIC)
    facts = {"version": row.version, "digest": row.digest, "examples": row.examples, "relabelled": row.relabelled}
    await leave(work, "system", "trained_model", "model", model_id, **facts)
    return True


async def fail(work: Work, model_id: int, why: str) -> None:
    """The training came to nothing; `why` names the failure, without anybody's words."""
    row = await lock_model(work.session, model_id)
    if row.state != "training":
        return
    row.state, row.stage, row.finished_at, row.error = "failed", "", work.now, why[:120]
    await work.session.flush()
    work.notify(TOPIC)
    await leave(work, "system", "training_failed", "model", model_id, error=row.error)


async def put_back(work: Work, model_id: int) -> None:
    """The process that trains is told to stop: the training waits for the next one."""
    row = await lock_model(work.session, model_id)
    if row.state == "training":
        row.state, row.stage, row.beat_at = "asked", "", None
        work.notify(TOPIC)


async def call_off(work: Work, actor: Actor, model_id: int) -> Discarded | NotNow | MayNotDecide:
    """Stop a training that waits or runs."""
    return await drop(work, actor, model_id, ("asked", "training"), "called_off_training")
