"""What the checks find in training messages, each finding with the places to look at; nothing here needs a model."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.dialogue.understanding import INTENTS, ROUTES, Language
from nlu.checks.messages import Message
from nlu.checks.nearness import near_pairs, opening, plain, shingles, telling

GRAVE = ROUTES["comply"] | ROUTES["safety"]
"""Intents of rights and danger, which need more examples."""

MUST_MEND = frozenset({"unknown_label", "other_labels", "leak", "too_few"})
"""Findings that make a model or its test wrong; the rest are to be judged by a person."""

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Limits:
    """When something is found: likeness 0 to 1, messages of an intent in one language, openings as a share of it."""

    likeness: float = 0.8
    least: int = 120
    least_grave: int = 250
    opening_share: float = 0.1
    opening_least: int = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: of which check, in a few words, and the messages that it is about."""

    check: str
    says: str
    messages: tuple[Message, ...] = ()
    weight: float = 0.0
    """What findings of a check are ordered by, greatest first: likeness, margin, share."""

    @property
    def must_mend(self) -> bool:
        return self.check in MUST_MEND

    def to_json(self) -> dict[str, Any]:
        shown = [{"place": m.place, "labels": list(m.intents), "text": m.text} for m in self.messages]
        return {"check": self.check, "must_mend": self.must_mend, "says": self.says, "messages": shown}


def quick_findings(
    messages: Sequence[Message], tests: Sequence[Message] = (), limits: Limits | None = None
) -> list[Finding]:
    """All that is found without training: labels, repetitions, leaks into the tests, thin intents, openings."""
    bars = limits or Limits()
    found = [*unknown_labels(messages), *too_few(messages, bars), *templated(messages, bars)]
    for lang in LANGUAGES:
        own = [message for message in messages if message.lang == lang]
        found += [*repetitions(own, lang, bars), *leaks(own, tests, lang, bars)]
    return sorted(found, key=lambda finding: -finding.weight)


def unknown_labels(messages: Iterable[Message]) -> Iterator[Finding]:
    """Messages under a name that the label set does not hold."""
    for message in messages:
        if unknown := set(message.intents) - INTENTS:
            yield Finding("unknown_label", ", ".join(sorted(unknown)), (message,))


def too_few(messages: Iterable[Message], limits: Limits) -> Iterator[Finding]:
    """Intents with fewer different messages in a language than the limit, the thinnest first."""
    texts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for message in messages:
        for name in message.intents:
            texts[message.lang, name].add(plain(message.text))
    for lang in LANGUAGES:
        for name in sorted(INTENTS):
            count, least = len(texts[lang, name]), limits.least_grave if name in GRAVE else limits.least
            if count < least:
                yield Finding("too_few", f"{lang} {name}: {count} of {least}", weight=1 - count / least)


def templated(messages: Iterable[Message], limits: Limits) -> Iterator[Finding]:
    """Openings shared by more of an intent's messages than the limit: filler made by filling in a sentence."""
    groups: dict[tuple[str, str], dict[str, list[Message]]] = defaultdict(lambda: defaultdict(list))
    sizes: Counter[tuple[str, str]] = Counter()
    for message in messages:
        for name in message.intents:
            sizes[message.lang, name] += 1
            if words := opening(message.text, message.lang):
                groups[message.lang, name][words].append(message)
    for (lang, name), openings in groups.items():
        for words, alike in openings.items():
            part = len(alike) / sizes[lang, name]
            if len(alike) >= limits.opening_least and part > limits.opening_share:
                says = f"{lang} {name}: {len(alike)} ({part:.0%}) begin with “{words}”"
                yield Finding("templated", says, tuple(alike[:3]), part)


def repetitions(messages: Sequence[Message], lang: Language, limits: Limits) -> Iterator[Finding]:
    """The same text under other labels, the same text again, and texts that are nearly the same."""
    for pair in near_pairs([shingles(message.text, lang) for message in messages], limits.likeness):
        first, second = messages[pair.first], messages[pair.second]
        same_text, same_labels = plain(first.text) == plain(second.text), set(first.intents) == set(second.intents)
        if same_text:
            check = "repeated" if same_labels else "other_labels"
        else:
            check = "near_duplicate" if same_labels else "near_other_labels"
        yield Finding(check, f"{pair.likeness:.2f} alike", (first, second), pair.likeness)


def leaks(messages: Sequence[Message], tests: Sequence[Message], lang: Language, limits: Limits) -> Iterator[Finding]:
    """Training messages that stand in the tests too, or nearly; of a word or two they are everybody's (yes, 转人工)."""
    every = [*messages, *tests]
    for pair in near_pairs([shingles(message.text, lang) for message in every], limits.likeness):
        if pair.first < len(messages) <= pair.second:
            both = (every[pair.first], every[pair.second])
            check = "leak" if all(telling(message.text) for message in both) else "short_leak"
            yield Finding(check, f"{pair.likeness:.2f} alike", both, pair.likeness)
