"""What other systems read: cases, payments, conversations, plans and webhooks, newest first, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from console.queries.integrations import HookRow, hook, hooks
from core.errors import NotFound
from core.store.tables import (
    Case,
    CaseFlag,
    ContactPoint,
    Conversation,
    Creditor,
    Debtor,
    InstalmentRow,
    Message,
    Payment,
    Plan,
    User,
    Webhook,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a list: `most` rows beyond the row `after`, where one is named."""

    most: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with its debtor; sums are minor units of `currency`."""

    id: int
    creditor: str
    reference: str
    market: str
    product: str
    currency: str
    principal: int
    interest: int
    fees: int
    penalty: int
    balance_as_of: date
    due_date: date
    opened_on: date | None
    state: str
    updated_at: datetime
    debtor: str
    language: str
    time_zone: str
    flags: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that arrived; `allocation` is minor units by part."""

    id: int
    case_id: int
    plan_id: int | None
    reference: str
    currency: str
    amount: int
    allocation: dict[str, Any]
    paid_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ConversationRow:
    id: int
    case_id: int
    channel: str
    language: str
    state: str
    outcome: str | None
    holder: str
    agent: str | None
    reason: str | None
    opened_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int
    direction: str
    author: str
    agent: str | None
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with its payments as (number, due, amount, paid, the day before it was moved); sums are minor units."""

    id: int
    case_id: int
    conversation_id: int
    state: str
    currency: str
    total: int
    discount: int
    down_payment: int
    frequency: str
    policy_version: int
    agreed_at: datetime
    instalments: tuple[tuple[int, date, int, int, date | None], ...]


async def cases(
    session: AsyncSession, stretch: Stretch, *, creditor: str = "", reference: str = "", state: str = ""
) -> Sequence[CaseRow]:
    """Cases of this creditor, reference and state, where they are named."""
    query = _cases()
    if creditor:
        query = query.where(Creditor.name == creditor)
    if reference:
        query = query.where(Case.reference == reference)
    if state:
        query = query.where(Case.state == state)
    if stretch.after is not None:
        query = query.where(Case.id < stretch.after)
    return await _case_rows(session, query.order_by(Case.id.desc()).limit(stretch.most))


async def case(session: AsyncSession, case_id: int) -> CaseRow:
    """One case; NotFound where there is none."""
    return _one(await _case_rows(session, _cases().where(Case.id == case_id)), case_id)


async def payments(session: AsyncSession, stretch: Stretch, *, case_id: int | None = None) -> Sequence[PaymentRow]:
    """Payments, of one case where it is named."""
    query = select(Payment).order_by(Payment.id.desc()).limit(stretch.most)
    if case_id is not None:
        query = query.where(Payment.case_id == case_id)
    if stretch.after is not None:
        query = query.where(Payment.id < stretch.after)
    return [_payment(row) for row in await session.scalars(query)]


async def payment(session: AsyncSession, payment_id: int) -> PaymentRow:
    """One payment; NotFound where there is none."""
    found = await session.scalars(select(Payment).where(Payment.id == payment_id))
    return _one([_payment(row) for row in found], payment_id)


async def payment_of(session: AsyncSession, case_id: int, reference: str) -> PaymentRow:
    """The payment of a case under its reference; NotFound where there is none."""
    query = select(Payment).where(Payment.case_id == case_id, Payment.reference == reference)
    return _one([_payment(row) for row in await session.scalars(query)], case_id)


async def conversations(
    session: AsyncSession, stretch: Stretch, *, case_id: int | None = None, state: str = ""
) -> Sequence[ConversationRow]:
    """Conversations of this case and state, where they are named."""
    query = _conversations().order_by(Conversation.id.desc()).limit(stretch.most)
    if case_id is not None:
        query = query.where(Conversation.case_id == case_id)
    if state:
        query = query.where(Conversation.state == state)
    if stretch.after is not None:
        query = query.where(Conversation.id < stretch.after)
    return [_conversation(row, agent) for row, agent in await session.execute(query)]


async def conversation(session: AsyncSession, conversation_id: int) -> ConversationRow:
    """One conversation; NotFound where there is none."""
    found = await session.execute(_conversations().where(Conversation.id == conversation_id))
    return _one([_conversation(row, agent) for row, agent in found], conversation_id)


async def messages(session: AsyncSession, conversation_id: int, stretch: Stretch) -> Sequence[MessageRow]:
    """The transcript, oldest first: a reader goes on from the last message that it has."""
    query = (
        select(Message, User.name)
        .outerjoin(User, User.id == Message.agent_id)
        .where(Message.conversation_id == conversation_id, Message.id > (stretch.after or 0))
        .order_by(Message.id)
        .limit(stretch.most)
    )
    return [
        MessageRow(row.id, row.direction, row.author, agent, row.kind, row.text or row.press or "", row.at)
        for row, agent in await session.execute(query)
    ]


async def plans(
    session: AsyncSession, stretch: Stretch, *, case_id: int | None = None, state: str = ""
) -> Sequence[PlanRow]:
    """Plans of this case and state, where they are named."""
    query = select(Plan).order_by(Plan.id.desc()).limit(stretch.most)
    if case_id is not None:
        query = query.where(Plan.case_id == case_id)
    if state:
        query = query.where(Plan.state == state)
    if stretch.after is not None:
        query = query.where(Plan.id < stretch.after)
    return await _plans(session, query)


async def plan(session: AsyncSession, plan_id: int) -> PlanRow:
    """One plan; NotFound where there is none."""
    return _one(await _plans(session, select(Plan).where(Plan.id == plan_id)), plan_id)


async def webhooks(session: AsyncSession, key_id: int, stretch: Stretch) -> Sequence[HookRow]:
    """The webhooks that a key has added."""
    query = hooks().where(Webhook.key_id == key_id).order_by(Webhook.id.desc()).limit(stretch.most)
    if stretch.after is not None:
        query = query.where(Webhook.id < stretch.after)
    return [hook(*row) for row in await session.execute(query)]


async def webhook(session: AsyncSession, key_id: int, webhook_id: int) -> HookRow:
    """One webhook that a key has added; NotFound where there is none."""
    found = await session.execute(hooks().where(Webhook.key_id == key_id, Webhook.id == webhook_id))
    return _one([hook(*row) for row in found], webhook_id)


def _one(found: Sequence[Row], number: int) -> Row:
    if not found:
        raise NotFound("There is nothing with this number.", id=number)
    return found[0]


def _cases() -> Select[Case, Debtor, str, str | None]:
    flags = (
        select(func.aggregate_strings(CaseFlag.flag, ","))
        .where(CaseFlag.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(Case, Debtor, Creditor.name, flags)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
    )


async def _case_rows(session: AsyncSession, query: Select[Case, Debtor, str, str | None]) -> Sequence[CaseRow]:
    found = (await session.execute(query)).all()
    contacts: dict[int, list[tuple[str, str]]] = {}
    wanted = {debtor.id for _, debtor, _, _ in found}
    points = select(ContactPoint).where(ContactPoint.debtor_id.in_(wanted)).order_by(ContactPoint.id)
    for point in await session.scalars(points) if wanted else ():
        contacts.setdefault(point.debtor_id, []).append((point.kind, point.value))
    return [
        CaseRow(
            row.id, creditor, row.reference, row.market, row.product, row.currency,
            row.principal, row.interest, row.fees, row.penalty, row.balance_as_of, row.due_date, row.opened_on,
            row.state, row.updated_at, debtor.name, debtor.language, debtor.time_zone,
            tuple(sorted(flags.split(","))) if flags else (), tuple(contacts.get(debtor.id, ())),
        )
        for row, debtor, creditor, flags in found
    ]  # fmt: skip


def _payment(row: Payment) -> PaymentRow:
    return PaymentRow(
        row.id, row.case_id, row.plan_id, row.reference, row.currency, row.amount, row.allocation, row.paid_on, row.at
    )


def _conversations() -> Select[Conversation, str | None]:
    return select(Conversation, User.name).outerjoin(User, User.id == Conversation.agent_id)


def _conversation(row: Conversation, agent: str | None) -> ConversationRow:
    return ConversationRow(
        row.id, row.case_id, row.channel, row.language, row.state, row.outcome, row.holder, agent, row.reason,
        row.opened_at, row.last_at,
    )  # fmt: skip


async def _plans(session: AsyncSession, query: Select[Plan]) -> Sequence[PlanRow]:
    found = (await session.scalars(query)).all()
    lines = await _instalments(session, [row.id for row in found])
    return [
        PlanRow(
            row.id, row.case_id, row.conversation_id, row.state, row.currency, row.total, row.discount,
            row.down_payment, row.frequency, row.policy_version, row.agreed_at, tuple(lines.get(row.id, ())),
        )
        for row in found
    ]  # fmt: skip


async def _instalments(
    session: AsyncSession, plan_ids: Iterable[int]
) -> dict[int, list[tuple[int, date, int, int, date | None]]]:
    query = select(InstalmentRow).where(InstalmentRow.plan_id.in_(plan_ids))
    lines: dict[int, list[tuple[int, date, int, int, date | None]]] = {}
    for row in await session.scalars(query.order_by(InstalmentRow.plan_id, InstalmentRow.number)):
        lines.setdefault(row.plan_id, []).append((row.number, row.due, row.amount, row.paid, row.moved_from))
    return lines
