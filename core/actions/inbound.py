"""What debtors write: recorded before anything reads it, then answered."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import attachments
from core.actions.handoff import hand_over, without_hand_back
from core.actions.respond import Responded, respond
from core.actions.situations import RespondOptions, language_of, remembered
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Repeat
from core.clock import SystemClock
from core.dialogue.decision import HandOff
from core.dialogue.flags import priority_of
from core.dialogue.memory import Expecting, Memory
from core.dialogue.understanding import Language
from core.errors import InvalidInput
from core.store import cases, conversations
from core.store.tables import Case, ContactPoint, Conversation, Debtor, Message
from core.work import Work

__all__ = [
    "Arrival",
    "EngineContext",
    "Recorded",
    "Repeat",
    "RespondOptions",
    "Responded",
    "UnknownChat",
    "Waiting",
    "context_for",
    "give_up",
    "record",
    "respond",
    "unanswered",
    "waiting",
]

KINDS = ("text", "press", "voice", "picture", "file", "sticker", "location", "start")
_LONGEST_ID = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message as a channel received it. `external_id` is its name there, unique in the channel.

    `case_id` is given where a signed link or start code opened the chat; else the address tells whose it is.
    """

    channel: str
    external_id: str
    address: str
    case_id: int | None = None
    kind: str = "text"
    text: str = ""
    press: str | None = None
    attachment: Mapping[str, Any] | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """It is stored; `opened` when it began the conversation."""

    message_id: int
    conversation_id: int
    opened: bool


@dataclass(frozen=True, slots=True)
class UnknownChat:
    """No case is known at this address, and no link was given: nothing is stored."""


@dataclass(frozen=True, slots=True)
class EngineContext:
    """What understanding a message needs to know of its conversation."""

    language: Language
    currency: str
    time_zone: str
    expecting: Expecting | None
    holder: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An inbound message that nothing has answered."""

    message_id: int
    kind: str
    text: str
    press: str | None
    at: datetime


async def record(work: Work, arrival: Arrival) -> Recorded | Repeat | UnknownChat:
    """Store what arrived, once, before anything reads it (law 1). A repeat changes nothing.

    The conversation is locked first, so that the ids of its messages grow in the order in which they can be seen.
    """
    if arrival.kind not in KINDS or not arrival.address or len(arrival.address) > _LONGEST_ID:
        raise InvalidInput("Give a known kind and an address.", kind=arrival.kind, address=arrival.address[:200])
    external_id = _fitting(arrival.external_id)
    repeat = await _repeat(work.session, arrival.channel, external_id)
    if repeat is not None and not await _at(work.session, repeat, arrival):
        external_id = _fitting(f"{arrival.address}/{arrival.external_id}")
        repeat = await _repeat(work.session, arrival.channel, external_id)
    if repeat is not None:
        return repeat
    conversation = await conversations.at_address(work.session, arrival.channel, arrival.address, arrival.case_id)
    opened = conversation is None
    if conversation is None:
        conversation = await _open(work, arrival)
        if conversation is None:
            return UnknownChat()
    survivor = await conversations.lock_survivor(work.session, conversation.id)
    if survivor.id != conversation.id:
        arrival, conversation = _from_elsewhere(arrival), survivor
    message = await _store(work, conversation, arrival, external_id)
    if message is None:
        found = await _repeat(work.session, arrival.channel, external_id)
        return found or UnknownChat()
    await attachments.arrived(work, message, arrival.attachment)
    await _woken(work, conversation)
    work.notify("inbound")
    work.notify(f"conversation:{conversation.id}")
    return Recorded(message.id, conversation.id, opened)


def _fitting(external_id: str) -> str:
    if len(external_id) <= _LONGEST_ID:
        return clean(external_id)
    return hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).hexdigest()


async def _repeat(session: AsyncSession, channel: str, external_id: str) -> Repeat | None:
    row = (
        await session.execute(
            select(Message.id, Message.conversation_id).where(
                Message.channel == channel, Message.external_id == external_id
            )
        )
    ).one_or_none()
    return Repeat(row[0], row[1]) if row else None


async def _at(session: AsyncSession, repeat: Repeat, arrival: Arrival) -> bool:
    """Whether the message came from this address: a client that chooses its ids must not silence another's."""
    if (await conversations.get(session, repeat.conversation_id)).address == arrival.address:
        return True
    there = (Conversation.channel == arrival.channel, Conversation.address == arrival.address)
    return bool(
        await session.scalar(select(exists().where(*there, Conversation.merged_into == repeat.conversation_id)))
    )


def _from_elsewhere(arrival: Arrival) -> Arrival:
    """What was pressed in a conversation that goes on in another answers a question of the old one: it is kept for the
    agent and accepts nothing, since offers of both may have the same name. The way to a person stays open."""
    if arrival.press is None or arrival.press == "human":
        return arrival
    return replace(arrival, press=f"elsewhere:{arrival.press}")


