"""When a creditor's people are there: `Mon-Fri 09:00-18:00; Sat 10:00-14:00` in the creditor's time zone."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"(?P<first>mon|tue|wed|thu|fri|sat|sun)(?:\s*-\s*(?P<last>mon|tue|wed|thu|fri|sat|sun))?\s+"
    r"(?P<opens>\d{1,2}:\d{2})\s*-\s*(?P<closes>\d{1,2}:\d{2})",
    re.IGNORECASE,
)


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where it is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def people_there(hours: str, time_zone: str, now: datetime) -> bool:
    """Whether somebody is there now. Hours that were not given promise nothing else, and count as open."""
    parts = list(_PART.finditer(hours))
    if not parts:
        return True
    local = now.astimezone(zone(time_zone))
    return any(_covers(part, local) for part in parts)


def is_hours(text: str) -> bool:
    """Whether this can be read as hours, all of it, each part ending after it begins."""
    parts = [_PART.fullmatch(part.strip()) for part in re.split(r"[;,，；]", text)]
    return all(part is not None and _real(part) and _time(part["opens"]) < _time(part["closes"]) for part in parts)


def _real(part: re.Match[str]) -> bool:
    clocks = [part[name].split(":") for name in ("opens", "closes")]
    return all(int(hour) <= 23 or (hour, minute) == ("24", "00") for hour, minute in clocks) and all(
        int(minute) <= 59 for _, minute in clocks
    )


def _covers(part: re.Match[str], local: datetime) -> bool:
    first = DAYS.index(part["first"].lower())
    last = DAYS.index((part["last"] or part["first"]).lower())
    days = range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    return local.weekday() in days and _time(part["opens"]) <= local.time() < _time(part["closes"])


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(min(int(hour), 23), int(minute)) if int(hour) < 24 else time.max
