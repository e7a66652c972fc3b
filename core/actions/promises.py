"""Promises to pay, inside the limits."""

from sqlalchemy import update

from core.actions.plans import Obstacle
from core.actions.trail import leave
from core.dialogue.situation import Situation
from core.errors import InvariantBroken
from core.negotiation import Promise
from core.policy import check_promise
from core.store.cases import WholeCase
from core.store.tables import Conversation, PromiseRow
from core.work import Work


def obstacle_to_promise(situation: Situation, promise: Promise) -> Obstacle | None:
    """Whether the promise is outside the limits in force."""
    if situation.grant is None:
        return Obstacle("no-policy", {})
    owed, today = situation.case.balance.total, situation.now.date()
    breaches = check_promise(promise.due, promise.amount, owed, situation.grant, today)
    if breaches:
        return Obstacle("outside-limits", {breach.field: f"{breach.asked} > {breach.allowed}" for breach in breaches})
    return None


async def make(
    work: Work, conversation: Conversation, whole: WholeCase, promise: Promise, situation: Situation
) -> PromiseRow:
    """Note the promise; one that stood is replaced. InvariantBroken where there is an obstacle: ask before."""
    obstacle = obstacle_to_promise(situation, promise)
    if obstacle is not None or situation.grant is None:
        raise InvariantBroken("This promise cannot be taken.", code=obstacle.code if obstacle else "no-policy")
    await work.session.execute(
        update(PromiseRow)
        .where(PromiseRow.case_id == whole.case.id, PromiseRow.state == "open")
        .values(state="replaced")
    )
    row = PromiseRow(
        case_id=whole.case.id,
        conversation_id=conversation.id,
        due=promise.due,
        currency=promise.amount.currency,
        amount=promise.amount.minor,
        policy_version=situation.grant.version,
        state="open",
        made_at=work.now,
    )
    work.session.add(row)
    await work.session.flush()
    await leave(
        work,
        "debtor",
        "promised",
        "case",
        whole.case.id,
        promise=row.id,
        due=promise.due.isoformat(),
        amount=promise.amount.to_text(),
        policy_version=situation.grant.version,
    )
    return row
