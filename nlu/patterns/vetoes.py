"""A classifier's suspicion settled by the words: idioms deny it, cues bear it out; no pattern is ever silenced."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from core.dialogue.understanding import ASSERTED, INTENTS, ROUTES, Intent, Language
from nlu.normalise import close_up, fold, language_of
from nlu.patterns.floor import Entry, Reading, load, read

DEATH_OF_ANOTHER = frozenset({"debtor_deceased", "distress"})
"""What is not meant beside the writer's own danger: distress is defined by its absence."""

SUSPECTED = 0.1
"""Confidence in self-harm from which a classifier is asked no more than one word of proof."""

ALONE = 0.6
"""Confidence in self-harm that stands without a word of proof where something else is likelier: in cross-validation one
in six of those below it was meant, three in ten of those above."""

_BLANK = " \u00a7 "

GRAVE = ROUTES["comply"] | ROUTES["safety"]
"""What a bare number or date never says."""
_WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Veto:
    """Spans of one language that do not mean the intent, and the words that leave the matter open."""

    intent: str
    lang: Language
    patterns: tuple[re.Pattern[str], ...]
    weighty: tuple[re.Pattern[str], ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]

    def blanked(self, text: str) -> str:
        """The text without the idioms."""
        for pattern in self.patterns:
            text = pattern.sub(_BLANK, text)
        return text

    def denies(self, folded: str) -> bool:
        """Whether an idiom stands in the folded message and nothing weighty beside it."""
        text = close_up(folded) if self.lang == "zh" else folded
        rest = self.blanked(text)
        return rest != text and not self.leaves_open(rest)

    def leaves_open(self, rest: str) -> bool:
        """Whether something weighty stands in what is left of a message."""
        return any(pattern.search(rest) for pattern in self.weighty)


@cache
def vetoes() -> tuple[Veto, ...]:
    """Every veto, compiled once. Raises ValueError for an unknown intent."""
    found: list[Veto] = []
    for item in yaml.safe_load(files("nlu.patterns").joinpath("vetoes.yml").read_text("utf-8")):
        if item["intent"] not in INTENTS:
            raise ValueError(f"veto for an unknown intent: {item['intent']}")
        patterns, weighty = (tuple(re.compile(str(p)) for p in item[key]) for key in ("any", "weighty"))
        hits, misses = (tuple(str(text) for text in item[key]) for key in ("hits", "misses"))
        found.append(Veto(item["intent"], "zh" if item["lang"] == "zh" else "en", patterns, weighty, hits, misses))
    return tuple(found)


@cache
def cues() -> tuple[Entry, ...]:
    """The words that bear a suspicion out, compiled once."""
    return load("cues.yml")


def denied(text: str, suspected: Iterable[str], reading: Reading | None = None) -> frozenset[str]:
    """Those of the suspected intents that the words deny; never one that a pattern hears."""
    reading = reading or read(text)
    open_to_doubt = set(suspected) - set(reading.heard)
    if not open_to_doubt:
        return frozenset()
    folded = fold(text)
    found = {v.intent for v in vetoes() if v.intent in open_to_doubt and v.denies(folded)}
    found |= {name for name in open_to_doubt & set(reading.in_idioms) if not _open(name, reading.in_idioms[name])}
    if "self_harm" in reading.heard:
        found |= open_to_doubt & DEATH_OF_ANOTHER
    return frozenset(found)


def _open(intent: str, rest: str) -> bool:
    lang = language_of(rest, "en")
    return any(veto.leaves_open(rest) for veto in vetoes() if (veto.intent, veto.lang) == (intent, lang))


def confirmed(text: str) -> bool:
    """Whether a word that danger is spoken of with stands in the message, outside an idiom."""
    rest = fold(text)
    for veto in vetoes():
        if veto.intent == "self_harm":
            rest = veto.blanked(rest)
    return any(cue.matches(rest) for cue in cues())


def settle(text: str, suspected: Iterable[Intent], reading: Reading | None = None) -> tuple[Intent, ...]:
    """A classifier's intents in the order given: those that the words deny are held below assertion, and self-harm that
    it suspects (from `SUSPECTED` on) is asserted where the words bear it out."""
    reading = reading or read(text)
    given = tuple(suspected)
    out = denied(text, (intent.name for intent in given), reading)
    if not _WORD.search(text):
        out |= GRAVE
    return tuple(_settled(text, intent, out, foremost=place == 0) for place, intent in enumerate(given))


def _settled(text: str, intent: Intent, out: frozenset[str], *, foremost: bool) -> Intent:
    below = Intent(intent.name, min(intent.confidence, ASSERTED - 0.01))
    if intent.name in out:
        return below
    if intent.name == "self_harm" and intent.confidence >= SUSPECTED:
        if confirmed(text):
            return Intent(intent.name, max(intent.confidence, ASSERTED))
        if not foremost and intent.confidence < ALONE:
            return below
    return intent
