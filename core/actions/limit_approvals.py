"""Four eyes: a version of the limits holds only once somebody else than its author has approved it."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.limit_drafts import MovedOn, Same
from core.actions.limits import (
    MAY_PUBLISH,
    Invalid,
    MayNotPublish,
    Published,
    bring_in_force,
    come_in_force,
    read_rules,
)
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import InvariantBroken, NotFound
from core.policy import diff, version_from_json, version_to_json
from core.store import policies
from core.store.tables import Policy
from core.work import Work


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The version is approved and comes in force at this moment (UTC)."""

    number: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """Nobody approves what they wrote."""


@dataclass(frozen=True, slots=True)
class OnAnOlder:
    """The draft was made from version `based_on`, and `number` has joined the line since: put it on that one first."""

    based_on: int
    number: int


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Version `number` comes before it, at `after` (UTC); None where the moment asked for has passed."""

    number: int
    after: datetime | None


async def approve(
    work: Work,
    actor: Actor,
    draft_id: int,
    revision: int,
    starts_at: datetime | None = None,
    *,
    four_eyes: bool = True,
) -> Published | Scheduled | OwnDraft | OnAnOlder | TooEarly | Same | Invalid | MovedOn | MayNotPublish:
    """Let a draft in review hold from `starts_at` (UTC), from now when None; it gets its number.

    `revision` is what the approver looked at. Versions follow one another: this one must be made from the last in line
    and start after it. Without `four_eyes` its author may approve it, and the audit says so.
    """
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    await bring_in_force(work)
    row = await policies.by_id(work.session, draft_id)
    if row is None:
        raise NotFound("There is no such version.", version_id=draft_id)
    if row.state != "review" or row.revision != revision:
        return MovedOn(row.state)
    if four_eyes and row.created_by == actor.id:
        return OwnDraft()
    last = await policies.last_in_line(work.session)
    if last is None or last.number is None:
        raise InvariantBroken("A draft is reviewed where nothing is in force.", draft_id=draft_id)
    if row.based_on != last.number:
        return OnAnOlder(row.based_on or 0, last.number)
    early = _too_early(work, last, starts_at)
    if early is not None:
        return early
    number = await policies.next_number(work.session)
    version = read_rules(row.body, number)
    if isinstance(version, Invalid):
        return version
    if not diff(version_from_json(last.body), version):
        return Same(last.number)
    row.number, row.body, row.state = number, version_to_json(version), "scheduled"
    row.reviewed_by, row.reviewed_at, row.review = actor.id, work.now, ""
    row.alone, row.starts_at = row.created_by == actor.id, starts_at or work.now
    await _note_approval(work, actor, row, four_eyes=four_eyes)
    if starts_at is None:
        await come_in_force(work, row, actor.login)
        return Published(number)
    return Scheduled(number, starts_at)


def _too_early(work: Work, last: Policy, starts_at: datetime | None) -> TooEarly | None:
    """Why it cannot start then: the moment has passed, or what it follows does not hold yet."""
    if starts_at is not None and starts_at <= work.now:
        return TooEarly(0, None)
    begins = starts_at or work.now
    if last.state == "scheduled" and last.starts_at is not None and begins <= last.starts_at:
        return TooEarly(last.number or 0, last.starts_at)
    return None


async def _note_approval(work: Work, actor: Actor, row: Policy, *, four_eyes: bool) -> None:
    await work.session.flush()
    work.notify("limits")
    off = {} if four_eyes else {"four_eyes": "off", "own": row.alone}
    starts = row.starts_at.isoformat() if row.starts_at else ""
    await leave(work, actor.login, "approved_limits", "policy", row.number, draft=row.id, starts_at=starts, **off)
