"""The wall: live conversations of the assistant, the queue and the agents, with their pulse and their clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast, get_args

from sqlalchemy import ColumnElement, Select, case, func, literal, literal_column, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from console.queries.cursors import Cursor, read_cursor, write_cursor
from console.queries.targets import is_late
from console.queries.teams import HANDLERS, IN_HAND
from core.actions.pulses import insisted_of
from core.dialogue.pulse import LOOKED_AT, MOODS, RISKS, Pulse, pulse
from core.dialogue.understanding import Understanding
from core.staffing import TargetBook, Targets
from core.store.tables import Case, CaseFlag, Conversation, Debtor, HandoffRow, Message, User

Order = Literal["risk", "latest", "oldest"]
Period = Literal["hour", "day", "any"]
ORDERS: tuple[Order, ...] = get_args(Order)
PERIODS: tuple[Period, ...] = get_args(Period)
PAGE = 50
COUNTED = 1000
HIGH = RISKS.index("high")
_OPEN = Conversation.state == literal_column("'open'")
_PEOPLES = Conversation.holder != literal_column("'bot'")
"""Written out, as the indexes say them: SQLite uses a partial index only where it reads the same words."""
_IDS = select(Conversation.id)
_BACK: dict[str, timedelta | None] = {"hour": timedelta(hours=1), "day": timedelta(days=1), "any": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFilter:
    """What to look for; empty means anything. `late`: only what waits for a person longer than the target."""

    holder: str = ""
    agent_id: int | None = None
    risk: str = ""
    mood: str = ""
    market: str = ""
    language: str = ""
    period: Period = "day"
    order: Order = "risk"
    late: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs, or stopped at `until`; `late` where it passed its target."""

    since: datetime
    until: datetime | None
    target: timedelta

    def late(self, now: datetime) -> bool:
        """Whether it ran longer than it should have."""
        return (self.until or now) - self.since > self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class WallRow:
    """One live conversation. `first` is the clock of the first reply since the hand-over, `waiting` that of what
    the debtor is owed by a person; `called` says that supervisors were called to it."""

    id: int
    name: str
    reference: str
    market: str
    language: str
    channel: str
    holder: str
    agent: str | None
    agent_id: int | None
    opened_at: datetime
    last_at: datetime
    reason: str | None
    flags: tuple[str, ...]
    pulse: Pulse
    first: Clock | None
    waiting: Clock | None
    called: bool


