"""Plans: agreed only inside the limits or with an approval, and moved only as far as the limits allow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from core.actions.hours import zone
from core.actions.policies import grant_as_made, grant_for
from core.actions.situations import grant_of_plan, last_due_allowed
from core.actions.trail import leave
from core.errors import InvariantBroken
from core.negotiation import Offer, check_offer, offer_from_json, offer_summary, offer_to_json
from core.negotiation.outdated import outdated
from core.policy import Grant
from core.store import cases
from core.store.cases import WholeCase
from core.store.tables import Approval, Conversation, InstalmentRow, OfferRow, Plan
from core.work import Work


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an offer cannot be made or agreed; `code` is stable, `data` says what it is about."""

    code: str
    data: dict[str, str]


async def obstacle_to_offers(work: Work, whole: WholeCase, offers: Sequence[Offer], today: date) -> Obstacle | None:
    """What keeps the bot from making one of these offers on this local date, under the policy version that it names;
    each version is read once."""
    versions = dict.fromkeys(offer.policy_version for offer in offers)
    grants = {number: await grant_for(work.session, whole, today, "bot", number) for number in versions}
    before = await cases.times_put_off(work.session, whole.case.id)
    found = (_outside(offer, grants[offer.policy_version], today, before) for offer in offers)
    return next((obstacle for obstacle in found if obstacle is not None), None)


def _outside(offer: Offer, grant: Grant | None, made_on: date, put_off: int) -> Obstacle | None:
    """What of the offer is outside the limits, of a case that was put off so often before, whatever the offer says."""
    if grant is None:
        return Obstacle("no-policy", {"version": str(offer.policy_version)})
    breaches = check_offer(replace(offer, extensions=put_off), grant, made_on)
    if breaches:
        return Obstacle("outside-limits", {breach.field: f"{breach.asked} > {breach.allowed}" for breach in breaches})
    return None


async def obstacle_to_agreement(
    work: Work, whole: WholeCase, offer: Offer, row: OfferRow | None, now: datetime
) -> Obstacle | None:
    """Whether this offer may become a plan: made, standing, unchanged, and inside its limits or approved.

    Its limits are those that it was made under: the same version, chosen by the same facts, whatever has changed since.
    """
    if row is None:
        return Obstacle("never-offered", {"offer": offer.id})
    if row.state != "open" or row.expires_at <= now:
        return Obstacle("no-longer-open", {"offer": offer.id, "state": row.state})
    if offer_from_json(row.body) != offer:
        return Obstacle("not-as-offered", {"offer": offer.id})
    local_zone = zone(whole.debtor.time_zone)
    why = outdated(offer, cases.owed(whole.case), now.astimezone(local_zone).date())
    if why == "balance":
        return Obstacle("balance-moved", {"offer": offer.id})
    if why == "dates":
        return Obstacle("first-date-passed", {"due": offer.schedule.first_due.isoformat()})
    if row.approval_id is not None:
        approval = await work.session.get(Approval, row.approval_id)
        approved = approval is not None and approval.state == "approved" and approval.case_id == whole.case.id
        return None if approved else Obstacle("not-approved", {"approval": str(row.approval_id)})
    made_on = row.at.astimezone(local_zone).date()
    grant = await grant_as_made(work.session, whole, offer, made_on, row.agent_id)
    return _outside(offer, grant, made_on, await cases.times_put_off(work.session, whole.case.id))


def offer_row(
    conversation: Conversation, offer: Offer, made_by: Literal["bot", "agent"], now: datetime, days: int
) -> OfferRow:
    """An offer as it lies on the table from `now` on, for so many days."""
    return OfferRow(
        conversation_id=conversation.id,
        case_id=conversation.case_id,
        ref=offer.id,
        body=offer_to_json(offer),
        policy_version=offer.policy_version,
        rule=offer.rule,
        made_by=made_by,
        state="open",
        at=now,
        expires_at=now + timedelta(days=days),
    )


