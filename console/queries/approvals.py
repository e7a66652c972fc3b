"""Plans beyond the limits that wait for a decision, and those lately decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.actions.situations import balance_of
from core.money import Money
from core.negotiation import Offer, offer_from_json
from core.policy import Breach
from core.store.tables import Approval, Case, Creditor, Debtor, User

WAITING_SHOWN = 100
DECIDED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One request with the numbers in view."""

    id: int
    conversation_id: int
    state: str
    name: str
    reference: str
    creditor: str
    market: str
    product: str
    owed: Money
    days_past_due: int
    offer: Offer
    breaches: tuple[Breach, ...]
    policy_version: int
    reason: str
    asked_by: str
    asked_by_id: int
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str


async def waiting(session: AsyncSession, now: datetime) -> Sequence[ApprovalRow]:
    """The requests that nobody has decided, oldest first."""
    query = _rows().where(Approval.state == "asked").order_by(Approval.id).limit(WAITING_SHOWN)
    return [_row(row, now) for row in (await session.execute(query)).all()]


async def decided(session: AsyncSession, now: datetime) -> Sequence[ApprovalRow]:
    """The last decisions, newest first."""
    query = _rows().where(Approval.state != "asked").order_by(Approval.decided_at.desc()).limit(DECIDED_SHOWN)
    return [_row(row, now) for row in (await session.execute(query)).all()]


async def one(session: AsyncSession, approval_id: int, now: datetime) -> ApprovalRow | None:
    """One request by its id."""
    row = (await session.execute(_rows().where(Approval.id == approval_id))).one_or_none()
    return _row(row, now) if row else None


async def count_waiting(session: AsyncSession) -> int:
    """How many requests wait."""
    return await session.scalar(select(func.count()).select_from(Approval).where(Approval.state == "asked")) or 0


def breaches_from_json(data: Sequence[Any]) -> tuple[Breach, ...]:
    """The breaches as they were stored with the request."""
    return tuple(
        Breach(str(item["field"]), str(item["asked"]), str(item["allowed"]), item.get("data") or {}) for item in data
    )


_ASKER, _DECIDER = aliased(User), aliased(User)


def _rows() -> Select[*tuple[Any, ...]]:
    rows: Select[*tuple[Any, ...]] = (
        select(Approval, Case, Debtor.name, Creditor.name, _ASKER.name, _DECIDER.name)
        .join(Case, Case.id == Approval.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .join(_ASKER, _ASKER.id == Approval.asked_by)
        .outerjoin(_DECIDER, _DECIDER.id == Approval.decided_by)
    )
    return rows


def _row(row: Any, now: datetime) -> ApprovalRow:
    approval, case, name, creditor, asker, decider = row
    return ApprovalRow(
        id=approval.id,
        conversation_id=approval.conversation_id,
        state=approval.state,
        name=name,
        reference=case.reference,
        creditor=creditor,
        market=case.market,
        product=case.product,
        owed=balance_of(case).total,
        days_past_due=max(0, (now.date() - case.due_date).days),
        offer=offer_from_json(approval.offer),
        breaches=breaches_from_json(approval.breaches),
        policy_version=approval.policy_version,
        reason=approval.reason,
        asked_by=asker,
        asked_by_id=approval.asked_by,
        asked_at=approval.asked_at,
        decided_by=decider,
        decided_at=approval.decided_at,
        answer=approval.answer,
    )
