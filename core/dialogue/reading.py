"""From what was understood to what is asked: entities become an ask, a promise, facts or finances."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.calendar import Frequency, add_months
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import Ask, Finances, Payday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_PER_MONTH: Mapping[str, Decimal] = {
    "day": Decimal(30),
    "week": Decimal(52) / 12,
    "fortnight": Decimal(26) / 12,
    "month": Decimal(1),
    "quarter": Decimal(1) / 3,
    "year": Decimal(1) / 12,
}
_FREQUENCY: Mapping[str, Frequency] = {
    "week": Frequency.WEEK,
    "fortnight": Frequency.FORTNIGHT,
    "month": Frequency.MONTH,
}

ASK_ENTITIES = ("amount", "share", "date", "payday", "duration", "instalments", "frequency")
"""Entity types that can make or change an ask."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that was said: in the case's currency, with its period (`once` or a contract period) and bound."""

    money: Money
    period: str
    bound: str


def sums(understanding: Understanding, currency: str) -> tuple[Sum, ...]:
    """The sums said in the case's currency, in the order of the text; others are left out, never converted."""
    found = []
    for entity in understanding.of_type("amount"):
        if entity.fields.get("currency", currency) != currency:
            continue
        money = Money.of(Decimal(str(entity.value)), currency, rounding=ROUND_HALF_UP)
        if money.minor > 0:
            found.append(Sum(money, str(entity.fields.get("period", "once")), str(entity.fields.get("bound", "exact"))))
    return tuple(found)


def payday(understanding: Understanding) -> Payday | None:
    """The payday that was said, if any."""
    for entity in understanding.of_type("payday"):
        if "day" in entity.fields:
            return Payday(day=int(entity.fields["day"]))
        if entity.fields.get("weekday") in WEEKDAYS:
            return Payday(weekday=WEEKDAYS.index(str(entity.fields["weekday"])))
    return None


def future_date(understanding: Understanding, today: date) -> date | None:
    """The first date said that is not past. A month means its first day, or tomorrow in the current month."""
    for entity in understanding.of_type("date"):
        day = date.fromisoformat(str(entity.value))
        if day >= today:
            return day
        grain = entity.fields.get("grain")
        if (grain == "month" and (day.year, day.month) == (today.year, today.month)) or (
            grain == "week" and today - day < timedelta(days=7)
        ):
            return today + timedelta(days=1)
    return None


def span_days(entity: Entity, today: date) -> int:
    """A duration in days, months counted on the calendar from `today`."""
    count = int(Decimal(str(entity.value)))
    match entity.fields.get("unit"):
        case "day":
            return count
        case "week":
            return count * 7
        case "year":
            return (add_months(today, 12 * count) - today).days
        case _:
            return (add_months(today, count) - today).days


def ask_of(understanding: Understanding, *, balance: Money, today: date, in_instalments: bool) -> Ask:
    """What this one message asks for. `in_instalments`: the talk is of a sum each period, so a bare sum is one."""
    asked = _dated(understanding, today)
    asked = _counted(understanding, asked, today)
    asked = _summed(understanding, asked, balance, in_instalments)
    return _discounted(understanding, asked, balance)


def _dated(understanding: Understanding, today: date) -> Ask:
    day = future_date(understanding, today)
    ask = Ask(payday=payday(understanding))
    if understanding.says("request_extension") and not understanding.says("request_instalments", "propose_amount"):
        spans = understanding.of_type("duration")
        until = day or (today + timedelta(days=span_days(spans[0], today)) if spans else None)
        return replace(ask, until=until)
    return replace(ask, first_due=day)


def _counted(understanding: Understanding, ask: Ask, today: date) -> Ask:
    counts = understanding.of_type("instalments")
    frequencies = understanding.of_type("frequency")
    if frequencies:
        ask = replace(ask, frequency=_FREQUENCY.get(str(frequencies[0].value), Frequency.MONTH))
    if counts:
        return replace(ask, count=max(1, int(counts[0].value)))
    spans = understanding.of_type("duration")
    if spans and ask.until is None:
        return replace(ask, term_days=span_days(spans[0], today))
    return ask


