"""When somebody wants to hear from us, out of what they said: a day, a clock time or part of the day, in their zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.dialogue.understanding import Understanding

PARTS = {"morning": time(9), "afternoon": time(14), "evening": time(18)}
"""When a part of the day is taken to begin (product default)."""
NO_TIME = time(9)
NO_DAY_LATER = timedelta(hours=4)
"""Where neither a day nor a time was said (product default)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """At this moment, in UTC when `now` was; `exact` where a clock time was said."""

    at: datetime
    exact: bool


def wanted(reading: Understanding, now: datetime, zone: ZoneInfo) -> Wanted | None:
    """The moment that a message which asks for later contact names; None for a message that does not ask.

    A time that has passed today is tomorrow's, a day that has passed is not a day to call on. Without a day or a time
    it is in `NO_DAY_LATER`.
    """
    if not reading.says("callback_later"):
        return None
    local = now.astimezone(zone)
    clock, exact = _clock(reading)
    day = _day(reading, local.date())
    if day is None and clock is None:
        return Wanted(now + NO_DAY_LATER, exact=False)
    moment = datetime.combine(day or local.date(), clock or NO_TIME, zone)
    if moment <= local:
        moment = moment + timedelta(days=1) if clock is not None else local + NO_DAY_LATER
    return Wanted(moment.astimezone(now.tzinfo), exact)


def _clock(reading: Understanding) -> tuple[time | None, bool]:
    for entity in reading.of_type("time"):
        if entity.value:
            return time.fromisoformat(str(entity.value)), True
        part = PARTS.get(str(entity.fields.get("part", "")))
        if part is not None:
            return part, False
    return None, False


def _day(reading: Understanding, today: date) -> date | None:
    days = (date.fromisoformat(str(entity.value)) for entity in reading.of_type("date") if entity.value)
    return next((day for day in days if day >= today), None)
