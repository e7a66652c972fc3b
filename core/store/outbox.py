"""What has left or is about to: the outbox's rows, and the contact history that compliance asks for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.compliance import ContactHistory
from core.store.tables import Case, ContactPoint, Conversation, Debtor, Outbox

GONE = "gone: "
"""Begins the error of a message whose address takes no more."""
COUNTED = ("due", "sending", "sent", "unknown")


async def lock_debtor(session: AsyncSession, debtor_id: int) -> None:
    """Hold the debtor until the transaction ends, so that two unasked messages cannot share the last place of a cap."""
    await session.execute(select(Debtor.id).where(Debtor.id == debtor_id).with_for_update(key_share=True))


async def contact_history(
    session: AsyncSession,
    case: Case,
    *,
    zone: ZoneInfo,
    conversation: Conversation,
    now: datetime,
    before_id: int | None = None,
) -> ContactHistory:
    """Counted in the database over every conversation of the debtor; `before_id` leaves out a row and later ones."""
    local_midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    stopped = await session.scalar(
        select(exists().where(ContactPoint.debtor_id == case.debtor_id, ContactPoint.stopped_at.is_not(None)))
    )
    preference = (case.contract or {}).get("contact_preference") or {}
    return ContactHistory(
        sent_today=await _unasked(session, case.debtor_id, local_midnight, before_id),
        sent_last_7_days=await _unasked(session, case.debtor_id, now - timedelta(days=7), before_id),
        stopped=bool(stopped) or await _gone(session, conversation),
        last_inbound_at=conversation.last_inbound_at,
        preferred_words=preference.get("words"),
    )


async def _gone(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether the address takes no messages, as far as is known: blocked or deleted, and nothing came from it since."""
    gone = [
        Outbox.conversation_id == conversation.id,
        Outbox.state == "failed",
        Outbox.error.startswith(GONE, autoescape=True),
    ]
    if conversation.last_inbound_at is not None:
        gone.append(Outbox.claimed_at >= conversation.last_inbound_at)
    return bool(await session.scalar(select(exists().where(*gone))))


async def _unasked(session: AsyncSession, debtor_id: int, since: datetime, before_id: int | None) -> int:
    query = (
        select(func.count())
        .select_from(Outbox)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .join(Case, Case.id == Conversation.case_id)
        .where(
            Case.debtor_id == debtor_id,
            Outbox.reply_to.is_(None),
            Outbox.state.in_(COUNTED),
            func.coalesce(Outbox.sent_at, Outbox.due_at) >= since,
        )
    )
    if before_id is not None:
        query = query.where(Outbox.id < before_id)
    return await session.scalar(query) or 0


async def ready(session: AsyncSession, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Rows that may be sent now, as (conversation, row): of each conversation only its oldest, to keep their order.

    One that waits for a later time, such as the morning, holds up none after it; one tried again does.
    """
    earlier = aliased(Outbox)
    in_front: ColumnElement[bool] = exists().where(
        and_(
            earlier.conversation_id == Outbox.conversation_id,
            earlier.id < Outbox.id,
            or_(
                and_(earlier.state == "due", or_(earlier.due_at <= now, earlier.attempts > 0)),
                earlier.state == "sending",
            ),
        )
    )
    rows = await session.execute(
        select(Outbox.conversation_id, Outbox.id)
        .where(Outbox.state == "due", Outbox.due_at <= now, ~in_front)
        .order_by(Outbox.due_at, Outbox.id)
        .limit(limit)
    )
    return [(conversation_id, row_id) for conversation_id, row_id in rows]


async def lock_conversations(session: AsyncSession, ids: Sequence[int]) -> dict[int, Conversation]:
    """Those of the conversations that nobody else is writing to, held until the transaction ends."""
    rows = await session.scalars(
        select(Conversation)
        .where(Conversation.id.in_(ids))
        .order_by(Conversation.id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def lock_rows(session: AsyncSession, ids: Sequence[int]) -> Sequence[Outbox]:
    """Those of the rows that are still due, held until the transaction ends; a row held elsewhere is left to it."""
    return (
        await session.scalars(
            select(Outbox)
            .where(Outbox.id.in_(ids), Outbox.state == "due")
            .order_by(Outbox.id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def lock_row(session: AsyncSession, row_id: int) -> Outbox | None:
    """The row, held until the transaction ends."""
    return await session.scalar(
        select(Outbox).where(Outbox.id == row_id).with_for_update().execution_options(populate_existing=True)
    )


async def due_of(session: AsyncSession, conversation_id: int) -> Sequence[Outbox]:
    """The conversation's rows that nobody has claimed yet, held until the transaction ends."""
    return (
        await session.scalars(
            select(Outbox).where(Outbox.conversation_id == conversation_id, Outbox.state == "due").with_for_update()
        )
    ).all()


async def claimed_before(session: AsyncSession, before: datetime) -> Sequence[Outbox]:
    """Rows that were claimed before this moment and of which nothing was heard since."""
    return (
        await session.scalars(
            select(Outbox)
            .where(Outbox.state == "sending", Outbox.claimed_at <= before)
            .with_for_update(skip_locked=True)
        )
    ).all()
