"""Money that arrived: allocated to the debt by the rule of its market and product, and to the plan, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from core.actions.situations import balance_of
from core.actions.trail import leave
from core.errors import InvalidInput
from core.money import Money
from core.negotiation import offer_from_json
from core.plans import Allocation, Balance, allocate, card_order
from core.plans.allocation import COSTS_INTEREST_PRINCIPAL, Order
from core.store import cases
from core.store.tables import Case, Conversation, InstalmentRow, Payment, Plan, PromiseRow
from core.work import Work


@dataclass(frozen=True, slots=True)
class Paid:
    """Where the payment went; `plan_completed` when it was the plan's last."""

    allocation: Allocation
    plan_completed: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """A payment of this reference was recorded before; nothing changed."""

    payment_id: int


async def record(
    work: Work, case_id: int, amount: Money, reference: str, paid_on: date, *, actor: str = "system"
) -> Paid | Repeat:
    """Record a payment of the debtor's local date `paid_on`, once for each reference.

    InvalidInput for nothing, less than nothing, another currency, or no reference.
    """
    whole = await cases.lock(work.session, case_id)
    case = whole.case
    if amount.minor <= 0 or amount.currency != case.currency or not reference.strip():
        raise InvalidInput("Give a sum in the case's currency and a reference.", amount=str(amount))
    known = await work.session.scalar(
        select(Payment.id).where(Payment.case_id == case_id, Payment.reference == reference.strip()[:80])
    )
    if known is not None:
        return Repeat(known)
    standing = await cases.active_plan(work.session, case_id)
    plan = standing[0] if standing else None
    allocation = _allocated(amount, case, plan, paid_on)
    left = allocation.left
    case.principal, case.interest = left.principal.minor, left.interest.minor
    case.fees, case.penalty = left.fees.minor, left.penalty.minor
    case.balance_as_of, case.updated_at = paid_on, work.now
    surplus = _apply_to_plan(standing[1], amount) if standing else allocation.surplus
    completed = plan is not None and standing is not None and all(row.paid >= row.amount for row in standing[1])
    work.session.add(
        Payment(
            case_id=case_id,
            plan_id=plan.id if plan else None,
            reference=reference.strip()[:80],
            currency=amount.currency,
            amount=amount.minor,
            allocation=_allocation_json(allocation, surplus),
            paid_on=paid_on,
            at=work.now,
        )
    )
    written_off = _settle(case, plan, completed=completed)
    await work.session.flush()
    kept = await _keep_promise(work, case_id, paid_on)
    await work.session.flush()
    await _tell(work, case_id)
    await leave(
        work,
        actor,
        "payment_recorded",
        "case",
        case_id,
        amount=amount.to_text(),
        reference=reference.strip()[:80],
        allocation=_allocation_json(allocation, surplus),
        plan=plan.id if plan else None,
        plan_completed=completed,
        written_off=written_off,
        **({"promise_kept": kept} if kept else {}),
    )
    return Paid(allocation, completed)


def _allocated(amount: Money, case: Case, plan: Plan | None, paid_on: date) -> Allocation:
    """The payment over what is owed, a plan's waivers last: what will be given up is not paid before what will not."""
    owed, order = balance_of(case), order_for(case, paid_on)
    waived = offer_from_json(plan.body).waived.by_component() if plan else {}
    kept = {part: min(waived[part], money) if waived else money * 0 for part, money in owed.by_component().items()}
    aside = Balance.of(kept, case.currency)
    first = allocate(amount, owed - aside, order)
    rest = allocate(first.surplus, aside, order)
    return Allocation(first.applied + rest.applied, first.left + rest.left, rest.surplus)


def order_for(case: Case, paid_on: date) -> Order:
    """Chinese cards by days overdue (信用卡办法 57), all else costs, interest, principal (民法典 561)."""
    if case.market == "cn" and case.product == "credit_card":
        return card_order(max(0, (paid_on - case.due_date).days))
    return COSTS_INTEREST_PRINCIPAL


def _apply_to_plan(rows: Sequence[InstalmentRow], amount: Money) -> Money:
    """Fill the plan's payments, oldest first; what is left over."""
    rest = amount.minor
    for row in rows:
        part = min(rest, row.amount - row.paid)
        row.paid += part
        rest -= part
    return Money(rest, amount.currency)


def _settle(case: Case, plan: Plan | None, *, completed: bool) -> int:
    """A completed plan, or nothing left, settles the case; a discount agreed is written off. Minor units."""
    if completed and plan is not None:
        written_off = cases.owed(case).minor
        plan.state, case.state = "completed", "settled"
        case.principal = case.interest = case.fees = case.penalty = 0
        return written_off
    if plan is None and not cases.owed(case):
        case.state = "settled"
    return 0


async def _keep_promise(work: Work, case_id: int, paid_on: date) -> int | None:
    """The last promise is kept once enough has been paid since it was made, in time; its id when it became so now.

    Money paid in time may be told of late: a promise that was taken for broken meanwhile was kept after all.
    """
    last = select(PromiseRow).where(PromiseRow.case_id == case_id).order_by(PromiseRow.id.desc()).limit(1)
    promise = await work.session.scalar(last)
    if promise is None or promise.state not in ("open", "broken") or paid_on > promise.due:
        return None
    since = select(func.sum(Payment.amount)).where(
        Payment.case_id == case_id, Payment.at >= promise.made_at, Payment.paid_on <= promise.due
    )
    if int(await work.session.scalar(since) or 0) < promise.amount:
        return None
    promise.state = "kept"
    return promise.id


async def _tell(work: Work, case_id: int) -> None:
    for conversation_id in await work.session.scalars(select(Conversation.id).where(Conversation.case_id == case_id)):
        work.notify(f"conversation:{conversation_id}")


def _allocation_json(allocation: Allocation, surplus: Money) -> dict[str, Any]:
    applied = allocation.applied
    return {
        "fees": applied.fees.minor,
        "interest": applied.interest.minor,
        **({"penalty": applied.penalty.minor} if applied.penalty else {}),
        "principal": applied.principal.minor,
        "surplus": surplus.minor,
    }
