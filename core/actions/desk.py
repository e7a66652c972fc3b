"""An agent's own offers: sent when they are inside the limits, and put before someone who may allow more when not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.agent_offers import next_refs, replace_older, review_offer, send_offer
from core.actions.beyond_limits import NeedsApproval, ask_for_approval, refused
from core.actions.hours import zone
from core.actions.policies import asker_of, grant_for
from core.actions.situations import facts_of, is_verified, remembered
from core.actions.takeover import holder_name, holds, last_inbound
from core.actions.text import clean
from core.actions.trail import leave, leave_refusal
from core.actions.values import Actor, NotHolder, Role
from core.clock import SystemClock
from core.compliance import Refused
from core.errors import InvalidInput
from core.negotiation import Ask, Offer, manual_offer, offer_summary
from core.policy import Breach, beyond_law
from core.store import cases, conversations
from core.store.cases import WholeCase
from core.store.tables import Conversation
from core.work import Work


@dataclass(frozen=True, slots=True)
class Offered:
    """The offer is inside the limits and on its way to the debtor."""

    offer: Offer
    message_id: int


async def preview(
    session: AsyncSession, conversation_id: int, ask: Ask, now: datetime | None = None, role: Role = "agent"
) -> tuple[Offer, tuple[Breach, ...]]:
    """The offer that these terms come to and every way in which it is outside what this role may offer.

    Nothing is made. `now` is UTC, the present moment when None. InvalidInput when the terms are no plan.
    """
    conversation = await conversations.get(session, conversation_id)
    whole = await cases.load(session, conversation.case_id)
    return await _worked_out(session, conversation, whole, ask, now or SystemClock().now(), role)


async def propose(
    work: Work, conversation_id: int, actor: Actor, ask: Ask, reason: str = ""
) -> Offered | NeedsApproval | NotHolder | Refused:
    """Offer these terms. Outside the limits `reason` is required, and nothing is sent before an approval."""
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    whole = await cases.lock(work.session, conversation.case_id)
    try:
        offer, breaches = await _worked_out(work.session, conversation, whole, ask, work.now, actor.role)
    except InvalidInput as error:
        return refused("TERMS", "desk.terms_unclear", {key: str(value) for key, value in error.data.items()})
    if not breaches:
        return await _send(work, conversation, whole, actor, offer)
    if any(beyond_law(breach) for breach in breaches):
        return refused("LEGAL-CEILING", "desk.beyond_law", {"field": breaches[0].field})
    if not reason.strip():
        return refused("REASON", "desk.reason_required", {})
    if not is_verified(remembered(conversation)):
        return refused("SAFE-ID-1", "compliance.not_verified", {})
    held = await _held(work, conversation, whole, offer)
    if held is not None:
        return held
    why = clean(reason).strip()
    return await ask_for_approval(work, conversation, actor, offer=offer, breaches=breaches, reason=why)


async def _held(work: Work, conversation: Conversation, whole: WholeCase, offer: Offer) -> Refused | None:
    """Why nothing may be offered at all, where a hold stands; nobody is asked to allow it then."""
    _, verdict = await review_offer(work, conversation, whole, offer, await last_inbound(work, conversation))
    if not isinstance(verdict, Refused):
        return None
    holds = tuple(reason for reason in verdict.reasons if reason.message_key == "compliance.no_offer")
    return Refused(holds) if holds else None


async def _worked_out(  # noqa: PLR0917  what an offer is worked out from
    session: AsyncSession, conversation: Conversation, whole: WholeCase, ask: Ask, now: datetime, role: Role
) -> tuple[Offer, tuple[Breach, ...]]:
    today = now.astimezone(zone(whole.debtor.time_zone)).date()
    grant = await grant_for(session, whole, today, asker_of(role))
    if grant is None:
        raise InvalidInput("No limits are published for this market.", market=whole.case.market)
    before = await cases.times_put_off(session, whole.case.id)
    facts = facts_of(whole.case, today, remembered(conversation).finances, extensions=before)
    offer, breaches = manual_offer(ask, facts, grant, await next_refs(session, conversation.id))
    return offer, breaches


async def _send(
    work: Work, conversation: Conversation, whole: WholeCase, actor: Actor, offer: Offer
) -> Offered | Refused:
    reply_to = await last_inbound(work, conversation)
    sent = await send_offer(work, conversation, whole, offer, agent_id=actor.id, reply_to=reply_to)
    if isinstance(sent, Refused):
        await leave_refusal(work, actor.login, conversation.id, sent, offer=offer.id)
        return sent
    await replace_older(work, conversation.id, offer.id)
    work.notify("queue")
    await leave(work, actor.login, "offered", "conversation", conversation.id, offers=[offer_summary(offer)])
    return Offered(offer, sent)
