"""Run-on messages made of two labelled ones, so that the classifier meets two meanings more often than people write."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.dialogue.understanding import ROUTES
from nlu.corpus import Example

PAIRS = 2400
LONGEST = 60
"""Messages longer than this, in code points, are not joined."""

JOINTS = {"zh": ("，", "，", " ", ",", "。"), "en": (", ", " ", ". ", " and ", " but ")}
_PLEASANTRIES = frozenset({"greet", "thanks"})
_ALONE = ROUTES["social"] - {"affirm"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A joined message and the places of its two halves in the corpus."""

    example: Example
    first: int
    second: int


def pairs_of(corpus: Sequence[Example], *, count: int = PAIRS, seed: int = 5) -> tuple[Pair, ...]:
    """At most `count` joined messages, half in each language; the same for the same corpus.

    A greeting or thanks beside a substantive half is not a meaning of its own, as in the contract.
    """
    dice = np.random.default_rng(seed)
    found: list[Pair] = []
    for lang in ("zh", "en"):
        short = [i for i, e in enumerate(corpus) if e.lang == lang and len(e.intents) == 1 and len(e.text) <= LONGEST]
        matter = [i for i in short if corpus[i].intents[0] not in _ALONE]
        polite = [i for i in short if corpus[i].intents[0] in _PLEASANTRIES]
        if len(matter) < 2:
            continue
        for _ in range(min(count // 2, len(matter) // 2)):
            first, second = (int(i) for i in dice.choice(matter, 2, replace=False))
            if polite and dice.random() < 0.1:
                first = int(dice.choice(polite))
            joint = str(dice.choice(JOINTS[lang]))
            found.append(Pair(_joined(corpus[first], corpus[second], joint), first, second))
    return tuple(found)


def _joined(first: Example, second: Example, joint: str) -> Example:
    names = dict.fromkeys(name for name in (*first.intents, *second.intents) if name not in _PLEASANTRIES)
    return Example(first.text.rstrip(" .。!！,，") + joint + second.text, tuple(names), second.lang)
