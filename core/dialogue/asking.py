"""An ask is answered from inside the limits: exactly that plan, or the nearest one and what differs."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.calendar import Frequency, on_day
from core.dialogue import means
from core.dialogue.closing import last_word, settles
from core.dialogue.dated_steps import step_date, steps_in
from core.dialogue.decision import Decision, PutOnTable, Say
from core.dialogue.differences import differences
from core.dialogue.household import Recovery, recovery_of
from core.dialogue.large import to_a_person
from core.dialogue.lines import choices, summary
from core.dialogue.meant import asks_for_the_least
from core.dialogue.offers import menu, read_back
from core.dialogue.reading import ask_of, merged
from core.dialogue.said import sums
from core.dialogue.turn import MOST_INSISTING, PERSON, YES_NO, Turn
from core.money import Money
from core.negotiation import answer
from core.negotiation.ability import able_to_pay
from core.negotiation.dates import most_days_to_first, usual_date
from core.negotiation.gaps import gaps_of
from core.negotiation.reasons import outside
from core.negotiation.types import Accepted, Answer, Ask, CaseFacts, Nearest, Offer, Unclear
from core.policy.limits import Breach, Grant


def answer_ask(turn: Turn, grant: Grant, case: CaseFacts) -> Decision:
    """The answer to what this message asks, together with what was asked before."""
    new = _ask_in(turn, grant)
    draft = turn.memory.draft
    if draft is not None and draft.kind == "settlement" and turn.memory.insisted and asks_for_the_least(turn.text):
        least = Say("counter.least", {"allowed_sum": draft.total})
        return turn.decide("answer", least, "readback.ask", buttons=(*YES_NO, PERSON), person_offered=True)
    before = Ask(payday=turn.memory.ask.payday) if _dates_a_counter(turn, new) else turn.memory.ask
    if new.is_empty and turn.says("too_expensive", "ask_other_options") and turn.memory.offers_made:
        unseen = "menu" not in turn.memory.told and able_to_pay(case, grant) is None
        if unseen and not turn.says("too_expensive"):
            return menu(turn, grant, case)
        return _gentler(turn, grant, case)
    if before.is_empty and new == Ask(frequency=Frequency.MONTH) and turn.says("request_instalments"):
        return menu(turn, grant, case)
    if new.is_empty and (before.is_empty or (turn.says("request_instalments") and not _is_of_instalments(before))):
        return menu(turn, grant, case)
    if _wants_more_off(turn, new):
        turn = replace(turn, memory=turn.memory.with_(conceded=turn.memory.conceded + 1))
        grant = turn.grant or grant
    ask = _within_reason(_stepped_by(turn, before, new), new, grant)
    result = answer(ask, case, grant, turn.offer_ids(), table=table(turn))
    repeated = new.is_empty or _sums(ask) == _sums(before)
    return _answered(turn, grant, case, ask, result, repeated=repeated)


def _dates_a_counter(turn: Turn, new: Ask) -> bool:
    """Whether only a day is named after a counter-offer: it is for the plan that was offered, no longer for the ask
    that was refused."""
    draft, untimed = turn.memory.draft, replace(new, first_due=None, anchor_day=None, payday=None, frequency=None)
    if draft is None or not turn.memory.insisted or new.is_empty or not untimed.is_empty:
        return False
    same_rhythm = new.frequency is None or new.frequency == draft.terms.frequency
    return same_rhythm and not turn.memory.ask.dated_steps and not sums(turn.understanding, draft.total.currency)


def _stepped_by(turn: Turn, before: Ask, new: Ask) -> Ask:
    """The two asks as one. A date answers until when the lower sum is meant; without one, once asked, it stands
    alone: it is what the person said that they can pay."""
    if new.instalment is None and any(step.before is None for step in before.dated_steps):
        day = step_date(turn.understanding, turn.text, turn.today)
        if day is not None:
            dated = tuple(replace(step, before=step.before or day) for step in before.dated_steps)
            before, new = replace(before, dated_steps=dated), replace(new, first_due=None, until=None)
    ask = merged(before, new)
    first = next((step for step in ask.dated_steps if step.before is None), None)
    if first is None or "step_date" not in turn.memory.told:
        return ask
    return replace(ask, instalment=first.amount, dated_steps=())


def _wants_more_off(turn: Turn, new: Ask) -> bool:
    """Whether less than all is asked for where that has been answered, or something been taken off, before."""
    asks = new.discount or new.total is not None or new.share is not None or _waives(new)
    before = turn.memory.ask
    answered = before.discount or before.total is not None or _waives(before)
    return asks and (answered or any(offer.discount for offer in table(turn)))


def _waives(ask: Ask) -> bool:
    return ask.waive_fees or ask.waive_interest or ask.waive_penalty


def table(turn: Turn) -> tuple[Offer, ...]:
    """The offers that an ask may be about: the plan read back, else those shown."""
    return (turn.memory.draft,) if turn.memory.draft is not None else turn.memory.offers


_FROM_THEN = re.compile(
    r"(?<!until )(?<!till )\bthen\b|\b(?:after|once|when)\s+(?:that|it|i|i'm|i'll|my)\b"
    r"|(?:上班|复工|入职|工作|复岗|恢复|之|以|然)后|到时|那时",
    re.IGNORECASE,
)
"""Words that make a sum one of the time when income is back, and not of the time until then."""


def _from_then(ask: Ask, recovery: Recovery, turn: Turn, grant: Grant) -> Ask:
    """“200 a month once I am back at work”: nothing falls due before that."""
    if ask.instalment is None or ask.first_due is not None or not _FROM_THEN.search(turn.text):
        return ask
    usual = usual_date(turn.situation.case, most_days_to_first(grant.limits), ask.payday)
    return replace(ask, first_due=recovery.on) if recovery.on > usual else ask


def _ask_in(turn: Turn, grant: Grant) -> Ask:
    """The ask of this message, with what the words leave open filled from the limits."""
    memory = turn.memory
    balance = turn.situation.case.balance.total
    on_table = any(offer.kind == "instalments" for offer in table(turn))
    in_instalments = memory.expecting == "amount" or memory.ask.instalment is not None or on_table
    if memory.draft is not None and memory.draft.kind != "instalments":
        in_instalments = False
    if last_word(turn.text) and _is_far_above(turn):
        in_instalments = False
    told = turn.understanding
    stepped = steps_in(told, turn.text, balance.currency, turn.today)
    recovery = recovery_of(told, turn.text, turn.today)
    if recovery is not None and not (stepped and stepped.ends):
        told = replace(told, entities=tuple(item for item in told.entities if item is not recovery.told_by))
    ask = ask_of(
        told,
        turn.text,
        balance=balance,
        today=turn.today,
        in_instalments=in_instalments,
        in_settlement=_settles(turn),
    )
    ask = _paid_off_without(turn, _on_the_same_day(turn, ask))
    if ask.is_empty:
        ask = _of_a_bare_number(turn)
    if recovery is not None:
        ask = _from_then(ask, recovery, turn, grant)
    if _repeats_an_instalment(turn, ask):
        return replace(ask, instalment=ask.total, total=None, discount=False, at_most=True)
    if _repeats_a_total(turn, ask):
        ask = replace(ask, total=ask.instalment, instalment=None, frequency=None)
    wants_time = turn.says("request_extension") and not turn.says("request_instalments")
    if wants_time and ask.is_empty and not on_table:
        return replace(ask, until=turn.today + timedelta(days=grant.limits.max_extension_days))
    return ask


def _paid_off_without(turn: Turn, ask: Ask) -> Ask:
    """“Can you drop the interest if I pay it all at once?” names a sum: all that is owed, less that."""
    bare = replace(ask, waive_fees=False, waive_interest=False, waive_penalty=False)
    if turn.says("request_instalments") or not settles(turn.text) or not _waives(ask) or not bare.is_empty:
        return ask
    balance = turn.situation.case.balance
    nothing = Money.zero(balance.currency)
    less = (balance.interest if ask.waive_interest else nothing) + (balance.charges if ask.waive_fees else nothing)
    return Ask(total=balance.total - less, discount=True) if nothing < less < balance.total else ask


def _on_the_same_day(turn: Turn, ask: Ask) -> Ask:
    """“Fine, but start in January”, of a plan that was read back: its day of the month stays."""
    draft, days = turn.memory.draft, turn.understanding.of_type("date")
    if draft is None or draft.kind != "instalments" or ask.first_due is None:
        return ask
    if len(days) != 1 or days[0].fields.get("grain") != "month" or ask.first_due.isoformat() != days[0].value:
        return ask
    return replace(ask, first_due=on_day(ask.first_due.year, ask.first_due.month, draft.schedule.first_due.day))


def _settles(turn: Turn) -> bool:
    """Whether the talk is of one sum that ends it all: such an offer is on the table alone, after such an ask."""
    offers = table(turn)
    return len(offers) == 1 and offers[0].kind == "settlement" and turn.memory.ask.instalment is None


_FAR = 2


def _is_far_above(turn: Turn) -> bool:
    """Whether the sum is far above any instalment that the talk is of, so that it is meant to be all."""
    named, shown = turn.memory.ask.instalment, [offer for offer in table(turn) if offer.kind == "instalments"]
    known = [line.amount for offer in shown for line in offer.schedule.instalments]
    known += [] if named is None else [named]
    said = sums(turn.understanding, turn.situation.case.currency)
    return bool(known and said) and said[0].money > max(known) * _FAR


def _repeats_an_instalment(turn: Turn, ask: Ask) -> bool:
    """Whether a last word about a sum is about the payment asked for before: “20 dollars, take it or leave it”."""
    return ask.total is not None and ask.total == turn.memory.ask.instalment and turn.memory.ask.total is None


def _repeats_a_total(turn: Turn, ask: Ask) -> bool:
    """Whether a sum without a period is the one asked for before, to settle it all: “just the 300 then”."""
    said = sums(turn.understanding, turn.situation.case.currency)
    alone = len(said) == 1 and said[0].period == "once"
    return alone and ask.instalment is not None and ask.instalment == turn.memory.ask.total


_BARE = re.compile(r"(?<![\d.,])\d{1,7}(?![\d.,%])")


_OF_LENGTHS = re.compile(
    r"\b(?:too many|too long|fewer|less) ?(?:payments?|months?|instal\w+)?|期数|太[久长]", re.IGNORECASE
)


def _of_a_bare_number(turn: Turn) -> Ask:
    """“Make it 10”: as many payments, or as much a payment, by what the talk is of."""
    before, numbers = turn.memory.ask, _BARE.findall(turn.text)
    if len(numbers) != 1 or turn.understanding.of_type("choice", "digits", "phone", "time") or not int(numbers[0]):
        return Ask()
    if before.count is not None or _OF_LENGTHS.search(turn.text):
        return Ask(count=int(numbers[0]))
    currency = turn.situation.case.currency
    return Ask(instalment=Money.of(numbers[0], currency)) if before.instalment is not None else Ask()


def _sums(ask: Ask) -> tuple[object, ...]:
    """What an ask is repeated by, however it is worded."""
    whole = (ask.instalment, ask.count, ask.total, ask.share, ask.down_payment, ask.until, ask.first_due)
    return (*whole, ask.steps, ask.dated_steps)


def _is_of_instalments(ask: Ask) -> bool:
    return any((ask.instalment, ask.count, ask.term_days, ask.frequency, ask.down_payment))


def _within_reason(ask: Ask, new: Ask, grant: Grant) -> Ask:
    """A wish for less, said before and refused, is not held against a plan in instalments that asks for no discount."""
    if ask.discount and not new.discount and grant.limits.min_settlement_share_instalments >= 1:
        return replace(ask, discount=False) if _is_of_instalments(ask) else ask
    return ask


def _answered(turn: Turn, grant: Grant, case: CaseFacts, ask: Ask, result: Answer, *, repeated: bool) -> Decision:
    match result:
        case Accepted(offer):
            return read_back(turn, offer, ask=ask, insisted=0, finances=case.finances)
        case Nearest(offer, breaches):
            return _counter(turn, grant, offer, breaches, repeated, ask=ask, finances=case.finances)
        case Unclear("step_date"):
            asked = turn.now_told("step_date")
            values: dict[str, Any] = {"expecting": "date", "ask": ask, "told": asked, "finances": case.finances}
            return turn.decide("clarify", "offer.ask_step_date", **values)
        case Unclear(missing):
            key = f"offer.ask_{missing}"
            return turn.decide("clarify", key, expecting=missing, ask=ask, finances=case.finances)


def _counter(
    turn: Turn, grant: Grant, offer: Offer, breaches: tuple[Breach, ...], repeated: bool, **changes: Any
) -> Decision:
    """The nearest plan and what differs; insisted on, a person beside it; insisted on again, the person."""
    if any(each.field == "person_decides_above" for each in breaches):
        return to_a_person(turn, grant, **changes)
    insisted = turn.memory.insisted + 1 if repeated else min(turn.memory.insisted + 1, MOST_INSISTING - 1)
    because = (*outside(breaches), f"rule:{grant.rule} v{grant.version}")
    if any("held" in breach.data for breach in breaches):
        insisted = turn.memory.insisted
        because = (*because, f"concession:{grant.limits.concession_pace} step {turn.memory.conceded + 1}")
    if insisted >= MOST_INSISTING:
        return turn.hand_over(
            "escalate",
            "limits",
            "escalate.limits",
            turn.person(),
            because=because,
            draft=offer,
            gaps=gaps_of(changes["ask"], offer, breaches),
            insisted=insisted,
            **changes,
        )
    person = insisted > 1 or "above affordability" in offer.because
    differs = _differs(turn, grant, offer, breaches, changes["ask"])
    again = turn.memory.draft is not None and turn.memory.draft.terms == offer.terms
    return read_back(
        turn, offer, differs=differs, person=person, because=because, again=again, insisted=insisted, **changes
    )


def _differs(turn: Turn, grant: Grant, offer: Offer, breaches: tuple[Breach, ...], ask: Ask) -> tuple[Say, ...]:
    """What differs, in words; a sum too small is set beside the sum that comes closest."""
    said = differences(breaches, turn.situation.case.currency, grant.limits)
    level = offer.schedule.instalments[0].amount if offer.kind == "instalments" else None
    every = ask.frequency or offer.terms.frequency
    if ask.instalment is None or level is None or (every == offer.terms.frequency and level <= ask.instalment):
        return said
    values = {"asked": ask.instalment, "every": every, "allowed": level, "frequency": offer.terms.frequency}
    sums = Say("counter.level", values)
    return (sums, *(say for say in said if say.key not in _ABOUT_LENGTH))


_ABOUT_LENGTH = (
    "counter.frequencies",
    "counter.min_instalment",
    "counter.max_instalments",
    "counter.max_term_days",
    "counter.min_first_payment_share",
)


def _gentler(turn: Turn, grant: Grant, case: CaseFacts) -> Decision:
    """Too much, and no number: the gentlest plan that the limits allow, and the question what would be possible."""
    if "gentlest" in turn.memory.told:
        question = means.asked(turn, case, grant)
        if question is not None:
            return question
        return turn.decide(
            "assess", "offer.ask_amount_again", buttons=(PERSON,), expecting="amount", person_offered=True
        )
    ask = Ask(count=grant.limits.max_instalments, payday=turn.memory.ask.payday, first_due=turn.memory.ask.first_due)
    result = answer(ask, case, grant, turn.offer_ids(), table=())
    told = turn.now_told("gentlest")
    if not isinstance(result, Accepted | Nearest):
        return turn.decide("assess", "offer.ask_amount", expecting="amount", told=told)
    offer = result.offer
    if "above affordability" in offer.because:
        because = (*turn.why(), *offer.because)
        return turn.hand_over("escalate", "limits", "escalate.limits", turn.person(), because=because, draft=offer)
    return turn.decide(
        "offer",
        Say("offer.gentlest", summary(offer)),
        Say("offer.ask_amount"),
        buttons=(*choices((offer,)), PERSON),
        effects=(PutOnTable((offer,)),),
        because=(*turn.why(), *offer.because),
        offers=(offer,),
        draft=None,
        offers_made=turn.memory.offers_made + 1,
        expecting="amount",
        told=told,
        phase="talking",
    )
