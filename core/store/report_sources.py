"""What the facts of reports are made from: every row of some cases that counts, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from core.store.tables import (
    Audit,
    Case,
    CaseFlag,
    Complaint,
    Conversation,
    Debtor,
    HandoffRow,
    InstalmentRow,
    Message,
    OfferRow,
    Payment,
    Plan,
    Policy,
    PromiseRow,
    ReportFact,
)

HELD = (
    "took_over",
    "took_from",
    "assigned",
    "reassigned",
    "transferred",
    "handed_back",
    "closed",
    "given_up",
    "merged_away",
)
"""Actions that put a conversation into somebody's hands, or take it out of them."""

OF_CONVERSATIONS = (*HELD, "refused", "withheld", "withheld_scheduled")
OF_CASES = ("flagged",)

OF_CONVERSATION = (
    Conversation.case_id,
    Conversation.channel,
    Conversation.language,
    Conversation.memory,
    Conversation.opened_at,
    Conversation.agent_id,
    Conversation.team_id,
    Conversation.merged_into,
)
OF_HANDOFF = (
    HandoffRow.conversation_id,
    HandoffRow.reason,
    HandoffRow.at,
    HandoffRow.taken_by,
    HandoffRow.taken_at,
    HandoffRow.ended_at,
)
OF_PLAN = (
    Plan.case_id,
    Plan.conversation_id,
    Plan.currency,
    Plan.total,
    Plan.policy_version,
    Plan.state,
    Plan.agreed_at,
)
OF_PAYMENT = (Payment.case_id, Payment.plan_id, Payment.currency, Payment.amount, Payment.paid_on)
OF_COMPLAINT = (
    Complaint.case_id,
    Complaint.conversation_id,
    Complaint.category,
    Complaint.message_id,
    Complaint.received_at,
)
"""The columns that are counted from, and no more: a case may have a thousand rows."""


@dataclass(frozen=True, slots=True)
class CaseSource:
    """A case with the language and the time zone of its debtor."""

    id: int
    creditor_id: int
    market: str
    currency: str
    due_date: date
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class OfferSource:
    """An offer; `kind` is how it settles the debt."""

    id: int
    case_id: int
    conversation_id: int
    kind: str
    state: str
    policy_version: int
    agent_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """Who wrote when: an agent, or the debtor something other than opening the chat."""

    conversation_id: int
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sources:
    """All of it. `instalments` are (paid in full, missed and still owed) of each plan; `versions` are (since, number)
    of the limits, oldest first; `buckets` those that conversations were first counted in."""

    cases: Sequence[CaseSource]
    conversations: Sequence[Conversation]
    handoffs: Sequence[HandoffRow]
    plans: Sequence[Plan]
    instalments: dict[int, tuple[int, int]]
    promises: Sequence[PromiseRow]
    payments: Sequence[Payment]
    offers: Sequence[OfferSource]
    flags: Sequence[tuple[int, str]]
    complaints: Sequence[Complaint]
    audit: Sequence[Audit]
    said: Sequence[Said]
    versions: Sequence[tuple[datetime, int]]
    buckets: dict[int, str]


async def read(session: AsyncSession, case_ids: Sequence[int]) -> Sources:
    """The sources of these cases."""
    cases = await session.execute(
        select(
            Case.id,
            Case.creditor_id,
            Case.market,
            Case.currency,
            Case.due_date,
            Debtor.language,
            Debtor.time_zone,
        )
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id)
    )
    conversations = await _all(
        session, Conversation, Conversation.case_id.in_(case_ids), Conversation.opened_at, only=OF_CONVERSATION
    )
    ids = [conversation.id for conversation in conversations]
    return Sources(
        cases=[CaseSource(*row) for row in cases],
        conversations=conversations,
        handoffs=await _all(session, HandoffRow, HandoffRow.conversation_id.in_(ids), HandoffRow.at, only=OF_HANDOFF),
        plans=await _all(session, Plan, Plan.case_id.in_(case_ids), Plan.agreed_at, only=OF_PLAN),
        instalments=await _instalments(session, case_ids),
        promises=await _all(session, PromiseRow, PromiseRow.case_id.in_(case_ids)),
        payments=await _all(session, Payment, Payment.case_id.in_(case_ids), only=OF_PAYMENT),
        offers=await _offers(session, case_ids),
        flags=[
            (row[0], row[1])
            for row in await session.execute(
                select(CaseFlag.case_id, CaseFlag.flag).where(CaseFlag.case_id.in_(case_ids))
            )
        ],
        complaints=await _all(
            session, Complaint, Complaint.case_id.in_(case_ids), Complaint.received_at, only=OF_COMPLAINT
        ),
        audit=await _audit(session, case_ids, ids),
        said=await _said(session, ids),
        versions=await _versions(session),
        buckets=await _buckets(session, case_ids),
    )


