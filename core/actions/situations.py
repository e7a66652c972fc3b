"""From rows to the values that rules look at."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.hours import zone
from core.actions.people_hours import people_for
from core.actions.policies import grant_as_made, grant_for
from core.dialogue.decision import Decision
from core.dialogue.flags import Flag
from core.dialogue.memory import Memory
from core.dialogue.situation import (
    CaseDetails,
    CreditorFacts,
    DebtorFacts,
    Inbound,
    PlanFacts,
    PlanInstalment,
    Situation,
)
from core.dialogue.understanding import Language
from core.money import Money
from core.negotiation import CaseFacts, Finances, Offer, Promise, offer_from_json, offer_summary
from core.negotiation.outdated import outdated
from core.plans import Balance
from core.policy import Grant, Market
from core.store import cases
from core.store.cases import WholeCase
from core.store.tables import Case, Conversation, InstalmentRow, Message, OfferRow, Plan, PromiseRow
from core.work import Work

HANDED_BACK = "handed_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondOptions:
    """`copy_url` is where a plan's copy is found, with `{plan}` for its public id; offers stand for `offer_days`."""

    verify_facts: int = 2
    max_tries: int = 3
    copy_url: str = "{plan}"
    offer_days: int = 7


@dataclass(frozen=True, slots=True)
class Scene:
    """A situation with the rows behind it. `plan_id` is the public id that a plan agreed now will have."""

    situation: Situation
    whole: WholeCase
    plan: Plan | None
    instalments: Sequence[InstalmentRow]
    offers: Sequence[OfferRow]
    plan_id: str


def language_of(text: str) -> Language:
    """The debtor's language, as far as there are texts in it."""
    return "zh" if text.lower().startswith("zh") else "en"


def is_verified(memory: Memory) -> bool:
    """Whether the identity check was passed; a conversation that merely ended has not passed it."""
    return "verified" in memory.told or memory.phase in ("talking", "confirming", "agreed")


def remembered(conversation: Conversation) -> Memory:
    """The conversation's memory; one that ended before the check takes it up again."""
    memory = Memory.from_json(conversation.memory or {})
    if memory.phase == "closed":
        memory = memory.with_(phase="talking" if is_verified(memory) else "opening")
    return memory


def money(minor: int, case: Case) -> Money:
    """Minor units of the case's currency."""
    return Money(minor, case.currency)


def balance_of(case: Case) -> Balance:
    """What is owed."""
    parts = (case.principal, case.interest, case.fees, case.penalty)
    return Balance(*(money(part, case) for part in parts))


def facts_of(case: Case, today: date, finances: Finances, *, extensions: int) -> CaseFacts:
    """The case as the negotiator sees it on this local date; `extensions` is how often it was put off before."""
    return CaseFacts(
        market=cast(Market, case.market),
        product=case.product,
        balance=balance_of(case),
        days_past_due=max(0, (today - case.due_date).days),
        today=today,
        finances=finances,
        extensions=extensions,
    )


async def scene(work: Work, conversation: Conversation, message: Message | None, options: RespondOptions) -> Scene:
    """Everything that a decision about this message may look at."""
    session = work.session
    whole = await cases.load(session, conversation.case_id)
    case, debtor, creditor = whole.case, whole.debtor, whole.creditor
    local = work.now.astimezone(zone(debtor.time_zone))
    offers = await cases.offers_of(session, conversation.id)
    before, owed = remembered(conversation), cases.owed(case)
    memory = on_the_table(before, offers, work.now, local.date(), owed)
    standing = await cases.active_plan(session, case.id)
    plan, instalments = standing or (None, ())
    flags = await cases.flags_of(session, case.id)
    promise = await cases.open_promise(session, case.id)
    broken = await cases.broken_promises(session, case.id)
    plan_id = plan.public_id if plan else secrets.token_urlsafe(16)
    people = await people_for(work, conversation, whole)
    situation = Situation(
        inbound=_inbound(message),
        case=facts_of(case, local.date(), memory.finances, extensions=await cases.times_put_off(session, case.id)),
        details=CaseDetails(
            reference=case.reference,
            product=case.product,
            account_last4=str(debtor.facts.get("account_last4", "")),
            opened_on=case.opened_on,
            due_date=case.due_date,
        ),
        debtor=DebtorFacts(debtor.name, {key: str(value) for key, value in debtor.facts.items() if value}),
        creditor=CreditorFacts(creditor.name, creditor.phone, creditor.hours, creditor.pay_ways or {}),
        memory=memory,
        grant=await grant_for(session, whole, local.date(), flags=flags),
        now=local,
        flags=flags,
        plan=await _plan_facts(work, whole, plan, instalments, local),
        promise=_promise(promise, case),
        broken_promises=len(broken),
        missed_promise=_promise(broken[-1], case) if broken and promise is None and plan is None else None,
        balance_moved=any(offer.balance.total != owed for offer in (*before.offers, before.draft) if offer),
        verify_facts=options.verify_facts,
        max_tries=options.max_tries,
        people_available=people.there,
        people_hours=people.hours,
        people_from=people.from_.astimezone(local.tzinfo) if people.from_ else None,
        copy_url=options.copy_url.format(plan=plan_id),
    )
    return Scene(situation, whole, plan, instalments, offers, plan_id)


