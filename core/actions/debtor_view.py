"""What a debtor may see: who writes to them, and the messages that have really left for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.situations import language_of
from core.clock import SystemClock
from core.store import cases, conversations
from core.store.tables import Case, Message, Outbox, User
from core.wording import catalogue

LEFT = ("sent", "unknown")
"""States of an outbox row whose message was let out. `unknown` was: only its arrival is in doubt."""
ON_ITS_WAY = ("due", "sending")


@dataclass(frozen=True, slots=True)
class Header:
    """Who is on the other side. `language` is the debtor's on file."""

    creditor: str
    language: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the debtor sees it. `name` is the person's who wrote it; `at` is UTC; `file` is the id and the
    name of what an agent sent with it."""

    id: int
    author: str
    name: str | None
    kind: str
    text: str
    buttons: tuple[tuple[str, str], ...]
    at: datetime
    external_id: str | None
    file: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class ChatState:
    """`agent` is the name of the person who holds the conversation; `answering` says that the bot is about to write."""

    holder: str
    agent: str | None
    language: str
    closed: bool
    answering: bool


async def header(session: AsyncSession, case_id: int) -> Header:
    """Who writes to the debtor of this case; NotFound when there is no such case."""
    whole = await cases.load(session, case_id)
    return Header(whole.creditor.name, whole.debtor.language)


async def conversation_at(session: AsyncSession, channel: str, address: str, case_id: int | None = None) -> int | None:
    """The conversation of this address, if there is one yet."""
    found = await conversations.at_address(session, channel, address, case_id)
    return None if found is None else found.merged_into or found.id


async def case_of(session: AsyncSession, reference: str) -> int | None:
    """The case with this reference, where exactly one creditor has such a case."""
    found = (await session.scalars(select(Case.id).where(Case.reference == reference).limit(2))).all()
    return found[0] if len(found) == 1 else None


async def shown(
    session: AsyncSession, conversation_id: int, after: int = 0, limit: int = 200, now: datetime | None = None
) -> list[Shown]:
    """Messages after this id that have left for the debtor, and the debtor's own, in order.

    It ends before a message that is on its way, so that the last id of one call is where the next one goes on. One that
    waits for a later time is passed over; it comes first in the calls after it has left, until a newer one is shown.
    """
    at = now or SystemClock().now()
    members = await conversations.members(session, conversation_id)
    columns = select(Message, Outbox, User.name).where(Message.conversation_id.in_(members))
    joined = columns.outerjoin(Outbox, Outbox.message_id == Message.id).outerjoin(User, User.id == Message.agent_id)
    rows: list[Any] = list(
        (await session.execute(joined.where(Message.id > after).order_by(Message.id).limit(limit))).all()
    )
    since = await _left_at(session, after)
    late: list[Any] = []
    if since is not None:
        earlier = (Message.id < after, Outbox.sent_at > since, Message.at < since)
        late = list((await session.execute(joined.where(*earlier).order_by(Message.id).limit(limit))).all())
    seen: list[Shown] = []
    for message, row, name in (*late, *rows):
        if row is not None and row.state in ON_ITS_WAY:
            if _waits(row, at):
                continue
            break
        if (message.direction == "in" and message.kind != "start") or (row is not None and row.state in LEFT):
            seen.append(_shown(message, name, await _words(session, message)))
    return seen


def _waits(row: Outbox, now: datetime) -> bool:
    """Whether it waits for its time and was never tried: then it holds up nothing after it."""
    return row.state == "due" and row.due_at > now and row.attempts == 0


async def _left_at(session: AsyncSession, message_id: int) -> datetime | None:
    """When this message left or came; None where there is none."""
    row = (
        await session.execute(
            select(Message.at, Outbox.sent_at)
            .outerjoin(Outbox, Outbox.message_id == Message.id)
            .where(Message.id == message_id)
        )
    ).one_or_none()
    return None if row is None else row[1] or row[0]


async def _words(session: AsyncSession, message: Message) -> str:
    """The text of a message; of a pressed button what stood on it."""
    if message.kind != "press" or message.text:
        return message.text
    before = await conversations.last_out_before(session, message.conversation_id, message.id)
    for button in before.buttons if before else ():
        if button["value"] == message.press:
            return str(button["label"])
    conversation = await conversations.get(session, message.conversation_id)
    return catalogue()["button.human"][language_of(conversation.language)] if message.press == "human" else "…"


async def state(session: AsyncSession, conversation_id: int, now: datetime | None = None) -> ChatState:
    """How things stand in the conversation; NotFound when there is none."""
    conversation = await conversations.get(session, conversation_id)
    agent = await session.get(User, conversation.agent_id) if conversation.agent_id else None
    unanswered = conversation.holder == "bot" and bool(await conversations.unanswered(session, conversation_id))
    at = now or SystemClock().now()
    on_its_way = await session.scalars(
        select(Outbox).where(Outbox.conversation_id == conversation_id, Outbox.state.in_(ON_ITS_WAY))
    )
    leaving = any(not _waits(row, at) for row in on_its_way)
    return ChatState(
        holder=conversation.holder,
        agent=agent.name if agent else None,
        language=conversation.language,
        closed=conversation.state == "closed",
        answering=unanswered or leaving,
    )


def _shown(message: Message, name: str | None, text: str) -> Shown:
    return Shown(
        id=message.id,
        author=message.author,
        name=name,
        kind=message.kind,
        text=text,
        buttons=tuple((str(button["value"]), str(button["label"])) for button in message.buttons or ()),
        at=message.at,
        external_id=message.external_id,
        file=_file(message),
    )


def _file(message: Message) -> tuple[int, str] | None:
    told = message.attachment
    return (int(told["id"]), str(told["name"])) if message.direction == "out" and told and "id" in told else None
