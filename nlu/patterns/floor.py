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

FILES = ("danger_zh.yml", "danger_en.yml", "safety.yml", "rights.yml", "circumstances.yml")
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

    def matches(self, folded: str) -> bool:
        """Whether the message, as `nlu.normalise.fold` gives it, says this."""
        text = close_up(folded) if self.lang == "zh" else folded
        bare = _END.sub("", text)
        if not any(pattern.search(bare) for pattern in self.patterns):
            return False
        for idiom in self.idioms:
            bare = idiom.sub(_BLANK, bare)
        return any(pattern.search(bare) for pattern in self.patterns)


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


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry of the floor, compiled once."""
    folder = files("nlu.patterns")
    return tuple(_entry(item) for name in FILES for item in yaml.safe_load(folder.joinpath(name).read_text("utf-8")))


def heard(text: str) -> tuple[Intent, ...]:
    """The intents whose words stand in the text, in the order of the files (danger first)."""
    folded = fold(text)
    names = dict.fromkeys(entry.intent for entry in entries() if entry.matches(folded))
    if "self_harm" in names:
        names.pop("distress", None)
    return tuple(Intent(name, DANGER if name == "self_harm" else CONFIDENCE) for name in names)
