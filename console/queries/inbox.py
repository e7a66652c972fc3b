"""The lists of conversations: mine, the queue, all. Keyset pages, so that the last is as fast as the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from console.queries.cursors import Cursor, read_cursor, write_cursor
from core.store.tables import Case, CaseFlag, Conversation, Creditor, Debtor, Message, User

Box = Literal["mine", "queue", "all"]
PAGE = 50
COUNTED = 1000
"""Counts stop here: beyond it nobody needs the figure, and counting everything is what makes an inbox slow."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One conversation in a list. `last_words` are the debtor's. Times are UTC."""

    id: int
    name: str
    reference: str
    creditor: str
    market: str
    product: str
    reason: str | None
    priority: str | None
    language: str
    channel: str
    state: str
    holder: str
    agent: str | None
    unread: int
    waiting_since: datetime | None
    last_at: datetime
    flags: tuple[str, ...]
    last_words: str
    last_kind: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Rows and the cursor of the next page, None on the last."""

    rows: tuple[InboxRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait in each list, counted no further than `COUNTED`; `approvals` wait for a decision."""

    mine: int
    queue: int
    all: int
    unread: int


async def page(session: AsyncSession, box: Box, user_id: int, after: str | None = None) -> InboxPage:
    """One page: the queue gravest first and then oldest, the other lists by the latest message."""
    query = _BOXES[box](_rows(), user_id, read_cursor(after))
    found = (await session.execute(query.limit(PAGE + 1))).all()
    shown = found[:PAGE]
    words = await _last_words(session, [row.Conversation.id for row in shown])
    rows = tuple(_row(row, words) for row in shown)
    return InboxPage(rows, _cursor(box, shown[-1].Conversation) if len(found) > PAGE else None)


async def counts(session: AsyncSession, user_id: int) -> Counts:
    """The sizes of the three lists in one statement."""
    opened = Conversation.state == "open"
    mine = _counted(opened, Conversation.holder == "agent", Conversation.agent_id == user_id)
    unread = _counted(opened, Conversation.holder == "agent", Conversation.agent_id == user_id, Conversation.unread > 0)
    queue = _counted(opened, Conversation.holder == "queue")
    row = (await session.execute(select(mine, queue, _counted(literal(True)), unread))).one()
    return Counts(row[0], row[1], row[2], row[3])


def _counted(*where: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(Conversation.id).where(*where).limit(COUNTED).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _rows() -> Select[Conversation, Case, str, str, str | None, str | None]:
    flags = (
        select(func.aggregate_strings(CaseFlag.flag, ","))
        .where(CaseFlag.case_id == Conversation.case_id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    return (
        select(Conversation, Case, Debtor.name, Creditor.name, User.name, flags)
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .outerjoin(User, User.id == Conversation.agent_id)
    )


_Rows = Select[Conversation, Case, str, str, str | None, str | None]


def _mine(query: _Rows, user_id: int, cursor: Cursor | None) -> _Rows:
    query = query.where(Conversation.state == "open", Conversation.holder == "agent", Conversation.agent_id == user_id)
    return _latest_first(query, cursor)


def _queue(query: _Rows, _user_id: int, cursor: Cursor | None) -> _Rows:
    query = query.where(Conversation.state == "open", Conversation.holder == "queue")
    if cursor is not None and cursor.gravity is not None:
        place = tuple_(Conversation.gravity, Conversation.waiting_since, Conversation.id)
        query = query.where(place > tuple_(literal(cursor.gravity), literal(cursor.at), literal(cursor.id)))
    return query.order_by(Conversation.gravity, Conversation.waiting_since, Conversation.id)


def _all(query: _Rows, _user_id: int, cursor: Cursor | None) -> _Rows:
    return _latest_first(query, cursor)


def _latest_first(query: _Rows, cursor: Cursor | None) -> _Rows:
    if cursor is not None:
        place = tuple_(Conversation.last_at, Conversation.id)
        query = query.where(place < tuple_(literal(cursor.at), literal(cursor.id)))
    return query.order_by(Conversation.last_at.desc(), Conversation.id.desc())


_BOXES = {"mine": _mine, "queue": _queue, "all": _all}


def _cursor(box: Box, last: Conversation) -> str:
    if box == "queue":
        return write_cursor(Cursor(last.id, cast(datetime, last.waiting_since), last.gravity))
    return write_cursor(Cursor(last.id, last.last_at))


async def _last_words(session: AsyncSession, ids: Sequence[int]) -> dict[int, Message]:
    if not ids:
        return {}
    newest = (
        select(func.max(Message.id))
        .where(Message.conversation_id.in_(ids), Message.direction == "in")
        .group_by(Message.conversation_id)
    )
    found = await session.scalars(select(Message).where(Message.id.in_(newest)))
    return {message.conversation_id: message for message in found}


def _row(row: Row[Conversation, Case, str, str, str | None, str | None], words: dict[int, Message]) -> InboxRow:
    conversation, case, name, creditor, agent, flags = row
    said = words.get(conversation.id)
    return InboxRow(
        id=conversation.id,
        name=name,
        reference=case.reference,
        creditor=creditor,
        market=case.market,
        product=case.product,
        reason=conversation.reason,
        priority=conversation.priority,
        language=conversation.language,
        channel=conversation.channel,
        state=conversation.state,
        holder=conversation.holder,
        agent=agent,
        unread=conversation.unread,
        waiting_since=conversation.waiting_since,
        last_at=conversation.last_at,
        flags=tuple(sorted((flags or "").split(","))) if flags else (),
        last_words=(said.text or "")[:200] if said else "",
        last_kind=said.kind if said else "text",
    )
