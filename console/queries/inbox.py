"""The lists of conversations: mine, my teams', the queue, all, in keyset pages: the last is as fast as the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from console.filters import Box, Filters, Wanted
from console.queries.cursors import Cursor, read_cursor, write_cursor
from console.queries.inbox_where import matching
from console.queries.targets import target_book
from console.waiting import Clock, clock
from core.actions.values import READ_ONLY
from core.staffing import TargetBook, Targets
from core.store.tables import Case, CaseFlag, Conversation, Creditor, Debtor, Message, Team, TeamMember, User

PAGE = 50
COUNTED = 1000
"""Counts stop just beyond it, to be shown as `1000+`: counting everything is what makes an inbox slow."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One conversation in a list. `last_words` are the debtor's. `waits` is the clock of who waits for a person, None
    where nobody does; `mood` is a place in `MOODS`; `called` says that supervisors were called to it. Times are UTC."""

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
    team: str | None
    waits: Clock | None
    snoozed_until: datetime | None
    last_at: datetime
    mood: int
    called: bool
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
    """How many stand in each list, no further than one beyond `COUNTED`. `unread` and `snoozed` are of one's own,
    `teams` is in how many teams one is, `found` what the filters leave."""

    mine: int
    team: int
    queue: int
    all: int
    unread: int
    snoozed: int
    teams: int
    found: int


async def page(
    session: AsyncSession, wanted: Wanted, user_id: int, now: datetime, after: str | None = None
) -> InboxPage:
    """One page: the queue gravest first and then oldest, the other lists by the latest message."""
    chosen = select(Conversation.id).where(*matching(wanted, user_id, now))
    order = _QUEUE if wanted.box == "queue" else _LATEST
    chosen = _from(chosen, wanted.box, read_cursor(after)).order_by(*order).limit(PAGE + 1)
    found = (await session.execute(_rows(chosen).order_by(*order))).all()
    shown = found[:PAGE]
    words = await _last_words(session, [row.id for row in shown])
    book = await target_book(session)
    rows = tuple(_row(row, words, book) for row in shown)
    return InboxPage(rows, _cursor(wanted.box, shown[-1]) if len(found) > PAGE else None)


async def counts(
    session: AsyncSession, user_id: int, now: datetime, wanted: Wanted | None = None, *, sees_all: bool = True
) -> Counts:
    """The sizes of the lists, and of what is wanted besides, in one statement."""
    lists = {
        "mine": Wanted("mine"),
        "team": Wanted("team"),
        "queue": Wanted("queue"),
        "unread": Wanted("mine", Filters(unread=True)),
        "snoozed": Wanted("mine", Filters(snoozed=True)),
    }
    lists |= {"all": Wanted("all")} if sees_all else {}
    lists |= {"found": wanted} if wanted is not None else {}
    sizes = await sizes_of(session, lists, user_id, now, _teams(user_id).label("teams"))
    return Counts(**({"all": 0, "found": 0} | sizes))


async def sizes_of(
    session: AsyncSession, lists: Mapping[str, Wanted], user_id: int, now: datetime, *also: ColumnElement[int]
) -> dict[str, int]:
    """How many stand in each of these lists, by its name and no further than one beyond `COUNTED`; `also` by theirs."""
    if not lists:
        return {}
    columns = [_counted(matching(each, user_id, now)).label(name) for name, each in lists.items()]
    row = (await session.execute(select(*columns, *also))).one()
    return dict(row._mapping)


def _teams(user_id: int) -> ColumnElement[int]:
    mine = select(func.count()).select_from(TeamMember).where(TeamMember.user_id == user_id)
    return mine.scalar_subquery()


async def holders(session: AsyncSession) -> Sequence[tuple[int, str]]:
    """Id and name of everyone who may hold a conversation, by name."""
    rows = await session.execute(
        select(User.id, User.name)
        .where(User.active, User.role.not_in(READ_ONLY))
        .order_by(User.name, User.id)
        .limit(500)
    )
    return [(user_id, name) for user_id, name in rows]


def _counted(where: Sequence[ColumnElement[bool]]) -> ColumnElement[int]:
    found = select(Conversation.id).where(*where).limit(COUNTED + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


_QUEUE = (Conversation.gravity, Conversation.waiting_since, Conversation.id)
_LATEST = (Conversation.last_at.desc(), Conversation.id.desc())


_COLUMNS = (
    Conversation.id,
    Conversation.state,
    Conversation.holder,
    Conversation.gravity,
    Conversation.waiting_since,
    Conversation.last_at,
    Conversation.owed_since,
    Conversation.snoozed_until,
    Conversation.reason,
    Conversation.priority,
    Conversation.language,
    Conversation.channel,
    Conversation.unread,
    Conversation.mood,
    Conversation.team_id,
    Conversation.escalated_at,
)
"""Without the memory, which is long."""


def _rows(chosen: Select[int]) -> Select[*tuple[Any, ...]]:
    """What a list shows of the conversations that were chosen, which are few."""
    flags = (
        select(func.aggregate_strings(CaseFlag.flag, ","))
        .where(CaseFlag.case_id == Conversation.case_id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    few = chosen.subquery()
    return (
        select(
            *_COLUMNS,
            Debtor.name,
            Creditor.name,
            Case.reference,
            Case.market,
            Case.product,
            User.name,
            Team.name,
            Case.creditor_id,
            flags,
        )
        .join(few, few.c.id == Conversation.id)
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .outerjoin(User, User.id == Conversation.agent_id)
        .outerjoin(Team, Team.id == Conversation.team_id)
    )


def _from(chosen: Select[int], box: Box, cursor: Cursor | None) -> Select[int]:
    """What comes after the row that the cursor names, in the order of the list."""
    if cursor is None:
        return chosen
    if box != "queue":
        place = tuple_(Conversation.last_at, Conversation.id)
        return chosen.where(place < tuple_(literal(cursor.at), literal(cursor.id)))
    if cursor.gravity is None:
        return chosen
    place = tuple_(Conversation.gravity, Conversation.waiting_since, Conversation.id)
    return chosen.where(place > tuple_(literal(cursor.gravity), literal(cursor.at), literal(cursor.id)))


def _cursor(box: Box, last: Any) -> str:
    if box == "queue":
        return write_cursor(Cursor(last.id, last.waiting_since, last.gravity))
    return write_cursor(Cursor(last.id, last.last_at))


async def _last_words(session: AsyncSession, ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """The kind and the text of the debtor's last message of each conversation."""
    if not ids:
        return {}
    newest = (
        select(Message.id)
        .where(Message.conversation_id == Conversation.id, Message.direction == "in")
        .order_by(Message.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Conversation.id, Message.kind, func.substr(Message.text, 1, 200))
        .join(Message, Message.id == newest)
        .where(Conversation.id.in_(ids))
    )
    return {conversation_id: (kind, text) for conversation_id, kind, text in rows}


