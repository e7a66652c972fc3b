"""What the training messages nearest in meaning were labelled, as an opinion of its own beside the linear heads."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlu.local.ngrams import Ints

Floats = npt.NDArray[np.float32]

NEAREST = 64
KEPT = 192
"""Principal directions that closeness is measured in."""

FLATTENING = 0.25
"""Power of each direction's variance that it is divided by: between plain cosine (0) and whitened (0.5)."""

SHARPNESS = 20.0
SMOOTHING = 0.003


@dataclass(frozen=True)
class Neighbours:
    """The training messages as points: `unit((vector - mean) @ directions)`, and one or two labels of each (or -1)."""

    mean: Floats
    directions: Floats
    points: Floats
    labels: Ints

    @staticmethod
    def fit(vectors: Floats, targets: Floats) -> "Neighbours":
        """Keep every message; `targets` marks the labels of each. A third label of a message is left out."""
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        variance, axes = np.linalg.eigh(centred.T @ centred / len(centred))
        order = np.argsort(-variance)[:KEPT]
        stretch = np.maximum(variance[order], 1e-8) ** -FLATTENING
        directions = (axes[:, order] * stretch).astype(np.float32)
        labels = np.full((len(targets), 2), -1, dtype=np.int64)
        for row, marks in enumerate(targets):
            named = np.flatnonzero(marks)[:2]
            labels[row, : len(named)] = named
        points = _unit(np.asarray(centred @ directions, dtype=np.float32))
        return Neighbours(mean.astype(np.float32), directions, points, labels)

    def shares(self, vectors: Floats, count: int) -> Floats:
        """How the nearest messages divide among `count` labels, the closer weighing more; shape (n, count)."""
        placed = _unit(np.asarray((vectors - self.mean) @ self.directions, dtype=np.float32))
        closeness = placed @ self.points.T
        shares = np.zeros((len(vectors), count), dtype=np.float32)
        nearest = min(NEAREST, len(self.points))
        for row, near in enumerate(closeness):
            chosen = np.argpartition(-near, nearest - 1)[:nearest]
            weights = np.exp(SHARPNESS * (near[chosen] - near[chosen].max()))
            named = self.labels[chosen]
            weights = weights / (named >= 0).sum(axis=1)
            for column in (0, 1):
                said = named[:, column] >= 0
                shares[row] += np.bincount(named[said, column], weights[said], count).astype(np.float32)
        smoothed = shares / shares.sum(axis=1, keepdims=True) + SMOOTHING
        return np.asarray(smoothed / smoothed.sum(axis=1, keepdims=True), dtype=np.float32)


def _unit(points: Floats) -> Floats:
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points / np.maximum(norms, 1e-9), dtype=np.float32)