def _inbound(message: Message | None) -> Inbound:
    if message is None:
        return Inbound()
    return Inbound(text=message.text, press=message.press, kind=cast(Any, message.kind))


def on_the_table(memory: Memory, rows: Sequence[OfferRow], now: datetime, today: date, owed: Money) -> Memory:
    """The memory without offers that no longer stand: expired, settled, with a first payment in the past, or of a
    balance that is another by now."""
    standing = {row.ref for row in rows if row.state == "open" and row.expires_at > now}

    def stands(offer: Offer) -> bool:
        return offer.id in standing and outdated(offer, owed, today) is None

    draft = memory.draft if memory.draft is not None and stands(memory.draft) else None
    return memory.with_(offers=tuple(offer for offer in memory.offers if stands(offer)), draft=draft)


async def _plan_facts(
    work: Work, whole: WholeCase, plan: Plan | None, rows: Sequence[InstalmentRow], local: datetime
) -> PlanFacts | None:
    if plan is None:
        return None
    case, grant = whole.case, await grant_of_plan(work.session, whole, plan, local)
    return PlanFacts(
        id=plan.public_id,
        total=money(plan.total, case),
        instalments=tuple(
            PlanInstalment(row.number, row.due, money(row.amount, case), money(row.paid, case), row.moved_from)
            for row in rows
        ),
        policy_version=plan.policy_version,
        last_due_allowed=last_due_allowed(plan, grant, local),
        max_extensions=grant.limits.max_extensions if grant else None,
        max_extension_days=grant.limits.max_extension_days if grant else None,
    )


async def grant_of_plan(session: AsyncSession, whole: WholeCase, plan: Plan, local: datetime) -> Grant | None:
    """The limits that the plan's offer was made under; those as of its agreement where it does not say."""
    agreed_on = plan.agreed_at.astimezone(local.tzinfo).date()
    return await grant_as_made(session, whole, offer_from_json(plan.body), agreed_on)


def last_due_allowed(plan: Plan, grant: Grant | None, local: datetime) -> date | None:
    """The last day that the term allows, counted from the debtor's local day of the agreement."""
    if grant is None:
        return None
    return plan.agreed_at.astimezone(local.tzinfo).date() + timedelta(days=grant.limits.max_term_days)


def _promise(row: PromiseRow | None, case: Case) -> Promise | None:
    return Promise(row.due, money(row.amount, case)) if row else None


def flags_for_review(flags: frozenset[Flag], memory: Memory) -> frozenset[Flag]:
    """A named person who handed the conversation back has cleared the talk of self-harm (SAFE-SELF-3)."""
    return flags - {"self_harm"} if HANDED_BACK in memory.told else flags


def as_unread(scene: Scene) -> Scene:
    """The scene of a message that was written before the question that waits now could be read."""
    situation = scene.situation
    return replace(scene, situation=replace(situation, inbound=replace(situation.inbound, unread=True)))


def with_flags(situation: Situation, flags: frozenset[Flag]) -> Situation:
    """The situation with more flags."""
    return replace(situation, flags=situation.flags | flags)


def decision_json(decision: Decision, *, applied: bool = True) -> dict[str, object]:
    """What is kept with the message: kind, reasons and offers, as a replay shows them."""
    return {
        "kind": decision.kind,
        "because": list(decision.because),
        "offers": [offer_summary(offer) for offer in decision.offers],
        "effects": [type(effect).__name__ for effect in decision.effects],
        "applied": applied,
    }
