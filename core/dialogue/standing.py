"""A plan in force: what is next, what is left, another date for one instalment, early payment, and when it breaks."""

import re
from dataclasses import replace
from datetime import date, timedelta

from core.calendar import on_day
from core.dialogue.decision import Decision, MoveInstalment, Reply, Say
from core.dialogue.flags import Flag
from core.dialogue.lines import origin, pay_ways
from core.dialogue.said import future_date, payday, span_days, sums
from core.dialogue.situation import PlanFacts, PlanInstalment
from core.dialogue.turn import PERSON, YES_NO, Turn
from core.negotiation.dates import after_payday

MOVES = ("change_plan", "missed_payment", "request_extension", "promise_to_pay", "reason_oversight")
OTHER_SUMS = ("propose_amount", "too_expensive", "request_discount", "request_fee_waiver")
EARLY = ("ask_early_payoff", "pay_in_full", "pay_part_now")
STATUS = ("ask_plan_status", "ask_balance", "ask_due_date", "ask_other_options", "request_instalments", "choose_option")
MOST_MISSED = 2
"""So many instalments unpaid at once, and a person looks at the plan with the debtor."""


_EVERY = re.compile(
    r"\b(?:every|each) (?:month|week|time)\b|\ball (?:the |my )?(?:dates|payments)\b|每个?月|每期|以后都|全都",
    re.IGNORECASE,
)
"""Words that mean all the instalments, not one."""


def follow_plan(turn: Turn) -> Decision | None:
    """What the message does to the plan in force; None without one, or when it is about something else."""
    plan = turn.situation.plan
    if plan is None:
        return None
    if turn.says("already_paid", "ask_payment_received"):
        return _received(turn, plan) if turn.booked else None
    if turn.memory.move_draft is not None:
        settled = _settle_move(turn, plan)
        if settled is not None:
            return settled
    if _answers_about_a_person(turn):
        return _person_wanted(turn)
    if turn.press is not None:
        return _status(turn, plan) if ":" in turn.press or turn.press == "instalments" else None
    if turn.says("cancel_plan", "refuse_to_pay"):
        return turn.hand_over("escalate", "person_requested", "plan.cancel", turn.person())
    if turn.says(*MOVES, *OTHER_SUMS) or _date_awaited(turn) or _moves_one_named(turn):
        return _change(turn, plan)
    if turn.says(*EARLY):
        return turn.decide("answer", Say("plan.payoff", {"left": plan.left}), pay_ways(turn))
    if turn.says("cannot_pay", "multiple_debts", "inform_finances"):
        return _circumstances(turn, plan)
    if turn.says("ask_debt_details"):
        status = _status(turn, plan)
        return replace(status, replies=(Reply((origin(turn), *status.replies[0].says)),))
    return _status(turn, plan) if turn.says(*STATUS) else None


def _received(turn: Turn, plan: PlanFacts) -> Decision:
    """What has arrived so far, and what comes next."""
    status = _status(turn, plan)
    received = Say("plan.received", {"amount": plan.total - plan.left})
    return replace(status, replies=(Reply((received, *status.replies[0].says)),))


def _circumstances(turn: Turn, plan: PlanFacts) -> Decision:
    """Things are tight: another day is offered first; said again, a person."""
    following = plan.next
    if following is None:
        return turn.decide("answer", "plan.complete")
    if payday(turn.understanding) is not None or not _may_move(turn, plan, following):
        return _change(turn, plan)
    if "tight_in_plan" in turn.memory.told:
        flags: frozenset[Flag] = frozenset(("hardship",))
        return turn.hand_over("escalate", "hardship", "escalate.hardship", turn.person(), flags=flags)
    return turn.decide(
        "assess",
        Say("plan.tight", {"due": following.due, "amount": following.amount - following.paid}),
        buttons=(PERSON,),
        expecting="date",
        told=turn.now_told("tight_in_plan"),
    )


def _date_awaited(turn: Turn) -> bool:
    return turn.memory.expecting == "date" and bool(turn.understanding.of_type("date", "duration", "payday"))


def _moves_one_named(turn: Turn) -> bool:
    """“Make it the 25th for the second one”: an instalment by its place, and a day for it."""
    days = [item for item in turn.understanding.of_type("date") if item.fields.get("grain", "day") == "day"]
    return bool(days) and _nth(turn.text) is not None and not turn.is_question


def _may_move(turn: Turn, plan: PlanFacts, instalment: PlanInstalment) -> bool:
    """Whether the limits let this payment be moved: so many others have not been."""
    most = plan.max_extensions
    if most is None:
        most = turn.grant.limits.max_extensions if turn.grant else 0
    moved = sum(item.moved_from is not None for item in plan.instalments if item.number != instalment.number)
    return moved < most


def _no_more_delays(turn: Turn, following: PlanInstalment) -> Decision:
    """No date can be moved any more: a person is offered; asked for again, the person."""
    because = (*turn.why(), "delays:used up")
    if "no_more_delays" in turn.memory.told:
        return turn.hand_over("escalate", "limits", "plan.person", turn.person(), because=because)
    return turn.decide(
        "answer",
        Say("plan.no_more_delays", {"due": following.due, "amount": following.amount - following.paid}),
        buttons=(*YES_NO, PERSON),
        because=because,
        move_draft=None,
        expecting="affirm",
        person_offered=True,
        told=turn.now_told("no_more_delays"),
    )


