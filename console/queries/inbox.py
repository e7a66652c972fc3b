"""The lists of conversations: mine, my teams', the queue, all, in keyset pages: the last is as fast as the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from console.filters import Box, Filters, Wanted
from console.queries.cursors import Cursor, read_cursor, write_cursor
from console.queries.inbox_where import matching
from console.waiting import Clock, clock
from core.actions.values import READ_ONLY
from core.store.tables import Case, CaseFlag, Conversation, Creditor, Debtor, Message, Team, TeamMember, User

PAGE = 50
COUNTED = 1000
"""Counts stop just beyond it, to be shown as `1000+`: counting everything is what makes an inbox slow."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One conversation in a list. `last_words` are the debtor's. `waits` is the clock of who waits for a person, None
    where nobody does; `mood` is a place in `MOODS`. Times are UTC."""

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
    `teams` is in how many teams one is, `found` what the filters leave, and `views` each saved view by its id."""

    mine: int
    team: int
    queue: int
    all: int
    unread: int
    snoozed: int
    teams: int
    found: int
    views: Mapping[int, int]


async def page(
    session: AsyncSession, wanted: Wanted, user_id: int, now: datetime, after: str | None = None
) -> InboxPage:
    """One page: the queue gravest first and then oldest, the other lists by the latest message."""
    chosen = select(Conversation.id).where(*matching(wanted, user_id, now))
    order = _QUEUE if wanted.box == "queue" else _LATEST
    chosen = _from(chosen, wanted.box, read_cursor(after)).order_by(*order).limit(PAGE + 1)
    found = (await session.execute(_rows(chosen).order_by(*order))).all()
    shown = found[:PAGE]
    words = await _last_words(session, [row.Conversation.id for row in shown])
    rows = tuple(_row(row, words) for row in shown)
    return InboxPage(rows, _cursor(wanted.box, shown[-1].Conversation) if len(found) > PAGE else None)


async def counts(  # noqa: PLR0917  whose lists, and which of them
    session: AsyncSession,
    user_id: int,
    now: datetime,
    wanted: Wanted | None = None,
    views: Mapping[int, Wanted] | None = None,
    sees_all: bool = True,
) -> Counts:
    """The sizes of the lists, and of what is wanted and of the saved views, in one statement."""
    lists = [Wanted("mine"), Wanted("team"), Wanted("queue")]
    lists += [Wanted("mine", Filters(unread=True)), Wanted("mine", Filters(snoozed=True))]
    narrowed = wanted is not None and bool(wanted.filters)
    asked = {str(number): matching(each, user_id, now) for number, each in enumerate(lists)}
    asked |= {"all": []} if sees_all else {}
    asked |= {"found": matching(wanted, user_id, now)} if wanted is not None and narrowed else {}
    asked |= {f"view{key}": matching(each, user_id, now) for key, each in (views or {}).items()}
    teams = select(func.count()).select_from(TeamMember).where(TeamMember.user_id == user_id).scalar_subquery()
    columns = [_counted(where).label(name) for name, where in asked.items()]
    row = (await session.execute(select(teams.label("teams"), *columns))).one()._mapping
    return Counts(
        mine=row["0"],
        team=row["1"],
        queue=row["2"],
        all=row.get("all", 0),
        unread=row["3"],
        snoozed=row["4"],
        teams=row["teams"],
        found=row.get("found", 0),
        views={key: row[f"view{key}"] for key in views or {}},
    )


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


def _rows(chosen: Select[int]) -> Select[Any]:
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
            Conversation,
            Case,
            Debtor.name,
            Creditor.name,
            User.name,
            Team.name,
            Team.reply_minutes,
            flags.label("flags"),
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


def _cursor(box: Box, last: Conversation) -> str:
    if box == "queue":
        return write_cursor(Cursor(last.id, cast(datetime, last.waiting_since), last.gravity))
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


def _row(row: Any, words: Mapping[int, tuple[str, str]]) -> InboxRow:
    conversation, case, name, creditor, agent, team, reply_minutes, flags = row
    kind, text = words.get(conversation.id, ("text", ""))
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
        team=team,
        waits=_clock(conversation, reply_minutes),
        snoozed_until=conversation.snoozed_until,
        last_at=conversation.last_at,
        mood=conversation.mood,
        flags=tuple(sorted(flags.split(","))) if flags else (),
        last_words=text,
        last_kind=kind,
    )


def _clock(conversation: Conversation, reply_minutes: int | None) -> Clock | None:
    if conversation.state != "open":
        return None
    since = conversation.waiting_since
    if conversation.holder == "agent":
        since = conversation.last_inbound_at if conversation.unread else None
    if since is None or conversation.holder == "bot":
        return None
    return clock(since, conversation.holder, conversation.priority, reply_minutes)
