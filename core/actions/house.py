"""The life of a version of the texts or of the contact rules: drafted, read by another, in force, gone back to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.compliance.contact import ContactProblem, contact_problems
from core.errors import NotFound
from core.store import house_versions
from core.store.tables import HouseVersion
from core.wording import TextProblem
from core.work import Work

Subject = Literal["wording", "contact"]
SUBJECTS: tuple[Subject, ...] = ("wording", "contact")
MAY_CHANGE = ("manager", "compliance", "admin")
Problem = TextProblem | ContactProblem


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft is stored; `revision` counts its changes."""

    version_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """It cannot be used as it is; nothing was stored."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """It was put forward, sent back, taken in force or withdrawn: its state now."""

    version_id: int
    state: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class MovedOn:
    """It was changed, or is in another state, or another version came in force since it was looked at."""

    state: str


@dataclass(frozen=True, slots=True)
class NotYours:
    """Only who wrote it may do this."""


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """Nobody approves what they wrote."""


@dataclass(frozen=True, slots=True)
class WhyNeeded:
    """Who sends a draft back says why."""


@dataclass(frozen=True, slots=True)
class NothingChanges:
    """It would leave everything as it is."""


@dataclass(frozen=True, slots=True)
class MayNot:
    """The role may not change what the house says."""

    role: str


async def change(
    work: Work, actor: Actor, subject: Subject, changes: Mapping[str, Any], problems: tuple[Problem, ...] = ()
) -> Saved | Wrong | MayNot:
    """Put changes into the actor's draft of the subject, which is begun where there is none.

    `None` for a key goes back to what is shipped. `problems` were found in them by who knows the subject.
    """
    if actor.role not in MAY_CHANGE:
        return MayNot(actor.role)
    if problems:
        return Wrong(problems)
    await house_versions.lock(work.session)
    row = await house_versions.draft_of(work.session, subject, actor.id)
    if row is None:
        row = HouseVersion(
            subject=subject, state="draft", changes=dict(changes), created_by=actor.id, created_at=work.now, revision=1
        )
        work.session.add(row)
    else:
        row.changes, row.revision = {**row.changes, **changes}, row.revision + 1
    await _told(work, actor, "changed_house_draft", row, keys=sorted(changes))
    return Saved(row.id, row.revision)


async def drop(work: Work, actor: Actor, version_id: int, key: str) -> Saved | MovedOn | NotYours:
    """Take one change out of the actor's draft."""
    await house_versions.lock(work.session)
    row = await _row(work, version_id)
    if row.created_by != actor.id:
        return NotYours()
    if row.state != "draft":
        return MovedOn(row.state)
    row.changes = {name: value for name, value in row.changes.items() if name != key}
    row.revision += 1
    await _told(work, actor, "changed_house_draft", row, dropped=key)
    return Saved(row.id, row.revision)


async def ask_review(
    work: Work, actor: Actor, version_id: int, revision: int, note: str = ""
) -> Moved | MovedOn | NotYours | NothingChanges | MayNot:
    """Put one's own draft before somebody else, with a word about it."""
    if actor.role not in MAY_CHANGE:
        return MayNot(actor.role)
    await house_versions.lock(work.session)
    row = await _row(work, version_id)
    if row.created_by != actor.id:
        return NotYours()
    if row.state != "draft" or row.revision != revision:
        return MovedOn(row.state)
    before = await body_in_force(work, row.subject)
    if applied(before, row.changes) == before:
        return NothingChanges()
    row.state, row.asked_at, row.note = "review", work.now, clean(note).strip()[:1000]
    await _told(work, actor, "asked_house_review", row)
    return Moved(row.id, row.state)


async def send_back(work: Work, actor: Actor, version_id: int, why: str = "") -> Moved | MovedOn | WhyNeeded | MayNot:
    """Out of review: by a reviewer with a word why, or taken back by who wrote it. Where its author has begun another
    draft meanwhile, the changes join that one and it is withdrawn."""
    if actor.role not in MAY_CHANGE:
        return MayNot(actor.role)
    await house_versions.lock(work.session)
    row = await _row(work, version_id)
    if row.state != "review":
        return MovedOn(row.state)
    own, said = row.created_by == actor.id, clean(why).strip()
    if not own and not said:
        return WhyNeeded()
    newer = await house_versions.draft_of(work.session, row.subject, row.created_by)
    if newer is not None:
        newer.changes, newer.revision = {**row.changes, **newer.changes}, newer.revision + 1
    row.state, row.asked_at = "draft" if newer is None else "withdrawn", None
    if not own:
        row.reviewed_by, row.reviewed_at, row.review = actor.id, work.now, said
    await _told(work, actor, "took_back_house_draft" if own else "sent_back_house_draft", row, why=said)
    return Moved(row.id, row.state)


