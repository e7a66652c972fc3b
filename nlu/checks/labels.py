"""Labels that a cross-validated model contradicts, by confident learning.

Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels", Journal of Artificial
Intelligence Research 70: section 3.1 (the confident joint and its thresholds) and 3.2 (ranking by margin). A message of
several labels counts for each of them, and is contradicted only where the model is confident of none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.dialogue.understanding import INTENTS
from nlu.corpus import Example

Floats = npt.NDArray[np.float32]
FOLDS = 3


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A message whose labels the model does not believe: what it says instead, and its chances of both."""

    at: int
    says: str
    chance: float
    given: float

    @property
    def margin(self) -> float:
        """How much likelier the model finds its own answer than the given label, 0 to 1."""
        return self.chance - self.given


def held_out_chances(corpus: Sequence[Example], cache_dir: Path) -> Floats:
    """Chances of each label (sorted by name) for each message, from a classifier that was not trained on it.

    The encoder under it was taught on seven in eight of them, so what is contradicted stands out all the more. Minutes
    for the shipped data.
    """
    from nlu.local.training import Lessons  # noqa: PLC0415 - what training needs is large

    lessons = Lessons.of(corpus, cache_dir)
    fold = np.random.default_rng(11).integers(0, FOLDS, len(corpus))
    chances = np.zeros((len(corpus), lessons.targets.shape[1]), dtype=np.float32)
    for index in range(FOLDS):
        chances[fold == index] = lessons.heard_by_strangers(fold == index)
    return chances


def contradicted(corpus: Sequence[Example], chances: Floats) -> list[Contradicted]:
    """The messages in the off-diagonal of the confident joint, the widest margin first."""
    names = sorted(INTENTS)
    place = {name: index for index, name in enumerate(names)}
    given = [[place[name] for name in example.intents] for example in corpus]
    usual = _self_confidence(given, chances)
    found: list[Contradicted] = []
    for at, labels in enumerate(given):
        sure = np.flatnonzero(chances[at] >= usual)
        if not len(sure) or set(sure.tolist()) & set(labels):
            continue
        says = int(sure[int(np.argmax(chances[at][sure]))])
        own = float(max(chances[at][label] for label in labels))
        found.append(Contradicted(at, names[says], round(float(chances[at][says]), 3), round(own, 3)))
    return sorted(found, key=lambda item: (-item.margin, item.at))


def _self_confidence(given: Sequence[Sequence[int]], chances: Floats) -> Floats:
    """The mean chance of each label among the messages that carry it; unreachable for a label that none does."""
    bars = np.full(chances.shape[1], np.inf, dtype=np.float32)
    for label in {label for labels in given for label in labels}:
        bars[label] = np.mean([chances[at][label] for at, labels in enumerate(given) if label in labels])
    return bars