@dataclass(frozen=True, slots=True)
class WallPage:
    """Rows and the cursor of the next page, None on the last."""

    rows: tuple[WallRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many are live, counted no further than `COUNTED`."""

    bot: int
    queue: int
    agents: int
    high: int
    late: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one agent has on their hands, without what is put aside. `hard` are those of high or grave risk, `owed`
    those that wait for their answer."""

    id: int
    name: str
    held: int
    hard: int
    owed: int
    oldest: datetime | None

    @property
    def hard_share(self) -> float | None:
        """Of what they hold."""
        return self.hard / self.held if self.held else None


async def page(
    session: AsyncSession, wanted: WallFilter, now: datetime, book: TargetBook, after: str | None = None
) -> WallPage:
    """One page, by risk and then the latest message, by the latest message, or by age."""
    query = _filtered(_rows(), wanted, now, book)
    found = (await session.execute(_ordered(query, wanted.order, read_cursor(after)).limit(PAGE + 1))).all()
    shown = found[:PAGE]
    ids = [row.Conversation.id for row in shown]
    heard = await _heard(session, ids)
    replied = await _first_replies(session, ids)
    rows = tuple(_row(row, heard.get(row.Conversation.id, []), replied, book) for row in shown)
    return WallPage(rows, _cursor(wanted.order, shown[-1].Conversation) if len(found) > PAGE else None)


async def totals(session: AsyncSession, now: datetime, book: TargetBook) -> Totals:
    """The sizes in one statement; the assistant's are those of the last day."""
    lately = Conversation.last_at >= now - timedelta(days=1)
    counts = (
        _counted(_OPEN, lately, Conversation.holder == "bot"),
        _counted(_OPEN, _PEOPLES, Conversation.holder == "queue"),
        _counted(_OPEN, _PEOPLES, Conversation.holder == "agent"),
        _counted(_OPEN, lately, Conversation.risk >= HIGH),
        _counted(_OPEN, _PEOPLES, is_late(book, now), of=_IDS.join(Case, Case.id == Conversation.case_id)),
    )
    return Totals(*(await session.execute(select(*counts))).one())


async def loads(session: AsyncSession) -> Sequence[Load]:
    """Every active agent, and who else holds conversations now, the fullest first."""
    rows = await session.execute(
        select(
            User.id,
            User.name,
            func.count(Conversation.id),
            func.coalesce(func.sum(case((Conversation.risk >= HIGH, 1), else_=0)), 0),
            func.count(Conversation.owed_since),
            func.min(Conversation.owed_since),
        )
        .outerjoin(Conversation, IN_HAND)
        .where(User.active.is_(True), User.role.in_(HANDLERS))
        .group_by(User.id, User.name)
        .having(or_(User.role == "agent", func.count(Conversation.id) > 0))
        .order_by(func.count(Conversation.id).desc(), User.name)
    )
    return [Load(*row) for row in rows]


def _counted(*where: ColumnElement[bool], of: Select[int] = _IDS) -> ColumnElement[int]:
    found = of.where(*where).limit(COUNTED).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _rows() -> Select[*tuple[Any, ...]]:
    flags = (
        select(func.aggregate_strings(CaseFlag.flag, ","))
        .where(CaseFlag.case_id == Conversation.case_id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    handed = (
        select(func.max(HandoffRow.at))
        .where(HandoffRow.conversation_id == Conversation.id, HandoffRow.ended_at.is_(None))
        .correlate(Conversation)
        .scalar_subquery()
    )
    rows: Select[*tuple[Any, ...]] = (
        select(
            Conversation,
            Case.reference,
            Case.market,
            Debtor.name,
            User.name.label("agent"),
            flags.label("flags"),
            handed.label("handed"),
            Case.creditor_id,
        )
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .outerjoin(User, User.id == Conversation.agent_id)
        .where(_OPEN)
    )
    return rows


def _filtered(
    query: Select[*tuple[Any, ...]], wanted: WallFilter, now: datetime, book: TargetBook
) -> Select[*tuple[Any, ...]]:
    back = _BACK[wanted.period]
    if back is not None:
        query = query.where(Conversation.last_at >= now - back)
    if wanted.late or wanted.holder in ("queue", "agent"):
        query = query.where(_PEOPLES)
    if wanted.holder:
        query = query.where(Conversation.holder == wanted.holder)
    if wanted.agent_id is not None:
        query = query.where(Conversation.agent_id == wanted.agent_id)
    if wanted.risk in RISKS:
        query = query.where(Conversation.risk >= RISKS.index(cast(Any, wanted.risk)))
    if wanted.mood in MOODS:
        query = query.where(Conversation.mood >= MOODS.index(cast(Any, wanted.mood)))
    if wanted.market:
        query = query.where(Case.market == wanted.market)
    if wanted.language:
        query = query.where(Conversation.language == wanted.language)
    return query.where(is_late(book, now)) if wanted.late else query


def _ordered(query: Select[*tuple[Any, ...]], order: Order, cursor: Cursor | None) -> Select[*tuple[Any, ...]]:
    if order == "oldest":
        if cursor is not None:
            place = tuple_(Conversation.opened_at, Conversation.id)
            query = query.where(place > tuple_(literal(cursor.at), literal(cursor.id)))
        return query.order_by(Conversation.opened_at, Conversation.id)
    columns = (Conversation.last_at, Conversation.id)
    if order == "latest":
        if cursor is not None:
            query = query.where(tuple_(*columns) < tuple_(literal(cursor.at), literal(cursor.id)))
        return query.order_by(*(column.desc() for column in columns))
    if cursor is not None:
        here = tuple_(literal(cursor.gravity or 0), literal(cursor.at), literal(cursor.id))
        query = query.where(tuple_(Conversation.risk, *columns) < here)
    return query.order_by(Conversation.risk.desc(), *(column.desc() for column in columns))


def _cursor(order: Order, last: Conversation) -> str:
    return write_cursor(Cursor(last.id, last.opened_at if order == "oldest" else last.last_at, last.risk))


async def _heard(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[Understanding]]:
    """The understandings of the debtors' last messages, newest first."""
    if not ids:
        return {}
    place = func.row_number().over(partition_by=Message.conversation_id, order_by=Message.id.desc()).label("place")
    ranked = (
        select(Message.conversation_id, Message.understanding, place)
        .where(Message.conversation_id.in_(ids), Message.direction == "in")
        .subquery()
    )
    rows = await session.execute(
        select(ranked.c.conversation_id, ranked.c.understanding)
        .where(ranked.c.place <= LOOKED_AT)
        .order_by(ranked.c.conversation_id, ranked.c.place)
    )
    heard: dict[int, list[Understanding]] = {}
    for conversation_id, data in rows:
        if data:
            heard.setdefault(conversation_id, []).append(Understanding.from_json(data))
    return heard


async def _first_replies(session: AsyncSession, ids: Sequence[int]) -> dict[int, datetime]:
    """When a person first wrote after the hand-over that stands."""
    if not ids:
        return {}
    rows = await session.execute(
        select(Message.conversation_id, func.min(Message.at))
        .join(HandoffRow, HandoffRow.conversation_id == Message.conversation_id)
        .where(
            Message.conversation_id.in_(ids),
            Message.author == "agent",
            HandoffRow.ended_at.is_(None),
            Message.at >= HandoffRow.at,
        )
        .group_by(Message.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


def _row(row: Any, heard: Sequence[Understanding], replied: dict[int, datetime], book: TargetBook) -> WallRow:
    talk: Conversation = row.Conversation
    flags = tuple(sorted(row.flags.split(","))) if row.flags else ()
    targets = book.for_(
        market=row.market,
        creditor_id=row.creditor_id,
        reason=talk.reason,
        language=talk.language,
        only=talk.team_id,
    )
    return WallRow(
        id=talk.id,
        name=row.name,
        reference=row.reference,
        market=row.market,
        language=talk.language,
        channel=talk.channel,
        holder=talk.holder,
        agent=row.agent,
        agent_id=talk.agent_id,
        opened_at=talk.opened_at,
        last_at=talk.last_at,
        reason=talk.reason,
        flags=flags,
        pulse=pulse(heard, flags, talk.reason, insisted_of(talk.memory)),
        first=_first(talk, row.handed, replied.get(talk.id), targets),
        waiting=_waiting(talk, targets),
        called=talk.escalated_at is not None,
    )


def _first(talk: Conversation, handed: datetime | None, replied: datetime | None, targets: Targets) -> Clock | None:
    return None if handed is None or talk.holder == "bot" else Clock(handed, replied, targets.first(talk.priority))


def _waiting(talk: Conversation, targets: Targets) -> Clock | None:
    since = talk.waiting_since if talk.holder == "queue" else talk.owed_since
    if since is None or talk.holder == "bot":
        return None
    return Clock(since, None, targets.waiting(talk.holder, talk.priority))
