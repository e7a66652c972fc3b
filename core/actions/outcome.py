"""Where a conversation stands, as one value: for replays, scripts and integrations."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.dialogue.flags import GRAVITY
from core.money import Money
from core.store import cases, conversations
from core.store.tables import CaseFlag, HandoffRow, Message, Outbox, User


@dataclass(frozen=True, slots=True)
class PlanState:
    """The plan in force. `payments` are (date, sum) of its instalments, the down payment left out."""

    public_id: str
    total: Money
    discount: Money
    down_payment: Money
    frequency: str
    payments: tuple[tuple[date, Money], ...]
    policy_version: int


@dataclass(frozen=True, slots=True)
class EndState:
    """`holder` is `bot`, `queue` or the login of the agent. `handoff` is the gravest (reason, priority) there was.

    `sent_after_stop` counts messages sent after contact was stopped that answered nothing the debtor wrote.
    """

    holder: str
    state: str
    flags: tuple[str, ...]
    plan: PlanState | None
    promise: tuple[date, Money] | None
    handoff: tuple[str, str] | None
    sent_after_stop: int


@dataclass(frozen=True, slots=True)
class Heard:
    """How the last answered message was understood, and what was decided about it, as stored with it."""

    understood: dict[str, Any]
    decision: dict[str, Any]


async def end_state(session: AsyncSession, conversation_id: int) -> EndState:
    """Where this conversation and its case stand."""
    conversation = await conversations.get(session, conversation_id)
    promise = await cases.open_promise(session, conversation.case_id)
    flags = await cases.flags_of(session, conversation.case_id)
    return EndState(
        holder=await holder(session, conversation_id),
        state=conversation.state,
        flags=tuple(sorted(flags)),
        plan=await _plan(session, conversation.case_id),
        promise=(promise.due, Money(promise.amount, promise.currency)) if promise else None,
        handoff=await _handoff(session, conversation_id),
        sent_after_stop=await _sent_after_stop(session, conversation_id, conversation.case_id),
    )


async def holder(session: AsyncSession, conversation_id: int) -> str:
    """`bot`, `queue`, or the login of the agent who holds the conversation."""
    conversation = await conversations.get(session, conversation_id)
    if conversation.agent_id is None:
        return conversation.holder
    return str(await session.scalar(select(User.login).where(User.id == conversation.agent_id)))


async def last_heard(session: AsyncSession, conversation_id: int) -> Heard | None:
    """The last answered message's understanding and decision; None before the first answer."""
    row = (
        await session.execute(
            select(Message.understanding, Message.decision)
            .where(Message.conversation_id == conversation_id, Message.answered_at.is_not(None))
            .order_by(Message.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return Heard(row[0] or {}, row[1] or {}) if row else None


async def next_due(session: AsyncSession, case_id: int) -> date | None:
    """The next date of the case: of the first instalment not fully paid, else of the open promise."""
    found = await cases.active_plan(session, case_id)
    if found is not None:
        return next((row.due for row in found[1] if row.paid < row.amount), None)
    promise = await cases.open_promise(session, case_id)
    return promise.due if promise else None


async def _plan(session: AsyncSession, case_id: int) -> PlanState | None:
    found = await cases.active_plan(session, case_id)
    if found is None:
        return None
    plan, rows = found
    return PlanState(
        public_id=plan.public_id,
        total=Money(plan.total, plan.currency),
        discount=Money(plan.discount, plan.currency),
        down_payment=Money(plan.down_payment, plan.currency),
        frequency=plan.frequency,
        payments=tuple((row.due, Money(row.amount, plan.currency)) for row in rows if row.number > 0),
        policy_version=plan.policy_version,
    )


async def _handoff(session: AsyncSession, conversation_id: int) -> tuple[str, str] | None:
    rows = (
        await session.execute(
            select(HandoffRow.reason, HandoffRow.priority).where(HandoffRow.conversation_id == conversation_id)
        )
    ).all()
    if not rows:
        return None
    reason, priority = min(rows, key=lambda row: GRAVITY.index(row[0]))
    return reason, priority


async def _sent_after_stop(session: AsyncSession, conversation_id: int, case_id: int) -> int:
    stopped = await session.scalar(
        select(func.min(CaseFlag.at)).where(
            CaseFlag.case_id == case_id, CaseFlag.flag.in_(("stop_contact", "wrong_party"))
        )
    )
    if stopped is None:
        return 0
    sent = select(func.count()).where(
        Outbox.conversation_id == conversation_id,
        Outbox.sent_at > stopped,
        Outbox.reply_to.is_(None),
    )
    return await session.scalar(sent) or 0
