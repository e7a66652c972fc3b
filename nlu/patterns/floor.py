"""Patterns for words that must never be missed, each kept in YAML beside what it hits and what it must not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from core.dialogue.understanding import INTENTS, Intent, Language
from nlu.normalise import close_up, fold

CONFIDENCE = 0.95
"""Confidence of a pattern's intent."""

DANGER = 0.99
"""That of self-harm: above the classifier's ceiling, so that it stands first."""

FILES = ("danger_zh.yml", "danger_en.yml", "safety.yml", "rights.yml", "circumstances.yml", "statements.yml")
_END = re.compile(r"[\s.!?~。…,，]+$")
_BLANK = " \u00a7 "
_EDGE = r"\b"


@dataclass(frozen=True, slots=True)
class Entry:
    """One intent in one language: any pattern asserts it, once the idioms are blanked out of the text."""

    intent: str
    lang: Language
    patterns: tuple[re.Pattern[str], ...]
    idioms: tuple[re.Pattern[str], ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]

    def reads(self, folded: str) -> bool | str:
        """Whether the message, as `nlu.normalise.fold` gives it, says this; where its words stand only in idioms, what
        is left of the message without those."""
        text = close_up(folded) if self.lang == "zh" else folded
        bare = _END.sub("", text)
        if not self._found(bare):
            return False
        for idiom in self.idioms:
            bare = idiom.sub(_BLANK, bare)
        return True if self._found(bare) else bare

    def matches(self, folded: str) -> bool:
        """Whether the folded message says this."""
        return self.reads(folded) is True

    def _found(self, bare: str) -> bool:
        return any(pattern.search(bare) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the floor makes of a message: what it hears, danger first, and for what only an idiom seems to say, what
    is left without the idiom."""

    heard: tuple[str, ...]
    in_idioms: Mapping[str, str]

    @property
    def intents(self) -> tuple[Intent, ...]:
        return tuple(Intent(name, DANGER if name == "self_harm" else CONFIDENCE) for name in self.heard)


def _entry(data: Mapping[str, Any]) -> Entry:
    if data["intent"] not in INTENTS:
        raise ValueError(f"pattern for an unknown intent: {data['intent']}")
    return Entry(
        intent=str(data["intent"]),
        lang="zh" if data["lang"] == "zh" else "en",
        patterns=_joined(data["any"]),
        idioms=tuple(re.compile(str(p)) for p in data.get("idioms", ())),
        hits=tuple(str(h) for h in data["hits"]),
        misses=tuple(str(m) for m in data["misses"]),
    )


def _joined(sources: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """The patterns, those that begin at a word's edge as one: the edges are then found once and not once for each."""
    edged = [source.removeprefix(_EDGE) for source in sources if source.startswith(_EDGE)]
    found = [re.compile(source) for source in sources if not source.startswith(_EDGE)]
    if edged:
        found.append(re.compile(_EDGE + "(?:" + "|".join(edged) + ")"))
    return tuple(found)


def load(name: str) -> tuple[Entry, ...]:
    """The entries of one file of this package, compiled. Raises ValueError for an unknown intent."""
    return tuple(_entry(item) for item in yaml.safe_load(files("nlu.patterns").joinpath(name).read_text("utf-8")))


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry of the floor, compiled once."""
    return tuple(entry for name in FILES for entry in load(name))


def read(text: str) -> Reading:
    """The message as the floor reads it, intents in the order of the files (danger first)."""
    folded = fold(text)
    said: dict[str, None] = {}
    seeming: dict[str, str] = {}
    for entry in entries():
        reads = entry.reads(folded)
        if reads is True:
            said[entry.intent] = None
        elif reads is not False:
            seeming[entry.intent] = reads
    if "self_harm" in said:
        said.pop("distress", None)
    return Reading(tuple(said), seeming)


def heard(text: str) -> tuple[Intent, ...]:
    """The intents whose words stand in the text, in the order of the files (danger first)."""
    return read(text).intents
