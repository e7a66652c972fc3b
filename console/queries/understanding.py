"""How debtors' texts were read: lists in keyset pages, each text masked before it leaves here."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from console.queries.cursors import Cursor, read_cursor, write_cursor
from core.dialogue.understanding import Language
from core.errors import NotFound
from core.store.readings import Private, private_of
from core.store.tables import Message, Reading, User
from nlu.masking import mask

Tab = Literal["unsure", "misheard", "relabelled", "all"]
Order = Literal["newest", "least"]
TABS: tuple[Tab, ...] = ("unsure", "misheard", "relabelled", "all")
PAGE = 25
COUNTED = 1000
SUGGESTED = 4
_LEAST = 0.01
"""A candidate that the engine gives less than this is no suggestion."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list. `since` and `until` are moments, the latter not included; empty means anything."""

    tab: Tab = "unsure"
    order: Order = "newest"
    lang: str = ""
    intent: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One text, masked. `heard` are the engine's candidates with their confidence in 0..1, the likeliest first."""

    id: int
    message_id: int
    conversation_id: int
    at: datetime
    lang: Language
    text: str
    state: str
    fallback: bool
    heard: tuple[tuple[str, float], ...]
    labels: tuple[str, ...]
    engine: str
    version: str
    misheard_by: str | None
    labelled_by: str | None

    @property
    def choices(self) -> tuple[tuple[str, float | None], ...]:
        """What can be chosen at once: the engine's suggestions, then what was chosen besides."""
        named = {name for name, _ in self.heard}
        return (*self.heard, *((name, None) for name in self.labels if name not in named))


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """Rows and the cursor of the next page, None on the last."""

    rows: tuple[ReadingView, ...]
    after: str | None


async def page(session: AsyncSession, wanted: Filter, after: str | None = None) -> ReadingPage:
    """One page, newest first or least sure first, in three statements."""
    query = _filtered(select(Reading.id), wanted)
    cursor = read_cursor(after)
    if wanted.order == "least":
        place = tuple_(Reading.confidence, Reading.id)
        if cursor is not None and cursor.gravity is not None:
            query = query.where(place > tuple_(literal(cursor.gravity), literal(cursor.id)))
        order: tuple[Any, ...] = (Reading.confidence, Reading.id)
    else:
        if cursor is not None:
            query = query.where(tuple_(Reading.at, Reading.id) < tuple_(literal(cursor.at), literal(cursor.id)))
        order = (Reading.at.desc(), Reading.id.desc())
    ids = query.order_by(*order).limit(PAGE + 1).subquery()
    found = (await session.execute(_rows().join(ids, ids.c.id == Reading.id).order_by(*order))).all()
    shown = found[:PAGE]
    last = shown[-1][0] if len(found) > PAGE else None
    rows = await _views(session, shown)
    return ReadingPage(rows, write_cursor(Cursor(last.id, last.at, last.confidence)) if last else None)


async def one(session: AsyncSession, reading_id: int) -> ReadingView:
    """One text; NotFound when there is none."""
    row = (await session.execute(_rows().where(Reading.id == reading_id))).one_or_none()
    if row is None:
        raise NotFound("There is no such message.", reading=reading_id)
    return (await _views(session, [row]))[0]


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many stand in each list, counted no further than `COUNTED`, in one statement."""
    found = [_counted(Filter(tab)) for tab in TABS]
    row = (await session.execute(select(*found))).one()
    return dict(zip(TABS, row, strict=True))


def _counted(wanted: Filter) -> ColumnElement[int]:
    found = _filtered(select(Reading.id), wanted).limit(COUNTED).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _filtered(query: Select[int], wanted: Filter) -> Select[int]:
    if wanted.tab != "all":
        query = query.where(Reading.state == wanted.tab)
    if wanted.lang:
        query = query.where(Reading.lang == wanted.lang)
    if wanted.intent:
        query = query.where(Reading.intent == wanted.intent)
    if wanted.since is not None:
        query = query.where(Reading.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Reading.at < wanted.until)
    return query


_Rows = Select[Reading, str, dict[str, Any] | None, str | None, str | None]
_Found = Row[Reading, str, dict[str, Any] | None, str | None, str | None]


def _rows() -> _Rows:
    reporter, labeller = aliased(User), aliased(User)
    return (
        select(Reading, Message.text, Message.understanding, reporter.name, labeller.name)
        .join(Message, Message.id == Reading.message_id)
        .outerjoin(reporter, reporter.id == Reading.misheard_by)
        .outerjoin(labeller, labeller.id == Reading.labelled_by)
    )


async def _views(session: AsyncSession, rows: Sequence[_Found]) -> tuple[ReadingView, ...]:
    private = await private_of(session, (row[0].conversation_id for row in rows))
    return await asyncio.to_thread(_masked, rows, private)


def _masked(rows: Sequence[_Found], private: dict[int, Private]) -> tuple[ReadingView, ...]:
    return tuple(_view(row, private.get(row[0].conversation_id, Private())) for row in rows)


def _view(row: _Found, private: Private) -> ReadingView:
    reading, text, heard, reporter, labeller = row
    lang: Language = "zh" if reading.lang == "zh" else "en"
    found = sorted((heard or {}).get("intents", ()), key=lambda intent: -intent["confidence"])
    return ReadingView(
        id=reading.id,
        message_id=reading.message_id,
        conversation_id=reading.conversation_id,
        at=reading.at,
        lang=lang,
        text=mask(text, lang, private, reading.at),
        state=reading.state,
        fallback=bool((heard or {}).get("fallback")),
        heard=tuple((each["name"], each["confidence"]) for each in found[:SUGGESTED] if each["confidence"] >= _LEAST),
        labels=tuple(reading.labels or ()),
        engine=reading.engine,
        version=reading.version,
        misheard_by=reporter,
        labelled_by=labeller,
    )
