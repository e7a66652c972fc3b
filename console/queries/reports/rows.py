"""The rows behind a number: the same facts that it counts, a page at a time or all of them as a stream."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from console.queries.cursors import Cursor, read_cursor, write_cursor
from console.queries.reports.measures import Column, Part
from console.queries.reports.scope import Scope
from core.money import Money
from core.store.tables import Case, Creditor, Debtor, Mark, ReportFact, Team, User

PAGE = 50
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Behind:
    """What is asked for: a part, of one value of its kind where `value` names one."""

    scope: Scope
    part: Part
    value: str | None = None


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact with whom it is about. `at` of a payment or a promise is midnight UTC of its date.

    `outcome` are the names of its marks. `amount` and `worth` are None where the fact has no money, `seconds` where it
    is no duration.
    """

    id: int
    kind: str
    ref: int
    value: str
    at: datetime
    name: str
    reference: str
    creditor: str
    conversation_id: int | None
    market: str
    language: str
    channel: str
    bucket: str
    segment: str
    version: int | None
    team: str | None
    agent: str | None
    outcome: tuple[str, ...]
    amount: Money | None
    worth: Money | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Rows, the latest first, and the cursor of the next page; None on the last."""

    rows: tuple[FactRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows there are, and what they sum to in each currency; `column` says of what."""

    n: int
    sums: tuple[Money, ...]


async def page(session: AsyncSession, behind: Behind, after: str | None) -> RowsPage:
    """One page."""
    query = _rows(behind)
    cursor = read_cursor(after)
    if cursor is not None:
        query = query.where(tuple_(ReportFact.at, ReportFact.id) < tuple_(literal(cursor.at), literal(cursor.id)))
    found = (await session.execute(query.limit(PAGE + 1))).all()
    shown = [_row(row, behind.part.column) for row in found[:PAGE]]
    more = len(found) > PAGE
    return RowsPage(tuple(shown), write_cursor(Cursor(shown[-1].id, shown[-1].at)) if more else None)


async def total(session: AsyncSession, behind: Behind) -> Total:
    """Of all rows, not only those of a page."""
    column = behind.part.column if behind.part.column in ("amount", "worth") else "amount"
    rows = await session.execute(
        select(ReportFact.currency, func.count(), func.sum(getattr(ReportFact, column)))
        .where(*_where(behind))
        .group_by(ReportFact.currency)
        .order_by(ReportFact.currency)
    )
    counted = [(currency, n, int(summed)) for currency, n, summed in rows]
    sums = tuple(Money(summed, currency) for currency, _, summed in counted if currency and summed)
    return Total(sum(n for _, n, _ in counted), sums)


async def stream(session: AsyncSession, behind: Behind) -> AsyncIterator[Sequence[FactRow]]:
    """All rows, the latest first, as they are at one moment, in lots."""
    result = await session.stream(_rows(behind).execution_options(yield_per=CHUNK))
    async for lot in result.partitions():
        yield [_row(row, behind.part.column) for row in lot]


def _where(behind: Behind) -> list[ColumnElement[bool]]:
    kinds = behind.part.kinds
    found = [behind.scope.period.of_kinds(kinds), behind.part.where(), *behind.scope.where()]
    if behind.value is not None:
        found.append(ReportFact.value == behind.value)
    return found


def _rows(behind: Behind) -> Select[ReportFact, str, str, str, str | None, str | None]:
    return (
        select(ReportFact, Debtor.name, Case.reference, Creditor.name, Team.name, User.name)
        .join(Case, Case.id == ReportFact.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == ReportFact.creditor_id)
        .outerjoin(Team, Team.id == ReportFact.team_id)
        .outerjoin(User, User.id == ReportFact.agent_id)
        .where(*_where(behind))
        .order_by(ReportFact.at.desc(), ReportFact.id.desc())
    )


def _row(row: Row[ReportFact, str, str, str, str | None, str | None], column: Column) -> FactRow:
    fact, name, reference, creditor, team, agent = row
    money = bool(fact.currency)
    return FactRow(
        id=fact.id,
        kind=fact.kind,
        ref=fact.ref,
        value=fact.value,
        at=fact.at,
        name=name,
        reference=reference,
        creditor=creditor,
        conversation_id=fact.conversation_id,
        market=fact.market,
        language=fact.language,
        channel=fact.channel,
        bucket=fact.bucket,
        segment=fact.segment,
        version=fact.version,
        team=team,
        agent=agent,
        outcome=_outcome(fact.marks),
        amount=Money(fact.amount, fact.currency) if money else None,
        worth=Money(fact.worth, fact.currency) if money and fact.kind in ("conversation", "payment") else None,
        seconds=getattr(fact, column) if column.endswith("_s") else None,
    )


@cache
def _outcome(marks: int) -> tuple[str, ...]:
    return tuple(mark.name for mark in Mark if mark & marks and mark.name)
