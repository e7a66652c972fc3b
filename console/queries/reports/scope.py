"""Which facts a page looks at: a period of local days, the one before it, and what is filtered for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, and_, case, literal, or_
from sqlalchemy.orm import InstrumentedAttribute

from console.queries.reports.measures import DATED
from core.store.tables import ReportFact
from core.store.tables.reports import SLOT_S

SLOTS = 24 * 3600 // SLOT_S
LONGEST = 732
"""Days of the longest period: two years."""

DIMENSIONS: Mapping[
    str, InstrumentedAttribute[str] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
] = {
    "version": ReportFact.version,
    "bucket": ReportFact.bucket,
    "language": ReportFact.language,
    "channel": ReportFact.channel,
    "market": ReportFact.market,
    "creditor": ReportFact.creditor_id,
    "team": ReportFact.team_id,
    "segment": ReportFact.segment,
}
NUMBERS = ("version", "creditor", "team")
"""Dimensions whose values are numbers; the others' are words."""

NONE = "none"
"""In an address: the facts of which a dimension is not known."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `since` to `until`, both included."""

    since: date
    until: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        """As many days, up to the day before."""
        return replace(self, since=self.since - timedelta(days=self.days), until=self.since - timedelta(days=1))

    def midnight(self, day: date) -> datetime:
        """When a local day begins, UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment to the first one that is not in it any more."""
        return self.midnight(self.since), self.midnight(self.until + timedelta(days=1))

    @property
    def dates(self) -> tuple[datetime, datetime]:
        """The same for facts that stand on a date."""
        start = datetime.combine(self.since, time(), UTC)
        return start, start + timedelta(days=self.days)

    def where(self) -> ColumnElement[bool]:
        """Facts of these days."""
        dated = ReportFact.kind.in_(DATED)
        (begin, end), (first, after) = self.moments, self.dates
        return or_(
            and_(dated, ReportFact.at >= first, ReportFact.at < after),
            and_(~dated, ReportFact.at >= begin, ReportFact.at < end),
        )

    def of_kinds(self, kinds: tuple[str, ...]) -> ColumnElement[bool]:
        """Facts of these kinds and days, said so that an index serves it."""
        found = []
        dated = tuple(kind for kind in kinds if kind in DATED)
        others = tuple(kind for kind in kinds if kind not in DATED)
        for named, (begin, end) in ((dated, self.dates), (others, self.moments)):
            if named:
                found.append(and_(ReportFact.kind.in_(named), ReportFact.at >= begin, ReportFact.at < end))
        return or_(*found)

    def day(self) -> ColumnElement[int]:
        """Which day of the period a fact is of, counted from 0. A day is as long as the local clock makes it."""
        first = int(self.dates[0].timestamp()) // SLOT_S
        dated = (ReportFact.slot - first) // SLOTS
        runs = list(self._runs())
        whens = [(ReportFact.slot < end, _within(start, number, end)) for start, number, end in runs[:-1]]
        local = case(*whens, else_=_within(*runs[-1])) if whens else _within(*runs[-1])
        return case((ReportFact.kind.in_(DATED), dated), else_=local).cast(Integer)

    def _runs(self) -> Iterator[tuple[int, int, int]]:
        """Runs of days of one length each: the first slot, the number of the first day, the slot after."""
        days = [self.since + timedelta(days=number) for number in range(self.days + 1)]
        starts = [int(self.midnight(day).timestamp()) // SLOT_S for day in days]
        run_start, run_number = starts[0], 0
        for number, (start, end) in enumerate(pairwise(starts)):
            if end - start == SLOTS:
                continue
            if number > run_number:
                yield run_start, run_number, start
            yield start, number, end
            run_start, run_number = end, number + 1
        if run_number < self.days:
            yield run_start, run_number, starts[-1]


def _within(start: int, number: int, end: int) -> ColumnElement[int]:
    """The day of a slot in a run; a day of another length than 24 hours is a run by itself."""
    if (end - start) % SLOTS:
        return literal(number)
    return (ReportFact.slot - start) // SLOTS + number


@dataclass(frozen=True, slots=True)
class Scope:
    """A period, and the values that dimensions must have; `NONE` stands for not known."""

    period: Period
    filters: Mapping[str, str]

    @property
    def before(self) -> "Scope":
        """The same of the period before."""
        return replace(self, period=self.period.before)

    def where(self) -> list[ColumnElement[bool]]:
        """The filters, without the period."""
        return [equals(name, value) for name, value in self.filters.items()]


def equals(name: str, value: str) -> ColumnElement[bool]:
    """Facts whose dimension has this value, as an address writes it; none where it cannot be one."""
    column: InstrumentedAttribute[str | int | None] = DIMENSIONS[name]
    if value == NONE:
        return column.is_(None) if name in NUMBERS else column == ""
    if name not in NUMBERS:
        return column == value
    return column == int(value) if value.isascii() and value.isdigit() and len(value) < 18 else literal(False)


def written(value: str | int | None) -> str:
    """A dimension's value as an address writes it."""
    return NONE if value is None or value == "" else str(value)
