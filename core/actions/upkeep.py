"""What time alone changes: offers that no longer stand."""

from sqlalchemy import select, update

from core.actions.trail import leave
from core.store.tables import OfferRow
from core.work import Work


async def expire_offers(work: Work) -> int:
    """Offers past their time stand no longer; how many they were."""
    overdue = (
        await work.session.execute(
            select(OfferRow.id, OfferRow.conversation_id, OfferRow.ref).where(
                OfferRow.state == "open", OfferRow.expires_at <= work.now
            )
        )
    ).all()
    if not overdue:
        return 0
    ids = [row_id for row_id, _, _ in overdue]
    await work.session.execute(
        update(OfferRow).where(OfferRow.id.in_(ids), OfferRow.state == "open").values(state="expired")
    )
    for _, conversation_id, ref in overdue:
        work.notify(f"conversation:{conversation_id}")
        await leave(work, "system", "offer_expired", "conversation", conversation_id, offer=ref)
    return len(overdue)