def _summed(understanding: Understanding, ask: Ask, balance: Money, in_instalments: bool) -> Ask:
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
    if understanding.says("pay_part_now"):
        return replace(ask, down_payment=largest.money)
    if understanding.says("request_discount") and not in_instalments:
        return replace(ask, total=largest.money)
    instalments_meant = in_instalments or ask.frequency is not None or understanding.says("request_instalments")
    if not instalments_meant and largest.money.minor * 2 >= balance.minor:
        return replace(ask, total=largest.money)
    return _per_period(ask, Sum(largest.money, ask.frequency.value if ask.frequency else "month", largest.bound))


def _per_period(ask: Ask, said: Sum) -> Ask:
    at_most = said.bound == "at_most"
    frequency = _FREQUENCY.get(said.period)
    if frequency is not None:
        return replace(ask, instalment=said.money, at_most=at_most, frequency=frequency)
    if said.period == "four_weeks":
        return replace(ask, instalment=said.money, at_most=at_most, frequency=Frequency.FOUR_WEEKS)
    monthly = said.money.share(_PER_MONTH.get(said.period, Decimal(1)))
    return replace(ask, instalment=monthly, at_most=at_most, frequency=Frequency.MONTH)


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
    if understanding.says("request_fee_waiver"):
        ask = replace(ask, waive_fees=True, waive_interest=True)
    return ask


def merged(before: Ask, new: Ask) -> Ask:
    """The earlier ask with what the new message says over it; a new sum drops a length that would contradict it."""
    if new.is_empty:
        return before
    if new.total is not None or new.share is not None or new.until is not None:
        kept = Ask(payday=before.payday)
    elif new.instalment is not None:
        kept = replace(before, count=None, term_days=None, total=None, until=None, share=None)
    elif new.count is not None or new.term_days is not None:
        kept = replace(before, instalment=None, at_most=False, count=None, term_days=None, until=None)
    elif new.down_payment is not None:
        kept = replace(before, total=None, until=None)
    else:
        kept = replace(before, until=None) if new.first_due or new.frequency else before
    if new.payday is not None and new.first_due is None:
        kept = replace(kept, first_due=None)
    changes = {
        name: value
        for name in Ask.__dataclass_fields__
        if (value := getattr(new, name)) is not None and value is not False
    }
    return replace(kept, **changes)


def finances_of(understanding: Understanding, text: str, before: Finances, currency: str) -> Finances:
    """What was told of money so far: income, spending, payday, and what they say they can afford."""
    told = replace(before, payday=payday(understanding) or before.payday)
    said = sums(understanding, currency)
    if not understanding.says("inform_finances"):
        monthly = [item.money for item in said if item.period == "month"]
        return replace(told, affordable=monthly[0]) if monthly else told
    for item, entity in zip(said, understanding.of_type("amount"), strict=False):
        monthly_sum = item.money.share(_PER_MONTH.get(item.period, Decimal(1)))
        before_it = text[max(0, entity.start - 14) : entity.end + 10].lower()
        if _SPENDING.search(before_it) and not _INCOME.search(before_it):
            total = monthly_sum if told.spending is None else told.spending + monthly_sum
            told = replace(told, spending=total)
        elif told.income is None:
            told = replace(told, income=monthly_sum)
        else:
            told = replace(told, spending=monthly_sum if told.spending is None else told.spending + monthly_sum)
    return told


_SPENDING = re.compile(
    r"rent|房租|租金|开销|花|支出|spend|bills|food|吃饭|生活费|学费|水电|mortgage|房贷|childcare|expenses|outgoings|left|剩"
)
_INCOME = re.compile(
    r"工资|收入|薪|挣|赚|到手|earn|income|salary|wage|make|take home|benefit|pension|退休金|低保|bring in"
)
