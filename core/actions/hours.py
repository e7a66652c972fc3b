"""When a creditor's people are there: `Mon-Fri 09:00-18:00; Sat 10:00-14:00` in the creditor's time zone."""

from datetime import datetime

from core.calendar.weekly import is_hours, opened_at, spans_of, zone

__all__ = ["is_hours", "people_there", "zone"]


def people_there(hours: str, time_zone: str, now: datetime) -> bool:
    """Whether somebody is there now. Hours that were not given promise nothing else, and count as open."""
    spans = spans_of(hours)
    return not spans or opened_at(spans, now.astimezone(zone(time_zone))) is not None
