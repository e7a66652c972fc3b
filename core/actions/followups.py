"""What is owed to people beside answers: to be called or written to at a time, and an answer to their complaint."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from core.actions.callback_times import wanted
from core.actions.hours import zone
from core.actions.takeover import holds
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.compliance.complaints import CATEGORIES, OUTCOMES, deadlines, terms_for
from core.dialogue.understanding import Understanding
from core.errors import InvalidInput, NotFound
from core.store import cases, conversations
from core.store.cases import WholeCase
from core.store.tables import Callback, Complaint, Conversation, Message
from core.work import Work

OVERSEES = ("supervisor", "manager", "admin")
WAYS = ("call", "write")
ENDINGS = ("done", "missed", "cancelled")


@dataclass(frozen=True, slots=True)
class Noted:
    """It stands in the list."""

    id: int


@dataclass(frozen=True, slots=True)
class Settled:
    """It is in this state now."""

    state: str


@dataclass(frozen=True, slots=True)
class SettledBefore:
    """Somebody did it before; nothing was changed."""

    state: str


@dataclass(frozen=True, slots=True)
class NotYours:
    """Only the holder of the conversation and supervisors may do this."""


async def hear(work: Work, conversation: Conversation, whole: WholeCase, message: Message, read: Understanding) -> None:
    """What a message that was just read asks for: a callback goes on its list, a complaint gets its number.

    A second message about the same moves the open callback, and adds no second complaint.
    """
    await _hear_callback(work, conversation, whole, message, read)
    if read.says("complaint"):
        await _open_once(work, conversation, whole, message)


async def call_back(
    work: Work, conversation_id: int, actor: Actor, due_at: datetime, *, way: str, note: str
) -> Noted | NotYours:
    """Somebody of the team notes that the person is to be called or written to at `due_at` (UTC).

    InvalidInput for a moment that has passed.
    """
    conversation = await conversations.lock(work.session, conversation_id)
    if not _may(conversation, actor):
        return NotYours()
    if due_at <= work.now or way not in WAYS:
        raise InvalidInput("Give a time that is still to come.", conversation_id=conversation_id)
    row = Callback(
        conversation_id=conversation_id,
        case_id=conversation.case_id,
        source="agent",
        made_by=actor.id,
        made_at=work.now,
        due_at=due_at,
        exact=True,
        way=way,
        note=clean(note).strip()[:1000],
    )
    work.session.add(row)
    await work.session.flush()
    _ring(work, conversation_id, "callbacks")
    await leave(work, actor.login, "noted_callback", "conversation", conversation_id, callback=row.id, due=_iso(due_at))
    return Noted(row.id)


async def end_callback(
    work: Work, callback_id: int, actor: Actor, state: str, result: str
) -> Settled | SettledBefore | NotYours:
    """It was done, it failed, or it is not wanted any more."""
    if state not in ENDINGS:
        raise InvalidInput("Say how it went.", state=state)
    found = await work.session.get(Callback, callback_id)
    if found is None:
        raise NotFound("There is no such callback.", callback_id=callback_id)
    conversation = await conversations.lock(work.session, found.conversation_id)
    if not _may(conversation, actor):
        return NotYours()
    await work.session.refresh(found, with_for_update=True)
    if found.state != "open":
        return SettledBefore(found.state)
    found.state, found.result = state, clean(result).strip()[:1000]
    found.ended_by, found.ended_at = actor.id, work.now
    await work.session.flush()
    _ring(work, found.conversation_id, "callbacks")
    await leave(
        work,
        actor.login,
        "ended_callback",
        "conversation",
        found.conversation_id,
        callback=callback_id,
        state=state,
    )
    return Settled(state)


async def complain(work: Work, conversation_id: int, actor: Actor, category: str, words: str) -> Noted | NotYours:
    """Take a complaint down by hand, in the person's words. InvalidInput without words or with an unknown category."""
    said = clean(words).strip()[:4000]
    if not said or category not in CATEGORIES:
        raise InvalidInput("Take the complaint down in their words.", category=category)
    conversation = await conversations.lock(work.session, conversation_id)
    if not _may(conversation, actor):
        return NotYours()
    whole = await cases.lock(work.session, conversation.case_id)
    row = await _open(work, conversation, whole, category=category, words=said, actor=actor)
    new = await cases.add_flags(work.session, whole.case.id, ("complaint",), None, work.now)
    if new:
        await leave(work, actor.login, "flagged", "case", whole.case.id, flags=list(new), message=None)
    return Noted(row.id)


async def categorise(work: Work, complaint_id: int, actor: Actor, category: str) -> Settled | SettledBefore:
    """Say what a complaint is about; the first who handles it is its handler."""
    if category not in CATEGORIES:
        raise InvalidInput("Choose what it is about.", category=category)
    row = await _lock(work, complaint_id)
    if row.state == "closed":
        return SettledBefore(row.state)
    row.category, row.handler_id = category, row.handler_id or actor.id
    return await _settled(work, row, actor, "categorised_complaint", category=category)


