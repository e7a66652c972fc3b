"""Cases come in: new ones are made, known ones brought up to date, by creditor and reference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, tuple_, update

from core.actions.trail import leave
from core.money import Money
from core.store.tables import Case, ContactPoint, Creditor, Debtor
from core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioCase:
    """One debt of one debtor as a lender's file tells it. `facts` are the verification facts, `contacts` pairs of
    kind (`phone`, `email`, `telegram`) and value. `balance_as_of` is the day of the sums, in the debtor's zone."""

    creditor: str
    reference: str
    market: str
    product: str
    currency: str
    principal: Money
    interest: Money
    fees: Money
    due_date: date
    balance_as_of: date
    opened_on: date | None
    contract: Mapping[str, Any]
    debtor_name: str
    language: str
    time_zone: str
    facts: Mapping[str, str]
    contacts: tuple[tuple[str, str], ...] = ()
    creditor_phone: str = ""


@dataclass(frozen=True, slots=True)
class Upserted:
    created: int
    updated: int


async def upsert(work: Work, cases: Sequence[PortfolioCase], source: str, actor: str = "system") -> Upserted:
    """All of these cases, or none: made where creditor and reference are new, else brought up to date.

    A case that stands twice in `cases` ends as the later one says. `source` names the file in the audit trail.
    """
    latest = {(case.creditor, case.reference): case for case in cases}
    creditors = await _creditors(work, latest.values())
    known = await _known(work, latest.values(), creditors)
    fresh = [case for case in latest.values() if (creditors[case.creditor], case.reference) not in known]
    await _create(work, fresh, creditors)
    updated = [case for case in latest.values() if (creditors[case.creditor], case.reference) in known]
    await _update(work, updated, creditors, known)
    await leave(work, actor, "imported", "portfolio", None, source=source, created=len(fresh), updated=len(updated))
    work.notify("queue")
    return Upserted(len(fresh), len(updated))


async def _creditors(work: Work, cases: Iterable[PortfolioCase]) -> dict[str, int]:
    wanted = {case.creditor: case for case in cases}
    rows = await work.session.execute(select(Creditor.name, Creditor.id).where(Creditor.name.in_(wanted)))
    found: dict[str, int] = {row.name: row.id for row in rows}
    for name in sorted(wanted.keys() - found.keys()):
        case = wanted[name]
        creditor = Creditor(name=name, phone=case.creditor_phone, hours="", time_zone=case.time_zone, pay_ways={})
        work.session.add(creditor)
        await work.session.flush()
        found[name] = creditor.id
    return found


async def _known(
    work: Work, cases: Iterable[PortfolioCase], creditors: Mapping[str, int]
) -> dict[tuple[int, str], tuple[int, int]]:
    keys = [(creditors[case.creditor], case.reference) for case in cases]
    rows = await work.session.execute(
        select(Case.creditor_id, Case.reference, Case.id, Case.debtor_id).where(
            tuple_(Case.creditor_id, Case.reference).in_(keys)
        )
    )
    return {(creditor, reference): (case, debtor) for creditor, reference, case, debtor in rows}


async def _create(work: Work, cases: Sequence[PortfolioCase], creditors: Mapping[str, int]) -> None:
    if not cases:
        return
    made = await work.session.scalars(
        insert(Debtor).returning(Debtor.id, sort_by_parameter_order=True), [_debtor(case) for case in cases]
    )
    debtors = list(made)
    await work.session.execute(
        insert(Case),
        [
            {
                "creditor_id": creditors[case.creditor],
                "debtor_id": debtor,
                "reference": case.reference,
                "state": "open",
                **_case(case, work),
            }
            for case, debtor in zip(cases, debtors, strict=True)
        ],
    )
    contacts = [
        {"debtor_id": debtor, "kind": kind, "value": value}
        for case, debtor in zip(cases, debtors, strict=True)
        for kind, value in case.contacts
    ]
    if contacts:
        await work.session.execute(insert(ContactPoint), contacts)


async def _update(
    work: Work,
    cases: Sequence[PortfolioCase],
    creditors: Mapping[str, int],
    known: Mapping[tuple[int, str], tuple[int, int]],
) -> None:
    if not cases:
        return
    keys = [known[creditors[case.creditor], case.reference] for case in cases]
    pairs = list(zip(cases, keys, strict=True))
    await work.session.execute(update(Case), [{"id": key, **_case(case, work)} for case, (key, _) in pairs])
    await work.session.execute(update(Debtor), [{"id": debtor, **_debtor(case)} for case, (_, debtor) in pairs])
    rows = await work.session.execute(
        select(ContactPoint.debtor_id, ContactPoint.kind, ContactPoint.value).where(
            ContactPoint.debtor_id.in_([debtor for _, (_, debtor) in pairs])
        )
    )
    present = {tuple(row) for row in rows}
    missing = [
        {"debtor_id": debtor, "kind": kind, "value": value}
        for case, (_, debtor) in pairs
        for kind, value in case.contacts
        if (debtor, kind, value) not in present
    ]
    if missing:
        await work.session.execute(insert(ContactPoint), missing)


def _debtor(case: PortfolioCase) -> dict[str, Any]:
    return {
        "name": case.debtor_name,
        "language": case.language,
        "time_zone": case.time_zone,
        "facts": dict(case.facts),
    }


def _case(case: PortfolioCase, work: Work) -> dict[str, Any]:
    return {
        "market": case.market,
        "product": case.product,
        "currency": case.currency,
        "principal": case.principal.minor,
        "interest": case.interest.minor,
        "fees": case.fees.minor,
        "balance_as_of": case.balance_as_of,
        "due_date": case.due_date,
        "opened_on": case.opened_on,
        "contract": dict(case.contract),
        "updated_at": work.now,
    }
