"""What other systems are told: each event goes into the outbox of webhooks in the transaction of what it tells of.

Events follow the audit trail, so that no path makes such a change untold. They name things and say no more of a person
than an identifier: whoever needs more asks for it with a key.
"""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import select

from core.store.tables import Case, Conversation, Creditor, Payment, Plan, Webhook, WebhookDelivery
from core.work import Work

EVENTS = (
    "conversation.handed_over",
    "plan.agreed",
    "plan.broken",
    "payment.recorded",
    "complaint.opened",
)
TOPIC = "webhooks"
VERSION = "v1"

Facts = dict[str, Any]
_Tell = Callable[[Work, int, Mapping[str, Any]], Awaitable[Facts]]


async def announce(work: Work, action: str, subject_id: int | None, data: Mapping[str, Any]) -> None:
    """Put what was just done on its way to every webhook that asked for it; nothing where none did."""
    known = _TOLD.get(action)
    if known is None or subject_id is None:
        return
    event, tell = known
    active = await work.session.scalars(select(Webhook).where(Webhook.active).order_by(Webhook.id))
    asking = [webhook.id for webhook in active if event in webhook.events]
    if not asking:
        return
    event_id = f"evt_{secrets.token_hex(12)}"
    body = written(event, event_id, work, await tell(work, subject_id, data))
    work.session.add_all(delivery(work, webhook_id, event, event_id, body) for webhook_id in asking)
    await work.session.flush()
    work.notify(TOPIC)


def written(event: str, event_id: str, work: Work, facts: Facts) -> str:
    """What is sent, to the letter: it is what gets signed."""
    envelope = {"id": event_id, "type": event, "version": VERSION, "at": work.now.isoformat(), "data": facts}
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))


def delivery(work: Work, webhook_id: int, event: str, event_id: str, body: str) -> WebhookDelivery:
    """One event for one webhook, due now."""
    return WebhookDelivery(
        webhook_id=webhook_id,
        event_id=event_id,
        event=event,
        body=body,
        state="due",
        due_at=work.now,
        attempts=0,
        tries=[],
        created_at=work.now,
    )


async def _case(work: Work, case_id: int) -> Facts:
    query = select(Case.reference, Creditor.name).join(Creditor, Creditor.id == Case.creditor_id)
    reference, creditor = (await work.session.execute(query.where(Case.id == case_id))).one()
    return {"id": case_id, "reference": reference, "creditor": creditor}


async def _case_of(work: Work, conversation_id: int) -> Facts:
    case_id = await work.session.scalar(select(Conversation.case_id).where(Conversation.id == conversation_id))
    return await _case(work, int(case_id or 0))


async def _handed_over(work: Work, conversation_id: int, data: Mapping[str, Any]) -> Facts:
    said = {"reason": data["reason"], "priority": data["priority"]}
    return {"conversation": {"id": conversation_id}, "case": await _case_of(work, conversation_id), **said}


async def _complained(work: Work, conversation_id: int, data: Mapping[str, Any]) -> Facts:
    complaint = {"id": data["complaint"], "number": data["number"]}
    return {
        "complaint": complaint,
        "conversation": {"id": conversation_id},
        "case": await _case_of(work, conversation_id),
    }


async def _agreed(work: Work, case_id: int, data: Mapping[str, Any]) -> Facts:
    plan = {"id": data["plan"], "total": data["offer"]["total"], "currency": await _currency(work, data)}
    return {"plan": plan, "case": await _case(work, case_id)}


async def _broken(work: Work, case_id: int, data: Mapping[str, Any]) -> Facts:
    missed = {"number": data["number"], "due": data["due"], "unpaid": data["unpaid"]}
    plan = {"id": data["plan"], "currency": await _currency(work, data)}
    return {"plan": plan, "missed": missed, "case": await _case(work, case_id)}


async def _currency(work: Work, data: Mapping[str, Any]) -> str | None:
    return await work.session.scalar(select(Plan.currency).where(Plan.id == data["plan"]))


async def _paid(work: Work, case_id: int, data: Mapping[str, Any]) -> Facts:
    of_case = select(Payment.id, Payment.currency, Payment.paid_on).where(Payment.case_id == case_id)
    found = (await work.session.execute(of_case.where(Payment.reference == data["reference"]))).one()
    payment = {
        "id": found.id,
        "reference": data["reference"],
        "amount": data["amount"],
        "currency": found.currency,
        "paid_on": found.paid_on.isoformat(),
    }
    plan = {"id": data["plan"], "completed": data["plan_completed"]} if data["plan"] else None
    return {"payment": payment, "plan": plan, "case": await _case(work, case_id)}


_TOLD: Mapping[str, tuple[str, _Tell]] = {
    "handed_over": ("conversation.handed_over", _handed_over),
    "agreed": ("plan.agreed", _agreed),
    "instalment_missed": ("plan.broken", _broken),
    "payment_recorded": ("payment.recorded", _paid),
    "opened_complaint": ("complaint.opened", _complained),
}
"""By the action in the audit trail. A plan is broken when a payment of it is missed."""