async def acknowledge(work: Work, complaint_id: int, actor: Actor) -> Settled | SettledBefore:
    """The person was told that the complaint has arrived and under which number."""
    row = await _lock(work, complaint_id)
    if row.state != "open":
        return SettledBefore(row.state)
    row.state, row.acknowledged_at, row.due_at = "acknowledged", work.now, row.answer_by
    row.handler_id = row.handler_id or actor.id
    return await _settled(work, row, actor, "acknowledged_complaint")


async def answer(work: Work, complaint_id: int, actor: Actor, outcome: str, text: str) -> Settled | SettledBefore:
    """The person has the decision. InvalidInput without an outcome or without what was answered."""
    said = clean(text).strip()[:4000]
    if outcome not in OUTCOMES or not said:
        raise InvalidInput("Say how it was decided and what was answered.", outcome=outcome)
    row = await _lock(work, complaint_id)
    if row.state not in ("open", "acknowledged"):
        return SettledBefore(row.state)
    row.state, row.outcome, row.answer, row.answered_at, row.due_at = "answered", outcome, said, work.now, None
    row.acknowledged_at, row.handler_id = row.acknowledged_at or work.now, row.handler_id or actor.id
    return await _settled(work, row, actor, "answered_complaint", outcome=outcome)


async def close_complaint(work: Work, complaint_id: int, actor: Actor) -> Settled | SettledBefore | NotYours:
    """Nothing more is owed on it; only one that was answered can be closed."""
    row = await _lock(work, complaint_id)
    if row.state == "closed":
        return SettledBefore(row.state)
    if row.state != "answered":
        return NotYours()
    row.state, row.closed_at = "closed", work.now
    return await _settled(work, row, actor, "closed_complaint")


async def _hear_callback(
    work: Work, conversation: Conversation, whole: WholeCase, message: Message, read: Understanding
) -> None:
    asked = wanted(read, work.now, zone(whole.debtor.time_zone))
    if asked is None:
        return
    standing = await work.session.scalar(
        select(Callback)
        .where(Callback.conversation_id == conversation.id, Callback.state == "open", Callback.source == "debtor")
        .order_by(Callback.id.desc())
        .limit(1)
    )
    if standing is not None:
        standing.due_at, standing.exact, standing.message_id = asked.at, asked.exact, message.id
        standing.note = message.text[:1000]
        row = standing
    else:
        row = Callback(
            conversation_id=conversation.id,
            case_id=conversation.case_id,
            source="debtor",
            message_id=message.id,
            made_at=work.now,
            due_at=asked.at,
            exact=asked.exact,
            note=message.text[:1000],
        )
        work.session.add(row)
    await work.session.flush()
    _ring(work, conversation.id, "callbacks")
    await leave(work, "bot", "noted_callback", "conversation", conversation.id, callback=row.id, due=_iso(asked.at))


async def _open_once(work: Work, conversation: Conversation, whole: WholeCase, message: Message) -> None:
    undecided = exists().where(Complaint.case_id == whole.case.id, Complaint.state.in_(("open", "acknowledged")))
    if await work.session.scalar(select(undecided)):
        return
    await _open(work, conversation, whole, category="other", words=message.text[:4000], message_id=message.id)


async def _open(
    work: Work,
    conversation: Conversation,
    whole: WholeCase,
    *,
    category: str,
    words: str,
    message_id: int | None = None,
    actor: Actor | None = None,
) -> Complaint:
    first, last = deadlines(whole.case.market, work.now, zone(whole.debtor.time_zone))
    row = Complaint(
        number=f"?{conversation.id}-{work.now.timestamp():.0f}",
        conversation_id=conversation.id,
        case_id=whole.case.id,
        market=whole.case.market,
        category=category,
        words=words,
        message_id=message_id,
        opened_by=actor.id if actor else None,
        received_at=work.now,
        rule=terms_for(whole.case.market).rule,
        acknowledge_by=first,
        answer_by=last,
        due_at=first,
        state="open",
    )
    work.session.add(row)
    await work.session.flush()
    row.number = f"C{work.now.year}-{row.id:06d}"
    await work.session.flush()
    _ring(work, conversation.id, "complaints")
    by = actor.login if actor else "bot"
    await leave(work, by, "opened_complaint", "conversation", conversation.id, complaint=row.id, number=row.number)
    return row


async def _lock(work: Work, complaint_id: int) -> Complaint:
    row = await work.session.get(Complaint, complaint_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such complaint.", complaint_id=complaint_id)
    return row


async def _settled(work: Work, row: Complaint, actor: Actor, action: str, **what: object) -> Settled:
    await work.session.flush()
    _ring(work, row.conversation_id, "complaints")
    await leave(work, actor.login, action, "conversation", row.conversation_id, complaint=row.id, **what)
    return Settled(row.state)


def _may(conversation: Conversation, actor: Actor) -> bool:
    return actor.role in OVERSEES or holds(conversation, actor)


def _ring(work: Work, conversation_id: int, topic: str) -> None:
    work.notify(topic)
    work.notify(f"conversation:{conversation_id}")


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