def _answers_about_a_person(turn: Turn) -> bool:
    new = turn.understanding.of_type("date", "duration", "payday", "amount")
    return turn.memory.person_offered and (turn.yes or turn.no) and not new


def _person_wanted(turn: Turn) -> Decision:
    """A yes or a no to a person."""
    if turn.no:
        return turn.decide("answer", "social.no_person", expecting=None)
    return turn.hand_over("escalate", "limits", "plan.person", turn.person(), because=("yes:person",))


def _early(turn: Turn, following: PlanInstalment) -> Decision:
    return turn.decide("answer", Say("plan.early", {"due": following.due}), pay_ways(turn))


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
    if len(missed) >= MOST_MISSED:
        return turn.hand_over("escalate", "broken_promise", "plan.person", turn.person())
    said = sums(turn.understanding, plan.total.currency)
    others = [item for item in said if item.money not in {instalment.amount for instalment in plan.instalments}]
    other_length = bool(turn.understanding.of_type("instalments", "share")) or bool(_EVERY.search(turn.text))
    if others or other_length or turn.says(*OTHER_SUMS):
        return turn.hand_over(
            "escalate", "limits", "plan.other_terms", turn.person(), because=(*turn.why(), "other-terms-need-a-person")
        )
    following = _meant(turn, plan)
    if following is None:
        return turn.decide("answer", "plan.complete")
    day = _wanted_day(turn, following)
    if not _may_move(turn, plan, following):
        return _early(turn, following) if day is not None and day < following.due else _no_more_delays(turn, following)
    if day is None:
        key = "plan.ask_date_missed" if turn.says("missed_payment") else "plan.ask_date"
        return turn.decide(
            "answer", Say(key, {"due": following.due, "amount": following.amount - following.paid}), expecting="date"
        )
    return _propose_move(turn, plan, following, day)


_NTH_EN = ("first", "second", "third", "fourth", "fifth", "sixth")
_NTH = re.compile(
    r"\b(first|second|third|fourth|fifth|sixth|\d{1,2}(?:st|nd|rd|th))\s+(?:one|payment|instal+ment)\b"
    r"|第\s*([一二三四五六七八九十]|\d{1,2})\s*(?:期|笔|次)",
    re.IGNORECASE,
)


def _nth(text: str) -> int | None:
    """The instalment that is named by its place in the plan."""
    found = _NTH.search(text)
    if found is None:
        return None
    english, chinese = (found.group(1) or "").lower(), found.group(2) or ""
    if english:
        return _NTH_EN.index(english) + 1 if english in _NTH_EN else int(re.sub(r"\D", "", english))
    return int(chinese) if chinese.isdigit() else "一二三四五六七八九十".index(chinese) + 1


def _meant(turn: Turn, plan: PlanFacts) -> PlanInstalment | None:
    """The instalment of the month that is named, else the next one."""
    nth = _nth(turn.text)
    if nth is not None:
        return next((item for item in plan.instalments if item.number == nth and item.paid < item.amount), plan.next)
    months = [item for item in turn.understanding.of_type("date") if item.fields.get("grain") == "month"]
    named = date.fromisoformat(str(months[0].value)) if months else None
    unpaid = [item for item in plan.instalments if item.paid < item.amount]
    of_month = [item for item in unpaid if named and (item.due.year, item.due.month) == (named.year, named.month)]
    return next(iter(of_month), plan.next)


def _wanted_day(turn: Turn, following: PlanInstalment) -> date | None:
    exact = [entity for entity in turn.understanding.of_type("date") if entity.fields.get("grain", "day") != "month"]
    day = future_date(turn.understanding, turn.today) if exact else None
    if day is not None:
        return _near(day, following)
    spans = turn.understanding.of_type("duration")
    if spans:
        return max(following.due, turn.today) + timedelta(days=span_days(spans[0], turn.today))
    told = payday(turn.understanding)
    return after_payday(told, max(following.due, turn.today)) if told else None


def _near(day: date, following: PlanInstalment) -> date:
    """The day in the month of the instalment that is meant, where a bare day was read as one long before it."""
    due = following.due
    if day >= due or (day.year, day.month) == (due.year, due.month):
        return day
    same = on_day(due.year, due.month, day.day)
    return same if same >= due else on_day(due.year, due.month + 1, day.day)


def _propose_move(turn: Turn, plan: PlanFacts, following: PlanInstalment, day: date) -> Decision:
    latest = _latest(turn, plan, following)
    if latest < turn.today:
        return turn.hand_over(
            "escalate", "broken_promise", "plan.person", turn.person(), because=("no-date-left-inside-limits",)
        )
    if day < following.due and turn.says("promise_to_pay"):
        return _early(turn, following)
    if latest <= following.due < day:
        return _no_more_delays(turn, following)
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
    """The last day that this instalment may move to: within the extension allowed from the day on which it was first
    due, before the next, inside the term."""
    days = plan.max_extension_days
    if days is None:
        days = turn.grant.limits.max_extension_days if turn.grant else 0
    latest = (following.moved_from or following.due) + timedelta(days=days)
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
    if turn.yes and not turn.understanding.of_type("date", "duration", "amount"):
        return turn.decide(
            "agree",
            Say("plan.moved", {"due": due, "amount": instalment.amount - instalment.paid}),
            effects=(MoveInstalment(number, due),),
            move_draft=None,
            expecting=None,
        )
    if turn.no and not turn.understanding.of_type("date", "duration"):
        return turn.decide("clarify", "plan.move_no", buttons=(PERSON,), move_draft=None, expecting="date")
    return None
