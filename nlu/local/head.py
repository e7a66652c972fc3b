"""Linear heads over the sentence vector and the n-grams, what opinions come to together, and their calibration."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.local.ngrams import Ints

Floats = npt.NDArray[np.float32]

CANDIDATES = 6
"""How many intents of a message are calibrated; the rest are left out of the answer."""

FEATURES = 5


@dataclass(frozen=True)
class MeaningHead:
    """Two linear classifiers over the sentence vector: how the message divides among the intents, and of each whether
    it is said. Scores are `((vector - mean) / scale) @ weights + bias`."""

    mean: Floats
    scale: Floats
    shares: Floats
    shares_bias: Floats
    presence: Floats
    presence_bias: Floats

    def chances(self, vectors: Floats) -> Floats:
        """What both agree on, shape (messages, labels)."""
        standard = ((vectors - self.mean) / self.scale).astype(np.float32)
        return agreed(
            probabilities(standard @ self.shares + self.shares_bias),
            presence(standard @ self.presence + self.presence_bias),
        )


@dataclass(frozen=True)
class WordingHead:
    """The same two over the n-grams; weights of shape (n-grams, labels), at half precision in a model that was read."""

    shares: npt.NDArray[np.floating]
    shares_bias: Floats
    presence: npt.NDArray[np.floating]
    presence_bias: Floats

    def chances(self, columns: Ints, weights: Floats) -> Floats:
        """What both agree on for one message, shape (labels,)."""
        return self._agreed(*(weights @ part[columns].astype(np.float32) for part in (self.shares, self.presence)))

    def chances_of(self, rows: Any) -> Floats:
        """The same for a sparse matrix of many messages, shape (messages, labels)."""
        return self._agreed(*(np.asarray(rows @ part, dtype=np.float32) for part in (self.shares, self.presence)))

    def _agreed(self, shares: Floats, said: Floats) -> Floats:
        return agreed(probabilities(shares + self.shares_bias), presence(said + self.presence_bias))


MEANING, WORDING, NEARNESS = 0.2, 0.4, 0.4
"""How much the three opinions weigh: of the heads over the vector and the n-grams, and of the nearest messages. On
messages kept back, anything near these did as well; each alone, or the heads joined in one, did worse."""


def pooled(meaning: Floats, wording: Floats, nearness: Floats) -> Floats:
    """The logarithmic opinion pool (Genest and Zidek 1986) over the last axis, which sums to one."""
    logs = MEANING * _logs(meaning) + WORDING * _logs(wording) + NEARNESS * _logs(nearness)
    return probabilities(logs)


def _logs(chances: Floats) -> Floats:
    kept = np.maximum(chances, 1e-6)
    return np.asarray(np.log(kept / kept.sum(axis=-1, keepdims=True)), dtype=np.float32)


def probabilities(logits: npt.NDArray[np.floating]) -> Floats:
    """Softmax over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def presence(logits: npt.NDArray[np.floating]) -> Floats:
    """Logistic function of each score."""
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


def agreed(shares: Floats, chances: Floats) -> Floats:
    """The geometric mean of what share of the message each intent has, and how likely it is said at all.

    The first alone leaves a second meaning too little; the second alone is less sure of the first.
    """
    return np.asarray(np.sqrt(np.maximum(shares, 1e-9) * np.maximum(chances, 1e-9)), dtype=np.float32)


def candidates(shares: Floats) -> tuple[Ints, Floats]:
    """The likeliest labels of one message, best first, and what the calibration reads of each, shape (n, 5)."""
    order = np.argsort(-shares, kind="stable")[:CANDIDATES].astype(np.int64)
    logs = np.log(np.maximum(shares[order], 1e-6))
    rows = np.zeros((len(order), FEATURES), dtype=np.float32)
    rows[:, 0] = logs
    rows[0, 1] = 1
    rows[1, 2] = 1
    rows[:, 3] = logs[0]
    rows[:, 4] = logs - np.append(logs[1:], logs[-1])
    return order, rows


@dataclass(frozen=True)
class Calibration:
    """Candidate features to the chance that the message says this; then stretched so that a label's bar lies at 0.5."""

    weights: Floats
    bias: float
    bars: Floats

    def chances(self, rows: Floats) -> Floats:
        """Chance that each candidate is meant, in 0..1."""
        odds: Floats = 1 / (1 + np.exp(-(rows @ self.weights + self.bias)))
        return odds

    def confidences(self, labels: Ints, rows: Floats) -> Floats:
        """The chances on the scale of the contract: 0.5 and above is asserted."""
        chances, bars = self.chances(rows), self.bars[labels]
        above = 0.5 + 0.5 * (chances - bars) / (1 - bars)
        stretched: Floats = np.where(chances >= bars, above, 0.5 * chances / bars)
        return stretched
