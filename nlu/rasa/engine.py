"""The engine `rasa`: asks a Rasa server, and reads with another engine while that server is down."""

import threading
import time
from collections import Counter
from typing import Any

import structlog

from core.dialogue.understanding import Intent, Understanding
from nlu.engine import Context, Engine, entities_of, merge
from nlu.local.engine import ANSWERS, PRIOR
from nlu.normalise import language_of
from nlu.patterns import read, settle, small_talk
from nlu.rasa.circuit import Circuit
from nlu.rasa.client import RasaClient
from nlu.rasa.export import spelled
from nlu.rasa.ranking import favoured, intents_of

_log = structlog.get_logger(__name__)

UNKNOWN = "unknown"
"""The version until the server has said which model it serves."""

ASK_AGAIN_S = 60.0
"""How long the server's word on its model is believed, in seconds."""


class RasaEngine:
    """Reads a message with Rasa's classifier; floor, stock phrases and entities are ours, as in the engine `local`.

    While Rasa is down, the whole reading is `fallback`'s, under its name. Safe to call from several threads.
    """

    name = "rasa"

    def __init__(self, client: RasaClient, fallback: Engine, circuit: Circuit | None = None) -> None:
        self._client = client
        self._fallback = fallback
        self._circuit = circuit or Circuit()
        self._version = UNKNOWN
        self._believed_until = 0.0
        self._answered: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        """The model that the server serves, as it said within the last minute."""
        return self._version

    def close(self) -> None:
        self._client.close()

    def health(self) -> dict[str, Any]:
        """Which engine answers, the circuit's state, and how many messages each engine has read since the start."""
        state = self._circuit.state
        return {
            "engine": self.name,
            "answering": self.name if state == "closed" else self._fallback.name,
            "circuit": state,
            "version": self._version,
            "read": {name: self._answered[name] for name in (self.name, self._fallback.name)},
        }

    def parse(self, text: str, context: Context) -> Understanding:
        """What the message means; Rasa is not asked where a stock phrase says it all."""
        lang = language_of(text, context.default_lang)
        entities = entities_of(text, lang, context)
        reading = read(text)
        floor = reading.intents
        intents = small_talk(text, expecting=context.expecting, entities=entities)
        if not intents:
            asked = self.classify(text)
            if asked is None:
                self._count(self._fallback.name)
                return self._fallback.parse(text, context)
            intents = settle(text, favoured(asked, ANSWERS.get(context.expecting or "", ()), PRIOR), reading)
        if floor:
            intents = tuple(intent for intent in intents if intent.name != "out_of_scope")
        self._count(self.name)
        return Understanding(lang, merge(floor, intents), entities, self.name, self._version)

    def classify(self, text: str) -> tuple[Intent, ...] | None:
        """Rasa's intents alone, best first; None while it is down."""
        if not self._circuit.allows():
            return None
        try:
            intents = intents_of(self._client.parse(spelled(text)))
            if time.monotonic() >= self._believed_until:
                self._version = self._client.model()
                self._believed_until = time.monotonic() + ASK_AGAIN_S
        except Exception as error:
            self._say_failed(error)
            return None
        if self._circuit.succeeded():
            _log.info("rasa_is_back", version=self._version)
        return intents

    def _say_failed(self, error: Exception) -> None:
        self._believed_until = 0.0
        if self._circuit.failed():
            _log.warning("rasa_is_down", answering=self._fallback.name, error=type(error).__name__, why=str(error))

    def _count(self, name: str) -> None:
        with self._lock:
            self._answered[name] += 1
