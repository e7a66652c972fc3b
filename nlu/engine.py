"""The port: what an engine is, and how one is asked so that what must never be missed is heard whatever happens."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from prometheus_client import Histogram

from core.dialogue.understanding import Entity, Intent, Language, Understanding
from nlu.entities import extract
from nlu.normalise import language_of
from nlu.patterns import heard, small_talk

_log = structlog.get_logger(__name__)

FLOOR = "floor"
FLOOR_VERSION = "1"

_SECONDS = Histogram(
    "parley_understanding_seconds",
    "Seconds to understand a message, by the engine that was asked and the one that answered.",
    ("asked", "answered"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0),
)

_READ_AS: Mapping[str | None, tuple[str | None, ...]] = {
    "identity": ("birth_date", "digits"),
    "income": ("amount",),
    "reason": (None,),
}
"""What the dialogue asked, as the entity grammars know it: a date of birth first, else the digits of a card or ID."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read in.

    `now` is aware and in the debtor's time zone; `expecting` is what the bot asked last (affirm, amount, date, payday,
    identity, choice, count, reason, income, or None).
    """

    now: datetime
    currency: str
    expecting: str | None = None
    default_lang: Language = "zh"


class Engine(Protocol):
    """Something that reads one message. `parse` blocks and may raise; callers go through `understand`."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def parse(self, text: str, context: Context) -> Understanding: ...


async def understand(engine: Engine, text: str, context: Context, *, budget_s: float = 2.0) -> Understanding:
    """The engine's reading within `budget_s` seconds, or the floor's when it is late or fails. Never raises."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(budget_s):
            read = await asyncio.to_thread(engine.parse, text, context)
    except Exception as error:
        _log.warning("nlu_fell_back_to_floor", engine=engine.name, error=type(error).__name__)
        read = floor_only(text, context)
    _SECONDS.labels(engine.name, read.engine).observe(time.perf_counter() - started)
    return read


def floor_only(text: str, context: Context) -> Understanding:
    """What patterns, stock phrases and entities alone tell. Never raises."""
    lang = language_of(text, context.default_lang)
    entities = entities_of(text, lang, context)
    try:
        intents = merge(heard(text), small_talk(text, expecting=context.expecting, entities=entities))
    except Exception as error:
        _log.error("nlu_floor_failed", error=type(error).__name__)
        intents = ()
    return Understanding(lang, intents, entities, FLOOR, FLOOR_VERSION)


def entities_of(text: str, lang: Language, context: Context) -> tuple[Entity, ...]:
    """The entities of a message; none, with a log line, where their reader fails."""
    try:
        for expecting in _READ_AS.get(context.expecting, (context.expecting,)):
            found = extract(text, lang=lang, now=context.now, currency=context.currency, expecting=expecting)
            if expecting != "birth_date" or any(entity.type == "date" for entity in found):
                break
        return found
    except Exception as error:
        _log.error("nlu_entities_failed", error=type(error).__name__)
        return ()


def merge(*groups: Iterable[Intent]) -> tuple[Intent, ...]:
    """Each intent once with its highest confidence, best first; earlier groups come first among equals."""
    best: dict[str, float] = {}
    for group in groups:
        for intent in group:
            best[intent.name] = max(best.get(intent.name, 0.0), intent.confidence)
    return tuple(Intent(name, confidence) for name, confidence in sorted(best.items(), key=lambda item: -item[1]))