async def agree(
    work: Work, conversation: Conversation, whole: WholeCase, offer: Offer, row: OfferRow | None, *, public_id: str
) -> Plan:
    """Make the offer a plan. A plan in force is replaced. InvariantBroken where there is an obstacle: ask before."""
    obstacle = await obstacle_to_agreement(work, whole, offer, row, work.now)
    if obstacle is not None or row is None:
        raise InvariantBroken("This offer cannot be agreed.", code=obstacle.code if obstacle else "never-offered")
    standing = await cases.active_plan(work.session, whole.case.id)
    if standing is not None:
        standing[0].state = "replaced"
        await work.session.flush()
    down = offer.schedule.down_payment
    plan = Plan(
        case_id=whole.case.id,
        conversation_id=conversation.id,
        public_id=public_id,
        body=offer_to_json(offer),
        currency=offer.total.currency,
        total=offer.schedule.total.minor,
        discount=offer.discount.minor,
        down_payment=down.amount.minor if down else 0,
        frequency=offer.terms.frequency.value,
        policy_version=offer.policy_version,
        rule=offer.rule,
        approval_id=row.approval_id,
        state="active",
        language=conversation.language,
        agreed_at=work.now,
    )
    work.session.add(plan)
    await work.session.flush()
    work.session.add_all(
        InstalmentRow(plan_id=plan.id, number=line.number, due=line.due, amount=line.amount.minor, paid=0)
        for line in offer.schedule.lines
    )
    row.state = "accepted"
    await work.session.flush()
    await leave(
        work,
        "debtor",
        "agreed",
        "case",
        whole.case.id,
        plan=plan.id,
        offer=offer_summary(offer),
        policy_version=offer.policy_version,
        rule=offer.rule,
        approval=row.approval_id,
        made_by=row.made_by,
    )
    return plan


async def obstacle_to_move(
    work: Work, whole: WholeCase, plan: Plan | None, rows: Sequence[InstalmentRow], *, number: int, due: date
) -> Obstacle | None:
    """Whether this payment may move to this local date under the policy version of its plan."""
    row = next((row for row in rows if row.number == number), None)
    if plan is None or row is None or row.paid >= row.amount:
        return Obstacle("no-such-instalment", {"number": str(number)})
    local = work.now.astimezone(zone(whole.debtor.time_zone))
    grant = await grant_of_plan(work.session, whole, plan, local)
    if grant is None:
        return Obstacle("no-policy", {"version": str(plan.policy_version)})
    original = row.moved_from or row.due
    latest = original + timedelta(days=grant.limits.max_extension_days)
    end = last_due_allowed(plan, grant, local)
    later = [other.due for other in rows if other.number > number]
    earlier = [other.due for other in rows if other.number < number]
    if due < local.date() or due > latest or (end is not None and due > end):
        return Obstacle("outside-limits", {"max_extension_days": str(grant.limits.max_extension_days)})
    if sum(row.moved_from is not None for row in rows if row.number != number) >= grant.limits.max_extensions:
        return Obstacle("outside-limits", {"max_extensions": str(grant.limits.max_extensions)})
    if (later and due >= min(later)) or (earlier and due <= max(earlier)):
        return Obstacle("out-of-order", {"due": due.isoformat()})
    return None


async def move_instalment(
    work: Work, whole: WholeCase, plan: Plan | None, rows: Sequence[InstalmentRow], *, number: int, due: date
) -> None:
    """Move it. InvariantBroken where there is an obstacle: ask before."""
    obstacle = await obstacle_to_move(work, whole, plan, rows, number=number, due=due)
    row = next((row for row in rows if row.number == number), None)
    if obstacle is not None or row is None or plan is None:
        raise InvariantBroken("This instalment cannot move.", code=obstacle.code if obstacle else "no-such-instalment")
    before = row.due
    row.moved_from = row.moved_from or row.due
    row.due = due
    await work.session.flush()
    await leave(
        work,
        "debtor",
        "instalment_moved",
        "case",
        whole.case.id,
        plan=plan.id,
        number=number,
        before=before.isoformat(),
        due=due.isoformat(),
        policy_version=plan.policy_version,
    )
