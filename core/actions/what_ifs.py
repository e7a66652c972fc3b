"""What would change: a version of the limits simulated on the live portfolio before it holds, and kept beside it.

The simulation itself is not done here: these rows say what is to be done, how far it is, and what came of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.hours import zone
from core.actions.limits import MAY_PUBLISH, MayNotPublish
from core.actions.policies import in_force, rule_facts
from core.actions.situations import balance_of, language_of
from core.actions.trail import leave
from core.actions.values import Actor
from core.compliance import HOLDS
from core.errors import NotFound
from core.lab.portfolio import Comparison, LiveCase, age_band, can_be_simulated
from core.policy import version_from_json
from core.store import live_cases, policies
from core.store.live_cases import LiveRow
from core.store.tables import Policy, WhatIf
from core.work import Work

TOPIC = "what_ifs"
MOST_CASES = 10_000
FEWEST_PEOPLE = 2_000
MOST_DRAWS = 50
"""A small portfolio meets several people a case, so that its figures do not hang on the luck of a few."""

LARGEST_SEED = 999_999
SILENT_AFTER = timedelta(minutes=1)
"""A run that has shown no sign of life for this long died with its process, and is begun anew."""

_OPEN = ("draft", "review", "scheduled")


@dataclass(frozen=True, slots=True)
class Asked:
    """A worker will simulate it."""

    run_id: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A run of this version waits or goes on."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The version is no draft any more."""

    state: str


@dataclass(frozen=True, slots=True)
class CalledOff:
    """The run ends."""

    run_id: int


@dataclass(frozen=True, slots=True)
class Over:
    """The run has ended already."""

    state: str


@dataclass(frozen=True, slots=True)
class Order:
    """A run that this process has taken on: what to compare, on which of the `live` cases. `revision` and `digest`
    name the limits as they were read."""

    run_id: int
    comparison: Comparison
    cases: Sequence[LiveCase]
    live: int
    revision: int
    digest: str