async def _store(work: Work, conversation: Conversation, arrival: Arrival, external_id: str) -> Message | None:
    """The new message, or None where a twin of it was stored at the same moment."""
    message = Message(
        conversation_id=conversation.id,
        direction="in",
        author="debtor",
        channel=arrival.channel,
        external_id=external_id,
        kind=arrival.kind,
        text=clean(arrival.text),
        press=clean(arrival.press)[:_LONGEST_ID] if arrival.press is not None else None,
        attachment=dict(arrival.attachment) if arrival.attachment else None,
        at=work.now,
    )
    try:
        async with work.session.begin_nested():
            work.session.add(message)
    except IntegrityError:
        return None
    return message


async def _open(work: Work, arrival: Arrival) -> Conversation | None:
    """A new conversation of the case that the link names; its address becomes a contact point of the debtor."""
    if arrival.case_id is None or await work.session.get(Case, arrival.case_id) is None:
        return None
    whole = await cases.load(work.session, arrival.case_id)
    language = language_of(whole.debtor.language)
    conversation = Conversation(
        case_id=arrival.case_id,
        channel=arrival.channel,
        address=arrival.address,
        holder="bot",
        state="open",
        language=language,
        memory=Memory(language=language).to_json(),
        opened_at=work.now,
        last_at=work.now,
    )
    try:
        async with work.session.begin_nested():
            work.session.add(conversation)
    except IntegrityError:
        return await conversations.at_address(work.session, arrival.channel, arrival.address, arrival.case_id)
    await _add_contact_point(work.session, whole.debtor.id, arrival)
    await leave(
        work, "debtor", "opened", "conversation", conversation.id, channel=arrival.channel, case=arrival.case_id
    )
    return conversation


async def _add_contact_point(session: AsyncSession, debtor_id: int, arrival: Arrival) -> None:
    point = {"debtor_id": debtor_id, "kind": arrival.channel, "value": arrival.address}
    known = exists().where(*(getattr(ContactPoint, name) == value for name, value in point.items()))
    if await session.scalar(select(known)):
        return
    try:
        async with session.begin_nested():
            session.add(ContactPoint(**point))
    except IntegrityError:
        return


async def _woken(work: Work, conversation: Conversation) -> None:
    """A conversation that had ended is open again."""
    conversation.last_at = work.now
    conversation.last_inbound_at = work.now
    if conversation.snoozed_until is not None:
        conversation.snoozed_until = None
        work.notify("queue")
    if conversation.state == "open":
        return
    conversation.state, conversation.outcome = "open", None
    work.notify("queue")
    await leave(work, "debtor", "reopened", "conversation", conversation.id)


async def give_up(work: Work, conversation_id: int, message_id: int, why: str) -> bool:
    """Answering this message fails again and again: it counts as answered, and a person looks at it.

    False where it has been answered meanwhile. `why` names the failure, without the debtor's words.
    """
    conversation = await conversations.lock(work.session, conversation_id)
    whole = await cases.lock(work.session, conversation.case_id)
    message = await work.session.get(Message, message_id, populate_existing=True)
    if message is None or message.conversation_id != conversation_id or message.answered_at is not None:
        return False
    message.answered_at = work.now
    message.decision = {
        "kind": "escalate",
        "because": [f"failed:{why}"],
        "offers": [],
        "effects": ["HandOff"],
        "applied": True,
    }
    memory = without_hand_back(remembered(conversation).with_(expecting=None))
    conversation.memory = memory.to_json()
    conversation.unread += 1
    await work.session.flush()
    trigger = message.text or message.press or message.kind
    handoff = HandOff("not_understood", priority_of("not_understood"), trigger)
    await hand_over(work, conversation, whole, handoff, memory)
    await leave(work, "system", "gave_up", "conversation", conversation_id, message=message_id, error=why)
    return True


async def context_for(session: AsyncSession, conversation_id: int) -> EngineContext:
    """What the NLU needs to know before it reads a message; read outside any transaction."""
    row = (
        await session.execute(
            select(Conversation, Case.currency, Debtor.time_zone)
            .join(Case, Case.id == Conversation.case_id)
            .join(Debtor, Debtor.id == Case.debtor_id)
            .where(Conversation.id == conversation_id)
        )
    ).one_or_none()
    if row is None:
        raise InvalidInput("There is no such conversation.", conversation_id=conversation_id)
    conversation, currency, time_zone = row
    memory = remembered(conversation)
    return EngineContext(memory.language, currency, time_zone, memory.expecting, conversation.holder)


async def waiting(session: AsyncSession, conversation_id: int) -> list[Waiting]:
    """The conversation's messages that nothing has answered, in the order in which they came."""
    return [
        Waiting(message.id, message.kind, message.text, message.press, message.at)
        for message in await conversations.unanswered(session, conversation_id)
    ]


async def unanswered(
    session: AsyncSession, older_than: timedelta, now: datetime | None = None
) -> list[tuple[int, int]]:
    """Messages that have waited this long for an answer, as (conversation, message): what a crash left behind."""
    return list(await conversations.waiting_since(session, (now or SystemClock().now()) - older_than))
