"""Reports as a page shows them: figures with the addresses of their rows, charts, and tables that say the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from console.i18n import N_
from console.labels import reports as words
from console.page import Page
from console.queries.reports.choices import Choices
from console.queries.reports.measures import MEASURES, Breakdown, Measure
from console.queries.reports.scope import NONE
from console.queries.reports.tally import BEFORE, WHOLE, Figure, Key, Tally
from console.reports import Asked
from core.money import Money

NOT_KNOWN = N_("Not known")
VERSION = N_("Version %(number)s")
BESIDE = N_("Vulnerable people beside others")
CARE = "segment"
MOST_DAYS = 62
"""Longer periods are drawn by weeks."""
STALE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the addresses of its rows; `before` is the same of the period before."""

    measure: Measure
    figure: Figure
    before: Figure
    key: Key
    asked: Asked

    @property
    def rows(self) -> str:
        """What the number counts."""
        return self.asked.rows(self.measure, self.key)

    @property
    def whole(self) -> str:
        """What it is a share of."""
        return self.asked.rows(self.measure, self.key, whole=True)

    @property
    def rows_before(self) -> str:
        """What the number of the period before counts."""
        return self.asked.rows(self.measure, self.key, period=BEFORE)

    @property
    def change(self) -> float | None:
        """How far two shares are apart; None where one of them is of nothing."""
        now, then = self.figure.share, self.before.share
        return None if now is None or then is None else now - then


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a table: one value of what the table is by."""

    value: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A table of groups. `drawn` is the measure that bars show, once for each of its currencies where it is a sum."""

    name: str
    title: str
    by: str
    measures: tuple[Measure, ...]
    groups: tuple[Group, ...]
    drawn: Measure
    currencies: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart by days: a figure for each step, sums in whole units of their currency as text."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """A chart by days, or by weeks where days would be too many; `currency` of a chart of sums."""

    starts: tuple[date, ...]
    lines: tuple[Line, ...]
    weeks: bool
    currency: str = ""

    def chart(self, labels: tuple[str, ...]) -> dict[str, Any]:
        """What draws it: labels of the steps, and lines of numbers as text."""
        lines = [{"name": line.name, "values": list(line.values)} for line in self.lines]
        return {
            "kind": "lines",
            "labels": list(labels),
            "lines": lines,
            "unit": self.currency,
            "whole": not self.currency,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A page of reports."""

    asked: Asked
    choices: Choices
    cards: tuple[Cell, ...]
    days: tuple[Days, ...]
    tables: tuple[Grouped, ...]
    names: "Names"
    stale: bool


@dataclass(frozen=True, slots=True)
class Names:
    """The words for values of dimensions, in one language."""

    page: Page
    choices: Choices

    def of(self, dimension: str, value: str) -> str:
        """A value as people read it."""
        if value == NONE:
            return self.page.say(NOT_KNOWN)
        if dimension == "version":
            return self.page.say(VERSION, number=value)
        if dimension in ("creditor", "team"):
            return (self.choices.creditors if dimension == "creditor" else self.choices.teams).get(value, value)
        table = words.DIMENSION_TABLES.get(dimension) or words.FACT_VALUES.get(dimension)
        return self.page.console.renderer.shown(self.page.language).label(value, table) if table else value


def report(
    page: Page, wanted: Asked, choices: Choices, tally: Tally, by_day: Mapping[tuple[str, str], list[int]]
) -> Report:
    """The page."""
    names = Names(page, choices)
    return Report(
        asked=wanted,
        choices=choices,
        cards=tuple(_cell(wanted, tally, MEASURES[name], WHOLE) for name in wanted.tab.measures),
        days=_days(page, wanted, by_day),
        tables=tuple(_Tables(page, wanted, tally, names).all()),
        names=names,
        stale=choices.counted_at is None or page.console.now - choices.counted_at > STALE,
    )


