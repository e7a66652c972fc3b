"""The copy of an agreed plan, for the debtor who holds its address."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.hours import zone
from core.money import Money
from core.negotiation import Offer, offer_from_json
from core.store import cases
from core.store.tables import Plan


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One payment as it stands now; `number` 0 is the down payment, `moved_from` its date before it was moved."""

    number: int
    due: date
    amount: Money
    paid: Money
    moved_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCopy:
    """Everything that a copy tells. `agreed_at` is in the debtor's time zone."""

    public_id: str
    state: str
    language: str
    market: str
    product: str
    creditor: str
    creditor_phone: str
    pay_ways: dict[str, str]
    debtor: str
    account_last4: str
    reference: str
    offer: Offer
    lines: tuple[CopyLine, ...]
    total: Money
    policy_version: int
    approved: bool
    agreed_at: datetime


async def load(session: AsyncSession, public_id: str) -> PlanCopy | None:
    """The copy at this address, or None where there is no such plan."""
    plan = await session.scalar(select(Plan).where(Plan.public_id == public_id))
    if plan is None:
        return None
    whole = await cases.load(session, plan.case_id)
    rows = await cases.instalments_of(session, plan.id)
    return PlanCopy(
        public_id=plan.public_id,
        state=plan.state,
        language=plan.language,
        market=whole.case.market,
        product=whole.case.product,
        creditor=whole.creditor.name,
        creditor_phone=whole.creditor.phone,
        pay_ways={key: str(words) for key, words in (whole.creditor.pay_ways or {}).items()},
        debtor=whole.debtor.name,
        account_last4=str(whole.debtor.facts.get("account_last4", "")),
        reference=whole.case.reference,
        offer=offer_from_json(plan.body),
        lines=tuple(
            CopyLine(
                row.number, row.due, Money(row.amount, plan.currency), Money(row.paid, plan.currency), row.moved_from
            )
            for row in rows
        ),
        total=Money(plan.total, plan.currency),
        policy_version=plan.policy_version,
        approved=plan.approval_id is not None,
        agreed_at=plan.agreed_at.astimezone(zone(whole.debtor.time_zone)),
    )
