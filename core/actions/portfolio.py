"""Cases come in: new ones are made, known ones brought up to date, by creditor and reference.

What the lender's file says replaces what the lender said before. What people and the bot did since then stays:
conversations, flags, plans, payments, the debtor's language and wishes, and a stop.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.trail import leave
from core.errors import InvalidInput, NotFound
from core.money import Money
from core.store import portfolio as store
from core.store.portfolio import CaseKey, FoundCase, KnownCase
from core.store.tables import Case, ContactPoint, Creditor, Debtor
from core.work import Work

OWN_FACTS = frozenset(("contact_preference",))
"""Keys of a case's contract that are written here and never come from a file."""

DEFAULT_PRODUCT = "personal_loan"
Why = Literal["not_due", "nothing_owed", "other_currency", "other_market"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioCase:
    """One debt of one debtor as a lender's file tells it. `facts` are the verification facts, `contacts` pairs of
    kind (`phone`, `email`) and value. `balance_as_of` is the day of the sums, in the debtor's zone.

    What is None the file does not say: a new case gets the usual value, a known one keeps its own.
    """

    creditor: str
    reference: str
    market: str
    currency: str
    principal: Money
    due_date: date
    balance_as_of: date
    debtor_name: str
    time_zone: str
    facts: Mapping[str, str]
    contract: Mapping[str, Any]
    product: str | None = None
    interest: Money | None = None
    fees: Money | None = None
    penalty: Money | None = None
    opened_on: date | None = None
    language: str | None = None
    contacts: tuple[tuple[str, str], ...] = ()
    creditor_phone: str = ""

    @property
    def key(self) -> CaseKey:
        """What names the case."""
        return self.creditor, self.reference

    @property
    def owed(self) -> int:
        """All that is owed, in minor units."""
        parts = (self.principal, self.interest, self.fees, self.penalty)
        return sum(part.minor for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A case that was not taken in. `why`: it is new and not due yet, or nothing is owed on it; or it is known here in
    another currency or market."""

    creditor: str
    reference: str
    why: Why


@dataclass(frozen=True, slots=True)
class Upserted:
    """How many cases were made and brought up to date. Of the latter, `kept` kept their sums or were left altogether:
    settled or closed here, or with a later balance or payment than the file's."""

    created: int = 0
    updated: int = 0
    kept: int = 0
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sorted:
    fresh: Sequence[PortfolioCase]
    changed: Sequence[tuple[PortfolioCase, KnownCase]]
    left: int
    refused: tuple[Refusal, ...]

    def told(self) -> Upserted:
        kept = sum(_keeps_sums(case, known) for case, known in self.changed)
        return Upserted(len(self.fresh), len(self.changed) + self.left, kept + self.left, self.refused)


async def upsert(
    work: Work, cases: Sequence[PortfolioCase], source: str, actor: str = "system", *, only_arrears: bool = False
) -> Upserted:
    """Takes all of these cases in that are not refused, in this one transaction; with `only_arrears` a new case on
    which nothing is owed or that is not due yet is refused.

    A case that stands twice in `cases` ends as the later one says. `source` names the file in the audit trail.
    """
    creditors = await _creditors(work, cases)
    latest = {case.key: case for case in cases}
    known = await store.known_cases(work.session, latest, creditors, lock=True)
    sorted_ = _sort(latest.values(), known, only_arrears=only_arrears)
    done = sorted_.told()
    await _create(work, sorted_.fresh, creditors)
    await _update(work, sorted_.changed)
    await leave(
        work, actor, "imported", "portfolio", None,
        source=source, created=done.created, updated=done.updated, kept=done.kept, refused=len(done.refused),
    )  # fmt: skip
    work.notify("queue")
    return done


async def preview(session: AsyncSession, cases: Sequence[PortfolioCase], *, only_arrears: bool = False) -> Upserted:
    """What `upsert` would do, as things are now."""
    latest = {case.key: case for case in cases}
    creditors = await store.creditors(session, {case.creditor for case in cases})
    known = await store.known_cases(session, latest, creditors)
    return _sort(latest.values(), known, only_arrears=only_arrears).told()


async def find_case(session: AsyncSession, reference: str, creditor: str | None = None) -> FoundCase:
    """The case of this reference. NotFound when there is none; InvalidInput when two creditors use it and none is
    named."""
    found = await store.by_reference(session, reference.strip(), creditor.strip() if creditor else None)
    if not found:
        raise NotFound("There is no such case.", reference=reference, **({"creditor": creditor} if creditor else {}))
    if len(found) > 1:
        names = ", ".join(case.creditor for case in found)
        raise InvalidInput("Several creditors use this reference: name one.", reference=reference, creditors=names)
    return found[0]


def _sort(cases: Iterable[PortfolioCase], known: Mapping[CaseKey, KnownCase], *, only_arrears: bool) -> _Sorted:
    fresh: list[PortfolioCase] = []
    changed: list[tuple[PortfolioCase, KnownCase]] = []
    refused: list[Refusal] = []
    left = 0
    for case in cases:
        on_file = known.get(case.key)
        why = _mismatch(case, on_file) if on_file is not None else _unwanted(case) if only_arrears else None
        if why is not None:
            refused.append(Refusal(*case.key, why))
        elif on_file is None:
            fresh.append(case)
        elif on_file.case.state == "open":
            changed.append((case, on_file))
        else:
            left += 1
    return _Sorted(fresh, changed, left, tuple(refused))


def _unwanted(case: PortfolioCase) -> Why | None:
    if not case.owed:
        return "nothing_owed"
    return "not_due" if case.due_date > case.balance_as_of else None


def _mismatch(case: PortfolioCase, known: KnownCase) -> Why | None:
    if case.currency != known.case.currency:
        return "other_currency"
    return "other_market" if case.market != known.case.market else None


def _keeps_sums(case: PortfolioCase, known: KnownCase) -> bool:
    """A file from before the last balance or payment that is known here would bring back what was paid."""
    paid = known.last_paid
    return case.balance_as_of < known.case.balance_as_of or (paid is not None and case.balance_as_of <= paid)


async def _creditors(work: Work, cases: Iterable[PortfolioCase]) -> dict[str, int]:
    """The creditors' ids, made where they are new, and held: two imports for one creditor take turns."""
    wanted: dict[str, PortfolioCase] = {}
    for case in cases:
        wanted.setdefault(case.creditor, case)
    found = await store.creditors(work.session, wanted, lock=True)
    for name in sorted(wanted.keys() - found.keys()):
        case = wanted[name]
        creditor = Creditor(name=name, phone=case.creditor_phone, hours="", time_zone=case.time_zone, pay_ways={})
        work.session.add(creditor)
        await work.session.flush()
        found[name] = creditor.id
    return found


async def _create(work: Work, cases: Sequence[PortfolioCase], creditors: Mapping[str, int]) -> None:
    if not cases:
        return
    debtors = await store.add_debtors(work.session, [_new_debtor(case) for case in cases])
    rows = [
        {"creditor_id": creditors[case.creditor], "debtor_id": debtor, **_new_case(case), "updated_at": work.now}
        for case, debtor in zip(cases, debtors, strict=True)
    ]
    await work.session.execute(insert(Case), rows)
    contacts = [
        {"debtor_id": debtor, "kind": kind, "value": value}
        for case, debtor in zip(cases, debtors, strict=True)
        for kind, value in case.contacts
    ]
    if contacts:
        await work.session.execute(insert(ContactPoint), contacts)


async def _update(work: Work, pairs: Sequence[tuple[PortfolioCase, KnownCase]]) -> None:
    if not pairs:
        return
    await work.session.execute(
        update(Case),
        [{"id": known.case.id, **_changed_case(case, known), "updated_at": work.now} for case, known in pairs],
    )
    await work.session.execute(
        update(Debtor), [{"id": known.debtor.id, **_changed_debtor(case, known)} for case, known in pairs]
    )
    contacts = [
        {"debtor_id": known.debtor.id, "kind": kind, "value": value, "stopped_at": known.stopped_at}
        for case, known in pairs
        for kind, value in case.contacts
        if (kind, value) not in known.contacts
    ]
    if contacts:
        await work.session.execute(insert(ContactPoint), contacts)


def _new_debtor(case: PortfolioCase) -> dict[str, Any]:
    return {
        "name": case.debtor_name,
        "language": case.language or ("zh" if case.market == "cn" else "en"),
        "time_zone": case.time_zone,
        "facts": dict(case.facts),
    }


def _changed_debtor(case: PortfolioCase, known: KnownCase) -> dict[str, Any]:
    """A debtor who has talked here has chosen the language themselves."""
    debtor = known.debtor
    return {
        "name": case.debtor_name,
        "language": debtor.language if known.talked or case.language is None else case.language,
        "time_zone": case.time_zone,
        "facts": {**debtor.facts, **case.facts},
    }


def _new_case(case: PortfolioCase) -> dict[str, Any]:
    nothing = Money.zero(case.currency)
    return {
        "reference": case.reference,
        "market": case.market,
        "product": case.product or DEFAULT_PRODUCT,
        "currency": case.currency,
        "principal": case.principal.minor,
        "interest": (case.interest or nothing).minor,
        "fees": (case.fees or nothing).minor,
        "penalty": (case.penalty or nothing).minor,
        "balance_as_of": case.balance_as_of,
        "due_date": case.due_date,
        "opened_on": case.opened_on,
        "contract": _told(case.contract),
        "state": "open",
    }


def _changed_case(case: PortfolioCase, known: KnownCase) -> dict[str, Any]:
    row = known.case
    kept = _keeps_sums(case, known)
    sums = {"principal": case.principal, "interest": case.interest, "fees": case.fees, "penalty": case.penalty}
    return {
        **{part: getattr(row, part) if kept or amount is None else amount.minor for part, amount in sums.items()},
        "balance_as_of": row.balance_as_of if kept else case.balance_as_of,
        "due_date": row.due_date if kept else case.due_date,
        "product": case.product or row.product,
        "opened_on": case.opened_on or row.opened_on,
        "contract": {**(row.contract or {}), **_told(case.contract)},
    }


def _told(contract: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in contract.items() if name not in OWN_FACTS}
