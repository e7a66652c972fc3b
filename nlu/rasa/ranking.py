"""Rasa's ranking of labels as intents of the contract."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from core.dialogue.understanding import INTENTS, Intent

CEILING = 0.98
"""Highest confidence of a classifier: a pattern for danger stands above it."""

JOIN = "+"
"""Between the names of a label that means several things: Rasa's own form of multi-intents."""


class Garbled(ValueError):
    """The answer is not what Rasa answers."""


def intents_of(answer: object) -> tuple[Intent, ...]:
    """Each intent once, best first, with the sum of the confidences of the labels that hold it.

    Rasa's confidences of labels sum to one, and a message has one label, so the sum is how likely the message says it.
    Labels outside the label set are left out. Raises Garbled for what is no answer of Rasa's.
    """
    if not isinstance(answer, Mapping) or not isinstance(answer.get("intent_ranking"), list):
        raise Garbled("no intent_ranking")
    sums: dict[str, float] = {}
    for label, confidence in map(_label, answer["intent_ranking"]):
        for name in INTENTS.intersection(label.split(JOIN)):
            sums[name] = sums.get(name, 0.0) + confidence
    found = (Intent(name, min(confidence, CEILING)) for name, confidence in sums.items())
    return tuple(sorted(found, key=lambda intent: (-intent.confidence, intent.name)))


def favoured(intents: Iterable[Intent], names: Collection[str], log_odds: float) -> tuple[Intent, ...]:
    """The intents, best first, those of these names raised by `log_odds`: what answers the question asked last."""
    raised = (Intent(i.name, _raised(i.confidence, log_odds)) if i.name in names else i for i in intents)
    return tuple(sorted(raised, key=lambda intent: (-intent.confidence, intent.name)))


def _raised(confidence: float, log_odds: float) -> float:
    gained = confidence * math.exp(log_odds)
    return min(gained / (1 - confidence + gained), CEILING)


def _label(item: Any) -> tuple[str, float]:
    if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
        raise Garbled("a label without a name")
    confidence = item.get("confidence")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not math.isfinite(confidence):
        raise Garbled("a label without a confidence")
    if not 0 <= confidence <= 1.0001:
        raise Garbled("a confidence beyond one")
    return item["name"], float(confidence)
