"""When a team is there: its weekly hours, without public holidays and its own days off."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.calendar.public import days_off, worked_weekends
from core.calendar.weekly import next_opening, opened_at, spans_of, zone

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """`hours` as `Mon-Fri 09:00-18:00` in `time_zone`, always there without any. `market` names the public holidays.

    A weekend day that the market works instead of a weekday has Monday's hours.
    """

    hours: str = ""
    time_zone: str = "UTC"
    market: str = ""
    closed: frozenset[date] = frozenset()

    def opened_at(self, now: datetime) -> datetime | None:
        """Since when the team has been there, None when it is not; `now` is aware."""
        local = now.astimezone(zone(self.time_zone))
        if not self.hours:
            return None if self._weekday(local.date()) is None else _ALWAYS
        return opened_at(spans_of(self.hours), local, self._weekday)

    def opens_at(self, now: datetime) -> datetime | None:
        """The next moment at which the team comes; None where that is not within two months."""
        hours = self.hours or "Mon-Sun 00:00-24:00"
        return next_opening(spans_of(hours), now.astimezone(zone(self.time_zone)), self._weekday)

    def _weekday(self, day: date) -> int | None:
        if day in self.closed:
            return None
        if self.market and day in days_off(self.market, day.year):
            return None
        if self.market and day.weekday() >= 5 and day in worked_weekends(self.market, day.year):
            return _MONDAY
        return day.weekday()