def digest_of(body: Mapping[str, Any]) -> str:
    """Names the limits of a version, whatever its number."""
    text = json.dumps(body.get("rules"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


async def ask(work: Work, actor: Actor, policy_id: int, seed: int = 1) -> Asked | Busy | Decided | MayNotPublish:
    """Ask what this version would change; a worker simulates it when it gets to it."""
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    policy = await _policy(work.session, policy_id)
    if policy.state not in _OPEN:
        return Decided(policy.state)
    row = WhatIf(
        policy_id=policy.id,
        revision=policy.revision,
        digest=digest_of(policy.body),
        seed=min(max(seed, 1), LARGEST_SEED),
        asked_by=actor.id,
        asked_at=work.now,
    )
    try:
        async with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        return Busy()
    work.notify(TOPIC)
    await leave(work, actor.login, "asked_what_if", "limits_draft", policy.id, digest=row.digest, seed=row.seed)
    return Asked(row.id)


async def claim(work: Work) -> int | None:
    """Take on the run that has waited longest, or that a process left behind; None where there is nothing to do now."""
    going = await work.session.scalar(select(WhatIf).where(WhatIf.state == "running").with_for_update(skip_locked=True))
    if going is not None:
        if going.beat_at and work.now - going.beat_at < SILENT_AFTER:
            return None
        row: WhatIf | None = going
    else:
        waiting = select(WhatIf).where(WhatIf.state == "asked").order_by(WhatIf.id).limit(1)
        row = await work.session.scalar(waiting.with_for_update(skip_locked=True))
    if row is None:
        return None
    try:
        async with work.session.begin_nested():
            row.state, row.done, row.error = "running", 0, ""
            row.started_at = row.beat_at = work.now
    except IntegrityError:
        return None
    work.notify(TOPIC)
    return row.id


async def order(session: AsyncSession, run_id: int, now: datetime) -> Order | None:
    """What a run compares: its version as it is now, the version in force, and the cases; None before any is.

    Cases of a currency for which there are no people to simulate are left out.
    """
    run = await session.get_one(WhatIf, run_id)
    policy = await _policy(session, run.policy_id)
    before = await in_force(session)
    if before is None:
        return None
    rows = live_cases.sample(session, HOLDS, MOST_CASES, run.seed)
    found = [live_case(row, now) async for chunk in rows for row in chunk]
    live = await live_cases.count(session, HOLDS)
    cases = [case for case in found if can_be_simulated(case)]
    draws = max(1, min(MOST_DRAWS, FEWEST_PEOPLE // max(len(cases), 1)))
    comparison = Comparison(before=before, after=version_from_json(policy.body), seed=run.seed, draws=draws)
    return Order(run_id, comparison, cases, live, policy.revision, digest_of(policy.body))


def live_case(row: LiveRow, now: datetime) -> LiveCase:
    """A case as the simulation sees it, on the debtor's local date."""
    today = now.astimezone(zone(row.time_zone)).date()
    facts = rule_facts(row.case, row.creditor, row.flags, today, "bot", broke=row.broke_a_plan)
    return LiveCase(
        key=row.case.id,
        facts=facts,
        balance=balance_of(row.case),
        today=today,
        broken_promises=row.broken_promises,
        language=language_of(row.language),
        age=_age(row.born, today),
    )


def _age(born: str, today: date) -> str | None:
    try:
        return age_band(date.fromisoformat(born), today)
    except ValueError:
        return None


async def started(work: Work, taken: Order) -> bool:
    """Write down what the run compares; False where it was called off meanwhile."""
    row = await _lock(work.session, taken.run_id)
    if row.state != "running":
        return False
    row.revision, row.digest, row.against = taken.revision, taken.digest, taken.comparison.before.number
    row.cases, row.live, row.beat_at = len(taken.cases), taken.live, work.now
    work.notify(TOPIC)
    return True


async def beat(work: Work, run_id: int, done: int) -> bool:
    """A sign of life of a run, with how many cases are done; False where it was called off meanwhile."""
    row = await _lock(work.session, run_id)
    if row.state != "running":
        return False
    row.done, row.beat_at = done, work.now
    work.notify(TOPIC)
    return True


async def finish(work: Work, run_id: int, report: Mapping[str, Any]) -> bool:
    """The figures are there. False where the run was called off meanwhile."""
    row = await _lock(work.session, run_id)
    if row.state != "running":
        return False
    row.state, row.done, row.report, row.finished_at = "done", row.cases, dict(report), work.now
    await work.session.flush()
    work.notify(TOPIC)
    facts = {"digest": row.digest, "seed": row.seed, "against": row.against, "cases": row.cases}
    await leave(work, "system", "ran_what_if", "limits_draft", row.policy_id, run=run_id, **facts)
    return True


async def fail(work: Work, run_id: int, why: str) -> None:
    """The run came to nothing; `why` names the failure, without anybody's data."""
    row = await _lock(work.session, run_id)
    if row.state == "running":
        row.state, row.finished_at, row.error = "failed", work.now, why[:120]
        work.notify(TOPIC)


async def put_back(work: Work, run_id: int) -> None:
    """The process that simulates is told to stop: the run waits for the next one."""
    row = await _lock(work.session, run_id)
    if row.state == "running":
        row.state, row.done, row.beat_at = "asked", 0, None
        work.notify(TOPIC)


async def call_off(work: Work, actor: Actor, run_id: int) -> CalledOff | Over | MayNotPublish:
    """Stop a run that waits or goes on."""
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    row = await _lock(work.session, run_id)
    if row.state not in ("asked", "running"):
        return Over(row.state)
    row.state, row.finished_at = "called_off", work.now
    await work.session.flush()
    work.notify(TOPIC)
    await leave(work, actor.login, "called_off_what_if", "limits_draft", row.policy_id, run=run_id)
    return CalledOff(run_id)


async def _policy(session: AsyncSession, policy_id: int) -> Policy:
    found = await policies.by_id(session, policy_id)
    if found is None:
        raise NotFound("There is no such version.", version_id=policy_id)
    return found


async def _lock(session: AsyncSession, run_id: int) -> WhatIf:
    query = select(WhatIf).where(WhatIf.id == run_id).with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(query)
    if found is None:
        raise NotFound("There is no such run.", run_id=run_id)
    return found
