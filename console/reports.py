"""Which facts an address of a report asks for, and the addresses of other reports and of the rows behind a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import available_timezones

from console.page import Page
from console.queries.reports.measures import MEASURES, TABS, Measure, Part, Tab
from console.queries.reports.rows import Behind
from console.queries.reports.scope import DIMENSIONS, LONGEST, Period, Scope
from console.queries.reports.tally import NOW, WHOLE, Key
from console.show import zone
from core.errors import NotFound

USUAL = 28
QUICK = (7, 28, 91)
ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, made sound: no period that is none, no filter that there is not."""

    tab: Tab
    by: str
    scope: Scope
    today: date

    @property
    def fields(self) -> dict[str, str]:
        """Everything of it but the page, as an address writes it."""
        period = self.scope.period
        return {
            "since": period.since.isoformat(),
            "until": period.until.isoformat(),
            "zone": period.zone.key,
            "by": self.by,
            **self.scope.filters,
        }

    def address(self, **changes: str) -> str:
        """This page with something changed."""
        return f"/reports?{urlencode({'tab': self.tab.name, **self.fields, **changes})}"

    def last(self, days: int) -> str:
        """This page for the last so many days."""
        return self.address(since=(self.today - timedelta(days=days - 1)).isoformat(), until=self.today.isoformat())

    def rows(self, measure: Measure, key: Key = WHOLE, *, period: int = NOW, whole: bool = False) -> str:
        """The address of the rows behind a figure; with `whole` those that it is a share of."""
        dates = self.scope.period if period == NOW else self.scope.period.before
        fields = self.fields | {"since": dates.since.isoformat(), "until": dates.until.isoformat()}
        dimension, value = key
        if dimension in DIMENSIONS:
            fields[dimension] = value
        elif dimension:
            fields["value"] = value
        return f"/reports/rows?{urlencode({'measure': measure.name, **({'whole': '1'} if whole else {}), **fields})}"


def asked(page: Page, query: Mapping[str, str]) -> Asked:
    """What this query asks for."""
    name = query.get("zone", "")
    local = zone(name if name in available_timezones() else page.time_zone)
    today = page.console.now.astimezone(local).date()
    until = _day(query.get("until", "")) or today
    since = _day(query.get("since", "")) or until - timedelta(days=USUAL - 1)
    since, until = min(since, until), max(since, until)
    since = max(since, until - timedelta(days=LONGEST - 1))
    filters = {name: query[name][:40] for name in DIMENSIONS if query.get(name)}
    by = query.get("by", "")
    return Asked(
        TABS.get(query.get("tab", ""), TABS["agreements"]),
        by if by in DIMENSIONS else "version",
        Scope(Period(since, until, local), filters),
        today,
    )


def behind(asked_for: Asked, query: Mapping[str, str]) -> tuple[Measure, Behind]:
    """The rows that this query asks for; NotFound where it names no measure."""
    measure = MEASURES.get(query.get("measure", ""))
    if measure is None:
        raise NotFound("There is no such measure.", measure=query.get("measure", ""))
    part: Part = measure.of if query.get("whole") and measure.of is not None else measure.part
    return measure, Behind(asked_for.scope, part, query.get("value"))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2100, 1, 1) else None
