"""The managers' limits in force: versions that are never edited, and are obeyed from the next decision on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.policies import in_force
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import InvalidInput
from core.policy import (
    DEFAULT_VERSION,
    PolicyVersion,
    Problem,
    diff,
    validate_version,
    version_from_json,
    version_to_json,
)
from core.store import policies
from core.store.tables import Policy, User
from core.work import Work

MAY_PUBLISH = ("manager", "admin")


@dataclass(frozen=True, slots=True)
class Published:
    """This version is in force from now on."""

    number: int


@dataclass(frozen=True, slots=True)
class Invalid:
    """The rules cannot stand as they are; each problem names the rule it is about, then the field."""

    problems: tuple[tuple[str, Problem], ...]


@dataclass(frozen=True, slots=True)
class MayNotPublish:
    """This role changes no limits."""

    role: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as history shows it; `by` is the name of who wrote it, None for the shipped one."""

    number: int
    state: str
    note: str
    by: str | None
    published_at: datetime | None
    version: PolicyVersion


HELD = ("in_force", "superseded")
"""The states of versions that have been in force."""

STATES = ("draft", "review", "scheduled", *HELD, "withdrawn")


async def ensure_default(work: Work) -> int:
    """Store the shipped limits as version 1 where there are none; the number in force either way."""
    await policies.lock(work.session)
    number = await work.session.scalar(select(Policy.number).where(Policy.state == "in_force"))
    if number is not None:
        return number
    row = _row(work, DEFAULT_VERSION, "", None)
    row.state, row.published_at = "in_force", work.now
    work.session.add(row)
    await work.session.flush()
    await leave(work, "system", "published_limits", "policy", 1, note="shipped defaults")
    return 1


async def publish_unreviewed(
    work: Work, actor: Actor, rules_json: Mapping[str, Any], note: str = ""
) -> Published | Invalid | MayNotPublish:
    """Put rules in force at once and with no second pair of eyes: for scripts, demos and tests, never for the console.

    `rules_json` is `{"rules": [{"market", "product", "limits"}]}`; no rule passes a legal ceiling. Offers and plans
    made keep their version. What was scheduled to follow the version in force is withdrawn.
    """
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    await bring_in_force(work)
    number = await policies.next_number(work.session)
    version = read_rules(rules_json, number)
    if isinstance(version, Invalid):
        return version
    for waiting in await _scheduled(work.session):
        waiting.state, waiting.withdrawn_by, waiting.withdrawn_at = "withdrawn", actor.id, work.now
    await work.session.flush()
    row = _row(work, version, clean(note), actor.id)
    before = await policies.last_in_line(work.session)
    row.based_on = before.number if before else None
    work.session.add(row)
    await come_in_force(work, row, actor.login)
    return Published(number)


def read_rules(rules_json: Mapping[str, Any], number: int) -> PolicyVersion | Invalid:
    """The rules as the version of this number, or everything that keeps them from being one."""
    try:
        version = version_from_json({"number": number, "rules": rules_json["rules"]})
    except (InvalidInput, KeyError, TypeError, ValueError) as error:
        data = {key: str(value) for key, value in getattr(error, "data", {}).items()}
        return Invalid((("", Problem(str(data.get("field", "")), "limits.unreadable", data)),))
    problems = validate_version(version)
    if problems or not version.rules:
        return Invalid(problems or (("", Problem("rules", "limits.empty", {})),))
    return version


async def bring_in_force(work: Work) -> int:
    """Scheduled versions whose moment has come are in force, one after the other; how many they were."""
    due = (Policy.state == "scheduled", Policy.starts_at <= work.now)
    if await work.session.scalar(select(Policy.id).where(*due).limit(1)) is None:
        return 0
    await policies.lock(work.session)
    found = select(Policy).where(*due).order_by(Policy.number).execution_options(populate_existing=True)
    rows = (await work.session.scalars(found)).all()
    for row in rows:
        await come_in_force(work, row, "system")
    return len(rows)


async def come_in_force(work: Work, row: Policy, by: str) -> None:
    """This version takes the place of the one in force. Whoever calls holds the lock."""
    before = await in_force(work.session)
    await policies.supersede(work.session)
    row.state, row.published_at = "in_force", work.now
    await work.session.flush()
    changes = diff(before, version_from_json(row.body)) if before else ()
    work.notify("limits")
    work.notify("queue")
    await leave(
        work,
        by,
        "published_limits",
        "policy",
        row.number,
        note=row.note,
        changes=[[change.rule, change.field, change.old, change.new] for change in changes],
    )


async def _scheduled(session: AsyncSession) -> list[Policy]:
    return list((await session.scalars(select(Policy).where(Policy.state == "scheduled"))).all())


def _row(work: Work, version: PolicyVersion, note: str, by: int | None) -> Policy:
    return Policy(
        number=version.number,
        state="scheduled",
        body=version_to_json(version),
        note=note,
        created_by=by,
        created_at=work.now,
        starts_at=work.now,
    )


async def history(session: AsyncSession, states: Sequence[str] = HELD) -> list[VersionRow]:
    """The versions in these states, the newest first; a draft has the number 0 and no moment."""
    rows = await session.execute(
        select(Policy, User.name)
        .outerjoin(User, User.id == Policy.created_by)
        .where(Policy.state.in_(states))
        .order_by(Policy.number.desc().nulls_first(), Policy.id.desc())
    )
    return [
        VersionRow(row.number or 0, row.state, row.note, name, row.published_at, version_from_json(row.body))
        for row, name in rows
    ]
