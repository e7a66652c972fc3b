"""Offers beyond the limits: asked for with a reason, and allowed or refused by someone whose role may."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import approvals
from core.actions.agent_offers import next_refs, replace_older, send_offer
from core.actions.takeover import holder_name, holds, last_inbound
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor, NotHolder
from core.compliance import Reason, Refused
from core.errors import NotFound
from core.negotiation import Offer, offer_from_json, offer_summary, offer_to_json
from core.policy import Breach, may_approve
from core.store import cases, conversations
from core.store.cases import WholeCase
from core.store.tables import Approval, Conversation
from core.work import Work


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    """The offer is outside the limits, each breach saying how; someone whose role allows it is asked."""

    approval_id: int
    offer: Offer
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """The offer was allowed, and is on its way to the debtor."""

    offer: Offer
    message_id: int


@dataclass(frozen=True, slots=True)
class ApprovedForLater:
    """The offer was allowed, and may not be sent now, each reason saying why; the agent offers it when it may."""

    offer: Offer
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RefusedApproval:
    """The offer was not allowed; nothing was sent."""


@dataclass(frozen=True, slots=True)
class MayNotApprove:
    """This role may not allow this much, or it was the actor's own request."""

    role: str


@dataclass(frozen=True, slots=True)
class AlreadyDecided:
    """Somebody decided it before, or nobody did in time: `approved`, `refused` or `expired`."""

    state: str


async def ask_for_approval(
    work: Work,
    conversation: Conversation,
    actor: Actor,
    *,
    offer: Offer,
    breaches: Sequence[Breach],
    reason: str,
) -> NeedsApproval:
    """Put the offer before someone whose role allows it; nothing is sent."""
    approval = Approval(
        conversation_id=conversation.id,
        case_id=conversation.case_id,
        asked_by=actor.id,
        asked_at=work.now,
        reason=reason,
        offer=offer_to_json(offer),
        breaches=[breach_json(breach) for breach in breaches],
        policy_version=offer.policy_version,
        state="asked",
    )
    work.session.add(approval)
    await work.session.flush()
    work.notify("approvals")
    work.notify("queue")
    work.notify(f"conversation:{conversation.id}")
    await leave(
        work,
        actor.login,
        "asked_approval",
        "conversation",
        conversation.id,
        approval=approval.id,
        offer=offer_summary(offer),
        breaches=approval.breaches,
        reason=reason,
    )
    return NeedsApproval(approval.id, offer, tuple(breaches))


async def waiting_approval(session: AsyncSession, conversation_id: int) -> int | None:
    """The oldest request of this conversation that nobody has decided."""
    asked = select(Approval.id).where(Approval.conversation_id == conversation_id, Approval.state == "asked")
    return await session.scalar(asked.order_by(Approval.id).limit(1))


async def decide_approval(
    work: Work, approval_id: int, actor: Actor, approve: bool, answer: str = ""
) -> Approved | ApprovedForLater | RefusedApproval | MayNotApprove | AlreadyDecided | Refused:
    """Allow or refuse an offer outside the limits; a role allows only what it may, and nobody their own request.

    Allowed, it is sent to the debtor at once, or kept for the agent where only the hour or a cap forbids that now;
    where compliance refuses it for another reason, or its dates or the balance have moved on, nothing is decided.
    """
    found = await work.session.get(Approval, approval_id)
    if found is None:
        raise NotFound("There is no such approval.", approval_id=approval_id)
    conversation = await conversations.lock(work.session, found.conversation_id)
    whole = await cases.lock(work.session, found.case_id)
    await work.session.refresh(found, with_for_update=True)
    if found.state != "asked":
        return AlreadyDecided(found.state)
    if approvals.is_stale(found, work.now):
        return AlreadyDecided("expired")
    breaches = tuple(breach_from_json(data) for data in found.breaches)
    role = "manager" if actor.role == "admin" else actor.role
    if actor.id == found.asked_by or not may_approve(role, breaches):
        return MayNotApprove(actor.role)
    offer = replace(offer_from_json(found.offer), id=next(await next_refs(work.session, conversation.id)))
    outcome: Approved | ApprovedForLater | RefusedApproval = RefusedApproval()
    if approve:
        found.state = "approved"
        await work.session.flush()
        sent = await _send_approved(work, conversation, whole, found, offer, agent_id=found.asked_by)
        if isinstance(sent, Refused) and not approvals.only_for_now(sent):
            found.state = "asked"
            return sent
        outcome = ApprovedForLater(offer, sent.reasons) if isinstance(sent, Refused) else Approved(offer, sent)
    else:
        found.state = "refused"
    found.decided_by, found.decided_at, found.answer = actor.id, work.now, clean(answer).strip()
    await work.session.flush()
    work.notify("approvals")
    work.notify(f"conversation:{conversation.id}")
    await leave(
        work,
        actor.login,
        "decided_approval",
        "conversation",
        conversation.id,
        approval=approval_id,
        state=found.state,
        answer=found.answer,
    )
    return outcome


async def offer_approved(work: Work, approval_id: int, actor: Actor) -> Approved | NotHolder | AlreadyDecided | Refused:
    """Send an approved exception that could not go out with its approval, while it stands; by who holds the talk."""
    found = await work.session.get(Approval, approval_id)
    if found is None:
        raise NotFound("There is no such approval.", approval_id=approval_id)
    conversation = await conversations.lock(work.session, found.conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    whole = await cases.lock(work.session, found.case_id)
    await work.session.refresh(found, with_for_update=True)
    if found.state != "approved" or await approvals.was_offered(work.session, found.id):
        return AlreadyDecided(found.state)
    if approvals.is_stale(found, work.now):
        return AlreadyDecided("expired")
    offer = replace(offer_from_json(found.offer), id=next(await next_refs(work.session, conversation.id)))
    sent = await _send_approved(work, conversation, whole, found, offer, agent_id=actor.id)
    if isinstance(sent, Refused):
        return sent
    work.notify("queue")
    work.notify(f"conversation:{conversation.id}")
    summary = [offer_summary(offer)]
    await leave(work, actor.login, "offered", "conversation", conversation.id, offers=summary, approval=found.id)
    return Approved(offer, sent)


async def _send_approved(
    work: Work, conversation: Conversation, whole: WholeCase, approval: Approval, offer: Offer, *, agent_id: int
) -> int | Refused:
    """An approved exception on its way, or why not: its dates and its balance have to be those of today."""
    moved = approvals.moved_on(offer, whole, work.now)
    if moved is not None:
        return refused("TERMS", moved, {})
    reply_to = await last_inbound(work, conversation)
    sent = await send_offer(
        work,
        conversation,
        whole,
        offer,
        agent_id=agent_id,
        reply_to=reply_to,
        approval_id=approval.id,
    )
    if not isinstance(sent, Refused):
        await replace_older(work, conversation.id, offer.id)
    return sent


def breach_json(breach: Breach) -> dict[str, Any]:
    """A breach as it is stored with an approval."""
    return {"field": breach.field, "asked": breach.asked, "allowed": breach.allowed, "data": dict(breach.data)}


def breach_from_json(data: dict[str, Any]) -> Breach:
    """Reads `breach_json`'s form back."""
    return Breach(data["field"], data["asked"], data["allowed"], data["data"])


def refused(rule: str, key: str, data: dict[str, str]) -> Refused:
    """A refusal of the desk itself, with one reason."""
    return Refused((Reason(rule, key, data),))
