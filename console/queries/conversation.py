"""Everything that the page of one conversation shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from console.queries import conversation_beside as beside
from console.queries import editions
from console.queries.conversation_rows import (
    AskedView,
    FileView,
    HandoffView,
    Head,
    InstalmentView,
    MessageView,
    NoteView,
    OfferView,
    PlanView,
    PromiseView,
)
from core.compliance.words import insults
from core.errors import NotFound
from core.money import Money
from core.negotiation import offer_from_json
from core.plans import Balance
from core.store.tables import (
    Approval,
    Attachment,
    Case,
    CaseFlag,
    Conversation,
    Creditor,
    Debtor,
    HandoffRow,
    InstalmentRow,
    Message,
    Note,
    OfferRow,
    Outbox,
    Plan,
    PromiseRow,
    Reading,
    User,
)

TRANSCRIPT = 100


async def head(session: AsyncSession, conversation_id: int) -> Head:
    """The conversation and its case in one statement; NotFound when there is none."""
    latest_handoff = _latest(HandoffRow, HandoffRow.conversation_id == Conversation.id)
    latest_promise = _latest(PromiseRow, PromiseRow.case_id == Conversation.case_id)
    flags = (
        select(func.aggregate_strings(CaseFlag.flag, ","))
        .where(CaseFlag.case_id == Conversation.case_id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    query = (
        select(
            Conversation,
            Case,
            Debtor,
            Creditor,
            User.name,
            HandoffRow,
            PromiseRow,
            flags,
            beside.outcomes(),
            beside.others(),
        )
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .outerjoin(User, User.id == Conversation.agent_id)
        .outerjoin(HandoffRow, HandoffRow.id == latest_handoff)
        .outerjoin(PromiseRow, PromiseRow.id == latest_promise)
        .where(Conversation.id == conversation_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.", conversation_id=conversation_id)
    conversation, case, debtor, creditor, agent, handoff, promise, raised, codes, others = row
    return Head(
        id=conversation.id,
        state=conversation.state,
        outcome=conversation.outcome,
        holder=conversation.holder,
        agent_id=conversation.agent_id,
        agent=agent,
        held_since=conversation.held_since,
        waiting_since=conversation.waiting_since,
        reason=conversation.reason,
        priority=conversation.priority,
        channel=conversation.channel,
        language=conversation.language,
        opened_at=conversation.opened_at,
        last_inbound_at=conversation.last_inbound_at,
        unread=conversation.unread,
        memory=conversation.memory or {},
        case_id=case.id,
        case_state=case.state,
        reference=case.reference,
        market=case.market,
        product=case.product,
        balance=Balance(
            *(Money(part, case.currency) for part in (case.principal, case.interest, case.fees, case.penalty))
        ),
        balance_as_of=case.balance_as_of,
        due_date=case.due_date,
        opened_on=case.opened_on,
        account_last4=str(debtor.facts.get("account_last4") or ""),
        name=debtor.name,
        time_zone=debtor.time_zone,
        creditor=creditor.name,
        flags=tuple(sorted(raised.split(","))) if raised else (),
        handoff=_handoff(handoff),
        promise=PromiseView(promise.due, Money(promise.amount, promise.currency), promise.state) if promise else None,
        snoozed_until=conversation.snoozed_until,
        merged_into=conversation.merged_into,
        outcomes=beside.read_outcomes(codes),
        others=beside.read_others(others),
        pay_ways=dict(creditor.pay_ways or {}),
    )


async def transcript(
    session: AsyncSession, members: Sequence[int], before: int | None = None
) -> tuple[Sequence[MessageView], int | None]:
    """The newest messages of these conversations in order, or those before one; and the id to ask before for the ones
    still earlier."""
    query = (
        select(Message, User.name, Outbox.state, Outbox.sent_at, Outbox.error, Reading.id, Reading.misheard_at)
        .add_columns(Attachment, Conversation.debtor_seen)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Attachment, Attachment.message_id == Message.id)
        .outerjoin(User, User.id == Message.agent_id)
        .outerjoin(Outbox, Outbox.message_id == Message.id)
        .outerjoin(Reading, Reading.message_id == Message.id)
        .where(Message.conversation_id.in_(members))
        .order_by(Message.id.desc())
        .limit(TRANSCRIPT + 1)
    )
    if before is not None:
        query = query.where(Message.id < before)
    rows = (await session.execute(query)).all()
    rewritten = editions.of([row[0] for row in rows])
    shown = [_message(*row, edition=rewritten.get(row[0].id, "")) for row in reversed(rows[:TRANSCRIPT])]
    return shown, shown[0].id if len(rows) > TRANSCRIPT else None


async def notes(session: AsyncSession, members: Sequence[int]) -> Sequence[NoteView]:
    """The team's private notes on these conversations, oldest first."""
    rows = await session.execute(
        select(User.name, User.id, Note.text, Note.at, Note.kind)
        .join(User, User.id == Note.user_id)
        .where(Note.conversation_id.in_(members))
        .order_by(Note.id)
    )
    return [NoteView(*row) for row in rows]


