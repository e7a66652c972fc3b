"""The models of the understanding as their page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.store.tables import ModelRow, Reading, User

EARLIER = 20


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model. `report` compares it with the one that was in force when it was made; None for one of a release."""

    id: int
    origin: str
    version: str
    digest: str
    state: str
    stage: str
    examples: int
    relabelled: int
    report: Mapping[str, Any] | None
    asked_by: str | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    promoted_by: str | None
    promoted_at: datetime | None
    running_at: datetime | None
    note: str
    error: str


@dataclass(frozen=True, slots=True)
class Models:
    """The one in force, the one in the making, candidates, and those that were; `relabelled` texts wait to be learnt
    from."""

    in_force: ModelView | None
    making: ModelView | None
    candidates: tuple[ModelView, ...]
    earlier: tuple[ModelView, ...]
    failed: ModelView | None
    relabelled: int


async def models(session: AsyncSession) -> Models:
    """Everything about the models, in two statements; of earlier ones the latest."""
    asker, promoter = aliased(User), aliased(User)
    query = (
        select(ModelRow, asker.name, promoter.name)
        .outerjoin(asker, asker.id == ModelRow.asked_by)
        .outerjoin(promoter, promoter.id == ModelRow.promoted_by)
        .order_by(func.coalesce(ModelRow.promoted_at, ModelRow.asked_at).desc(), ModelRow.id.desc())
        .limit(EARLIER * 2)
    )
    found = [_view(*row) for row in await session.execute(query)]
    relabelled = await session.scalar(select(func.count()).where(Reading.state == "relabelled")) or 0
    newest = max(found, key=lambda model: model.id, default=None)
    return Models(
        in_force=next((model for model in found if model.state == "in_force"), None),
        making=next((model for model in found if model.state in ("asked", "training")), None),
        candidates=tuple(model for model in found if model.state == "candidate"),
        earlier=tuple(model for model in found if model.state in ("retired", "discarded"))[:EARLIER],
        failed=newest if newest is not None and newest.state == "failed" else None,
        relabelled=relabelled,
    )


def _view(row: ModelRow, asker: str | None, promoter: str | None) -> ModelView:
    return ModelView(
        id=row.id,
        origin=row.origin,
        version=row.version,
        digest=row.digest,
        state=row.state,
        stage=row.stage,
        examples=row.examples,
        relabelled=row.relabelled,
        report=row.report,
        asked_by=asker,
        asked_at=row.asked_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        promoted_by=promoter,
        promoted_at=row.promoted_at,
        running_at=row.running_at,
        note=row.note,
        error=row.error,
    )
