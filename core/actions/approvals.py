"""How long a plan beyond the limits may wait: for an answer, and after a yes for the offer."""

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.hours import zone
from core.actions.trail import leave
from core.compliance import Refused
from core.negotiation import Offer
from core.negotiation.outdated import outdated
from core.store import cases
from core.store.cases import WholeCase
from core.store.tables import Approval, OfferRow
from core.work import Work

ANSWER_WITHIN = timedelta(days=3)
"""An unanswered request expires after this. Source: product default."""
OFFER_WITHIN = timedelta(days=7)
"""An approved exception that was not offered expires after this. Source: product default."""

_FOR_NOW = frozenset(("compliance.hours", "compliance.cap_day", "compliance.cap_week"))


async def expire(work: Work, most: int) -> int:
    """At most `most` requests past their time stand no longer; how many they were. One in use waits for next time."""
    never_offered = ~exists().where(OfferRow.approval_id == Approval.id)
    found = (
        select(Approval)
        .where(
            or_(
                and_(Approval.state == "asked", Approval.asked_at <= work.now - ANSWER_WITHIN),
                and_(Approval.state == "approved", Approval.decided_at <= work.now - OFFER_WITHIN, never_offered),
            )
        )
        .order_by(Approval.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = (await work.session.scalars(found)).all()
    was = [row.state for row in rows]
    for row in rows:
        row.state = "expired"
        row.decided_at = row.decided_at or work.now
    await work.session.flush()
    for row, state in zip(rows, was, strict=True):
        work.notify("approvals")
        work.notify("queue")
        work.notify(f"conversation:{row.conversation_id}")
        data = {"approval": row.id, "was": state}
        await leave(work, "system", "approval_expired", "conversation", row.conversation_id, **data)
    return len(rows)


def is_stale(approval: Approval, now: datetime) -> bool:
    """Whether a request may be answered, or an exception offered, no more; even where upkeep has not come by yet."""
    if approval.state == "approved":
        return approval.decided_at is not None and approval.decided_at <= now - OFFER_WITHIN
    return approval.asked_at <= now - ANSWER_WITHIN


def only_for_now(refused: Refused) -> bool:
    """Whether the same offer may go out later: the hour or a cap forbids it, and nothing else."""
    return all(reason.message_key in _FOR_NOW for reason in refused.reasons)


def moved_on(offer: Offer, whole: WholeCase, now: datetime) -> str | None:
    """Why an offer worked out days ago can be made no more: its first date has passed, or the balance is another."""
    why = outdated(offer, cases.owed(whole.case), now.astimezone(zone(whole.debtor.time_zone)).date())
    return None if why is None else _OUTDATED[why]


_OUTDATED = {"balance": "desk.balance_moved", "dates": "desk.dates_passed"}


async def was_offered(session: AsyncSession, approval_id: int) -> bool:
    """Whether an offer was made on this approval."""
    made = select(OfferRow.id).where(OfferRow.approval_id == approval_id).limit(1)
    return await session.scalar(made) is not None