def bars(table: Grouped, currency: str) -> dict[str, Any]:
    """What draws a table's bars: of shares percentages, of sums whole units of the currency, of others how many."""
    values = []
    for group in table.groups:
        figure = next(cell.figure for cell in group.cells if cell.measure is table.drawn)
        if table.drawn.form == "share":
            values.append("" if figure.share is None else f"{figure.share * 100:.1f}")
        elif table.drawn.form == "sum":
            values.append((figure.money(currency) or Money.zero(currency)).to_text())
        else:
            values.append(str(figure.n))
    unit = "%" if table.drawn.form == "share" else currency
    return {
        "kind": "bars",
        "labels": [group.name for group in table.groups],
        "lines": [{"values": values}],
        "unit": unit,
        "whole": not unit,
    }


def _cell(wanted: Asked, tally: Tally, measure: Measure, key: Key) -> Cell:
    return Cell(measure, tally.figure(measure, key), tally.figure(measure, key, BEFORE), key, wanted)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of a page."""

    page: Page
    wanted: Asked
    tally: Tally
    names: Names

    def all(self) -> list[Grouped]:
        """By what was chosen, by the care that people need, and by the values of what was counted."""
        tab = self.wanted.tab
        by = self.page.say(words.DIMENSIONS[self.wanted.by])
        drawn = MEASURES[tab.bars]
        currencies = tuple(self.tally.currencies()) if drawn.form == "sum" else ("",)
        found = [self._table(self.wanted.by, (by, by), tab.measures, drawn, currencies)]
        if tab.segments:
            title, care = self.page.say(BESIDE), self.page.say(words.DIMENSIONS[CARE])
            found.append(self._table(CARE, (title, care), tab.segments, MEASURES["agreed"]))
        return found + [self._broken_down(breakdown) for breakdown in tab.breakdowns]

    def _broken_down(self, breakdown: Breakdown) -> Grouped:
        title = self.page.say(words.BREAKDOWNS[breakdown.name])
        of = self.page.say(words.BREAKDOWN_OF[breakdown.name])
        return self._table(breakdown.kind, (title, of), breakdown.measures, MEASURES[breakdown.measures[0]])

    def _table(
        self,
        dimension: str,
        title: tuple[str, str],
        measures: tuple[str, ...],
        drawn: Measure,
        currencies: tuple[str, ...] = ("",),
    ) -> Grouped:
        groups = [
            Group(
                value,
                self.names.of(dimension, value),
                tuple(_cell(self.wanted, self.tally, MEASURES[name], (dimension, value)) for name in measures),
            )
            for value in sorted(self.tally.values(dimension), key=_place)
        ]
        shown = tuple(MEASURES[name] for name in measures)
        return Grouped(dimension, *title, shown, tuple(groups), drawn, currencies)


def _place(value: str) -> tuple[bool, int, str]:
    """The newest version first, people in the order of the care they need; what is not known last."""
    care = tuple(words.CARE)
    number = -int(value) if value.isdigit() else care.index(value) if value in care else 0
    return value == NONE, number, value


def _days(page: Page, wanted: Asked, by_day: Mapping[tuple[str, str], list[int]]) -> tuple[Days, ...]:
    period = wanted.scope.period
    step = 7 if period.days > MOST_DAYS else 1
    starts = tuple(period.since + timedelta(days=number) for number in range(0, period.days, step))
    drawn = [MEASURES[name] for name in wanted.tab.drawn]
    sums = any(measure.form == "sum" for measure in drawn)
    currencies = sorted({currency for _, currency in by_day if currency}) if sums else [""]
    found = []
    for currency in currencies:
        lines = []
        for measure in drawn:
            daily = by_day.get((measure.name, currency), [0] * period.days)
            stepped = [sum(daily[place : place + step]) for place in range(0, period.days, step)]
            values = tuple(Money(value, currency).to_text() if currency else str(value) for value in stepped)
            lines.append(Line(page.say(words.MEASURES[measure.name]), values))
        found.append(Days(starts, tuple(lines), step == 7, currency))
    return tuple(found)
