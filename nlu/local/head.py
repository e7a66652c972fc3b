"""Linear heads over the sentence vector and the n-grams, and the calibration of their confidences."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlu.local.ngrams import Ints

Floats = npt.NDArray[np.float32]

CANDIDATES = 6
"""How many intents of a message are calibrated; the rest are left out of the answer."""

FEATURES = 5


@dataclass(frozen=True)
class Head:
    """Weights of a classifier: `logits = ((vector - mean) / scale) @ dense + row @ sparse + bias`."""

    mean: Floats
    scale: Floats
    dense: Floats
    sparse: Floats
    bias: Floats

    def logits(self, vector: Floats, columns: Ints, weights: Floats) -> Floats:
        """Scores of one message, one for each label."""
        standard = (vector - self.mean) / self.scale
        scores = standard @ self.dense + weights @ self.sparse[columns].astype(np.float32) + self.bias
        return np.asarray(scores, dtype=np.float32)


def probabilities(logits: Floats) -> Floats:
    """Softmax over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def presence(logits: Floats) -> Floats:
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
