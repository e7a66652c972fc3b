"""What is on file of the cases that a portfolio names."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Case, ContactPoint, Conversation, Creditor, Debtor, Payment

CaseKey = tuple[str, str]
"""The creditor's name and the reference."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case on file. `last_paid` is the day of its last payment; `talked` says that the debtor has a conversation;
    `stopped_at` is when the debtor asked for no more contact, if they did."""

    case: Case
    debtor: Debtor
    contacts: frozenset[tuple[str, str]]
    last_paid: date | None
    talked: bool
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case by its reference."""

    case_id: int
    creditor: str
    currency: str
    time_zone: str


async def creditors(session: AsyncSession, names: Collection[str], *, lock: bool = False) -> dict[str, int]:
    """Those of the creditors that are on file; held in the order of their names where `lock` says so."""
    query = select(Creditor.name, Creditor.id).where(Creditor.name.in_(names)).order_by(Creditor.name)
    rows = await session.execute(query.with_for_update(key_share=True) if lock else query)
    return dict(rows.all())


async def known_cases(
    session: AsyncSession, keys: Iterable[CaseKey], creditor_ids: Mapping[str, int], *, lock: bool = False
) -> dict[CaseKey, KnownCase]:
    """Those of the cases that are on file, read anew and held until the transaction ends where `lock` says so."""
    ids: dict[CaseKey, int] = {}
    for creditor, group in groupby(sorted(keys), key=lambda key: key[0]):
        if creditor in creditor_ids:
            rows = await session.execute(
                select(Case.reference, Case.id).where(
                    Case.creditor_id == creditor_ids[creditor], Case.reference.in_([key[1] for key in group])
                )
            )
            ids |= {(creditor, reference): case_id for reference, case_id in rows}
    if not ids:
        return {}
    if lock:
        held = select(Case.id).where(Case.id.in_(ids.values())).order_by(Case.id)
        await session.execute(held.with_for_update(key_share=True))
    return await _whole(session, ids)


async def _whole(session: AsyncSession, ids: Mapping[CaseKey, int]) -> dict[CaseKey, KnownCase]:
    query = select(Case, Debtor).join(Debtor, Debtor.id == Case.debtor_id).where(Case.id.in_(ids.values()))
    rows = (await session.execute(query.execution_options(populate_existing=True))).all()
    found: dict[int, tuple[Case, Debtor]] = {case.id: (case, debtor) for case, debtor in rows}
    debtors = {debtor.id for _, debtor in found.values()}
    points: dict[int, set[tuple[str, str]]] = {}
    stops: dict[int, datetime] = {}
    for point in await session.scalars(select(ContactPoint).where(ContactPoint.debtor_id.in_(debtors))):
        points.setdefault(point.debtor_id, set()).add((point.kind, point.value))
        if point.stopped_at is not None:
            stops[point.debtor_id] = max(point.stopped_at, stops.get(point.debtor_id, point.stopped_at))
    last_payments = await session.execute(
        select(Payment.case_id, func.max(Payment.paid_on)).where(Payment.case_id.in_(found)).group_by(Payment.case_id)
    )
    paid: dict[int, date] = dict(last_payments.all())
    talked = set(await session.scalars(select(Conversation.case_id).where(Conversation.case_id.in_(found)).distinct()))
    return {
        key: KnownCase(
            case,
            debtor,
            frozenset(points.get(debtor.id, ())),
            paid.get(case.id),
            case.id in talked,
            stops.get(debtor.id),
        )
        for key, case_id in ids.items()
        for case, debtor in [found[case_id]]
    }


async def add_debtors(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert these debtors; their ids, in the same order.

    SQLite can return ids in order only one row at a time, but has one writer, who counts up.
    """
    if session.get_bind().dialect.name != "sqlite":
        made = insert(Debtor).returning(Debtor.id, sort_by_parameter_order=True)
        return list(await session.scalars(made, rows))
    last = await session.scalar(select(func.max(Debtor.id))) or 0
    await session.execute(insert(Debtor), rows)
    return list(await session.scalars(select(Debtor.id).where(Debtor.id > last).order_by(Debtor.id)))


async def by_reference(session: AsyncSession, reference: str, creditor: str | None) -> list[FoundCase]:
    """The cases of this reference, of this creditor where one is named, by the names of their creditors."""
    query = (
        select(Case.id, Creditor.name, Case.currency, Debtor.time_zone)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(Case.reference == reference)
        .order_by(Creditor.name)
    )
    if creditor is not None:
        query = query.where(func.lower(Creditor.name) == creditor.lower())
    return [FoundCase(*row) for row in await session.execute(query)]
