"""A plan in force: what is next, what is left, another date for one instalment, early payment, and when it breaks."""

from datetime import date, timedelta

from core.dialogue.bargain import pay_ways
from core.dialogue.decision import Decision, MoveInstalment, Say
from core.dialogue.reading import future_date, span_days, sums
from core.dialogue.situation import PlanFacts, PlanInstalment
from core.dialogue.turn import PERSON, YES_NO, Turn

MOVES = ("change_plan", "missed_payment", "request_extension", "promise_to_pay")
STATUS = ("ask_plan_status", "ask_balance", "ask_due_date", "ask_debt_details")
MOST_MISSED = 2
"""So many instalments unpaid at once, and a person looks at the plan with the debtor."""


def follow_plan(turn: Turn) -> Decision | None:
    """What the message does to the plan in force; None without one, or when it is about something else."""
    plan = turn.situation.plan
    if plan is None:
        return None
    if turn.memory.move_draft is not None:
        settled = _settle_move(turn, plan)
        if settled is not None:
            return settled
    if turn.says("cancel_plan"):
        return turn.hand_over("escalate", "person_requested", "plan.cancel", turn.person())
    if turn.says("ask_early_payoff", "pay_in_full"):
        return turn.decide("answer", Say("plan.payoff", {"left": plan.left}), pay_ways(turn))
    if turn.says(*MOVES, "propose_amount", "too_expensive", "cannot_pay") or _date_awaited(turn):
        return _change(turn, plan)
    if turn.says(*STATUS, "ask_other_options", "request_instalments"):
        return _status(turn, plan)
    return None


def _date_awaited(turn: Turn) -> bool:
    return turn.memory.expecting == "date" and bool(turn.understanding.of_type("date", "duration", "payday"))


def _status(turn: Turn, plan: PlanFacts) -> Decision:
    following = plan.next
    if following is None:
        return turn.decide("answer", "plan.complete")
    values = {
        "due": following.due,
        "amount": following.amount - following.paid,
        "left": plan.left,
        "count": sum(1 for item in plan.instalments if item.paid < item.amount),
        "url": turn.situation.copy_url,
    }
    overdue = following.due < turn.today
    status = Say("plan.status_overdue" if overdue else "plan.status", values)
    return turn.decide("answer", status, *((Say("plan.copy", values),) if values["url"] else ()))


def _change(turn: Turn, plan: PlanFacts) -> Decision:
    missed = [item for item in plan.instalments if item.due < turn.today and item.paid < item.amount]
    if len(missed) >= MOST_MISSED or "sum_again" in turn.memory.told:
        return turn.hand_over("escalate", "broken_promise" if missed else "limits", "plan.person", turn.person())
    if sums(turn.understanding, plan.total.currency) or turn.says("too_expensive", "cannot_pay"):
        return turn.hand_over(
            "escalate", "limits", "plan.other_sum", turn.person(), because=(*turn.why(), "a-smaller-sum-needs-a-person")
        )
    following = plan.next
    if following is None:
        return turn.decide("answer", "plan.complete")
    day = _wanted_day(turn, following)
    if day is None:
        key = "plan.ask_date_missed" if turn.says("missed_payment") else "plan.ask_date"
        return turn.decide(
            "answer", Say(key, {"due": following.due, "amount": following.amount - following.paid}), expecting="date"
        )
    return _propose_move(turn, plan, following, day)


def _wanted_day(turn: Turn, following: PlanInstalment) -> date | None:
    day = future_date(turn.understanding, turn.today)
    if day is not None:
        return day
    spans = turn.understanding.of_type("duration")
    return max(following.due, turn.today) + timedelta(days=span_days(spans[0], turn.today)) if spans else None


def _propose_move(turn: Turn, plan: PlanFacts, following: PlanInstalment, day: date) -> Decision:
    latest = _latest(turn, plan, following)
    if latest < turn.today:
        return turn.hand_over(
            "escalate", "broken_promise", "plan.person", turn.person(), because=("no-date-left-inside-limits",)
        )
    fits = day <= latest
    allowed = day if fits else latest
    says = [] if fits else [Say("plan.move_outside", {"asked": day, "latest": latest})]
    says.append(
        Say("plan.move_ask", {"from": following.due, "due": allowed, "amount": following.amount - following.paid})
    )
    because = (*turn.why(), f"latest:{latest.isoformat()}")
    return turn.decide(
        "offer" if fits else "counter",
        *says,
        buttons=YES_NO if fits else (*YES_NO, PERSON),
        because=because,
        move_draft=(following.number, allowed),
        expecting="affirm",
    )


def _latest(turn: Turn, plan: PlanFacts, following: PlanInstalment) -> date:
    """The last day that this instalment may move to: within the extension allowed, before the next, inside the term."""
    days = turn.grant.limits.max_extension_days if turn.grant else 0
    latest = following.due + timedelta(days=days)
    later = [item.due for item in plan.instalments if item.number > following.number]
    if later:
        latest = min(latest, min(later) - timedelta(days=1))
    if plan.last_due_allowed is not None:
        latest = min(latest, plan.last_due_allowed)
    return latest


def _settle_move(turn: Turn, plan: PlanFacts) -> Decision | None:
    move = turn.memory.move_draft
    if move is None:
        return None
    number, due = move
    instalment = next(item for item in plan.instalments if item.number == number)
    if turn.yes:
        return turn.decide(
            "agree",
            Say("plan.moved", {"due": due, "amount": instalment.amount - instalment.paid}),
            effects=(MoveInstalment(number, due),),
            move_draft=None,
            expecting=None,
        )
    if turn.no:
        return turn.decide("clarify", "plan.move_no", buttons=(PERSON,), move_draft=None, expecting="date")
    return None
