"""Weekly hours as people type them, day by day and as one text, and public holidays by name."""

from datetime import date, datetime, time

import pytest

from core.calendar.public import public_holidays
from core.calendar.weekly import Span, hours_of, is_hours, next_opening, opened_at, spans_of, spans_on, week_of, zone

OFFICE = "Mon-Fri 09:00-12:00; Mon-Fri 13:00-18:00; Sat 10:00-14:00"


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        (OFFICE, True),
        ("sat-mon 9:00-24:00", True),
        ("Mon 09:00-09:00", False),
        ("Mon 18:00-09:00", False),
        ("Mon 09:60-10:00", False),
        ("Mon 09:00-24:01", False),
        ("Mon 09:00", False),
        ("", False),
    ],
)
def test_hours_are_read_whole_or_not_at_all(text: str, reads: bool) -> None:
    assert is_hours(text) is reads


def test_days_may_go_round_the_week_and_a_day_has_its_hours_in_order() -> None:
    assert spans_of("sat-mon 9:00-24:00") == (Span((5, 6, 0), time(9), time.max),)
    assert spans_on(spans_of("Mon 13:00-18:00; Mon 09:00-12:00"), 0) == (
        Span((0,), time(9), time(12)),
        Span((0,), time(13), time(18)),
    )


def test_hours_hold_from_their_beginning_and_without_their_end() -> None:
    spans = spans_of(OFFICE)
    monday = datetime(2026, 11, 23, tzinfo=zone("Asia/Shanghai"))
    nine, one = monday.replace(hour=9), monday.replace(hour=13)
    assert opened_at(spans, nine) == nine
    assert opened_at(spans, monday.replace(hour=12)) is None
    assert opened_at(spans, nine, lambda _: None) is None
    assert next_opening(spans, nine) == one
    assert next_opening(spans, one, lambda day: None if day == monday.date() else day.weekday()) == nine.replace(day=24)
    assert next_opening((), nine) is None


def test_a_zone_that_is_none_is_utc() -> None:
    assert (str(zone("Europe/London")), str(zone("Nowhere/At_All"))) == ("Europe/London", "UTC")


def test_hours_day_by_day_come_back_as_one_text() -> None:
    week = week_of(OFFICE)
    assert (week["mon"], week["sat"], week["sun"]) == ("09:00-12:00, 13:00-18:00", "10:00-14:00", "")
    assert hours_of(week) == "Mon-Fri 09:00-12:00; Mon-Fri 13:00-18:00; Sat 10:00-14:00"
    assert week_of("Sun 09:00-24:00")["sun"] == "09:00-24:00"
    assert hours_of({"tue": "9：00—12：00，13：00至18：00"}) == "Tue 9:00-12:00; Tue 13:00-18:00"
    assert hours_of({}) == ""
    assert hours_of({"mon": "nine to five"}) is None
    assert hours_of({"mon": "09:00-12:00, 11:00-13:00"}) is None
    assert hours_of({"mon": "09:00-12:00, 12:00-13:00"}) == "Mon 09:00-12:00; Mon 12:00-13:00"


def test_public_holidays_have_their_names_in_order() -> None:
    found = public_holidays("uk", 2026)
    assert list(found) == sorted(found)
    assert "Christmas" in found[date(2026, 12, 25)]
    assert "春节" in public_holidays("cn", 2026, "zh")[date(2026, 2, 17)]
