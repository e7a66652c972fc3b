"""The cases that offers can be made on now: open, owing, without a plan or a hold; all, or an even sample of them."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from random import Random

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.broken_plans import has_broken_plan
from core.store.tables import Case, CaseFlag, Creditor, Debtor, Plan, PromiseRow

CHUNK = 500
_PRIME = 2_147_483_647
_LEAST_FACTOR = 1_000_003


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A case with what its rules are chosen by; `born` is the birth date on file as it is written there."""

    case: Case
    creditor: str
    language: str
    time_zone: str
    born: str
    flags: frozenset[str]
    broke_a_plan: bool
    broken_promises: int


async def count(session: AsyncSession, holds: Collection[str]) -> int:
    """How many live cases there are; `holds` are the flags under which nothing is offered."""
    return await session.scalar(select(func.count(Case.id)).where(*_live(holds))) or 0


async def sample(session: AsyncSession, holds: Collection[str], most: int, seed: int) -> AsyncIterator[list[LiveRow]]:
    """At most so many live cases, a few at a time; the same for the same seed and portfolio.

    Cases are put in an order that depends on the seed alone (ids times a factor, modulo a prime), so that a sample is
    spread over the whole portfolio and the database does the choosing.
    """
    dice = Random(seed)  # noqa: S311 - a sample, not secrets
    factor, shift = dice.randrange(_LEAST_FACTOR, _PRIME), dice.randrange(_PRIME)
    order = ((Case.id % _PRIME) * factor + shift) % _PRIME
    ids = list(await session.scalars(select(Case.id).where(*_live(holds)).order_by(order, Case.id).limit(most)))
    ids.sort()
    for start in range(0, len(ids), CHUNK):
        yield await _rows(session, ids[start : start + CHUNK])


def _live(holds: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    held = exists(select(CaseFlag.id).where(CaseFlag.case_id == Case.id, CaseFlag.flag.in_(holds)))
    planned = exists(select(Plan.id).where(Plan.case_id == Case.id, Plan.state == "active"))
    owed = Case.principal + Case.interest + Case.fees + Case.penalty
    return Case.state == "open", owed > 0, ~held, ~planned


async def _rows(session: AsyncSession, ids: Collection[int]) -> list[LiveRow]:
    flags: dict[int, set[str]] = {}
    carried = select(CaseFlag.case_id, CaseFlag.flag).where(CaseFlag.case_id.in_(ids))
    for case_id, flag in await session.execute(carried):
        flags.setdefault(case_id, set()).add(flag)
    broken = select(PromiseRow.case_id, func.count()).where(PromiseRow.case_id.in_(ids), PromiseRow.state == "broken")
    promises: dict[int, int] = dict((await session.execute(broken.group_by(PromiseRow.case_id))).all())
    query = (
        select(Case, Creditor.name, Debtor.language, Debtor.time_zone, Debtor.facts, has_broken_plan(Case.id))
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .where(Case.id.in_(ids))
        .order_by(Case.id)
    )
    return [
        LiveRow(
            case=case,
            creditor=creditor,
            language=language,
            time_zone=zone,
            born=str(facts.get("birth_date") or ""),
            flags=frozenset(flags.get(case.id, ())),
            broke_a_plan=broke,
            broken_promises=promises.get(case.id, 0),
        )
        for case, creditor, language, zone, facts, broke in await session.execute(query)
    ]
