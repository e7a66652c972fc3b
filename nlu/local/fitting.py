"""Linear heads fitted to labelled messages, the same for the same messages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.local.head import MeaningHead, WordingHead, presence, probabilities
from nlu.local.ngrams import Ints

Floats = npt.NDArray[np.float32]

BATCH = 768
DECAY = 1e-4
STRENGTH = 4.0
"""Scale of the features before a linear head; with the weight decay it sets how far the head may go."""


def fit_meaning(vectors: Floats, targets: Floats) -> MeaningHead:
    """The heads over the sentence vectors; a few rounds are enough, as the encoder was taught on most of them."""
    mean = vectors.mean(axis=0)
    scale = (vectors.std(axis=0) * np.sqrt(vectors.shape[1]) / STRENGTH).astype(np.float32)
    return MeaningHead(mean, scale, *_both(((vectors - mean) / scale).astype(np.float32), targets, Pace(5, 0.02)))


def fit_wording(rows: Any, targets: Floats) -> WordingHead:
    """The heads over the n-grams."""
    shares, shares_bias, said, said_bias = _both((rows * np.float32(STRENGTH)).tocsr(), targets, Pace(15, 0.05))
    return WordingHead(shares * np.float32(STRENGTH), shares_bias, said * np.float32(STRENGTH), said_bias)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often all is gone through, and the rate of Adam at first; it falls to nothing in a straight line."""

    rounds: int
    rate: float


def _both(inputs: Any, targets: Floats, pace: Pace) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights and bias of a softmax regression, to which a message of two intents is half of each, and of one logistic
    regression for each intent, which starts from the belief that it is not said and weighs the error eightfold."""
    divided = targets / targets.sum(axis=1, keepdims=True)
    shares = _fit(inputs, lambda scores, at: probabilities(scores) - divided[at], targets.shape[1], pace, 0.0)
    said = _fit(inputs, lambda scores, at: 8 * (presence(scores) - targets[at]), targets.shape[1], pace, -4.0)
    return *shares, *said


def _fit(
    inputs: Any, error_of: Callable[[Floats, Ints], Floats], labels: int, pace: Pace, bias: float
) -> tuple[Floats, Floats]:
    """Weights and bias of a linear head by Adam over shuffled batches; `inputs` is dense or sparse."""
    weights: list[Floats] = [np.zeros((inputs.shape[1], labels), np.float32), np.full(labels, bias, np.float32)]
    moments = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]
    dice, step = np.random.default_rng(7), 0
    for round_ in range(pace.rounds):
        order, rate = dice.permutation(inputs.shape[0]), pace.rate * (1 - round_ / pace.rounds)
        for start in range(0, len(order), BATCH):
            batch, step = order[start : start + BATCH], step + 1
            error = error_of(inputs[batch] @ weights[0] + weights[1], batch) / np.float32(len(batch))
            slopes = (inputs[batch].T @ error + DECAY * weights[0], error.sum(axis=0))
            for weight, slope, moment in zip(weights, slopes, moments, strict=True):
                _adam_step(weight, slope, moment, rate, step)
    return weights[0], weights[1]


def _adam_step(weight: Floats, slope: Floats, moments: tuple[Floats, Floats], rate: float, step: int) -> None:
    """One Adam update in place (Kingma and Ba 2015, algorithm 1, with betas 0.9 and 0.99)."""
    first, second = moments
    first += 0.1 * (slope - first)
    second += 0.01 * (slope * slope - second)
    weight -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
