"""What the queue and the agents' conversations look like to who gives them out."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import Case, CaseFlag, Conversation, HandoffRow, User

LOT = 200


@dataclass(frozen=True, slots=True)
class Owed:
    """A conversation whose debtor waits for a person. `user` is who holds it, None in the queue. Times are UTC."""

    id: int
    holder: str
    agent_id: int | None
    user: User | None
    held_since: datetime | None
    owed_since: datetime
    waiting_since: datetime | None
    last_inbound_at: datetime | None
    queue_told: str | None
    escalated_at: datetime | None
    team_id: int | None
    market: str
    creditor_id: int
    language: str
    reason: str | None
    gravity: int
    flags: frozenset[str]
    passed: frozenset[int]


_FLAGS = (
    select(func.aggregate_strings(CaseFlag.flag, ","))
    .where(CaseFlag.case_id == Conversation.case_id)
    .correlate(Conversation)
    .scalar_subquery()
)


def _rows() -> Select[Conversation, str, int, User | None, str | None]:
    return (
        select(Conversation, Case.market, Case.creditor_id, User, _FLAGS)
        .join(Case, Case.id == Conversation.case_id)
        .outerjoin(User, User.id == Conversation.agent_id)
        .execution_options(populate_existing=True)
    )


async def queue(session: AsyncSession, languages: Collection[str]) -> AsyncIterator[Owed]:
    """Who waits in the queue, gravest first and then oldest, as far as they write in these languages.

    The gravest of all, danger to a life, is there in any language.
    """
    after: tuple[int, datetime, int] | None = None
    spoken = _spoken(languages)
    while True:
        query = _rows().where(Conversation.holder == "queue", Conversation.state == "open")
        query = query.where(or_(Conversation.gravity == 0, spoken))
        if after is not None:
            place = tuple_(Conversation.gravity, Conversation.waiting_since, Conversation.id)
            query = query.where(place > tuple_(*(literal(each) for each in after)))
        order = (Conversation.gravity, Conversation.waiting_since, Conversation.id)
        found = (await session.execute(query.order_by(*order).limit(LOT))).all()
        for conversation, market, creditor_id, user, flags in found:
            yield _owed(conversation, market, creditor_id, user, flags)
        if len(found) < LOT:
            return
        last = found[-1][0]
        if last.gravity is None or last.waiting_since is None:
            return
        after = (last.gravity, last.waiting_since, last.id)


def _spoken(languages: Collection[str]) -> ColumnElement[bool]:
    chinese = Conversation.language.startswith("zh")
    if {"zh", "en"} <= set(languages):
        return literal(True)
    if "zh" in languages:
        return chinese
    return ~chinese if "en" in languages else literal(False)


async def held(session: AsyncSession) -> Sequence[Owed]:
    """Conversations that agents hold while the debtor waits for them, without those put aside."""
    query = _rows().where(
        Conversation.owed_since.is_not(None),
        Conversation.state == "open",
        Conversation.holder == "agent",
        Conversation.snoozed_until.is_(None),
    )
    return [_owed(*row) for row in (await session.execute(query.order_by(Conversation.owed_since).limit(1000))).all()]


async def unescalated(session: AsyncSession, before: datetime) -> Sequence[Owed]:
    """Who has waited for a person since before this moment without a supervisor having been called, longest first."""
    query = _rows().where(
        func.coalesce(Conversation.owed_since, Conversation.waiting_since) <= before,
        Conversation.state == "open",
        Conversation.holder.in_(("queue", "agent")),
        Conversation.escalated_at.is_(None),
        Conversation.snoozed_until.is_(None),
    )
    return [_owed(*row) for row in (await session.execute(query.order_by(Conversation.owed_since).limit(LOT))).all()]


async def untold(session: AsyncSession, before: datetime, newest: datetime) -> Sequence[Owed]:
    """Who has waited in the queue since before this moment and was not told when somebody is back; their last words are
    newer than `newest`."""
    query = _rows().where(
        Conversation.holder == "queue",
        Conversation.state == "open",
        Conversation.waiting_since <= before,
        Conversation.last_inbound_at >= newest,
        Conversation.gravity > 0,
        Conversation.queue_told.is_distinct_from("opens"),
    )
    return [_owed(*row) for row in (await session.execute(query.order_by(Conversation.waiting_since).limit(LOT))).all()]


async def one(session: AsyncSession, conversation_id: int) -> Owed | None:
    """The conversation, whoever holds it; None where the debtor waits for nobody."""
    row = (await session.execute(_rows().where(Conversation.id == conversation_id))).one_or_none()
    if row is None or row[0].state != "open" or row[0].holder == "bot":
        return None
    if row[0].holder == "agent" and row[0].owed_since is None:
        return None
    return _owed(*row)


async def lock_waiting(session: AsyncSession, conversation_id: int) -> Conversation | None:
    """The conversation if it waits in the queue and nobody else is writing to it, held until the transaction ends."""
    return await session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.holder == "queue", Conversation.state == "open")
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )


async def lock_owed_by(session: AsyncSession, user_id: int) -> Sequence[Conversation]:
    """The conversations in which a debtor waits for this agent, all held until the transaction ends."""
    found = (
        select(Conversation)
        .where(
            Conversation.agent_id == user_id,
            Conversation.holder == "agent",
            Conversation.state == "open",
            Conversation.owed_since.is_not(None),
            Conversation.snoozed_until.is_(None),
        )
        .order_by(Conversation.id)
    )
    locked = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


async def lately_taken(session: AsyncSession, since: datetime) -> Sequence[timedelta]:
    """How long those who were taken since then had waited, at most the last fifty."""
    rows = await session.execute(
        select(HandoffRow.at, HandoffRow.taken_at)
        .where(HandoffRow.at >= since, HandoffRow.taken_at.is_not(None))
        .order_by(HandoffRow.id.desc())
        .limit(50)
    )
    return [taken_at - at for at, taken_at in rows if taken_at is not None]


def _owed(conversation: Conversation, market: str, creditor_id: int, user: User | None, flags: str | None) -> Owed:
    return Owed(
        id=conversation.id,
        holder=conversation.holder,
        agent_id=conversation.agent_id,
        user=user,
        held_since=conversation.held_since,
        owed_since=conversation.owed_since or conversation.waiting_since or conversation.last_at,
        waiting_since=conversation.waiting_since,
        last_inbound_at=conversation.last_inbound_at,
        queue_told=conversation.queue_told,
        escalated_at=conversation.escalated_at,
        team_id=conversation.team_id,
        market=market,
        creditor_id=creditor_id,
        language=conversation.language,
        reason=conversation.reason,
        gravity=conversation.gravity if conversation.gravity is not None else 99,
        flags=frozenset((flags or "").split(",")) - {""},
        passed=frozenset(map(int, conversation.passed or ())),
    )
