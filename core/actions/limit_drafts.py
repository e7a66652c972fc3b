"""Drafts of the limits: written, put forward for review, sent back, given up; nothing here changes what holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.actions.limits import MAY_PUBLISH, Invalid, MayNotPublish, read_rules
from core.actions.policies import numbered
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import NotFound
from core.policy import PolicyVersion, diff, version_from_json, version_to_json
from core.policy.rebase import Conflict, rebase
from core.store import policies
from core.store.tables import Policy
from core.work import Work

DRAFT = 0
"""The number of what has none yet."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft is stored; `revision` counts its changes."""

    draft_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class InReview:
    """The draft waits for somebody else's look at it."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class BackToDraft:
    """Its author may change it again."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It was given up, and is kept for the record."""

    version_id: int


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing differs from the version that it is to follow."""

    number: int


@dataclass(frozen=True, slots=True)
class MovedOn:
    """It was changed, or is in another state, since it was looked at; nothing was done."""

    state: str


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Another version has joined the line meanwhile; nothing was done."""

    number: int


@dataclass(frozen=True, slots=True)
class NotYours:
    """Only who wrote a draft may do this."""


@dataclass(frozen=True, slots=True)
class WhyNeeded:
    """Who sends a draft back says why."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Another version is scheduled to follow this one and stands on it: withdraw that one first."""

    number: int


@dataclass(frozen=True, slots=True)
class Conflicting:
    """The draft and version `number` changed the same fields; each has to be chosen by who wrote the draft."""

    number: int
    conflicts: tuple[Conflict, ...]


async def save_draft(
    work: Work,
    actor: Actor,
    rules_json: Mapping[str, Any],
    note: str = "",
    *,
    based_on: int | None = None,
    draft: tuple[int, int] | None = None,
) -> Saved | Same | Invalid | MovedOn | Overtaken | NotYours | MayNotPublish:
    """Store rules as a new draft, made from version `based_on`, or in the actor's own `draft` (id, revision seen)."""
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    version = read_rules(rules_json, DRAFT)
    if isinstance(version, Invalid):
        return version
    if draft is not None:
        row = await _draft(work, draft[0])
        if row.created_by != actor.id:
            return NotYours()
        if row.state != "draft" or row.revision != draft[1]:
            return MovedOn(row.state)
        row.body, row.note, row.revision = version_to_json(version), clean(note), row.revision + 1
        await _told(work, actor, "saved_limits_draft", row)
        return Saved(row.id, row.revision)
    tip = await _tip(work)
    if based_on is not None and based_on != tip.number:
        return Overtaken(tip.number)
    if not diff(tip, version):
        return Same(tip.number)
    row = _new(work, actor, version, note, tip)
    work.session.add(row)
    await _told(work, actor, "saved_limits_draft", row)
    return Saved(row.id, row.revision)


async def roll_back(
    work: Work, actor: Actor, version_id: int, note: str = ""
) -> Saved | Same | Invalid | MovedOn | MayNotPublish:
    """A new draft of the actor equal to an earlier version; it goes the way of every draft."""
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    earlier = await _draft(work, version_id)
    if earlier.state in ("draft", "review"):
        return MovedOn(earlier.state)
    version = read_rules(earlier.body, DRAFT)
    if isinstance(version, Invalid):
        return version
    tip = await _tip(work)
    if not diff(tip, version):
        return Same(tip.number)
    row = _new(work, actor, version, note, tip)
    work.session.add(row)
    await _told(work, actor, "saved_limits_draft", row, back_to=earlier.number)
    return Saved(row.id, row.revision)


async def ask_review(
    work: Work, actor: Actor, draft_id: int, revision: int
) -> InReview | Same | MovedOn | NotYours | MayNotPublish:
    """Put one's own draft before another manager; it cannot be changed until it comes back."""
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    row = await _draft(work, draft_id)
    if row.created_by != actor.id:
        return NotYours()
    if row.state != "draft" or row.revision != revision:
        return MovedOn(row.state)
    base = await numbered(work.session, row.based_on or 0)
    if base is not None and not diff(base, version_from_json(row.body)):
        return Same(base.number)
    row.state, row.asked_at = "review", work.now
    await _told(work, actor, "asked_limits_review", row, revision=row.revision)
    return InReview(row.id)


