"""Plans beyond the limits that wait for a decision, and those lately decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.actions.approvals import ANSWER_WITHIN
from core.actions.situations import balance_of
from core.dialogue.memory import finances_from_json
from core.money import Money
from core.negotiation import Finances, Offer, offer_from_json
from core.plans import Balance
from core.policy import Breach, PolicyVersion, version_from_json
from core.store.tables import Approval, Case, Conversation, Creditor, Debtor, Policy, PromiseRow, User

PAGE = 20
DECIDED_SHOWN = 20
SOON = timedelta(hours=12)
"""So long before it expires a request is urgent (product default)."""
DECIDERS = ("supervisor", "manager", "admin")
DECIDERS_SHOWN = 3


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
    time_zone: str
    balance: Balance
    finances: Finances
    broken_promises: int
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

    @property
    def owed(self) -> Money:
        """All that is owed on the case now."""
        return self.balance.total

    @property
    def expires_at(self) -> datetime:
        """When it stands no longer, unless somebody decides."""
        return self.asked_at + ANSWER_WITHIN

    def expires_soon(self, now: datetime) -> bool:
        """Whether little time is left to decide."""
        return self.expires_at - now < SOON


async def waiting(
    session: AsyncSession, now: datetime, after: int | None = None
) -> tuple[Sequence[ApprovalRow], int | None]:
    """The requests that nobody has decided, oldest first, and the id to ask after for the next page."""
    query = _rows().where(Approval.state == literal_column("'asked'")).order_by(Approval.id).limit(PAGE + 1)
    if after is not None:
        query = query.where(Approval.id > after)
    found = (await session.execute(query)).all()
    rows = [_row(row, now) for row in found[:PAGE]]
    return rows, rows[-1].id if len(found) > PAGE else None


async def versions(session: AsyncSession, numbers: Collection[int]) -> dict[int, PolicyVersion]:
    """The limits of these numbers."""
    if not numbers:
        return {}
    rows = await session.execute(select(Policy.number, Policy.body).where(Policy.number.in_(numbers)))
    return {number: version_from_json(body) for number, body in rows if number is not None}


async def decided(session: AsyncSession, now: datetime) -> Sequence[ApprovalRow]:
    """The last decisions, newest first."""
    query = (
        _rows()
        .where(Approval.state != literal_column("'asked'"))
        .order_by(Approval.decided_at.desc())
        .limit(DECIDED_SHOWN)
    )
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
    broken = (
        select(func.count())
        .where(PromiseRow.case_id == Approval.case_id, PromiseRow.state == "broken")
        .correlate(Approval)
        .scalar_subquery()
    )
    rows: Select[*tuple[Any, ...]] = (
        select(
            Approval,
            Case,
            Debtor.name,
            Debtor.time_zone,
            Creditor.name,
            _ASKER.name,
            _DECIDER.name,
            Conversation.memory,
            broken,
        )
        .join(Conversation, Conversation.id == Approval.conversation_id)
        .join(Case, Case.id == Approval.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .join(_ASKER, _ASKER.id == Approval.asked_by)
        .outerjoin(_DECIDER, _DECIDER.id == Approval.decided_by)
    )
    return rows


def _row(row: Any, now: datetime) -> ApprovalRow:
    approval, case, name, time_zone, creditor, asker, decider, memory, broken = row
    return ApprovalRow(
        id=approval.id,
        conversation_id=approval.conversation_id,
        state=approval.state,
        name=name,
        reference=case.reference,
        creditor=creditor,
        market=case.market,
        product=case.product,
        time_zone=time_zone,
        balance=balance_of(case),
        finances=finances_from_json((memory or {}).get("finances") or {}),
        broken_promises=broken,
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


async def who_may_decide(session: AsyncSession, role: str, but: int) -> tuple[str, ...]:
    """Some of those who may decide what this role may, those nearest to it first, without the one who asks."""
    able = DECIDERS[DECIDERS.index(role) :]
    nearest = case({name: place for place, name in enumerate(able)}, value=User.role)
    found = await session.scalars(
        select(User.name)
        .where(User.role.in_(able), User.active, User.id != but)
        .order_by(nearest, User.name)
        .limit(DECIDERS_SHOWN)
    )
    return tuple(found)
