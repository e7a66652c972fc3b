"""Training: messages to a model file, the same file for the same data, in minutes on two cores."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse as sp
from sklearn.linear_model import LogisticRegression

from core.dialogue.understanding import INTENTS, ROUTES
from core.errors import InvalidInput
from nlu.corpus import DATA_DIR, Example, digest, load
from nlu.local.encoder import encode_all
from nlu.local.head import Calibration, Head, agreed, candidates, presence, probabilities
from nlu.local.model import Model, stored_hash
from nlu.local.neighbours import Neighbours
from nlu.local.ngrams import Vocabulary
from nlu.local.pairing import Pair, pairs_of

Floats = npt.NDArray[np.float32]

EPOCHS = 15
BATCH = 768
RATE = 0.05
DECAY = 1e-4
STRENGTH = 4.0
"""Scale of both feature groups before the linear head; with weight decay it sets how much n-grams may weigh."""

FOLDS = 3
CRITICAL = ROUTES["comply"] | ROUTES["safety"] | ROUTES["escalate"]
BARS = np.linspace(0.2, 0.6, 41)
SELF_HARM_PRECISION = 0.65
"""The same for self-harm, of the classifier alone: most who say it are heard by the floor, which is seldom wrong."""
CRITICAL_BARS = np.linspace(0.1, 0.5, 41)
CRITICAL_PRECISION = 0.76
"""A critical intent is asserted at the lowest bar that keeps this precision on held-out messages: missing one costs
more than asking once, and asking always is not hearing."""


@dataclass(frozen=True)
class Report:
    """What training did: sizes, seconds, and the cross-validated share of messages whose first intent is right."""

    examples: int
    labels: int
    ngrams: int
    cv_top: float
    cv_all_asserted: float
    bar: float
    seconds: float
    version: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def train(corpus: Sequence[Example], out_path: Path, cache_dir: Path, data_hash: str = "unknown") -> Report:
    """Train on the corpus, write the model, and report cross-validated figures."""
    if len(corpus) < FOLDS * 10:
        raise InvalidInput("Give more training messages.", found=len(corpus))
    started = time.monotonic()
    pairs = pairs_of(corpus)
    texts = [example.text for example in (*corpus, *(pair.example for pair in pairs))]
    vectors = encode_all(texts, cache_dir)
    labels = tuple(sorted(INTENTS))
    targets = targets_of((*corpus, *(pair.example for pair in pairs)), labels)
    held_out = cross_validated(texts, vectors, targets, pairs)
    real = slice(len(corpus))
    calibration, top, complete, bar = _calibrate(held_out, targets[real], labels)
    vocabulary = Vocabulary.fit(texts[real])
    rows = rows_of(vocabulary, texts)
    shares, present = fit_shares(vectors, rows, targets), fit_presence(vectors, rows, targets)
    neighbours = Neighbours.fit(vectors[real], targets[real])
    model = Model(labels, vocabulary, shares, present, neighbours, calibration, data_hash)
    model.save(out_path)
    seconds = round(time.monotonic() - started, 1)
    return Report(len(corpus), len(labels), len(vocabulary.columns), top, complete, bar, seconds, model.version)


def ensure_model(data_dir: Path = DATA_DIR, model_path: Path | None = None, cache_dir: Path | None = None) -> Path:
    """Path of a model trained on the data as it now is; trains one where there is none."""
    path = model_path or Path("var/models/local.npz")
    current = digest(data_dir)
    if stored_hash(path) != current:
        train(load(data_dir), path, cache_dir or Path("var/cache/nlu"), current)
    return path


def targets_of(corpus: Sequence[Example], labels: tuple[str, ...]) -> Floats:
    place = {label: index for index, label in enumerate(labels)}
    targets = np.zeros((len(corpus), len(labels)), dtype=np.float32)
    for row, example in enumerate(corpus):
        targets[row, [place[name] for name in example.intents]] = 1
    return targets


def rows_of(vocabulary: Vocabulary, texts: Sequence[str]) -> Any:
    """The n-gram rows of the texts as one sparse matrix."""
    rows = [vocabulary.row(text) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return sp.csr_matrix((weights, columns, ends), shape=(len(texts), len(vocabulary.columns)), dtype=np.float32)


def fit_shares(vectors: Floats, rows: Any, targets: Floats) -> Head:
    """Softmax regression: a message of two intents is half of each."""
    return _fit(vectors, rows, targets / targets.sum(axis=1, keepdims=True), probabilities, pace=1.0, bias=0.0)


def fit_presence(vectors: Floats, rows: Any, targets: Floats) -> Head:
    """One logistic regression for each intent, which starts from the belief that it is not said."""
    return _fit(vectors, rows, targets, presence, pace=8.0, bias=-4.0)


def _fit(
    vectors: Floats,
    rows: Any,
    goals: Floats,
    squash: Callable[[Floats], Floats],
    *,
    pace: float,
    bias: float,
    seed: int = 7,
) -> Head:
    """A linear head by Adam over shuffled batches. `pace` weighs the error against the weight decay."""
    mean, scale = vectors.mean(axis=0), vectors.std(axis=0) * np.sqrt(vectors.shape[1]) / STRENGTH
    dense_in, sparse_in = ((vectors - mean) / scale).astype(np.float32), (rows * np.float32(STRENGTH)).tocsr()
    shapes = [(dense_in.shape[1], goals.shape[1]), (sparse_in.shape[1], goals.shape[1]), (goals.shape[1],)]
    weights: list[Floats] = [np.zeros(shape, dtype=np.float32) for shape in shapes]
    weights[2] += np.float32(bias)
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    dice, step = np.random.default_rng(seed), 0
    for epoch in range(EPOCHS):
        order, rate = dice.permutation(len(goals)), RATE * (1 - epoch / EPOCHS)
        for start in range(0, len(order), BATCH):
            batch, step = order[start : start + BATCH], step + 1
            dense, sparse = dense_in[batch], sparse_in[batch]
            heard = squash(dense @ weights[0] + sparse @ weights[1] + weights[2])
            error = (heard - goals[batch]) * np.float32(pace / len(batch))
            slopes = (dense.T @ error + DECAY * weights[0], sparse.T @ error + DECAY * weights[1], error.sum(axis=0))
            for weight, slope, m, v in zip(weights, slopes, first, second, strict=True):
                _adam_step(weight, slope, (m, v), rate, step)
    return Head(mean, scale.astype(np.float32), weights[0], weights[1] * np.float32(STRENGTH), weights[2])


def _adam_step(weight: Floats, slope: Floats, moments: tuple[Floats, Floats], rate: float, step: int) -> None:
    """One Adam update in place (Kingma and Ba 2015, algorithm 1, with betas 0.9 and 0.99)."""
    first, second = moments
    first += 0.1 * (slope - first)
    second += 0.01 * (slope * slope - second)
    weight -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)


def cross_validated(texts: Sequence[str], vectors: Floats, targets: Floats, pairs: Sequence[Pair]) -> Floats:
    """Probabilities of each message of the corpus from a model that saw neither it nor a pair that holds it."""
    count = len(texts) - len(pairs)
    fold = np.random.default_rng(11).integers(0, FOLDS, count)
    shares = np.zeros((count, targets.shape[1]), dtype=np.float32)
    for index in range(FOLDS):
        unseen = np.flatnonzero(fold == index)
        kept = [count + at for at, pair in enumerate(pairs) if index not in (fold[pair.first], fold[pair.second])]
        single = np.flatnonzero(fold != index)
        seen = np.concatenate([single, np.array(kept, dtype=np.int64)])
        vocabulary = Vocabulary.fit(texts[int(row)] for row in single)
        rows = rows_of(vocabulary, texts)
        taught = vectors[seen], rows[seen], targets[seen]
        asked = vectors[unseen], rows[unseen]
        direct = agreed(
            probabilities(_scores(fit_shares(*taught), *asked)), presence(_scores(fit_presence(*taught), *asked))
        )
        shares[unseen] = Neighbours.fit(vectors[single], targets[single]).blend(direct, vectors[unseen])
    return shares


def _scores(head: Head, vectors: Floats, rows: Any) -> Floats:
    """The head's logits of many messages at once, shape (messages, labels)."""
    standard = ((vectors - head.mean) / head.scale).astype(np.float32)
    return np.asarray(standard @ head.dense + rows @ head.sparse + head.bias, dtype=np.float32)


