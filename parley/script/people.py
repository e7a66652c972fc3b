"""The people's side of a script: agents, approvals, payments, and a due date that passes."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.actions import beyond_limits, desk, outcome, payments, replies, takeover
from core.actions.values import Actor, Closed, HeldBy, NotHolder
from core.calendar import Frequency
from core.compliance import Refused
from core.errors import InvalidInput
from core.money import Money
from core.negotiation.types import Ask
from core.plans import Step
from parley.script import ending
from parley.script.document import day_of
from parley.script.performance import Performance

_AFTER_DUE = time(10, 0)


async def act(on: Performance, turn: Mapping[str, Any]) -> dict[str, Any]:
    """What an agent does, and what of it reached the debtor."""
    name = str(turn.get("user", ""))
    actor = on.agents.get(name)
    if actor is None:
        raise InvalidInput("Name one of the team.", user=name, team=", ".join(on.agents))
    did = "say" if "say" in turn else str(turn.get("do", ""))
    refused, note = await _done(on, actor, did, turn)
    told: dict[str, Any] = {"agent": name, "did": did, "replies": await on.delivered(), "refused": refused}
    if note:
        told["note"] = note
    return {**told, "holder": await ending.holder_of(on.works, on.conversation_id)}


async def _done(on: Performance, actor: Actor, did: str, turn: Mapping[str, Any]) -> tuple[list[str], str]:
    """The rules that refused it, and a word about how it went where that is no rule."""
    key = f"script-{on.next_key()}"
    async with on.works.begin() as work:
        where = on.conversation_id
        result: object
        match did:
            case "say":
                result = await replies.reply_as_agent(work, where, actor, str(turn["say"]), key)
            case "take_over":
                result = await takeover.take_over(work, where, actor)
            case "hand_back":
                result = await takeover.hand_back(work, where, actor, str(turn.get("note", "")))
            case "close":
                result = await takeover.close(work, where, actor, str(turn.get("outcome", "done")))
            case "offer":
                ask = _ask(turn.get("terms") or {}, str(on.script.case.get("currency", "CNY")))
                result = await desk.propose(work, where, actor, ask, str(turn.get("reason", "asked by the debtor")))
            case "approve" | "refuse":
                waiting = await beyond_limits.waiting_approval(work.session, where)
                if waiting is None:
                    return [], "nothing waits for approval"
                result = await beyond_limits.decide_approval(work, waiting, actor, did == "approve")
            case _:
                raise InvalidInput("An agent can take_over, say, offer, approve, hand_back or close.", do=did)
    return _said_of(result)


def _said_of(result: object) -> tuple[list[str], str]:
    match result:
        case Refused(reasons):
            return [reason.rule_id for reason in reasons], ""
        case HeldBy(name):
            return [], f"held by {name}"
        case NotHolder(name):
            return [], f"held by {name}" if name else "held by nobody"
        case beyond_limits.NeedsApproval(_, _, breaches):
            return [], "needs approval: " + ", ".join(breach.field for breach in breaches)
        case beyond_limits.MayNotApprove(role):
            return [], f"a {role} may not approve this"
        case Closed(outcome_):
            return [], f"closed: {outcome_}"
        case _:
            return [], ""


def _ask(terms: Mapping[str, Any], currency: str) -> Ask:
    """Terms as a script writes them: an agent's ask."""

    def money(*names: str) -> Money | None:
        value = next((terms[name] for name in names if terms.get(name) is not None), None)
        return None if value is None else Money.of(str(value), currency)

    count = next((terms[name] for name in ("count", "instalments", "number") if terms.get(name) is not None), None)
    first = next((terms[name] for name in ("first_due", "first", "due", "from") if terms.get(name) is not None), None)
    frequency = terms.get("frequency")
    share = terms.get("share")
    until = terms.get("until")
    return Ask(
        instalment=money("amount", "instalment"),
        total=money("total"),
        down_payment=money("down_payment"),
        count=None if count is None else len(count) if isinstance(count, list) else int(count),
        first_due=None if first is None else day_of(first),
        frequency=None if frequency is None else Frequency(str(frequency)),
        share=None if share is None else Decimal(str(share)),
        until=None if until is None else day_of(until),
        waived_fees=money("waived_fees"),
        waived_interest=money("waived_interest"),
        waived_penalty=money("waived_penalty"),
        steps=tuple(Step(int(count), Money.of(str(sum_), currency)) for count, sum_ in terms.get("steps", ())),
    )


async def payment(on: Performance, paid: Mapping[str, Any]) -> dict[str, Any]:
    """A payment arrives."""
    currency = str(on.script.case.get("currency", "CNY"))
    amount = Money.of(str(paid["amount"]), currency)
    today = on.clock.now().astimezone(ZoneInfo(on.script.time_zone)).date()
    async with on.works.begin() as work:
        await payments.record(work, on.case_id, amount, f"script-{on.next_key()}", today)
    replies_ = await on.delivered()
    holder = await ending.holder_of(on.works, on.conversation_id) if on.conversation_id else "bot"
    return {"payment": amount.to_text(), "replies": replies_, "holder": holder}


async def miss(on: Performance) -> dict[str, Any]:
    """The next due date passes unpaid: the clock moves to the morning after it."""
    async with on.works.read() as session:
        due = await outcome.next_due(session, on.case_id)
    if due is None:
        raise InvalidInput("Nothing falls due: there is no plan or promise to miss.")
    zone = ZoneInfo(on.script.time_zone)
    after = datetime.combine(due + timedelta(days=1), _AFTER_DUE, zone).astimezone(UTC)
    if after > on.clock.now():
        await on.passes(after - on.clock.now())
    replies_ = await on.delivered()
    holder = await ending.holder_of(on.works, on.conversation_id)
    return {"missed": due.isoformat(), "replies": replies_, "holder": holder}
