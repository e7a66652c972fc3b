"""A first sum that is another one than those after it, and two sums a month."""

import re
from dataclasses import replace
from datetime import date, timedelta

from core.calendar import Frequency, add_months, on_day
from core.dialogue.on_days import day_of_part
from core.dialogue.said import future_date, money_of
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import Ask
from core.plans import Step

_THEN = re.compile(r"\b(?:then|after|afterwards|and)\b|[,，]|然后|之后|以后|再|剩", re.IGNORECASE)
_USUALLY = re.compile(
    r"\b(?:then|after|afterwards|normal|usual|regular|going forward)\b|之后|以后|后面|正常|平时|照常", re.IGNORECASE
)
"""Of what is paid each time after a first sum."""


def with_first_sum(ask: Ask, understanding: Understanding, text: str, today: date) -> Ask:
    """The ask with its first sum where the words tell of one."""
    ask = _first_then(understanding, ask, today, text)
    ask = _short_this_month(understanding, _less_this_month(understanding, ask, today), text, today)
    ask = _twice_a_month(understanding, ask, text, today)
    return _part_on_its_day(understanding, ask, today, text)


def _less_this_month(understanding: Understanding, ask: Ask, today: date) -> Ask:
    """“500 this month, 1,000 a month from the next”: the first instalment is another one, and no part paid at once."""
    months = {str(item.value)[:7] for item in understanding.of_type("date") if item.fields.get("grain") == "month"}
    if ask.down_payment is None or months != {_month(today), _month(add_months(today, 1))}:
        return ask
    return ask if ask.instalment is None else _beginning(ask, ask.down_payment, today + timedelta(days=1))


def _short_this_month(understanding: Understanding, ask: Ask, text: str, today: date) -> Ask:
    """“Only 50 this month, the normal 150 after”: the same without a word of the next month."""
    said, days = understanding.of_type("amount"), understanding.of_type("date")
    if len(said) != len(("short", "usual")) or len(days) != 1 or ask.instalment is None or ask.steps:
        return ask
    this_month = days[0].fields.get("grain") == "month" and str(days[0].value)[:7] == _month(today)
    if not this_month or days[0].start > said[1].start or not _USUALLY.search(text, said[0].end):
        return ask
    short, usual = (money_of(item, ask.instalment.currency) for item in said)
    begins = today + timedelta(days=1)
    return _beginning(replace(ask, instalment=usual), short, begins) if short < usual else ask


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _beginning(ask: Ask, first: Money, day: date) -> Ask:
    return replace(ask, down_payment=None, steps=(Step(1, first),), first_due=day)


def _part_on_its_day(understanding: Understanding, ask: Ask, today: date, text: str) -> Ask:
    """“Half on Friday, the rest …”: the part is paid on that day, and what comes after it on another."""
    if ask.down_payment is None:
        return ask
    part = day_of_part(understanding, text, today) or _today_of(understanding, today)
    if part is None:
        return ask
    others = tuple(item for item in understanding.entities if item != part)
    following = future_date(replace(understanding, entities=others), today)
    due = date.fromisoformat(str(part.value))
    if due == today and following is not None and following - today < _SOON:
        following = add_months(following, 1) if ask.frequency is Frequency.MONTH else following
    return replace(ask, down_due=due, first_due=following)


_SOON = timedelta(days=14)
"""So soon after a part nobody means the first of the instalments by the month."""


def _today_of(understanding: Understanding, today: date) -> Entity | None:
    """Where today and another day are told, today is the part's."""
    days = understanding.of_type("date")
    now = [item for item in days if str(item.value) == today.isoformat() and item.fields.get("grain", "day") == "day"]
    return now[0] if now and len(days) > len(now) else None


def _first_then(understanding: Understanding, ask: Ask, today: date, text: str) -> Ask:
    """“200 on December 4, then 100 a month”: the first instalment is another one, on the day said with it."""
    said = understanding.of_type("amount")
    periodic = [item for item in said if item.fields.get("period", "once") != "once"]
    if ask.instalment is None or ask.steps or len(periodic) != 1:
        return ask
    then = periodic[0]
    parts = [item for item in (*said, *understanding.of_type("share")) if item.start < then.start]
    days = [item for item in understanding.of_type("date") if item.start < then.start]
    day = future_date(replace(understanding, entities=tuple(days)), today) if len(days) == len(parts) == 1 else None
    if day is None or day == today or not _THEN.search(text[parts[0].end : then.start]):
        return ask
    first = ask.down_payment
    if parts[0].type == "amount":
        first = money_of(parts[0], ask.instalment.currency)
    return ask if first is None else _beginning(ask, first, day)


_TWICE_A_MONTH = re.compile(
    r"\bthe \d{1,2}(?:st|nd|rd|th)?\b.{0,20}\band\b.{0,20}\bthe \d{1,2}(?:st|nd|rd|th)\b"
    r"(?=.{0,8}\b(?:each|every|of the|a) month)|每个?月\d{1,2}[号日]?(?:和|、|跟|与|还有)\d{1,2}[号日]",
    re.IGNORECASE,
)
"""Two days of every month."""


def _twice_a_month(understanding: Understanding, ask: Ask, text: str, today: date) -> Ask:
    """“100 on the 1st and 100 on the 15th of each month” is read as 100 every two weeks, from the nearer day; so is a
    sum for each of two paydays a month."""
    paydays = sorted({int(item.fields["day"]) for item in understanding.of_type("payday") if "day" in item.fields})
    if ask.instalment is not None and ask.frequency is Frequency.FORTNIGHT and len(paydays) == len(("one", "other")):
        upcoming = (on_day(today.year, today.month + later, day) for later in (0, 1) for day in paydays)
        first = min((day for day in upcoming if day > today), default=None)
        return replace(ask, first_due=ask.first_due or first, payday=None)
    if ask.instalment is None or not _TWICE_A_MONTH.search(text):
        return ask
    days = (date.fromisoformat(str(item.value)) for item in understanding.of_type("date"))
    first = min((day for day in days if day >= today), default=ask.first_due)
    return replace(ask, frequency=Frequency.FORTNIGHT, first_due=first, down_payment=None)
