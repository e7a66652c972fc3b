"""From what was understood to what is asked: entities become an ask, and a new ask is laid over the one before."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from core.calendar import Frequency
from core.dialogue.closing import is_taken_off, last_word, settles
from core.dialogue.dated_steps import steps_in
from core.dialogue.first_sums import with_first_sum
from core.dialogue.household import without_household
from core.dialogue.on_days import done_by, ending, on_days
from core.dialogue.rest import with_rest
from core.dialogue.said import Sum, future_date, payday, span_days, sums
from core.dialogue.steps import Stepped, then_the_rest
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.ability import whole_up
from core.negotiation.types import Ask
from core.plans import PERIODS_PER_YEAR

_FREQUENCY: Mapping[str, Frequency] = {
    "week": Frequency.WEEK,
    "fortnight": Frequency.FORTNIGHT,
    "month": Frequency.MONTH,
}

ASK_ENTITIES = ("amount", "share", "date", "payday", "duration", "instalments", "frequency")
"""Entity types that can make or change an ask."""


def ask_of(
    understanding: Understanding,
    text: str,
    *,
    balance: Money,
    today: date,
    in_instalments: bool,
    in_settlement: bool = False,
) -> Ask:
    """What this one message asks for. `in_instalments`: the talk is of a sum each period, so a bare sum is one;
    `in_settlement`: of one sum that ends it all, so a bare sum that is not small beside the balance is another."""
    understanding = without_household(understanding, text)
    settling = settles(text) or (last_word(text) and not in_instalments)
    in_instalments = in_instalments and not settling
    stepped = steps_in(understanding, text, balance.currency, today) or then_the_rest(understanding, text, balance)
    if stepped is not None:
        dated = _dated(_without(understanding, *stepped.ends), today, in_instalments)
        return _in_steps(_at_month_end(dated, text), stepped)
    paid = on_days(understanding, text, balance=balance, today=today)
    if paid is not None:
        return paid
    end = done_by(understanding, text, today)
    if end is not None and end.type == "date":
        understanding = _without(understanding, end)
    asked = _at_month_end(_dated(understanding, today, in_instalments), text)
    asked = _counted(understanding, asked, today, text)
    if end is not None and end.type == "date" and not understanding.of_type("amount"):
        return ending(asked, end, today)
    one_sum = settling or (in_settlement and _is_no_instalment(understanding, balance))
    settling = one_sum and asked.count is None
    asked = _summed(understanding, asked, text, balance=balance, in_instalments=in_instalments, settling=settling)
    if last_word(text) and asked.instalment is not None:
        asked = replace(asked, at_most=True)
    asked = with_first_sum(_discounted(understanding, asked, balance), understanding, text, today)
    asked = with_rest(asked, understanding, text, balance=balance, today=today)
    return _waived(text, asked) if understanding.says("request_fee_waiver") else asked


def _without(understanding: Understanding, *left_out: Entity) -> Understanding:
    kept = tuple(item for item in understanding.entities if item not in left_out)
    return replace(understanding, entities=kept)


_LEAST_TO_SETTLE = 5
"""A sum below this part of the balance is no bid for all of it."""


def _is_no_instalment(understanding: Understanding, balance: Money) -> bool:
    said = sums(understanding, balance.currency)
    once = all(item.period == "once" for item in said) and not understanding.says("request_instalments")
    return once and any(item.money.minor * _LEAST_TO_SETTLE >= balance.minor for item in said)


def _in_steps(ask: Ask, stepped: Stepped) -> Ask:
    return replace(
        ask,
        until=None,
        first_due=ask.first_due or ask.until,
        instalment=stepped.then,
        steps=stepped.steps,
        dated_steps=stepped.dated,
        frequency=stepped.frequency,
        down_payment=stepped.down,
    )


def _dated(understanding: Understanding, today: date, in_instalments: bool) -> Ask:
    """A date is the first payment's; where more time is asked for all of it, its end."""
    day = future_date(understanding, today)
    ask = Ask(payday=payday(understanding))
    if understanding.says("request_extension") and not understanding.says("request_instalments", "propose_amount"):
        spans = understanding.of_type("duration")
        until = day or (today + timedelta(days=span_days(spans[0], today)) if spans else None)
        return replace(ask, first_due=until) if in_instalments else replace(ask, until=until)
    return replace(ask, first_due=day)


