"""Decisions made again from what they looked at: the same facts must give the same decision, today and years later."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.situations import decision_json
from core.dialogue.decide import decide
from core.dialogue.decision import Decision
from core.dialogue.inputs import inputs_from_json, inputs_to_json
from core.dialogue.situation import Situation
from core.dialogue.understanding import Understanding
from core.store import conversations
from core.store.tables import Audit, Message


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was decided about a message, and what is decided about it from the same inputs now. `untouched` tells
    whether the inputs are those whose digest the audit trail has."""

    message_id: int
    stored: dict[str, Any]
    again: dict[str, Any]
    untouched: bool = True

    @property
    def same(self) -> bool:
        return self.stored == self.again


def inputs_of(situation: Situation, reading: Understanding, decision: Decision) -> dict[str, Any]:
    """What is kept with a message: all that was looked at, and what the rules made of it."""
    return inputs_to_json(situation, reading) | {"decided": _whole(decision)}


def digest(inputs: dict[str, Any]) -> str:
    """What the audit trail keeps of the inputs: their SHA-256, in hexadecimal."""
    return hashlib.sha256(json.dumps(inputs, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


async def replay(session: AsyncSession, conversation_id: int) -> Sequence[Replayed]:
    """Every decision of the conversation, made again, in the order of its messages; NotFound where there is none."""
    await conversations.get(session, conversation_id)
    kept = select(Message).where(Message.conversation_id == conversation_id, Message.inputs.is_not(None))
    rows = (await session.scalars(kept.order_by(Message.id))).all()
    trail = select(Audit.data).where(
        Audit.subject == "conversation", Audit.subject_id == conversation_id, Audit.action == "decided"
    )
    digests = {data.get("message"): data.get("inputs") for data in await session.scalars(trail)}
    return [_replayed(row.id, row.inputs, digests.get(row.id)) for row in rows if row.inputs]


def _replayed(message_id: int, inputs: dict[str, Any], known: str | None) -> Replayed:
    situation, reading = inputs_from_json(inputs)
    return Replayed(message_id, inputs["decided"], _whole(decide(situation, reading)), known == digest(inputs))


def _whole(decision: Decision) -> dict[str, Any]:
    """The decision as JSON brings it back, with what is remembered and said."""
    said = [[say.key for say in reply.says] for reply in decision.replies]
    whole = decision_json(decision) | {"says": said, "memory": decision.memory.to_json()}
    found: dict[str, Any] = json.loads(json.dumps(whole, ensure_ascii=False))
    return found
