"""What a script prints: the decision of a turn and the state at the end, in the form of the reference page."""

from dataclasses import dataclass
from typing import Any

from core.actions import outcome
from core.actions.outcome import EndState
from core.work import Works


@dataclass(frozen=True, slots=True)
class Told:
    """The understanding and the decision of a turn, as printed."""

    understood: dict[str, Any]
    decision: dict[str, Any]


async def last_heard(works: Works, conversation_id: int) -> Told:
    """What the last answered message meant, and what was decided."""
    async with works.read() as session:
        heard = await outcome.last_heard(session, conversation_id)
    if heard is None:
        return Told({}, {})
    kept = ("kind", "because", "offers")
    return Told(heard.understood, {name: heard.decision[name] for name in kept if name in heard.decision})


async def holder_of(works: Works, conversation_id: int) -> str:
    """`bot`, `queue`, or the login of the agent."""
    async with works.read() as session:
        return await outcome.holder(session, conversation_id)


async def end_of(works: Works, conversation_id: int) -> dict[str, Any]:
    """The end state."""
    if not conversation_id:
        return {}
    async with works.read() as session:
        return _as_json(await outcome.end_state(session, conversation_id))


def _as_json(end: EndState) -> dict[str, Any]:
    plan = end.plan
    return {
        "holder": end.holder,
        "state": end.state,
        "flags": list(end.flags),
        "plan": None
        if plan is None
        else {
            "total": plan.total.to_text(),
            "discount": plan.discount.to_text(),
            "down_payment": plan.down_payment.to_text(),
            "frequency": plan.frequency,
            "instalments": [{"due": due.isoformat(), "amount": sum_.to_text()} for due, sum_ in plan.payments],
            "policy_version": plan.policy_version,
        },
        "promise": None
        if end.promise is None
        else {"date": end.promise[0].isoformat(), "amount": end.promise[1].to_text()},
        "handoff": None if end.handoff is None else {"reason": end.handoff[0], "priority": end.handoff[1]},
        "sent_after_stop": end.sent_after_stop,
    }
