"""A case with everything that a decision about it looks at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.dialogue.flags import Flag
from core.errors import NotFound
from core.money import Money
from core.store.broken_plans import has_broken_plan
from core.store.tables import Case, CaseFlag, ContactPoint, Creditor, Debtor, InstalmentRow, OfferRow, Plan, PromiseRow

FLAGS: frozenset[str] = frozenset(get_args(Flag))


@dataclass(frozen=True, slots=True)
class WholeCase:
    """The case's own row, its debtor and its creditor."""

    case: Case
    debtor: Debtor
    creditor: Creditor


async def load(session: AsyncSession, case_id: int) -> WholeCase:
    """The case, for reading; NotFound when there is none."""
    row = (
        await session.execute(
            select(Case, Debtor, Creditor)
            .join(Debtor, Debtor.id == Case.debtor_id)
            .join(Creditor, Creditor.id == Case.creditor_id)
            .where(Case.id == case_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such case.", case_id=case_id)
    case, debtor, creditor = row
    return WholeCase(case, debtor, creditor)


async def lock(session: AsyncSession, case_id: int) -> WholeCase:
    """The case, held until the transaction ends and read anew. Lock its conversation first, where you need both."""
    await session.execute(select(Case.id).where(Case.id == case_id).with_for_update(key_share=True))
    whole = await load(session, case_id)
    await session.refresh(whole.case)
    return whole


async def flags_of(session: AsyncSession, case_id: int) -> frozenset[Flag]:
    """The flags that the case carries."""
    found = await session.scalars(select(CaseFlag.flag).where(CaseFlag.case_id == case_id))
    return cast(frozenset[Flag], frozenset(flag for flag in found if flag in FLAGS))


async def add_flags(
    session: AsyncSession, case_id: int, flags: Iterable[Flag], message_id: int | None, at: datetime
) -> tuple[Flag, ...]:
    """Add those that the case does not carry yet, and say which they were. The case is locked by the caller."""
    known = await flags_of(session, case_id)
    new = tuple(sorted(set(flags) - known))
    session.add_all(CaseFlag(case_id=case_id, flag=flag, message_id=message_id, at=at) for flag in new)
    await session.flush()
    return new


async def remove_flag(session: AsyncSession, case_id: int, flag: Flag) -> bool:
    """Take a flag off the case; whether it was there. The case is locked by the caller."""
    row = await session.scalar(select(CaseFlag).where(CaseFlag.case_id == case_id, CaseFlag.flag == flag))
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


async def active_plan(session: AsyncSession, case_id: int) -> tuple[Plan, Sequence[InstalmentRow]] | None:
    """The plan in force with its payments in order, the down payment first."""
    plan = await session.scalar(select(Plan).where(Plan.case_id == case_id, Plan.state == "active"))
    if plan is None:
        return None
    return plan, await instalments_of(session, plan.id)


async def instalments_of(session: AsyncSession, plan_id: int) -> Sequence[InstalmentRow]:
    """The plan's payments in order."""
    return (
        await session.scalars(
            select(InstalmentRow).where(InstalmentRow.plan_id == plan_id).order_by(InstalmentRow.number)
        )
    ).all()


async def open_promise(session: AsyncSession, case_id: int) -> PromiseRow | None:
    """The promise to pay that stands."""
    return await session.scalar(
        select(PromiseRow)
        .where(PromiseRow.case_id == case_id, PromiseRow.state == "open")
        .order_by(PromiseRow.id.desc())
        .limit(1)
    )


async def broken_promises(session: AsyncSession, case_id: int) -> Sequence[PromiseRow]:
    """The promises on the case that were broken, oldest first."""
    broken = select(PromiseRow).where(PromiseRow.case_id == case_id, PromiseRow.state == "broken")
    return (await session.scalars(broken.order_by(PromiseRow.id))).all()


def owed(case: Case) -> Money:
    """All that is owed on the case."""
    return Money(case.principal + case.interest + case.fees + case.penalty, case.currency)


async def broke_a_plan(session: AsyncSession, case_id: int) -> bool:
    """Whether a plan of the case was broken, or has a payment that was missed and is still owed."""
    return bool(await session.scalar(select(has_broken_plan(case_id))))


async def times_put_off(session: AsyncSession, case_id: int) -> int:
    """How often the case was put off before: plans that put off the whole sum, and payments moved to a later day."""
    of_case = Plan.case_id == case_id
    whole = select(func.count()).where(of_case, Plan.body["kind"].as_string() == "extension").scalar_subquery()
    moved = (
        select(func.count())
        .select_from(InstalmentRow)
        .join(Plan, Plan.id == InstalmentRow.plan_id)
        .where(of_case, InstalmentRow.moved_from.is_not(None))
        .scalar_subquery()
    )
    return int(await session.scalar(select(whole + moved)) or 0)


async def offers_of(session: AsyncSession, conversation_id: int) -> Sequence[OfferRow]:
    """Every offer made in the conversation, oldest first."""
    return (
        await session.scalars(select(OfferRow).where(OfferRow.conversation_id == conversation_id).order_by(OfferRow.id))
    ).all()


async def stop_contact(session: AsyncSession, debtor_id: int, at: datetime) -> None:
    """No contact point of the debtor is written to unasked from now on."""
    await session.execute(
        update(ContactPoint)
        .where(ContactPoint.debtor_id == debtor_id, ContactPoint.stopped_at.is_(None))
        .values(stopped_at=at)
    )
