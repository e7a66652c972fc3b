"""Rows as they are told."""

from typing import cast

from console.api import models
from console.api.caller import Caller
from console.queries.integrations import HookRow
from console.queries.public import CaseRow, ConversationRow, MessageRow, PaymentRow, PlanRow
from core.money import Money


def case(caller: Caller, row: CaseRow) -> models.Case:
    """A case; its debtor's contact points as the key may see them."""
    parts = {"principal": row.principal, "interest": row.interest, "fees": row.fees, "penalty": row.penalty}
    sums = {name: _sum(minor, row.currency) for name, minor in parts.items()}
    return models.Case(
        id=row.id,
        creditor=row.creditor,
        reference=row.reference,
        market=cast(models.Market, row.market),
        product=row.product,
        currency=row.currency,
        balance=models.Balance(total=_sum(sum(parts.values()), row.currency), **sums),
        balance_as_of=row.balance_as_of,
        due_date=row.due_date,
        opened_on=row.opened_on,
        state=row.state,
        flags=list(row.flags),
        debtor=models.Debtor(
            name=row.debtor,
            language=row.language,
            time_zone=row.time_zone,
            contacts=[models.Contact(kind=kind, value=caller.contact(kind, value)) for kind, value in row.contacts],
        ),
        updated_at=row.updated_at,
    )


def payment(row: PaymentRow) -> models.Payment:
    """A payment and where it went."""
    names = ("fees", "interest", "penalty", "principal", "surplus")
    return models.Payment(
        id=row.id,
        case_id=row.case_id,
        plan_id=row.plan_id,
        reference=row.reference,
        amount=_sum(row.amount, row.currency),
        currency=row.currency,
        allocation=models.Allocation(**{name: _sum(int(row.allocation.get(name, 0)), row.currency) for name in names}),
        paid_on=row.paid_on,
        recorded_at=row.at,
    )


def conversation(row: ConversationRow) -> models.Conversation:
    """A conversation; where its channel sends is not told."""
    return models.Conversation(
        id=row.id,
        case_id=row.case_id,
        channel=row.channel,
        language=row.language,
        state=row.state,
        outcome=row.outcome,
        holder=row.holder,
        agent=row.agent,
        reason=row.reason,
        opened_at=row.opened_at,
        last_at=row.last_at,
    )


def message(caller: Caller, row: MessageRow) -> models.Message:
    """One entry of a transcript, as the key may see it."""
    return models.Message(
        id=row.id,
        direction=cast(models.Direction, row.direction),
        author=row.author,
        agent=row.agent,
        kind=row.kind,
        text=caller.text(row.text),
        at=row.at,
    )


def plan(row: PlanRow) -> models.Plan:
    """A plan with its payments in order."""
    return models.Plan(
        id=row.id,
        case_id=row.case_id,
        conversation_id=row.conversation_id,
        state=cast(models.PlanState, row.state),
        currency=row.currency,
        total=_sum(row.total, row.currency),
        discount=_sum(row.discount, row.currency),
        down_payment=_sum(row.down_payment, row.currency),
        frequency=row.frequency,
        policy_version=row.policy_version,
        agreed_at=row.agreed_at,
        instalments=[
            models.Instalment(
                number=number,
                due=due,
                amount=_sum(amount, row.currency),
                paid=_sum(paid, row.currency),
                moved_from=moved,
            )
            for number, due, amount, paid, moved in row.instalments
        ],
    )


def webhook(row: HookRow) -> models.Webhook:
    """A webhook without its secret."""
    return models.Webhook(
        id=row.id,
        url=row.url,
        name=row.name,
        events=list(row.events),
        active=row.active,
        failing_since=row.failing_since,
        created_at=row.created_at,
    )


def _sum(minor: int, currency: str) -> str:
    return Money(minor, currency).to_text()
