"""What versions of the limits would change, as their pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.what_ifs import digest_of
from core.errors import NotFound
from core.store.tables import Policy, User, WhatIf

SHOWN = 20


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with who asked for it; `report` is None until it is done."""

    id: int
    policy_id: int
    state: str
    revision: int
    digest: str
    against: int | None
    seed: int
    done: int
    cases: int
    live: int
    report: Mapping[str, Any] | None
    by: str
    asked_at: datetime
    finished_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a version: the one that waits or goes on, the one `shown`, those done, and how the last one failed.

    `is_of_before` says that the version has changed since the run shown, `is_against_older` that another version has
    come in force since.
    """

    going: RunView | None
    shown: RunView | None
    done: tuple[RunView, ...]
    failed: RunView | None
    is_of_before: bool
    is_against_older: bool


async def runs(session: AsyncSession, policy_id: int, run_id: int | None = None) -> Runs:
    """The latest runs of a version, shown the one asked for or the newest that is done."""
    query = (
        select(WhatIf, User.name)
        .join(User, User.id == WhatIf.asked_by)
        .where(WhatIf.policy_id == policy_id)
        .order_by(WhatIf.id.desc())
        .limit(SHOWN)
    )
    found = [_view(*row) for row in await session.execute(query)]
    done = tuple(run for run in found if run.state == "done")
    shown = next((run for run in done if run_id in (None, run.id)), None)
    body = await session.scalar(select(Policy.body).where(Policy.id == policy_id))
    in_force = await session.scalar(select(Policy.number).where(Policy.state == "in_force"))
    newest = found[0] if found else None
    return Runs(
        going=next((run for run in found if run.state in ("asked", "running")), None),
        shown=shown,
        done=done,
        failed=newest if newest is not None and newest.state == "failed" else None,
        is_of_before=shown is not None and body is not None and shown.digest != digest_of(body),
        is_against_older=shown is not None and shown.against != in_force,
    )


async def one(session: AsyncSession, policy_id: int, run_id: int) -> RunView:
    """A run of this version that is done; NotFound where there is none."""
    query = select(WhatIf, User.name).join(User, User.id == WhatIf.asked_by)
    query = query.where(WhatIf.id == run_id, WhatIf.policy_id == policy_id, WhatIf.state == "done")
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such run.", run_id=run_id)
    return _view(*row)


def _view(row: WhatIf, by: str) -> RunView:
    return RunView(
        id=row.id,
        policy_id=row.policy_id,
        state=row.state,
        revision=row.revision,
        digest=row.digest,
        against=row.against,
        seed=row.seed,
        done=row.done,
        cases=row.cases,
        live=row.live,
        report=row.report,
        by=by,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        error=row.error,
    )