def _row(row: Any, words: Mapping[int, tuple[str, str]], book: TargetBook) -> InboxRow:
    name, creditor, reference, market, product, agent, team, creditor_id, flags = row[len(_COLUMNS) :]
    kind, text = words.get(row.id, ("text", ""))
    targets = book.for_(
        market=market, creditor_id=creditor_id, reason=row.reason, language=row.language, only=row.team_id
    )
    return InboxRow(
        id=row.id,
        name=name,
        reference=reference,
        creditor=creditor,
        market=market,
        product=product,
        reason=row.reason,
        priority=row.priority,
        language=row.language,
        channel=row.channel,
        state=row.state,
        holder=row.holder,
        agent=agent,
        unread=row.unread,
        team=team,
        waits=_clock(row, targets),
        snoozed_until=row.snoozed_until,
        last_at=row.last_at,
        mood=row.mood,
        called=row.escalated_at is not None,
        flags=tuple(sorted(flags.split(","))) if flags else (),
        last_words=text,
        last_kind=kind,
    )


def _clock(row: Any, targets: Targets) -> Clock | None:
    if row.state != "open" or row.holder == "bot":
        return None
    since = row.waiting_since if row.holder == "queue" else row.owed_since
    return None if since is None else clock(since, row.holder, row.priority, targets)
