"""The managers' limits: published as versions that are never edited, and obeyed from the next decision on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
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
    """This role publishes no limits."""

    role: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as history shows it; `by` is the name of who published it, None for the shipped one."""

    number: int
    state: str
    note: str
    by: str | None
    published_at: datetime | None
    version: PolicyVersion


async def ensure_default(work: Work) -> int:
    """Store the shipped limits as version 1 where there are none; the number in force either way."""
    await policies.lock(work.session)
    number = await work.session.scalar(select(Policy.number).where(Policy.state == "in_force"))
    if number is not None:
        return number
    await _store(work, DEFAULT_VERSION, "", None)
    await leave(work, "system", "published_limits", "policy", 1, note="shipped defaults")
    return 1


async def publish(
    work: Work, actor: Actor, rules_json: Mapping[str, Any], note: str = ""
) -> Published | Invalid | MayNotPublish:
    """Put new rules in force: `{"rules": [{"market", "product", "limits"}]}`. Offers and plans made keep their version.

    No rule passes a legal ceiling; two managers who publish at once get two versions, one after the other.
    """
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    last = await work.session.scalar(select(func.max(Policy.number))) or 0
    try:
        version = version_from_json({"number": last + 1, "rules": rules_json["rules"]})
    except (InvalidInput, KeyError, TypeError, ValueError) as error:
        data = {key: str(value) for key, value in getattr(error, "data", {}).items()}
        return Invalid((("", Problem(str(data.get("field", "")), "limits.unreadable", data)),))
    problems = validate_version(version)
    if problems or not version.rules:
        return Invalid(problems or (("", Problem("rules", "limits.empty", {})),))
    before = await in_force(work.session)
    changes = diff(before, version) if before else ()
    await _store(work, version, clean(note), actor.id)
    work.notify("limits")
    work.notify("queue")
    await leave(
        work,
        actor.login,
        "published_limits",
        "policy",
        version.number,
        note=clean(note),
        changes=[[change.rule, change.field, change.old, change.new] for change in changes],
    )
    return Published(version.number)


async def _store(work: Work, version: PolicyVersion, note: str, by: int | None) -> None:
    await policies.supersede(work.session)
    work.session.add(
        Policy(
            number=version.number,
            state="in_force",
            body=version_to_json(version),
            note=note,
            created_by=by,
            created_at=work.now,
            published_at=work.now,
        )
    )
    await work.session.flush()


async def history(session: AsyncSession) -> list[VersionRow]:
    """Every version, the newest first."""
    rows = await session.execute(
        select(Policy, User.name).outerjoin(User, User.id == Policy.created_by).order_by(Policy.number.desc())
    )
    return [
        VersionRow(row.number, row.state, row.note, name, row.published_at, version_from_json(row.body))
        for row, name in rows
    ]