_MONTH_END = re.compile(
    r"\b(?:last day of|end of) (?:every|each|the) month\b|\bmonth[- ]end\b|每个?月(?:底|末|最后一天)|月底",
    re.IGNORECASE,
)


def _at_month_end(ask: Ask, text: str) -> Ask:
    """“The last day of every month” stays the last day, however long the months are."""
    due = ask.first_due
    if due is None or not _MONTH_END.search(text) or (due + timedelta(days=1)).day != 1:
        return ask
    return replace(ask, anchor_day=31)


_DENIED = re.compile(
    r"\b(?:not|no|instead of|rather than)\s+(?:a |every |per )?$|(?:不是|不要|别)(?:按|每)?$", re.IGNORECASE
)
"""Words right before a rhythm that is put right: “not weekly, biweekly”."""


def _counted(understanding: Understanding, ask: Ask, today: date, text: str) -> Ask:
    counts = understanding.of_type("instalments")
    frequencies = [item for item in understanding.of_type("frequency") if not _DENIED.search(text[: item.start])]
    if frequencies:
        ask = replace(ask, frequency=_FREQUENCY.get(str(frequencies[0].value), Frequency.MONTH))
    if counts:
        return replace(ask, count=max(1, int(counts[0].value)))
    spans = understanding.of_type("duration")
    if spans and ask.until is None and not understanding.says("request_extension"):
        return replace(ask, term_days=span_days(spans[0], today))
    return ask


def _summed(
    understanding: Understanding, ask: Ask, text: str, *, balance: Money, in_instalments: bool, settling: bool
) -> Ask:
    said = sums(understanding, balance.currency)
    if not said:
        return ask
    periodic = [item for item in said if item.period != "once"]
    single = [item for item in said if item.period == "once"]
    if periodic:
        ask = _per_period(ask, max(periodic, key=lambda item: item.money.minor))
        if single and understanding.says("pay_part_now"):
            ask = replace(ask, down_payment=single[0].money)
        return ask
    largest = max(single, key=lambda item: item.money.minor)
    if len(single) == 1 and ask.count is not None and settles(text) and largest.money * ask.count < balance:
        return replace(ask, total=largest.money * ask.count)
    if len(single) == 1 and is_taken_off(understanding, text) and largest.money < balance:
        return replace(ask, total=balance - largest.money)
    if understanding.says("pay_part_now") and not settling:
        return replace(ask, down_payment=largest.money)
    if settling or (understanding.says("request_discount") and not in_instalments):
        return replace(ask, total=largest.money)
    if _is_whole(ask, largest.money, balance):
        return replace(ask, total=largest.money)
    instalments_meant = in_instalments or ask.frequency is not None or understanding.says("request_instalments")
    if not instalments_meant and largest.money.minor * 2 >= balance.minor:
        return replace(ask, total=largest.money)
    return _per_period(ask, Sum(largest.money, ask.frequency.value if ask.frequency else "month", largest.bound))