async def withdraw(work: Work, actor: Actor, version_id: int) -> Moved | MovedOn | NotYours:
    """Give up a draft: who wrote it, or an admin."""
    await house_versions.lock(work.session)
    row = await _row(work, version_id)
    if row.state not in ("draft", "review"):
        return MovedOn(row.state)
    if row.created_by != actor.id and actor.role != "admin":
        return NotYours()
    row.state = "withdrawn"
    await _told(work, actor, "withdrew_house_draft", row)
    return Moved(row.id, row.state)


async def approve(
    work: Work, actor: Actor, version_id: int, revision: int, against: int, *, four_eyes: bool = True
) -> Moved | MovedOn | OwnDraft | NothingChanges | Wrong | MayNot:
    """Let a draft in review hold from now. `revision` and `against`, the number in force (0: what is shipped), are what
    the approver looked at. Without `four_eyes` its author may approve it, and the audit says so."""
    if actor.role not in MAY_CHANGE:
        return MayNot(actor.role)
    await house_versions.lock(work.session)
    row = await _row(work, version_id)
    standing = await house_versions.in_force(work.session, row.subject)
    if row.state != "review" or row.revision != revision or (standing.number if standing else 0) != against:
        return MovedOn(row.state)
    if four_eyes and row.created_by == actor.id:
        return OwnDraft()
    before = dict(standing.body or {}) if standing else {}
    body = applied(before, row.changes)
    if body == before:
        return NothingChanges()
    if row.subject == "contact":
        problems = contact_problems(body)
        if problems:
            return Wrong(problems)
    number = await house_versions.next_number(work.session, row.subject)
    await house_versions.supersede(work.session, row.subject)
    row.number, row.state, row.published_at, row.body = number, "in_force", work.now, body
    row.digest = sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    row.reviewed_by, row.reviewed_at, row.review, row.alone = actor.id, work.now, "", row.created_by == actor.id
    off = {} if four_eyes else {"four_eyes": "off", "own": row.alone}
    await _told(work, actor, "published_house", row, number=row.number, keys=sorted(row.changes), **off)
    return Moved(row.id, row.state, row.number)


async def roll_back(work: Work, actor: Actor, version_id: int) -> Saved | MovedOn | NothingChanges | MayNot:
    """Put into the actor's draft what makes everything as it was in an earlier version."""
    if actor.role not in MAY_CHANGE:
        return MayNot(actor.role)
    await house_versions.lock(work.session)
    row = await _row(work, version_id)
    if row.state != "superseded":
        return MovedOn(row.state)
    now, then = await body_in_force(work, row.subject), dict(row.body or {})
    changes = {key: then.get(key) for key in now.keys() | then.keys() if now.get(key) != then.get(key)}
    if not changes:
        return NothingChanges()
    subject: Subject = "wording" if row.subject == "wording" else "contact"
    saved = await change(work, actor, subject, changes)
    return NothingChanges() if isinstance(saved, Wrong) else saved


async def body_in_force(work: Work, subject: str) -> dict[str, Any]:
    """All that differs from what is shipped."""
    row = await house_versions.in_force(work.session, subject)
    return dict(row.body or {}) if row else {}


def applied(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What a body becomes with changes; a key that goes back to what is shipped leaves it."""
    return {key: value for key, value in {**body, **changes}.items() if value is not None}


async def _row(work: Work, version_id: int) -> HouseVersion:
    row = await house_versions.by_id(work.session, version_id)
    if row is None:
        raise NotFound("There is no such version.", version_id=version_id)
    return row


async def _told(work: Work, actor: Actor, action: str, row: HouseVersion, **data: Any) -> None:
    await work.session.flush()
    work.notify("house")
    await leave(work, actor.login, action, row.subject, row.id, revision=row.revision, **data)
