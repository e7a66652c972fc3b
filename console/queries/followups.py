"""Whispers of a conversation; callbacks and complaints in the order in which they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar, get_args

from sqlalchemy import CompoundSelect, Select, func, literal, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from console.queries.cursors import Cursor, read_cursor, write_cursor
from core.store.tables import Callback, Case, Complaint, Conversation, Debtor, User, Whisper

Show = Literal["due", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
Row = TypeVar("Row")
PAGE = 50
COUNTED = 1000
LATEST = 30
_OPEN = Callback.state == literal_column("'open'")
_UNDECIDED = Complaint.state.in_((literal_column("'open'"), literal_column("'acknowledged'")))
"""Written out, as the indexes say them: SQLite uses a partial index only where it reads the same words."""
_FIRST, _SECOND = aliased(User), aliased(User)


@dataclass(frozen=True, slots=True)
class WhisperView:
    id: int
    author: str
    author_id: int
    to: str
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """Who holds the conversation, and what supervisors said beside it."""

    id: int
    state: str
    holder: str
    agent_id: int | None
    agent: str | None
    whispers: tuple[WhisperView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRow:
    """Somebody to be called or written. `time_zone` is theirs."""

    id: int
    conversation_id: int
    name: str
    reference: str
    market: str
    time_zone: str
    source: str
    way: str
    exact: bool
    due_at: datetime
    note: str
    state: str
    holder: str
    agent: str | None
    ended_by: str | None
    ended_at: datetime | None
    result: str

    def late(self, now: datetime) -> bool:
        """Whether it should have been by now."""
        return self.state == "open" and self.due_at < now


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRow:
    """A complaint with its clocks."""

    id: int
    number: str
    conversation_id: int
    name: str
    reference: str
    market: str
    time_zone: str
    category: str
    words: str
    received_at: datetime
    rule: str
    acknowledge_by: datetime
    answer_by: datetime
    due_at: datetime | None
    state: str
    handler: str | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str
    answer: str

    def late(self, now: datetime) -> bool:
        """Whether its next deadline has passed."""
        return self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """A page of rows, the cursor of the next one, and how many are late, counted no further than `COUNTED`."""

    rows: tuple[Row, ...]
    after: str | None
    late: int


async def beside(session: AsyncSession, conversation_id: int, viewer_id: int, *, oversees: bool) -> Beside | None:
    """What is whispered beside a conversation: to supervisors all of it, to an agent what was meant for them while they
    hold it, and what was done over their head."""
    head = (
        await session.execute(
            select(Conversation.state, Conversation.holder, Conversation.agent_id, User.name)
            .outerjoin(User, User.id == Conversation.agent_id)
            .where(Conversation.id == conversation_id)
        )
    ).one_or_none()
    if head is None:
        return None
    state, holder, agent_id, agent = head
    query = (
        select(Whisper, _FIRST.name, _SECOND.name)
        .join(_FIRST, _FIRST.id == Whisper.user_id)
        .join(_SECOND, _SECOND.id == Whisper.to_id)
        .where(Whisper.conversation_id == conversation_id)
        .order_by(Whisper.id.desc())
        .limit(LATEST)
    )
    if not oversees:
        mine = Whisper.to_id == viewer_id
        query = query.where(mine if agent_id == viewer_id else mine & Whisper.kind.in_(("taken", "moved")))
    rows = [
        WhisperView(row.id, author, row.user_id, to, row.kind, row.text, row.at)
        for row, author, to in await session.execute(query)
    ]
    return Beside(conversation_id, state, holder, agent_id, agent, tuple(reversed(rows)))


async def callbacks(
    session: AsyncSession, show: Show, now: datetime, after: str | None = None, *, only_of: int | None = None
) -> Listed[CallbackRow]:
    """The callbacks that wait, first due first; or all, latest due first. `only_of`: what this agent holds or noted."""
    query = _callback_rows()
    late = select(Callback.id).where(_OPEN, Callback.due_at < now)
    if only_of is not None:
        theirs = Callback.id.in_(_theirs(only_of))
        query, late = query.where(theirs), late.where(theirs)
    if show == "due":
        query = query.where(_OPEN)
    query = _placed(query, Callback.due_at, Callback.id, read_cursor(after), forward=show == "due")
    found = (await session.execute(query.limit(PAGE + 1))).all()
    rows = tuple(_callback(row) for row in found[:PAGE])
    more = write_cursor(Cursor(rows[-1].id, rows[-1].due_at)) if len(found) > PAGE else None
    return Listed(rows, more, await _counted(session, late))


async def complaints(
    session: AsyncSession, show: Show, now: datetime, after: str | None = None, *, market: str = "", category: str = ""
) -> Listed[ComplaintRow]:
    """The complaints that are owed something, next deadline first; or all, latest first."""
    query = _complaint_rows()
    if market:
        query = query.where(Complaint.market == market)
    if category:
        query = query.where(Complaint.category == category)
    late = select(Complaint.id).where(_UNDECIDED, Complaint.due_at < now)
    if show == "due":
        query = query.where(_UNDECIDED)
    place = Complaint.due_at if show == "due" else Complaint.received_at
    query = _placed(query, place, Complaint.id, read_cursor(after), forward=show == "due")
    found = (await session.execute(query.limit(PAGE + 1))).all()
    rows = tuple(_complaint(row) for row in found[:PAGE])
    more = None
    if len(found) > PAGE:
        last = rows[-1]
        more = write_cursor(Cursor(last.id, (last.due_at or last.received_at) if show == "due" else last.received_at))
    return Listed(rows, more, await _counted(session, late))


async def complaint(session: AsyncSession, complaint_id: int) -> ComplaintRow | None:
    """One complaint by its id."""
    row = (await session.execute(_complaint_rows().where(Complaint.id == complaint_id))).one_or_none()
    return _complaint(row) if row else None


async def of_conversation(
    session: AsyncSession, conversation_id: int
) -> tuple[Sequence[CallbackRow], Sequence[ComplaintRow]]:
    """The callbacks and complaints of one conversation, newest first."""
    calls = await session.execute(
        _callback_rows().where(Callback.conversation_id == conversation_id).order_by(Callback.id.desc()).limit(LATEST)
    )
    made = await session.execute(
        _complaint_rows()
        .where(Complaint.conversation_id == conversation_id)
        .order_by(Complaint.id.desc())
        .limit(LATEST)
    )
    return [_callback(row) for row in calls], [_complaint(row) for row in made]


def _theirs(agent_id: int) -> CompoundSelect[int]:
    """The callbacks of the conversations that an agent holds, and those that they noted."""
    held = select(Conversation.id).where(Conversation.agent_id == agent_id)
    return (
        select(Callback.id)
        .where(Callback.conversation_id.in_(held))
        .union(select(Callback.id).where(Callback.made_by == agent_id))
    )


async def _counted(session: AsyncSession, query: Select[int]) -> int:
    return await session.scalar(select(func.count()).select_from(query.limit(COUNTED).subquery())) or 0


def _placed(
    query: Select[*tuple[Any, ...]], at: Any, row_id: Any, cursor: Cursor | None, *, forward: bool
) -> Select[*tuple[Any, ...]]:
    if cursor is not None:
        here, place = tuple_(literal(cursor.at), literal(cursor.id)), tuple_(at, row_id)
        query = query.where(place > here if forward else place < here)
    return query.order_by(at, row_id) if forward else query.order_by(at.desc(), row_id.desc())


def _callback_rows() -> Select[*tuple[Any, ...]]:
    rows: Select[*tuple[Any, ...]] = (
        select(
            Callback, Case, Debtor.name, Debtor.time_zone, Conversation.holder, _FIRST.name.label("agent"), _SECOND.name
        )
        .join(Conversation, Conversation.id == Callback.conversation_id)
        .join(Case, Case.id == Callback.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .outerjoin(_FIRST, _FIRST.id == Conversation.agent_id)
        .outerjoin(_SECOND, _SECOND.id == Callback.ended_by)
    )
    return rows


def _complaint_rows() -> Select[*tuple[Any, ...]]:
    rows: Select[*tuple[Any, ...]] = (
        select(Complaint, Case.reference, Debtor.name, Debtor.time_zone, User.name)
        .join(Case, Case.id == Complaint.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .outerjoin(User, User.id == Complaint.handler_id)
    )
    return rows


def _callback(row: Any) -> CallbackRow:
    call, case, name, time_zone, holder, agent, ended_by = row
    return CallbackRow(
        id=call.id,
        conversation_id=call.conversation_id,
        name=name,
        reference=case.reference,
        market=case.market,
        time_zone=time_zone,
        source=call.source,
        way=call.way,
        exact=call.exact,
        due_at=call.due_at,
        note=call.note,
        state=call.state,
        holder=holder,
        agent=agent,
        ended_by=ended_by,
        ended_at=call.ended_at,
        result=call.result,
    )


def _complaint(row: Any) -> ComplaintRow:
    found, reference, name, time_zone, handler = row
    return ComplaintRow(
        id=found.id,
        number=found.number,
        conversation_id=found.conversation_id,
        name=name,
        reference=reference,
        market=found.market,
        time_zone=time_zone,
        category=found.category,
        words=found.words,
        received_at=found.received_at,
        rule=found.rule,
        acknowledge_by=found.acknowledge_by,
        answer_by=found.answer_by,
        due_at=found.due_at,
        state=found.state,
        handler=handler,
        acknowledged_at=found.acknowledged_at,
        answered_at=found.answered_at,
        closed_at=found.closed_at,
        outcome=found.outcome,
        answer=found.answer,
    )
