"""The versions of the limits and their drafts: what waits for whom, what is to come, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.actions.policies import numbered
from core.errors import NotFound
from core.policy import Change, PolicyVersion, diff, version_from_json
from core.policy.rebase import Conflict, rebase
from core.store import policies
from core.store.tables import Policy, User

HISTORY = 20
OPEN_SHOWN = 50


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version or draft with its people; `changes` is what differs from the one it was made from."""

    id: int
    number: int | None
    version: PolicyVersion
    state: str
    note: str
    author: str | None
    author_id: int | None
    created_at: datetime
    based_on: int | None
    revision: int
    asked_at: datetime | None
    reviewer: str | None
    reviewed_at: datetime | None
    review: str
    alone: bool
    starts_at: datetime | None
    published_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    changes: tuple[Change, ...] | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """What has not come in force yet, by what it waits for."""

    drafts: Sequence[VersionView]
    reviews: Sequence[VersionView]
    scheduled: Sequence[VersionView]


@dataclass(frozen=True, slots=True)
class Bench:
    """What an editor works on: their own draft, or the version that a new draft would follow.

    `token` names what was looked at, for the form to carry; `draft` is its id and revision.
    """

    version: PolicyVersion
    token: str
    note: str = ""
    draft: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a draft stands towards `follows`, the version that it would take over from, and `in_force`.

    `changes` compares it with that version, `now` with the one in force, where that is another. `meanwhile` is what
    changed since the draft was begun; `conflicts` are the fields that both changed.
    """

    follows: VersionView
    in_force: VersionView | None
    changes: tuple[Change, ...]
    now: tuple[Change, ...] | None = None
    meanwhile: tuple[Change, ...] | None = None
    conflicts: tuple[Conflict, ...] = ()


async def board(session: AsyncSession) -> Board:
    """The drafts, newest first; the requests for review, oldest first; the scheduled versions, the next one first."""
    rows = _rows().where(Policy.state.in_(("draft", "review", "scheduled"))).order_by(Policy.id.desc())
    views = [_view(row) for row in (await session.execute(rows.limit(OPEN_SHOWN))).all()]
    drafts, reviews, scheduled = ([each for each in views if each.state == state] for state in _OPEN)
    return Board(drafts, reviews[::-1], sorted(scheduled, key=lambda each: each.number or 0))


async def one(session: AsyncSession, version_id: int) -> VersionView:
    """A version or draft, with what it changes of the one that it was made from; NotFound where there is none."""
    row = (await session.execute(_rows().where(Policy.id == version_id))).one_or_none()
    if row is None:
        raise NotFound("There is no such version.", version_id=version_id)
    [view] = await _with_changes(session, [_view(row)])
    return view


async def bench(session: AsyncSession, user_id: int) -> Bench:
    """The user's newest draft, else what a new one would start from."""
    own = select(Policy).where(Policy.state == "draft", Policy.created_by == user_id)
    row = await session.scalar(own.order_by(Policy.id.desc()).limit(1))
    if row is not None:
        token = f"d{row.id}.{row.revision}"
        return Bench(version_from_json(row.body), token, row.note, (row.id, row.revision))
    last = await policies.last_in_line(session)
    if last is None:
        raise NotFound("No limits have been published.")
    return Bench(version_from_json(last.body), str(last.number))


async def standing(session: AsyncSession, draft: VersionView) -> Standing | None:
    """Where a draft stands now; None before any limits were published."""
    rows = _rows().where(Policy.state.in_(("in_force", "scheduled"))).order_by(Policy.number)
    line = [_view(row) for row in (await session.execute(rows)).all()]
    if not line:
        return None
    follows, current = line[-1], line[0] if line[0].state == "in_force" else None
    changes = diff(follows.version, draft.version)
    now = diff(current.version, draft.version) if current and current.number != follows.number else None
    base = await numbered(session, draft.based_on or 0)
    if base is None or draft.based_on == follows.number:
        return Standing(follows, current, changes, now)
    conflicts = rebase(base, draft.version, follows.version).conflicts
    return Standing(follows, current, changes, now, diff(base, follows.version), conflicts)


async def last_number(session: AsyncSession) -> int | None:
    """The number of the version that the next one follows."""
    last = await policies.last_in_line(session)
    return last.number if last else None


async def history(session: AsyncSession, before: int | None = None) -> tuple[Sequence[VersionView], int | None]:
    """The versions that have a number, newest first, each with its changes; and the number to ask before for older."""
    query = _rows().where(Policy.number.is_not(None)).order_by(Policy.number.desc()).limit(HISTORY + 1)
    if before is not None:
        query = query.where(Policy.number < before)
    views = [_view(row) for row in (await session.execute(query)).all()]
    shown = await _with_changes(session, views[:HISTORY])
    return shown, shown[-1].number if len(views) > HISTORY else None


async def _with_changes(session: AsyncSession, views: Sequence[VersionView]) -> list[VersionView]:
    """Each with what it changed of the version that it was made from."""
    wanted = {each.based_on for each in views if each.based_on is not None}
    rows = await session.execute(select(Policy.number, Policy.body).where(Policy.number.in_(wanted)))
    bases = {number: version_from_json(body) for number, body in rows}
    return [
        replace(each, changes=diff(bases[each.based_on], each.version)) if each.based_on in bases else each
        for each in views
    ]


_OPEN = ("draft", "review", "scheduled")
_AUTHOR, _REVIEWER, _LEAVER = aliased(User), aliased(User), aliased(User)


def _rows() -> Select[*tuple[Any, ...]]:
    rows: Select[*tuple[Any, ...]] = (
        select(Policy, _AUTHOR.name, _REVIEWER.name, _LEAVER.name)
        .outerjoin(_AUTHOR, _AUTHOR.id == Policy.created_by)
        .outerjoin(_REVIEWER, _REVIEWER.id == Policy.reviewed_by)
        .outerjoin(_LEAVER, _LEAVER.id == Policy.withdrawn_by)
    )
    return rows


def _view(row: Any) -> VersionView:
    policy, author, reviewer, leaver = row
    return VersionView(
        id=policy.id,
        number=policy.number,
        version=version_from_json(policy.body),
        state=policy.state,
        note=policy.note,
        author=author,
        author_id=policy.created_by,
        created_at=policy.created_at,
        based_on=policy.based_on,
        revision=policy.revision,
        asked_at=policy.asked_at,
        reviewer=reviewer,
        reviewed_at=policy.reviewed_at,
        review=policy.review,
        alone=policy.alone,
        starts_at=policy.starts_at,
        published_at=policy.published_at,
        withdrawn_by=leaver,
        withdrawn_at=policy.withdrawn_at,
    )
