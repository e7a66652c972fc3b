"""Replies that the team keeps: both languages, a shortcut, values to fill in, words that compliance lets through."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import get_args

from sqlalchemy import select, update

from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.compliance.grants import grants, sums_in
from core.compliance.parameters import IN_FORCE
from core.compliance.words import banned
from core.dialogue.flags import HandoffReason
from core.errors import NotFound
from core.store.tables import CannedReply
from core.wording import LANGUAGES
from core.work import Work

VARIABLES = (
    "name",
    "agent",
    "creditor",
    "phone",
    "hours",
    "reference",
    "product",
    "balance",
    "due_date",
    "plan_next_due",
    "plan_next_amount",
    "plan_left",
    "promise_due",
    "promise_amount",
)
"""What a kept reply can fill in, as `{name}`; each is worked out for the conversation that it is used in."""
LONGEST = 1500
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}|[\u4e00-\u9fff][\u4e00-\u9fffa-z0-9_-]{0,38}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a reply from being saved: `code` names it, `part` is the field that it is in."""

    part: str
    code: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Nothing was saved, for these reasons."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The reply is as it was given."""

    reply_id: int


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody else has changed it since it was opened; nothing was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A reply as somebody writes it."""

    shortcut: str
    category: str
    en: str
    zh: str
    suits: str = ""


def problems_of(wording: Wording) -> tuple[Problem, ...]:
    """All that is wrong with a reply: its shortcut, its variables, its words in each market and language."""
    found: list[Problem] = []
    if _SHORTCUT.fullmatch(wording.shortcut) is None:
        found.append(Problem("shortcut", "canned.shortcut"))
    if wording.suits and wording.suits not in get_args(HandoffReason):
        found.append(Problem("suits", "canned.suits"))
    texts = {"en": wording.en, "zh": wording.zh}
    for language in LANGUAGES:
        found += _of_text(texts[language], language)
    if not found and _names(wording.en) != _names(wording.zh):
        found.append(Problem("zh", "canned.variables_differ"))
    return tuple(found)


def _of_text(text: str, language: str) -> list[Problem]:
    if not text.strip():
        return [Problem(language, "canned.empty")]
    if len(text) > LONGEST:
        return [Problem(language, "canned.too_long", {"most": str(LONGEST)})]
    try:
        names = _names(text)
    except ValueError:
        return [Problem(language, "canned.braces")]
    found = [Problem(language, "canned.unknown", {"name": name}) for name in sorted(names - set(VARIABLES))]
    words = {
        (reason.message_key, str(reason.data.get("words", "")))
        for market in IN_FORCE.markets
        for reason in banned(text, market, language)
    }
    found += [Problem(language, code, {"words": said}) for code, said in sorted(words)]
    granted = grants(text)
    if granted is not None:
        found.append(Problem(language, "compliance.no_grant", {"words": granted}))
    sums = sums_in(text)
    if sums:
        found.append(Problem(language, "canned.sum", {"sum": f"{sums[0]:f}"}))
    return found


def _names(text: str) -> frozenset[str]:
    """The variables of a text; ValueError where its braces make none."""
    parts = list(Formatter().parse(text))
    if any(name is not None and (spec or conversion) for _, name, spec, conversion in parts):
        raise ValueError("a variable takes no format")
    return frozenset(name for _, name, _, _ in parts if name is not None)


@dataclass(frozen=True, slots=True)
class Filled:
    """A reply for one conversation. `missing` are the variables that this conversation has no value for."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """The text with its variables filled in; one that cannot be stays as it is written, and is named."""
    names = _names(text)
    missing = tuple(name for name in VARIABLES if name in names and not values.get(name))
    shown = {name: values.get(name) or f"{{{name}}}" for name in names}
    return Filled(Formatter().vformat(text, (), shown), missing)


async def save(
    work: Work, actor: Actor, wording: Wording, reply_id: int | None = None, revision: int | None = None
) -> Kept | Wrong | Stale:
    """Keep a new reply, or change one that was opened at this `revision`. NotFound where there is none."""
    fitting = Wording(
        shortcut=clean(wording.shortcut).strip().removeprefix("/").lower(),
        category=clean(wording.category).strip()[:60],
        en=clean(wording.en).strip(),
        zh=clean(wording.zh).strip(),
        suits=wording.suits,
    )
    row = None if reply_id is None else await _locked(work, reply_id)
    if row is not None and revision is not None and row.revision != revision:
        return Stale()
    problems = list(problems_of(fitting))
    taken = select(CannedReply.id).where(CannedReply.shortcut == fitting.shortcut)
    other = await work.session.scalar(taken)
    if other is not None and other != reply_id:
        problems.append(Problem("shortcut", "canned.taken"))
    if problems:
        return Wrong(tuple(problems))
    before = {} if row is None else _told(row)
    if row is None:
        row = CannedReply(created_by=actor.id, created_at=work.now)
        work.session.add(row)
    else:
        row.revision += 1
    row.shortcut, row.category, row.suits = fitting.shortcut, fitting.category, fitting.suits or None
    row.en, row.zh = fitting.en, fitting.zh
    row.updated_by, row.updated_at = actor.id, work.now
    await work.session.flush()
    await leave(work, actor.login, "saved_reply", "reply", row.id, before=before, after=_told(row))
    return Kept(row.id)


async def archive(work: Work, actor: Actor, reply_id: int, *, archived: bool) -> Kept:
    """Offer a reply no more, or again. NotFound where there is none."""
    row = await _locked(work, reply_id)
    if (row.archived_at is not None) != archived:
        row.archived_at = work.now if archived else None
        row.revision += 1
        await work.session.flush()
        action = "archived_reply" if archived else "restored_reply"
        await leave(work, actor.login, action, "reply", row.id, shortcut=row.shortcut)
    return Kept(row.id)


async def used(work: Work, reply_ids: Sequence[int]) -> None:
    """Count that these were put in a composer."""
    counted = update(CannedReply).where(CannedReply.id.in_(reply_ids)).values(uses=CannedReply.uses + 1)
    await work.session.execute(counted)


async def _locked(work: Work, reply_id: int) -> CannedReply:
    found = await work.session.scalar(
        select(CannedReply)
        .where(CannedReply.id == reply_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such reply.", reply_id=reply_id)
    return found


def _told(row: CannedReply) -> dict[str, str]:
    return {"shortcut": row.shortcut, "category": row.category, "suits": row.suits or "", "en": row.en, "zh": row.zh}
