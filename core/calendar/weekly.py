"""Weekly hours: `Mon-Fri 09:00-18:00; Sat 10:00-14:00`, in somebody's time zone."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"(?P<first>mon|tue|wed|thu|fri|sat|sun)(?:\s*-\s*(?P<last>mon|tue|wed|thu|fri|sat|sun))?\s+"
    r"(?P<opens>\d{1,2}:\d{2})\s*-\s*(?P<closes>\d{1,2}:\d{2})",
    re.IGNORECASE,
)
_FURTHEST_DAYS = 60
_PLAIN = str.maketrans("：，、；;–—～~至", ":,,,,-----")


@dataclass(frozen=True, slots=True)
class Span:
    """From `opens` up to and without `closes` on these days of the week, Monday 0."""

    days: tuple[int, ...]
    opens: time
    closes: time


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where it is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_hours(text: str) -> bool:
    """Whether this can be read as hours, all of it, each part ending after it begins."""
    parts = [_PART.fullmatch(part.strip()) for part in re.split(r"[;,，；]", text)]
    return all(part is not None and _real(part) and _time(part["opens"]) < _time(part["closes"]) for part in parts)


def spans_of(text: str) -> tuple[Span, ...]:
    """The hours that can be read from this."""
    return tuple(Span(_days(part), _time(part["opens"]), _time(part["closes"])) for part in _PART.finditer(text))


def spans_on(spans: Sequence[Span], weekday: int) -> tuple[Span, ...]:
    """The hours of one day of the week, in order."""
    return tuple(sorted((span for span in spans if weekday in span.days), key=lambda span: span.opens))


WeekdayOf = Callable[[date], int | None]
"""The day of the week whose hours hold on a date, None where nobody is there."""


def opened_at(spans: Sequence[Span], local: datetime, weekday_of: WeekdayOf = date.weekday) -> datetime | None:
    """When the hours that `local` is in began, or None outside of them."""
    weekday = weekday_of(local.date())
    if weekday is None:
        return None
    inside = (span for span in spans_on(spans, weekday) if span.opens <= local.time() < span.closes)
    span = next(inside, None)
    return None if span is None else datetime.combine(local.date(), span.opens, local.tzinfo)


def next_opening(spans: Sequence[Span], local: datetime, weekday_of: WeekdayOf = date.weekday) -> datetime | None:
    """The next moment after `local` at which hours begin; None where none do within two months."""
    for ahead in range(_FURTHEST_DAYS):
        day = local.date() + timedelta(days=ahead)
        weekday = weekday_of(day)
        if weekday is None:
            continue
        for span in spans_on(spans, weekday):
            begins = datetime.combine(day, span.opens, local.tzinfo)
            if begins > local:
                return begins
    return None


def _days(part: re.Match[str]) -> tuple[int, ...]:
    first = DAYS.index(part["first"].lower())
    last = DAYS.index((part["last"] or part["first"]).lower())
    return tuple(range(first, last + 1)) if first <= last else (*range(first, 7), *range(last + 1))


def _real(part: re.Match[str]) -> bool:
    clocks = [part[name].split(":") for name in ("opens", "closes")]
    return all(int(hour) <= 23 or (hour, minute) == ("24", "00") for hour, minute in clocks) and all(
        int(minute) <= 59 for _, minute in clocks
    )


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(min(int(hour), 23), int(minute)) if int(hour) < 24 else time.max


def week_of(text: str) -> dict[str, str]:
    """The hours day by day, as `09:00-12:00, 13:00-18:00`; empty for a day without any."""
    spans = spans_of(text)
    return {day: ", ".join(map(_span_text, spans_on(spans, number))) for number, day in enumerate(DAYS)}


def hours_of(week: Mapping[str, str]) -> str | None:
    """`week_of`'s form as one text, days that are alike together; None where a day cannot be read or overlaps itself.

    Chinese and typographic punctuation is read too.
    """
    days = [_clean(week.get(day, "")) for day in DAYS]
    parts: list[str] = []
    first = 0
    for number, spans in enumerate(days):
        if number + 1 < len(days) and days[number + 1] == spans:
            continue
        named = DAYS[first].title() if first == number else f"{DAYS[first].title()}-{DAYS[number].title()}"
        parts += [f"{named} {span}" for span in spans]
        first = number + 1
    text = "; ".join(parts)
    if not text:
        return ""
    if not is_hours(text):
        return None
    found = spans_of(text)
    apart = all(_apart(spans_on(found, number)) for number in range(7))
    return text if apart else None


def _clean(typed: str) -> tuple[str, ...]:
    plain = typed.translate(_PLAIN)
    return tuple(re.sub(r"\s+", "", span) for span in plain.split(",") if span.strip())


def _apart(spans: Sequence[Span]) -> bool:
    return all(one.closes <= after.opens for one, after in pairwise(spans))


def _span_text(span: Span) -> str:
    closes = "24:00" if span.closes == time.max else span.closes.strftime("%H:%M")
    return f"{span.opens.strftime('%H:%M')}-{closes}"