async def offers(session: AsyncSession, conversation_id: int) -> Sequence[OfferView]:
    """The offers made, newest first."""
    rows = await session.scalars(
        select(OfferRow).where(OfferRow.conversation_id == conversation_id).order_by(OfferRow.id.desc()).limit(20)
    )
    return [OfferView(offer_from_json(row.body), row.state, row.made_by, row.reason, row.at) for row in rows]


async def plan(session: AsyncSession, case_id: int) -> PlanView | None:
    """The plan in force with its payments, else the last one there was."""
    latest = (
        select(Plan.id)
        .where(Plan.case_id == case_id)
        .order_by((Plan.state == "active").desc(), Plan.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = (
        await session.execute(
            select(Plan, InstalmentRow)
            .outerjoin(InstalmentRow, InstalmentRow.plan_id == Plan.id)
            .where(Plan.id == latest)
            .order_by(InstalmentRow.number)
        )
    ).all()
    if not rows:
        return None
    found = rows[0][0]
    lines: list[InstalmentRow | None] = [row[1] for row in rows]
    return PlanView(
        public_id=found.public_id,
        state=found.state,
        total=Money(found.total, found.currency),
        discount=Money(found.discount, found.currency),
        frequency=found.frequency,
        policy_version=found.policy_version,
        approved=found.approval_id is not None,
        agreed_at=found.agreed_at,
        instalments=tuple(_instalment(line, found.currency) for line in lines if line is not None),
    )


async def asked(session: AsyncSession, conversation_id: int) -> Sequence[AskedView]:
    """The requests for approval, newest first."""
    asker, decider = aliased(User), aliased(User)
    rows = await session.execute(
        select(Approval, asker.name, decider.name, exists().where(OfferRow.approval_id == Approval.id))
        .join(asker, asker.id == Approval.asked_by)
        .outerjoin(decider, decider.id == Approval.decided_by)
        .where(Approval.conversation_id == conversation_id)
        .order_by(Approval.id.desc())
        .limit(5)
    )
    return [
        AskedView(
            row.id, row.state, row.reason, row.answer, name, row.asked_at, decided, offer_from_json(row.offer), offered
        )
        for row, name, decided, offered in rows
    ]


def _latest(table: type[HandoffRow] | type[PromiseRow], where: Any) -> Any:
    return select(func.max(table.id)).where(where).correlate(Conversation).scalar_subquery()


def _handoff(row: HandoffRow | None) -> HandoffView | None:
    if row is None:
        return None
    return HandoffView(row.reason, row.priority, row.trigger, row.at, row.ended_at is not None, row.pack)


def _message(  # noqa: PLR0917  the columns of a row
    message: Message,
    agent: str | None,
    state: str | None,
    sent_at: datetime | None,
    error: str | None,
    reading_id: int | None,
    misheard_at: datetime | None,
    attachment: Attachment | None,
    debtor_seen: int | None,
    *,
    edition: str,
) -> MessageView:
    return MessageView(
        id=message.id,
        author=message.author,
        agent=agent,
        agent_id=message.agent_id,
        kind=message.kind,
        text=message.text,
        press=message.press,
        buttons=tuple(_button(button) for button in message.buttons or ()),
        attachment=message.attachment,
        at=message.at,
        delivery=state,
        sent_at=sent_at,
        error=error,
        misheard=misheard_at is not None if reading_id is not None else None,
        because=tuple(str(reason) for reason in (message.decision or {}).get("because", ())),
        channel=message.channel,
        abusive=message.direction == "in" and _is_abusive(message),
        file=_file(attachment),
        edition=edition,
        seen=message.direction == "out" and message.id <= (debtor_seen or 0),
    )


def _file(row: Attachment | None) -> FileView | None:
    return None if row is None else FileView(row.id, row.state, row.kind, row.name, row.size)


def _is_abusive(message: Message) -> bool:
    """Whether the debtor's words are abuse: as they were understood, or by the words that we may not use either."""
    understood = (message.understanding or {}).get("intents", ())
    return any(intent.get("name") == "abusive" for intent in understood) or insults(message.text)


def _button(button: Any) -> tuple[str, str]:
    if isinstance(button, dict):
        return str(button.get("value", "")), str(button.get("label", ""))
    return str(button[0]), str(button[1])


def _instalment(row: InstalmentRow, currency: str) -> InstalmentView:
    return InstalmentView(row.number, row.due, Money(row.amount, currency), Money(row.paid, currency), row.moved_from)
