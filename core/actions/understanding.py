"""What debtors meant: how a text was read is kept, an agent says that it was misheard, a supervisor says what it means.

Audit rows name messages and intents, never a debtor's words.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.trail import leave
from core.actions.values import Actor
from core.dialogue.understanding import INTENTS, Language, Understanding
from core.errors import InvalidInput
from core.store import readings
from core.store.readings import LabelledText, Private
from core.store.tables import Message, Reading
from core.work import Work

__all__ = ["LabelledText", "Labels", "MayNotRelabel", "Private", "TooMany", "labelled"]

LOW = 0.6
"""A reading whose best confidence is lower counts as unsure, though it may have been acted on."""

MOST_LABELS = 2
MAY_RELABEL = ("supervisor", "manager", "admin")
_NOT_READ = frozenset(("none", "command"))
"""Engines of messages that nobody had to understand: buttons, files, commands."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What people say that the message means now; empty where nobody says anything."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooMany:
    """A message means two things at most: take one back first."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MayNotRelabel:
    """This role does not say what messages mean."""

    role: str


def keep(work: Work, message: Message, reading: Understanding) -> None:
    """Remember how the message was read, by which engine and version; a text is also listed by how sure it was."""
    message.understanding = reading.to_json() | {"engine": reading.engine, "version": reading.version}
    if message.kind != "text" or reading.engine in _NOT_READ:
        return
    best = max(reading.intents, key=lambda intent: intent.confidence, default=None)
    unsure = reading.fallback or best is None or best.confidence < LOW
    work.session.add(
        Reading(
            message_id=message.id,
            conversation_id=message.conversation_id,
            at=message.at,
            lang=reading.lang,
            intent=best.name if best else "",
            confidence=round(best.confidence * 10_000) if best else 0,
            unsure=unsure,
            engine=reading.engine,
            version=reading.version,
            state="unsure" if unsure else "sure",
        )
    )


async def mark_misheard(
    work: Work, actor: Actor, conversation_id: int, message_id: int, *, misheard: bool = True
) -> bool:
    """An agent says that the assistant misunderstood this message, or takes that back; False where nothing changed.

    NotFound for a message that no engine has read.
    """
    reading = await readings.lock_of_message(work.session, conversation_id, message_id)
    if (reading.misheard_at is not None) == misheard:
        return False
    reading.misheard_by, reading.misheard_at = (actor.id, work.now) if misheard else (None, None)
    reading.state = _state(reading)
    await work.session.flush()
    _tell(work, reading)
    action = "marked_misheard" if misheard else "unmarked_misheard"
    await leave(work, actor.login, action, "conversation", conversation_id, message=message_id, heard=reading.intent)
    return True


async def relabel(
    work: Work, actor: Actor, reading_id: int, intent: str, *, means: bool = True
) -> Labels | TooMany | MayNotRelabel:
    """Say that the message means this too, or that it does not after all; said twice it is said once.

    InvalidInput for an unknown intent.
    """
    if actor.role not in MAY_RELABEL:
        return MayNotRelabel(actor.role)
    if intent not in INTENTS:
        raise InvalidInput("Choose an intent of the label set.", intent=intent)
    reading = await readings.lock(work.session, reading_id)
    before = tuple(reading.labels or ())
    if (intent in before) == means:
        return Labels(before)
    if means and len(before) >= MOST_LABELS:
        return TooMany(before)
    after = (*before, intent) if means else tuple(name for name in before if name != intent)
    return await _label(work, actor, reading, after)


async def undo(work: Work, actor: Actor, reading_id: int) -> Labels | MayNotRelabel:
    """Take back all that was said of the message's meaning: it stands where it stood before."""
    if actor.role not in MAY_RELABEL:
        return MayNotRelabel(actor.role)
    reading = await readings.lock(work.session, reading_id)
    if not reading.labels:
        return Labels(())
    return await _label(work, actor, reading, ())


async def exported(work: Work, who: str, lang: str | None, messages: int) -> None:
    """Leave a trace that relabelled messages, masked, were taken out of the house."""
    await leave(work, who, "exported_labels", "understanding", None, language=lang or "all", messages=messages)


async def labelled(session: AsyncSession, lang: Language | None = None) -> list[LabelledText]:
    """Every relabelled text with what identifies its writer, oldest first. Mask it before anyone sees it."""
    return await readings.labelled(session, lang)


async def _label(work: Work, actor: Actor, reading: Reading, names: tuple[str, ...]) -> Labels:
    before = list(reading.labels or ())
    reading.labels = list(names) or None
    reading.labelled_by, reading.labelled_at = (actor.id, work.now) if names else (None, None)
    reading.state = _state(reading)
    await work.session.flush()
    _tell(work, reading)
    await leave(
        work,
        actor.login,
        "relabelled" if names else "unlabelled",
        "conversation",
        reading.conversation_id,
        message=reading.message_id,
        heard=reading.intent,
        before=before,
        after=list(names),
    )
    return Labels(names)


def _state(reading: Reading) -> str:
    if reading.labels:
        return "relabelled"
    if reading.misheard_at is not None:
        return "misheard"
    return "unsure" if reading.unsure else "sure"


def _tell(work: Work, reading: Reading) -> None:
    work.notify("understanding")
    work.notify(f"conversation:{reading.conversation_id}")
