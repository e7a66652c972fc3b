"""How long a plan beyond the limits may wait: for an answer, and after a yes for the offer."""

from datetime import timedelta

from sqlalchemy import and_, exists, or_, select

from core.actions.trail import leave
from core.store.tables import Approval, OfferRow
from core.work import Work

ANSWER_WITHIN = timedelta(days=3)
"""An unanswered request expires after this. Source: product default."""
OFFER_WITHIN = timedelta(days=7)
"""An approved exception that was not offered expires after this. Source: product default."""


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


def is_stale(approval: Approval, work: Work) -> bool:
    """Whether nobody may answer this request any more, even where upkeep has not come by yet."""
    return approval.state == "asked" and approval.asked_at <= work.now - ANSWER_WITHIN
