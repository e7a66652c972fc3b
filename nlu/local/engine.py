"""The engine `local`: floor, stock phrases and classifier, in this process, without network or GPU."""

import math
from collections.abc import Mapping
from pathlib import Path

from core.dialogue.understanding import ASSERTED, Intent, Understanding
from nlu.engine import Context, entities_of, merge
from nlu.local.encoder import encode
from nlu.local.head import candidates, pooled
from nlu.local.model import Model
from nlu.normalise import language_of
from nlu.patterns import heard, read, settle, small_talk

CEILING = 0.98
"""Highest confidence of the classifier: a pattern for danger stands above it."""

PRIOR = 1.0
"""Log-odds that an intent gains when it would answer what the bot asked last."""

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "affirm": ("affirm", "deny"),
    "amount": ("propose_amount", "pay_part_now"),
    "date": ("promise_to_pay", "request_extension"),
    "payday": ("inform_finances",),
    "income": ("inform_finances",),
    "identity": ("confirm_identity", "deny_identity", "refuse_verification"),
    "choice": ("choose_option",),
    "count": ("request_instalments",),
    "reason": (
        "hardship_income",
        "hardship_health",
        "hardship_family",
        "hardship_event",
        "cannot_pay",
        "reason_oversight",
    ),
}


class LocalEngine:
    """Reads a message in milliseconds; safe to call from several threads."""

    name = "local"

    def __init__(self, model: Model) -> None:
        self._model = model
        self._place = {label: index for index, label in enumerate(model.labels)}

    @staticmethod
    def load(path: Path) -> "LocalEngine":
        """The engine over a model file, warmed up. Raises NotFound or InvalidInput as `Model.load`."""
        engine = LocalEngine(Model.load(path))
        heard("")
        encode("ok")
        return engine

    @property
    def version(self) -> str:
        return self._model.version

    def parse(self, text: str, context: Context) -> Understanding:
        """What the message means: danger and rights by pattern, stock phrases by list, the rest by the classifier."""
        lang = language_of(text, context.default_lang)
        entities = entities_of(text, lang, context)
        reading = read(text)
        floor = reading.intents
        stock = small_talk(text, expecting=context.expecting, entities=entities)
        classified = stock or settle(text, self.classify(text, context.expecting), reading)
        intents = merge(floor, classified)
        if floor:
            intents = tuple(intent for intent in intents if intent.name != "out_of_scope")
        return Understanding(lang, intents, entities, self.name, self.version)

    def classify(self, text: str, expecting: str | None = None) -> tuple[Intent, ...]:
        """The classifier's candidates alone, best first, on the scale where 0.5 is asserted."""
        vector = encode(text)[None]
        columns, weights = self._model.vocabulary.row(text)
        meaning = self._model.meaning.chances(vector)[0]
        wording = self._model.wording.chances(columns, weights)
        nearness = self._model.neighbours.shares(vector, len(self._place))[0]
        chances = pooled(meaning, wording, nearness)
        chances[[self._place[name] for name in ANSWERS.get(expecting or "", ())]] *= math.exp(PRIOR)
        labels, rows = candidates(chances / chances.sum())
        confidences = self._model.calibration.confidences(labels, rows)
        names = [self._model.labels[label] for label in labels]
        found = [
            Intent(name, min(float(confidence), CEILING)) for name, confidence in zip(names, confidences, strict=True)
        ]
        return _without_noise(tuple(sorted(found, key=lambda intent: -intent.confidence)))


def _without_noise(found: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """Out of scope is asserted alone or not at all: beside a meaning it is only a candidate."""
    if found[0].name == "out_of_scope":
        return tuple(
            i if i.name == "out_of_scope" else Intent(i.name, min(i.confidence, ASSERTED - 0.01)) for i in found
        )
    return tuple(Intent(i.name, min(i.confidence, ASSERTED - 0.01)) if i.name == "out_of_scope" else i for i in found)
