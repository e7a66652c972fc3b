"""Finding conversations by a person's name, a reference, a contact point, or what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, exists, false, func, literal, or_, select, true, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from console.queries.cursors import Cursor, read_cursor, write_cursor
from console.queries.words import Sought, contains, has_words
from core.store.tables import Case, ContactPoint, Conversation, Creditor, Debtor, HandoffRow, Message, User

By = Literal["name", "reference", "contact"]
PAGE = 20
MOST_PEOPLE = 500
"""So many people, references and contact points are looked at: who finds more has to say more."""
WINDOW = 10_000
"""So many of the newest messages are read one by one; in them a frequent word is found sooner than by the index."""
FREQUENT = 100
"""Found so often in the window, a word is looked for in the next window and not in the index."""
MOST_MESSAGES = 1000
LEAST_DIGITS = 8
"""Of a telephone number that somebody may be found by who may not see it."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks: what they may see. Who does not see personal data finds a contact point only by all of it."""

    user_id: int
    sees_all: bool
    personal_data: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation that was found. `by` says through what. `value` is the contact point where it was one, of `kind`;
    of a message it is all of its text, written by `author` at `at` (UTC)."""

    id: int
    name: str
    reference: str
    creditor: str
    market: str
    language: str
    state: str
    holder: str
    agent: str | None
    last_at: datetime
    by: By | Literal["message"]
    value: str = ""
    kind: str = ""
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What was found, and the cursor to go on from. `more` tells of people that were too many to look at."""

    rows: tuple[Found, ...]
    after: str | None
    more: bool = False


def visible(looker: Looker) -> ColumnElement[bool]:
    """Agents see what is theirs, what waits, and what people were called to; who oversees sees all."""
    if looker.sees_all:
        return true()
    called = exists().where(HandoffRow.conversation_id == Conversation.id)
    return or_(Conversation.holder == "queue", Conversation.agent_id == looker.user_id, called)


async def people(session: AsyncSession, sought: Sought, looker: Looker, after: str | None = None) -> FoundPage:
    """By name, reference or contact point: the conversations with the latest message first."""
    if not sought.terms:
        return FoundPage((), None)
    cases = union_all(*(select(part.subquery()) for part in _cases(sought, looker))).subquery()
    query = (
        select(
            *_SHOWN, cases.c.by, cases.c.value, cases.c.kind, select(func.count()).select_from(cases).scalar_subquery()
        )
        .join(cases, cases.c.case_id == Conversation.case_id)
        .where(visible(looker))
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(3 * PAGE + 1)
    )
    cursor = read_cursor(after)
    if cursor is not None:
        place = tuple_(Conversation.last_at, Conversation.id)
        query = query.where(place < tuple_(literal(cursor.at), literal(cursor.id)))
    rows: Sequence[Any] = (await session.execute(_joined(query))).all()
    each = {row[0]: row for row in reversed(rows)}
    found = [Found(*row[:13]) for row in sorted(each.values(), key=_latest)][:PAGE]
    further = len(each) > PAGE
    last = write_cursor(Cursor(found[-1].id, found[-1].last_at)) if further else None
    return FoundPage(tuple(found), last, more=bool(rows) and rows[0][13] >= MOST_PEOPLE)


async def messages(session: AsyncSession, sought: Sought, looker: Looker, before: int | None = None) -> FoundPage:
    """By what was written, the newest first; `after` is the id to ask before for what is older."""
    if not sought.terms:
        return FoundPage((), None)
    wanted, goes_on = await _candidates(session, sought.terms, before)
    if not wanted:
        return FoundPage((), str(goes_on) if goes_on else None)
    query = (
        select(*_SHOWN, Message.id, literal("message"), Message.text, Message.kind, Message.author, Message.at)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(Message.id.in_(wanted), visible(looker))
        .order_by(Message.id.desc())
        .limit(PAGE + 1)
    )
    rows: Sequence[Any] = (await session.execute(_joined(query))).all()
    found = tuple(Found(*row[:10], *row[11:16]) for row in rows[:PAGE])
    if len(rows) > PAGE:
        return FoundPage(found, str(rows[PAGE - 1][10]))
    return FoundPage(found, str(goes_on) if goes_on else None)


async def _candidates(
    session: AsyncSession, terms: Sequence[str], before: int | None
) -> tuple[Sequence[int], int | None]:
    """Ids of messages with the words, the newest first, and the id from which the others follow, if there are some."""
    newest = select(Message.id, Message.text).order_by(Message.id.desc())
    newest = newest if before is None else newest.where(Message.id < before)
    window = newest.limit(WINDOW).subquery()
    near = select(window.c.id).where(contains(window.c.text, terms)).order_by(window.c.id.desc()).limit(MOST_MESSAGES)
    found = (await session.scalars(near)).all()
    if len(found) >= FREQUENT:
        if len(found) == MOST_MESSAGES:
            return found, found[-1]
        return found, await session.scalar(select(window.c.id).order_by(window.c.id).limit(1))
    indexed = select(Message.id).where(has_words(Message.text, terms))
    indexed = indexed if before is None else indexed.where(Message.id < before)
    found = (await session.scalars(indexed.order_by(Message.id.desc()).limit(MOST_MESSAGES))).all()
    return found, found[-1] if len(found) == MOST_MESSAGES else None


_SHOWN = (
    Conversation.id,
    Debtor.name,
    Case.reference,
    Creditor.name,
    Case.market,
    Conversation.language,
    Conversation.state,
    Conversation.holder,
    User.name,
    Conversation.last_at,
)


def _joined(query: Any) -> Select[*tuple[Any, ...]]:
    joined: Select[*tuple[Any, ...]] = (
        query.join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .outerjoin(User, User.id == Conversation.agent_id)
    )
    return joined


def _cases(sought: Sought, looker: Looker) -> Sequence[Any]:
    """Cases by each of the three ways to find one."""
    named = select(Debtor.id).where(has_words(Debtor.name, sought.terms)).limit(MOST_PEOPLE).subquery()
    by_name = select(
        Case.id.label("case_id"), literal("name").label("by"), literal("").label("value"), literal("").label("kind")
    ).join(named, named.c.id == Case.debtor_id)
    by_reference = select(Case.id, literal("reference"), literal(""), literal("")).where(
        has_words(Case.reference, sought.terms)
    )
    by_contact = (
        select(Case.id, literal("contact"), ContactPoint.value, ContactPoint.kind)
        .join(ContactPoint, ContactPoint.debtor_id == Case.debtor_id)
        .where(ContactPoint.kind.in_(("phone", "email")), _contact(sought, looker))
    )
    return by_name.limit(MOST_PEOPLE), by_reference.limit(MOST_PEOPLE), by_contact.limit(MOST_PEOPLE)


def _contact(sought: Sought, looker: Looker) -> ColumnElement[bool]:
    """Any part of it for who sees personal data; for others all of it, a telephone number with its country or not."""
    if not sought.compact:
        return false()
    if looker.personal_data:
        return has_words(ContactPoint.value, (sought.compact,))
    number = sought.compact.lstrip("+0")
    if number.isdigit():
        ends = ContactPoint.value.endswith(number) if len(number) >= LEAST_DIGITS else false()
        return has_words(ContactPoint.value, (number,)) & ends
    return has_words(ContactPoint.value, (sought.compact,)) & (func.lower(ContactPoint.value) == sought.compact)


def _latest(row: Any) -> tuple[float, int]:
    return -row[9].timestamp(), -row[0]
