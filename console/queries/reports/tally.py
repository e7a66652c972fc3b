"""Figures out of facts: counted, summed and measured by the database, put together here. Four statements a page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    Integer,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from console.queries.reports.measures import DATED, Measure, Part, Tab
from console.queries.reports.scope import DIMENSIONS, NONE, Scope, written
from core.money import Money
from core.store.tables import ReportFact

NOW, BEFORE = 1, 0
WORK_MEM = "64MB"
WHOLE = ("", "")
"""The key of everything; others are (dimension, value), where a value may also be one of a kind: (kind, value)."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure came to. `n` are the rows that count, `of` those that they are a share of.

    `sums` are money by currency; `median` and `slow` (nine of ten were faster) are seconds.
    """

    n: int = 0
    of: int | None = None
    sums: tuple[Money, ...] = ()
    median: int | None = None
    slow: int | None = None

    @property
    def share(self) -> float | None:
        """The share; None of nothing."""
        return self.n / self.of if self.of else None

    def money(self, currency: str) -> Money | None:
        """The sum in this currency; None where nothing came in it."""
        return next((money for money in self.sums if money.currency == currency), None)


@dataclass(slots=True)
class Tally:
    """All figures of a page, by period and key."""

    counts: Counter[tuple[int, Key, Part]] = field(default_factory=Counter)
    sums: dict[tuple[int, Key, Part], Counter[str]] = field(default_factory=dict)
    durations: dict[tuple[int, Key, str], tuple[int, int, int]] = field(default_factory=dict)

    def figure(self, measure: Measure, key: Key = WHOLE, period: int = NOW) -> Figure:
        """A measure's figure of everything, or of one group."""
        if measure.form == "duration":
            found = self.durations.get((period, key, measure.name))
            return Figure(found[0], median=found[1], slow=found[2]) if found else Figure()
        n = self.counts[period, key, measure.part]
        of = None if measure.of is None else self.counts[period, key, measure.of]
        summed = self.sums.get((period, key, measure.part), Counter()) if measure.form == "sum" else Counter[str]()
        return Figure(n, of, tuple(Money(minor, currency) for currency, minor in sorted(summed.items()) if minor))

    def values(self, dimension: str) -> list[str]:
        """The values of a dimension, or of a kind, that anything was counted of in either period."""
        return sorted({key[1] for _, key, _ in self.counts if key[0] == dimension})

    def currencies(self) -> list[str]:
        """The currencies of all sums."""
        return sorted({currency for summed in self.sums.values() for currency, minor in summed.items() if minor})


async def tally(session: AsyncSession, scope: Scope, tab: Tab, dimension: str) -> Tally:
    """The figures of a page, for everything and by this dimension, of the period and the one before."""
    found = Tally()
    await _count(session, scope, tab, dimension, found)
    durations = [measure for measure in tab.all_measures() if measure.form == "duration"]
    if durations:
        dimensions = tuple(dict.fromkeys((dimension, *(("segment",) if tab.segments else ()))))
        on_postgresql = session.get_bind().dialect.name == "postgresql"
        measured = _by_percentiles if on_postgresql else _by_ranks
        await measured(session, scope, durations, dimensions, found)
    return found


async def _count(session: AsyncSession, scope: Scope, tab: Tab, dimension: str, found: Tally) -> None:
    parts = _parts(tab.all_measures())
    kinds = tuple(dict.fromkeys(kind for part in parts for kind in part.kinds))
    summed = tuple(dict.fromkeys(part.column for part in parts if part.column in ("amount", "worth")))
    valued = tuple(breakdown.kind for breakdown in tab.breakdowns)
    value = case((ReportFact.kind.in_(valued), ReportFact.value), else_="") if valued else literal("")
    segment = ReportFact.segment if tab.segments else literal("")
    columns = (
        _period(scope, kinds).label("period"),
        ReportFact.kind,
        DIMENSIONS[dimension].label("by"),
        segment.label("segment"),
        value.label("value"),
        ReportFact.marks,
        *((ReportFact.currency,) if summed else ()),
    )
    inner = select(*columns, *map(_column, summed)).where(_both(scope, kinds), *scope.where()).subquery()
    keys = [inner.c[column.name] for column in columns]
    totals = [func.sum(inner.c[name]).label(f"sum_of_{name}") for name in summed]
    rows = await session.execute(select(*keys, func.count().label("n"), *totals).group_by(*keys))
    for row in rows:
        for part in parts:
            if not part.holds(row.kind, row.marks):
                continue
            keyed = {WHOLE, (dimension, written(row.by))}
            keyed |= {("segment", row.segment)} if tab.segments else set()
            keyed |= {(row.kind, row.value)} if row.kind in valued else set()
            for key in keyed:
                found.counts[row.period, key, part] += row.n
                if part.column in summed:
                    money = found.sums.setdefault((row.period, key, part), Counter())
                    money[row.currency] += int(getattr(row, f"sum_of_{part.column}"))


def _column(name: str) -> InstrumentedAttribute[int]:
    column: InstrumentedAttribute[int] = getattr(ReportFact, name)
    return column