async def send_back(
    work: Work, actor: Actor, draft_id: int, why: str = ""
) -> BackToDraft | WhyNeeded | MovedOn | MayNotPublish:
    """Out of review: by a reviewer with a word why, or taken back by who wrote it."""
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    row = await _draft(work, draft_id)
    if row.state != "review":
        return MovedOn(row.state)
    own = row.created_by == actor.id
    said = clean(why).strip()
    if not own and not said:
        return WhyNeeded()
    row.state, row.asked_at = "draft", None
    if not own:
        row.reviewed_by, row.reviewed_at, row.review = actor.id, work.now, said
    await _told(work, actor, "took_back_limits" if own else "sent_back_limits", row, why=said)
    return BackToDraft(row.id)


async def withdraw(
    work: Work, actor: Actor, version_id: int
) -> Withdrawn | Followed | MovedOn | NotYours | MayNotPublish:
    """Give up a draft (its author, or an admin) or a scheduled version (any manager, before its moment)."""
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    row = await _draft(work, version_id)
    if row.state not in ("draft", "review", "scheduled"):
        return MovedOn(row.state)
    if row.state == "scheduled":
        if row.starts_at is not None and row.starts_at <= work.now:
            return MovedOn("in_force")
        last = await policies.last_in_line(work.session)
        if last is not None and last.id != row.id:
            return Followed(last.number or 0)
    elif row.created_by != actor.id and actor.role != "admin":
        return NotYours()
    row.state, row.withdrawn_by, row.withdrawn_at = "withdrawn", actor.id, work.now
    await _told(work, actor, "withdrew_limits", row)
    return Withdrawn(row.id)


async def put_on_latest(
    work: Work,
    actor: Actor,
    draft_id: int,
    revision: int,
    *,
    keep: Collection[tuple[str, str]] = (),
    take: Collection[tuple[str, str]] = (),
) -> Saved | Same | Conflicting | Invalid | MovedOn | NotYours | MayNotPublish:
    """Re-apply a draft's own changes on the version that it is to follow now, so that nobody's change is lost.

    Without conflicts any manager may do it, also in review. `keep` and `take` choose between the draft's and the other
    version's value of a field (rule, field); only who wrote the draft chooses, while it is a draft.
    """
    if actor.role not in MAY_PUBLISH:
        return MayNotPublish(actor.role)
    await policies.lock(work.session)
    row = await _draft(work, draft_id)
    if row.state not in ("draft", "review") or row.revision != revision:
        return MovedOn(row.state)
    tip = await _tip(work)
    if row.based_on == tip.number:
        return Same(tip.number)
    base = await numbered(work.session, row.based_on or 0) or tip
    mine = version_from_json(row.body)
    result = rebase(base, mine, tip)
    if result.conflicts and (keep or take):
        if row.created_by != actor.id or row.state != "draft":
            return NotYours()
        result = rebase(base, mine, tip, keep, take)
    if result.conflicts:
        return Conflicting(tip.number, result.conflicts)
    version = read_rules(version_to_json(result.version), DRAFT)
    if isinstance(version, Invalid):
        return version
    row.body, row.based_on, row.revision = version_to_json(version), tip.number, row.revision + 1
    await _told(work, actor, "rebased_limits", row, based_on=tip.number)
    return Saved(row.id, row.revision)


async def _draft(work: Work, version_id: int) -> Policy:
    row = await policies.by_id(work.session, version_id)
    if row is None:
        raise NotFound("There is no such version.", version_id=version_id)
    return row


async def _tip(work: Work) -> PolicyVersion:
    last = await policies.last_in_line(work.session)
    if last is None:
        raise NotFound("No limits have been published.")
    return version_from_json(last.body)


def _new(work: Work, actor: Actor, version: PolicyVersion, note: str, tip: PolicyVersion) -> Policy:
    return Policy(
        number=None,
        state="draft",
        body=version_to_json(version),
        note=clean(note),
        created_by=actor.id,
        created_at=work.now,
        based_on=tip.number,
        revision=1,
    )


async def _told(work: Work, actor: Actor, action: str, row: Policy, **data: Any) -> None:
    await work.session.flush()
    work.notify("limits")
    subject, number = ("policy", row.number) if row.number else ("limits_draft", row.id)
    await leave(work, actor.login, action, subject, number, note=row.note, **data)
