"""How debtors' texts were read, and what is on file of the people who wrote them, so that it can be masked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from core.store.tables import Case, ContactPoint, Conversation, Debtor, Message, ModelRow, Reading

_CHOICE_LOCK = 0x6D6F64656C  # "model"


@dataclass(frozen=True, slots=True)
class Private:
    """What identifies the writer: name, references and account tails, contact points, the facts on file."""

    name: str = ""
    numbers: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    birth_date: str = ""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A debtor's text as they wrote it, what a person says that it means, and what has to be masked in it."""

    text: str
    labels: tuple[str, ...]
    lang: str
    currency: str
    at: datetime
    private: Private


async def lock(session: AsyncSession, reading_id: int) -> Reading:
    """The reading, held until the transaction ends; NotFound when there is none."""
    return await _held(session, select(Reading).where(Reading.id == reading_id), reading_id=reading_id)


async def lock_of_message(session: AsyncSession, conversation_id: int, message_id: int) -> Reading:
    """The reading of a message of this conversation, held; NotFound when there is none."""
    query = select(Reading).where(Reading.message_id == message_id, Reading.conversation_id == conversation_id)
    return await _held(session, query, message_id=message_id)


async def _held(session: AsyncSession, query: Select[Reading], **named: Any) -> Reading:
    found = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such message.", **named)
    return found


async def private_of(session: AsyncSession, conversation_ids: Iterable[int]) -> dict[int, Private]:
    """What is on file of the people in these conversations, in two statements."""
    wanted = sorted(set(conversation_ids))
    if not wanted:
        return {}
    rows = (
        await session.execute(
            select(Conversation.id, Case.reference, Debtor.id, Debtor.name, Debtor.facts)
            .join(Case, Case.id == Conversation.case_id)
            .join(Debtor, Debtor.id == Case.debtor_id)
            .where(Conversation.id.in_(wanted))
        )
    ).all()
    points: dict[int, list[str]] = {}
    debtors = {row[2] for row in rows}
    found = await session.execute(
        select(ContactPoint.debtor_id, ContactPoint.value).where(ContactPoint.debtor_id.in_(debtors))
    )
    for debtor_id, value in found:
        points.setdefault(debtor_id, []).append(value)
    return {
        conversation_id: _private(name, reference, facts, points.get(debtor_id, []))
        for conversation_id, reference, debtor_id, name, facts in rows
    }


def _private(name: str, reference: str, facts: dict[str, Any], points: Sequence[str]) -> Private:
    numbers = [reference, *(str(value) for key, value in facts.items() if key != "birth_date" and value)]
    return Private(name, tuple(numbers), tuple(points), str(facts.get("birth_date") or ""))


async def labelled(session: AsyncSession, lang: str | None = None) -> list[LabelledText]:
    """Every relabelled text, in the order in which they were written; of one language where one is named."""
    query = (
        select(Reading, Message.text, Case.currency)
        .join(Message, Message.id == Reading.message_id)
        .join(Conversation, Conversation.id == Reading.conversation_id)
        .join(Case, Case.id == Conversation.case_id)
        .where(Reading.state == "relabelled")
        .order_by(Reading.at, Reading.id)
    )
    if lang is not None:
        query = query.where(Reading.lang == lang)
    rows = (await session.execute(query)).all()
    private: dict[int, Private] = {}
    ids = sorted({reading.conversation_id for reading, _, _ in rows})
    for start in range(0, len(ids), 500):
        private |= await private_of(session, ids[start : start + 500])
    return [
        LabelledText(
            words, tuple(reading.labels or ()), reading.lang, currency, reading.at, private[reading.conversation_id]
        )
        for reading, words, currency in rows
    ]


async def lock_model(session: AsyncSession, model_id: int) -> ModelRow:
    """The model's row, held until the transaction ends; NotFound when there is none."""
    found = await session.scalar(
        select(ModelRow).where(ModelRow.id == model_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such model.", model_id=model_id)
    return found


async def lock_choice(session: AsyncSession) -> None:
    """Let one transaction at a time change which model is in force; on SQLite every writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHOICE_LOCK})