async def _by_percentiles(
    session: AsyncSession, scope: Scope, measures: Sequence[Measure], dimensions: tuple[str, ...], found: Tally
) -> None:
    """Median and ninth decile by nearest rank, of everything and of each group in one pass."""
    inner = (
        select(
            _period(scope, _kinds(measures)).label("period"),
            *(DIMENSIONS[name].label(name) for name in dimensions),
            *(getattr(ReportFact, measure.column).label(measure.name) for measure in measures),
        )
        .where(_both(scope, _kinds(measures)), or_(*(measure.part.where() for measure in measures)), *scope.where())
        .subquery()
    )
    groups = [inner.c[name] for name in dimensions]
    figures = []
    for measure in measures:
        ranked = func.percentile_disc(literal([0.5, 0.9], ARRAY(Double))).within_group(inner.c[measure.name])
        figures += [func.count(inner.c[measure.name]), cast(ranked, ARRAY(Integer))]
    sets = func.grouping_sets(tuple_(inner.c.period), *(tuple_(inner.c.period, group) for group in groups))
    rows = await session.execute(
        select(inner.c.period, *groups, *(func.grouping(group) for group in groups), *figures).group_by(sets)
    )
    many = len(groups)
    for row in rows:
        by = next((place for place in range(many) if row[1 + many + place] == 0), None)
        key = WHOLE if by is None else (dimensions[by], written(row[1 + by]))
        for place, measure in enumerate(measures):
            n, ranks = row[1 + 2 * many + 2 * place], row[2 + 2 * many + 2 * place]
            if n:
                found.durations[row[0], key, measure.name] = (n, ranks[0], ranks[1])


async def _by_ranks(
    session: AsyncSession, scope: Scope, measures: Sequence[Measure], dimensions: tuple[str, ...], found: Tally
) -> None:
    """The same without percentiles, for SQLite."""
    raw = [
        select(
            literal(measure.name).label("name"),
            _period(scope, measure.part.kinds).label("period"),
            literal(dimension).label("dimension"),
            _as_text(dimension).label("value"),
            getattr(ReportFact, measure.column).label("seconds"),
        ).where(_both(scope, measure.part.kinds), measure.part.where(), *scope.where())
        for measure in measures
        for dimension in ("", *dimensions)
    ]
    one = union_all(*raw).subquery()
    by = [one.c.name, one.c.period, one.c.dimension, one.c.value]
    ranked = select(
        *by,
        one.c.seconds,
        func.row_number().over(partition_by=by, order_by=one.c.seconds).label("rank"),
        func.count().over(partition_by=by).label("n"),
    ).subquery()
    rank, n, seconds = ranked.c.rank, ranked.c.n, ranked.c.seconds
    keys = [ranked.c[column.name] for column in by]
    rows = await session.execute(
        select(
            *keys,
            func.max(n).label("n"),
            func.max(case((rank == (n + 1) // 2, seconds))).label("median"),
            func.max(case((rank == (n * 9 + 9) // 10, seconds))).label("slow"),
        ).group_by(*keys)
    )
    for row in rows:
        found.durations[row.period, (row.dimension, row.value), row.name] = (row.n, row.median, row.slow)


async def make_room(session: AsyncSession) -> None:
    """Let PostgreSQL count in memory, until this transaction ends: its usual share sends a year's facts to the disk."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            select(func.set_config("work_mem", WORK_MEM, literal(True)), func.set_config("jit", "off", literal(True)))
        )


async def days(session: AsyncSession, scope: Scope, measures: Sequence[Measure]) -> dict[tuple[str, str], list[int]]:
    """Of each counted or summed measure, and of each currency of a sum, a figure for every day of the period."""
    kinds = _kinds(measures)
    numbers = [
        case(
            (measure.part.where(), getattr(ReportFact, measure.column) if measure.form == "sum" else 1), else_=0
        ).label(measure.name)
        for measure in measures
    ]
    currency = case((ReportFact.kind.in_(kinds), ReportFact.currency), else_="") if _sums(measures) else literal("")
    inner = (
        select(scope.period.day().label("day"), currency.label("currency"), *numbers)
        .where(scope.period.of_kinds(kinds), *scope.where())
        .subquery()
    )
    summed = [func.sum(inner.c[measure.name]).label(measure.name) for measure in measures]
    rows = await session.execute(select(inner.c.day, inner.c.currency, *summed).group_by(inner.c.day, inner.c.currency))
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        for measure in measures:
            line = found.setdefault((measure.name, row.currency), [0] * scope.period.days)
            line[row.day] += int(getattr(row, measure.name))
    return found


def _kinds(measures: Iterable[Measure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for measure in measures for kind in measure.part.kinds))


def _sums(measures: Iterable[Measure]) -> bool:
    return any(measure.form == "sum" for measure in measures)


def _parts(measures: Iterable[Measure]) -> tuple[Part, ...]:
    parts = [part for measure in measures for part in (measure.part, measure.of) if part is not None]
    return tuple(dict.fromkeys(part for part in parts if not part.column.endswith("_s")))


def _both(scope: Scope, kinds: tuple[str, ...]) -> ColumnElement[bool]:
    """Facts of the period and the one before, which lie end to end."""
    return replace(scope.period, since=scope.before.period.since).of_kinds(kinds)


def _period(scope: Scope, kinds: tuple[str, ...]) -> ColumnElement[int]:
    """`NOW` for a fact of the period, `BEFORE` for one of the period before."""
    moment, day = ReportFact.at >= scope.period.moments[0], ReportFact.at >= scope.period.dates[0]
    if not set(kinds) & set(DATED):
        return case((moment, NOW), else_=BEFORE)
    return case((case((ReportFact.kind.in_(DATED), day), else_=moment), NOW), else_=BEFORE)


def _as_text(dimension: str) -> ColumnElement[str]:
    """A dimension's value as `written` writes it; nothing for no dimension."""
    if not dimension:
        return literal("")
    return func.coalesce(func.nullif(cast(DIMENSIONS[dimension], String), ""), NONE)