def _calibrate(shares: Floats, targets: Floats, labels: tuple[str, ...]) -> tuple[Calibration, float, float, float]:
    """Fit the calibration on held-out probabilities; the bar is the one whose asserted sets score the best F1."""
    picked = [candidates(row) for row in shares]
    order = np.stack([labels_of for labels_of, _ in picked])
    features = np.stack([rows for _, rows in picked])
    meant = np.take_along_axis(targets, order, axis=1)
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(features.reshape(-1, features.shape[2]), meant.reshape(-1))
    weights, bias = fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])
    chances = 1 / (1 + np.exp(-(features @ weights + bias)))
    total = float(targets.sum())
    scores = [2 * float((meant * (chances >= bar)).sum()) / (float((chances >= bar).sum()) + total) for bar in BARS]
    bar = float(BARS[int(np.argmax(scores))])
    bars = np.full(len(labels), bar, dtype=np.float32)
    for place in (place for place, label in enumerate(labels) if label in CRITICAL):
        here = order == place
        wanted = SELF_HARM_PRECISION if labels[place] == "self_harm" else CRITICAL_PRECISION
        bars[place] = _safe_bar(chances[here], meant[here], wanted, bar)
    asserted = chances >= bars[order]
    complete = float(((meant * asserted).sum(axis=1) == targets.sum(axis=1)).mean())
    return Calibration(weights, bias, bars), round(float(meant[:, 0].mean()), 4), round(complete, 4), round(bar, 3)


def _safe_bar(chances: Floats, meant: Floats, wanted: float, otherwise: float) -> float:
    """The lowest bar at which what is asserted is right often enough; the others' bar where none is."""
    for bar in CRITICAL_BARS:
        asserted = chances >= bar
        if asserted.any() and float(meant[asserted].mean()) >= wanted:
            return float(bar)
    return otherwise
