"""What time alone changes: limits that come in force, offers and requests for approval that no longer stand, promises
that were not kept, instalments that were missed.

Nothing here writes to a debtor. Days are those of the debtor's time zone: a date has passed once it is over there.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select

from core.actions import approvals, limits, snoozes
from core.actions.hours import zone
from core.actions.trail import leave
from core.money import Money
from core.store import outbox
from core.store.tables import Case, Debtor, InstalmentRow, OfferRow, Plan, PromiseRow
from core.work import Work

MOST_AT_ONCE = 100
"""So many cases change in one transaction, so that whoever waits for the audit trail does not wait long."""


async def run(work: Work) -> int:
    """All of it, for at most `MOST_AT_ONCE` cases of each kind; how many things changed, so that 0 means done."""
    changed = await limits.bring_in_force(work)
    changed += await approvals.expire(work, MOST_AT_ONCE)
    changed += await expire_offers(work)
    changed += await snoozes.wake_due(work)
    return changed + await break_promises(work) + await note_missed_instalments(work)


async def expire_offers(work: Work) -> int:
    """Offers past their time stand no longer; how many they were. A conversation that is busy waits for next time."""
    overdue = (OfferRow.state == "open", OfferRow.expires_at <= work.now)
    found = select(OfferRow.conversation_id).where(*overdue).distinct().limit(MOST_AT_ONCE)
    ids = (await work.session.scalars(found)).all()
    if not ids:
        return 0
    held = await outbox.lock_conversations(work.session, ids)
    rows = await work.session.scalars(
        select(OfferRow).where(*overdue, OfferRow.conversation_id.in_(held)).execution_options(populate_existing=True)
    )
    expired = rows.all()
    for row in expired:
        row.state = "expired"
    await work.session.flush()
    for row in expired:
        work.notify(f"conversation:{row.conversation_id}")
        await leave(work, "system", "offer_expired", "conversation", row.conversation_id, offer=row.ref)
    return len(expired)


async def break_promises(work: Work) -> int:
    """Open promises whose day is over unpaid are broken; how many they were."""
    cases = await _lapsed(
        work,
        select(PromiseRow.case_id, PromiseRow.due, Debtor.time_zone)
        .join(Case, Case.id == PromiseRow.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(PromiseRow.state == "open", PromiseRow.due <= work.now.date())
        .order_by(PromiseRow.due, PromiseRow.id),
    )
    rows = await work.session.execute(
        select(PromiseRow, Debtor.time_zone)
        .join(Case, Case.id == PromiseRow.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(PromiseRow.state == "open", PromiseRow.case_id.in_(cases))
        .order_by(PromiseRow.id)
        .execution_options(populate_existing=True)
    )
    broken = [promise for promise, time_zone in rows if _is_over(work, promise.due, time_zone)]
    for promise in broken:
        promise.state = "broken"
    await work.session.flush()
    for promise in broken:
        work.notify(f"conversation:{promise.conversation_id}")
        amount = Money(promise.amount, promise.currency).to_text()
        await leave(
            work,
            "system",
            "promise_broken",
            "case",
            promise.case_id,
            promise=promise.id,
            due=promise.due.isoformat(),
            amount=amount,
        )
    return len(broken)


async def note_missed_instalments(work: Work) -> int:
    """Instalments of plans in force whose day is over unpaid are noted, once for each day that they were due on."""
    missed = (
        Plan.state == "active",
        InstalmentRow.paid < InstalmentRow.amount,
        InstalmentRow.missed_on.is_distinct_from(InstalmentRow.due),
    )
    cases = await _lapsed(
        work,
        select(Plan.case_id, InstalmentRow.due, Debtor.time_zone)
        .join(Plan, Plan.id == InstalmentRow.plan_id)
        .join(Case, Case.id == Plan.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(*missed, InstalmentRow.due <= work.now.date())
        .order_by(InstalmentRow.due, InstalmentRow.id),
    )
    rows = await work.session.execute(
        select(InstalmentRow, Plan, Debtor.time_zone)
        .join(Plan, Plan.id == InstalmentRow.plan_id)
        .join(Case, Case.id == Plan.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(*missed, Plan.case_id.in_(cases))
        .order_by(InstalmentRow.id)
        .execution_options(populate_existing=True)
    )
    noted = [(row, plan) for row, plan, time_zone in rows if _is_over(work, row.due, time_zone)]
    for row, _ in noted:
        row.missed_on = row.due
    await work.session.flush()
    for row, plan in noted:
        work.notify(f"conversation:{plan.conversation_id}")
        await leave(
            work,
            "system",
            "instalment_missed",
            "case",
            plan.case_id,
            plan=plan.id,
            number=row.number,
            due=row.due.isoformat(),
            unpaid=Money(row.amount - row.paid, plan.currency).to_text(),
        )
    return len(noted)


async def _lapsed(work: Work, found: Select[int, date, str]) -> Sequence[int]:
    """The first cases of which a day is over, held until the transaction ends; one that is busy waits for next time."""
    rows = (await work.session.execute(found)).all()
    ids = list(dict.fromkeys(case_id for case_id, day, time_zone in rows if _is_over(work, day, time_zone)))
    if not ids:
        return ()
    held = select(Case.id).where(Case.id.in_(ids[:MOST_AT_ONCE])).order_by(Case.id)
    return (await work.session.scalars(held.with_for_update(key_share=True, skip_locked=True))).all()


def _is_over(work: Work, day: date, time_zone: str) -> bool:
    return day < work.now.astimezone(zone(time_zone)).date()
