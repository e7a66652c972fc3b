"""What a decision changes, written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.actions import handoff, plans, promises
from core.actions.plans import Obstacle
from core.actions.situations import RespondOptions, Scene
from core.actions.trail import leave
from core.dialogue.decision import (
    AddFlags,
    Agree,
    ChangeLanguage,
    ClaimPaid,
    Close,
    Decision,
    Effect,
    HandOff,
    MakePromise,
    MoveInstalment,
    PreferContact,
    PutOnTable,
    RefuseOffers,
    StopContact,
)
from core.dialogue.memory import Memory
from core.negotiation import Offer, offer_summary, offer_to_json
from core.store import cases
from core.store.tables import Conversation, Note, OfferRow
from core.work import Work

RIGHTS = (AddFlags, StopContact, PreferContact, ClaimPaid)
"""Effects that hold whoever holds the conversation, and whether or not the bot's reply may leave."""


async def obstacle_to(work: Work, scene: Scene, decision: Decision) -> Obstacle | None:
    """The first thing that forbids an effect of this decision; asked before anything is written (law 6)."""
    for effect in decision.effects:
        found = await _obstacle(work, scene, effect)
        if found is not None:
            return found
    return None


async def _obstacle(work: Work, scene: Scene, effect: Effect) -> Obstacle | None:
    made = {row.ref: row for row in scene.offers}
    match effect:
        case PutOnTable(offers):
            new = [offer for offer in offers if not _stands_already(offer, made.get(offer.id))]
            return await plans.obstacle_to_offers(work, scene.whole, new, scene.situation.now.date())
        case Agree(offer):
            return await plans.obstacle_to_agreement(work, scene.whole, offer, made.get(offer.id), work.now)
        case MakePromise(promise):
            return promises.obstacle_to_promise(scene.situation, promise)
        case MoveInstalment(number, due):
            return await plans.obstacle_to_move(
                work, scene.whole, scene.plan, scene.instalments, number=number, due=due
            )
        case _:
            return None


def _stands_already(offer: Offer, row: OfferRow | None) -> bool:
    return row is not None and (row.approval_id is not None or row.body == offer_to_json(offer))


@dataclass(frozen=True, slots=True)
class Step:
    """What effects are written with: the rows they touch, the memory after the decision, the message that caused it."""

    work: Work
    conversation: Conversation
    scene: Scene
    memory: Memory
    message_id: int | None
    options: RespondOptions


async def apply(step: Step, effects: Sequence[Effect]) -> None:
    """Write a decision's effects. Its obstacles were asked for before; the conversation and case are locked."""
    for effect in effects:
        if not await _applied_to_plan(step, effect):
            await _apply_to_contact(step, effect)
    _clear_table(step.scene, step.memory)


async def apply_rights(step: Step, effects: Sequence[Effect]) -> None:
    """Only what the debtor has a right to: flags, stops, preferences, and the word that they have paid."""
    for effect in effects:
        if isinstance(effect, RIGHTS):
            await _apply_to_contact(step, effect)


async def _applied_to_plan(step: Step, effect: Effect) -> bool:
    work, scene = step.work, step.scene
    match effect:
        case PutOnTable(offers):
            await _put_on_table(step, offers)
        case RefuseOffers(reason):
            await _refuse_offers(step, reason)
        case Agree(offer):
            await _agree(step, offer)
        case MakePromise(promise):
            await promises.make(work, step.conversation, scene.whole, promise, scene.situation)
        case MoveInstalment(number, due):
            await plans.move_instalment(work, scene.whole, scene.plan, scene.instalments, number=number, due=due)
        case _:
            return False
    return True


async def _apply_to_contact(step: Step, effect: Effect) -> None:
    work, conversation, whole, message = step.work, step.conversation, step.scene.whole, step.message_id
    match effect:
        case HandOff():
            await handoff.hand_over(work, conversation, whole, effect, step.memory)
        case AddFlags(flags):
            new = await cases.add_flags(work.session, whole.case.id, flags, message, work.now)
            if new:
                await leave(work, "bot", "flagged", "case", whole.case.id, flags=list(new), message=message)
        case ClaimPaid(amount):
            await _claim_paid(step, str(amount) if amount else "")
        case StopContact():
            await cases.stop_contact(work.session, whole.debtor.id, work.now)
            await leave(work, "debtor", "stopped_contact", "case", whole.case.id, message=message)
        case PreferContact(words):
            await _prefer_contact(step, words)
        case ChangeLanguage(language):
            conversation.language = language
        case Close(outcome):
            conversation.state, conversation.outcome = "closed", outcome
            work.notify("queue")
            await leave(work, "bot", "closed", "conversation", conversation.id, outcome=outcome)


async def _put_on_table(step: Step, offers: Sequence[Offer]) -> None:
    work, conversation = step.work, step.conversation
    known = {row.ref: row for row in step.scene.offers}
    new = [offer for offer in offers if offer.id not in known]
    for offer in offers:
        row = known.get(offer.id)
        if row is not None and row.state == "refused":
            row.state, row.reason = "open", None
    work.session.add_all(
        plans.offer_row(conversation, offer, "bot", work.now, step.options.offer_days) for offer in new
    )
    await work.session.flush()
    if new:
        summaries = [offer_summary(offer) for offer in new]
        await leave(work, "bot", "offered", "conversation", conversation.id, offers=summaries)


async def _refuse_offers(step: Step, reason: str) -> None:
    refused = [row for row in step.scene.offers if row.state == "open" and row.made_by == "bot"]
    for row in refused:
        row.state, row.reason = "refused", reason
    if refused:
        refs = [row.ref for row in refused]
        conversation_id = step.conversation.id
        await leave(step.work, "debtor", "refused_offers", "conversation", conversation_id, offers=refs, reason=reason)


async def _agree(step: Step, offer: Offer) -> None:
    scene = step.scene
    row = next((row for row in scene.offers if row.ref == offer.id), None)
    await plans.agree(step.work, step.conversation, scene.whole, offer, row, public_id=scene.plan_id)
    for other in scene.offers:
        if other.state == "open":
            other.state = "replaced"


async def _claim_paid(step: Step, amount: str) -> None:
    work = step.work
    text = f"The debtor says that they have paid {amount}".strip() + ". Please look for the payment."
    work.session.add(Note(conversation_id=step.conversation.id, user_id=None, text=text, at=work.now))
    case_id = step.scene.whole.case.id
    await leave(work, "debtor", "claimed_paid", "case", case_id, amount=amount, message=step.message_id)


async def _prefer_contact(step: Step, words: str) -> None:
    work, case = step.work, step.scene.whole.case
    preference = {"words": words, "at": work.now.isoformat(), "message": step.message_id}
    case.contract = {**(case.contract or {}), "contact_preference": preference}
    await cases.add_flags(work.session, case.id, ("time_restricted",), step.message_id, work.now)
    await leave(work, "debtor", "preferred_contact", "case", case.id, words=words, message=step.message_id)


def _clear_table(scene: Scene, memory: Memory) -> None:
    """The bot's offers that the conversation no longer speaks of have been replaced by newer ones."""
    kept = {offer.id for offer in memory.offers} | ({memory.draft.id} if memory.draft else set())
    for row in scene.offers:
        if row.state == "open" and row.made_by == "bot" and row.ref not in kept:
            row.state = "replaced"