async def _all(session: AsyncSession, table: Any, where: Any, *order: Any, only: Sequence[Any] = ()) -> Sequence[Any]:
    """The rows as the database has them now, by `order` and id; of their columns `only` these where any are named."""
    found = select(table).where(where).order_by(*order, table.id).execution_options(populate_existing=True)
    return (await session.scalars(found.options(load_only(*only)) if only else found)).all()


async def _instalments(session: AsyncSession, case_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    paid = func.sum(case((InstalmentRow.paid >= InstalmentRow.amount, 1), else_=0))
    missed = func.sum(
        case((and_(InstalmentRow.missed_on.is_not(None), InstalmentRow.paid < InstalmentRow.amount), 1), else_=0)
    )
    rows = await session.execute(
        select(InstalmentRow.plan_id, paid, missed)
        .join(Plan, Plan.id == InstalmentRow.plan_id)
        .where(Plan.case_id.in_(case_ids))
        .group_by(InstalmentRow.plan_id)
    )
    return {plan_id: (int(paid_in_full), int(behind)) for plan_id, paid_in_full, behind in rows}


async def _offers(session: AsyncSession, case_ids: Sequence[int]) -> Sequence[OfferSource]:
    rows = await session.execute(
        select(
            OfferRow.id,
            OfferRow.case_id,
            OfferRow.conversation_id,
            OfferRow.body["kind"].as_string(),
            OfferRow.state,
            OfferRow.policy_version,
            OfferRow.agent_id,
            OfferRow.at,
        )
        .where(OfferRow.case_id.in_(case_ids))
        .order_by(OfferRow.id)
    )
    return [OfferSource(*row) for row in rows]


async def _audit(session: AsyncSession, case_ids: Sequence[int], ids: Sequence[int]) -> Sequence[Audit]:
    counted = or_(
        and_(Audit.subject == "conversation", Audit.subject_id.in_(ids), Audit.action.in_(OF_CONVERSATIONS)),
        and_(Audit.subject == "case", Audit.subject_id.in_(case_ids), Audit.action.in_(OF_CASES)),
    )
    return await _all(session, Audit, counted)


async def _said(session: AsyncSession, ids: Sequence[int]) -> Sequence[Said]:
    wrote = or_(Message.author == "agent", and_(Message.direction == "in", Message.kind != "start"))
    rows = await session.execute(
        select(Message.conversation_id, Message.author, Message.at)
        .where(Message.conversation_id.in_(ids), wrote)
        .order_by(Message.id)
    )
    return [Said(*row) for row in rows]


async def _versions(session: AsyncSession) -> Sequence[tuple[datetime, int]]:
    rows = await session.execute(
        select(Policy.published_at, Policy.number)
        .where(Policy.published_at.is_not(None), Policy.number.is_not(None))
        .order_by(Policy.published_at, Policy.number)
    )
    return [(since, number) for since, number in rows if since is not None and number is not None]


async def _buckets(session: AsyncSession, case_ids: Sequence[int]) -> dict[int, str]:
    rows = await session.execute(
        select(ReportFact.ref, ReportFact.bucket).where(
            ReportFact.kind == "conversation", ReportFact.case_id.in_(case_ids)
        )
    )
    return {row[0]: row[1] for row in rows}