def _is_whole(ask: Ask, said: Money, balance: Money) -> bool:
    """“1,500 over three months” is the sum of them all: so many times that would be far more than is owed."""
    months = max(1, ask.term_days // 30) if ask.term_days else 0
    return said.minor * (ask.count or months) * 2 > balance.minor * 3


def _per_period(ask: Ask, said: Sum) -> Ask:
    at_most = said.bound == "at_most"
    frequency = _FREQUENCY.get(said.period)
    if frequency is not None:
        return replace(ask, instalment=said.money, at_most=at_most, frequency=frequency)
    if said.period == "four_weeks":
        return replace(ask, instalment=said.money, at_most=at_most, frequency=Frequency.FOUR_WEEKS)
    return replace(ask, instalment=said.monthly, at_most=at_most, frequency=Frequency.MONTH)


def _discounted(understanding: Understanding, ask: Ask, balance: Money) -> Ask:
    for entity in understanding.of_type("share"):
        share = Decimal(str(entity.value))
        kind = entity.fields.get("of")
        if not 0 < share < 1 or kind == "paid":
            continue
        if kind == "pay" and understanding.says("pay_part_now"):
            return replace(ask, down_payment=balance.share(share))
        return replace(ask, share=share if kind == "pay" else 1 - share, discount=True)
    if understanding.says("request_discount"):
        ask = replace(ask, discount=True)
    return ask


_INTEREST = re.compile(r"interest|principal|利息|罚息|本金|息", re.IGNORECASE)

_FEES = re.compile(r"fee|charge|penalt|principal|费|违约金|滞纳金|本金", re.IGNORECASE)


def _waived(text: str, ask: Ask) -> Ask:
    """Fees, interest, or both where the words name both, or neither. Few people tell fees from the penalty for paying
    late, so either word means both."""
    interest, fees = bool(_INTEREST.search(text)), bool(_FEES.search(text))
    charges = fees or not interest
    return replace(ask, waive_fees=charges, waive_interest=interest or not fees, waive_penalty=charges)


def _at_the_pace(ask: Ask, frequency: Frequency) -> Money | None:
    """The sum of “150 a month” where it is to be paid weekly: as much a year, rounded up to a whole unit. Nobody who
    asks to pay more often means as much each time; who asks to pay less often may."""
    if ask.instalment is None or ask.frequency is None:
        return ask.instalment
    periods, others = PERIODS_PER_YEAR[ask.frequency], PERIODS_PER_YEAR[frequency]
    if periods >= others:
        return ask.instalment
    return whole_up(Money(-(-ask.instalment.minor * periods // others), ask.instalment.currency))


def _is_in_two(ask: Ask) -> bool:
    """A part and then all the rest in one payment, which needs no rhythm."""
    return ask.down_payment is not None and ask.instalment is not None and ask.frequency is None


def merged(before: Ask, new: Ask) -> Ask:
    """The earlier ask with what the new message says over it; a new sum drops a length that would contradict it, and
    what comes to a whole plan by itself, or takes the place of one, a part to be paid first."""
    if new.is_empty:
        return before
    resized = _is_in_two(before) and (new.instalment or new.count or new.term_days)
    if before.down_payment is not None and new.down_payment is None and (new.steps or resized):
        before = replace(before, down_payment=Money.zero(before.down_payment.currency), down_due=None)
    if new.total is not None or new.share is not None or new.until is not None:
        kept = Ask(payday=before.payday)
    elif new.instalment is not None:
        kept = replace(before, at_most=False, count=None, term_days=None, total=None, until=None, share=None)
        kept = replace(kept, steps=(), dated_steps=())
    elif new.count is not None or new.term_days is not None:
        kept = replace(before, instalment=None, at_most=False, count=None, term_days=None, until=None)
        kept = replace(kept, steps=(), dated_steps=())
    elif new.down_payment is not None:
        kept = replace(before, total=None, until=None)
    else:
        kept = replace(before, until=None) if new.first_due or new.frequency else before
    if new.frequency is not None and new.instalment is None and kept.instalment is not None:
        kept = replace(kept, instalment=_at_the_pace(kept, new.frequency))
    if new.payday is not None and new.first_due is None:
        kept = replace(kept, first_due=None)
    if new.first_due is not None or new.payday is not None:
        kept = replace(kept, anchor_day=None)
    if new.down_payment is not None:
        kept = replace(kept, down_due=None)
    nothing = Ask()
    changes = {
        name: value for name in Ask.__dataclass_fields__ if (value := getattr(new, name)) != getattr(nothing, name)
    }
    return replace(kept, **changes)
