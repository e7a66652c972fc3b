"""Training: messages to a model file, the same file for the same data, in minutes on two cores."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse as sp
from sklearn.linear_model import LogisticRegression

from core.dialogue.understanding import INTENTS, ROUTES
from core.errors import InvalidInput
from nlu.corpus import DATA_DIR, Example, digest, load
from nlu.local.encoder import encode_all
from nlu.local.fitting import fit_meaning, fit_wording
from nlu.local.head import Calibration, MeaningHead, WordingHead, candidates, pooled
from nlu.local.model import Model, stored_hash
from nlu.local.neighbours import Neighbours
from nlu.local.ngrams import Ints, Vocabulary
from nlu.local.pairing import Pair, pairs_of
from nlu.local.split import is_kept_back

Floats = npt.NDArray[np.float32]
Marks = npt.NDArray[np.bool_]

LEAST = 30
LABELS = tuple(sorted(INTENTS))
CRITICAL = ROUTES["comply"] | ROUTES["safety"] | ROUTES["escalate"]
BARS = np.linspace(0.2, 0.6, 41)
NEARLY = 0.002
"""Two bars whose F1 differs by less are as good as each other: another sample of messages would turn them round."""
SELF_HARM_PRECISION = 0.65
"""The same for self-harm, of the classifier alone: most who say it are heard by the floor, which is seldom wrong."""
CRITICAL_BARS = np.linspace(0.1, 0.5, 41)
CRITICAL_PRECISION = 0.8
"""A critical intent is asserted at the lowest bar that keeps this precision on kept-back messages: missing one costs
more than asking once, and asking always is not hearing."""


@dataclass(frozen=True)
class Report:
    """What training did: sizes, seconds, and the shares of the kept-back messages that are read rightly."""

    examples: int
    labels: int
    ngrams: int
    kept_back: int
    first_right: float
    all_asserted: float
    bar: float
    seconds: float
    version: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Lessons:
    """What there is to learn: `count` messages as they were written, then run-on ones made of two of them.

    `vectors` has shape (texts, 384) and `targets`, which marks the labels of each, (texts, labels).
    """

    texts: tuple[str, ...]
    vectors: Floats
    targets: Floats
    pairs: tuple[Pair, ...]

    @staticmethod
    def of(corpus: Sequence[Example], cache_dir: Path) -> "Lessons":
        """The lessons of a corpus; only vectors that the cache lacks are worked out."""
        pairs = pairs_of(corpus)
        examples = (*corpus, *(pair.example for pair in pairs))
        texts = tuple(example.text for example in examples)
        return Lessons(texts, encode_all(texts, cache_dir), targets_of(examples, LABELS), pairs)

    @property
    def count(self) -> int:
        return len(self.texts) - len(self.pairs)

    def heard_by_strangers(self, new: Marks) -> Floats:
        """Probabilities of the messages marked `new`, shape (their number, labels), from a classifier that saw neither
        them nor a pair that holds one of them."""
        own, asked = np.flatnonzero(~new), np.flatnonzero(new)
        kept = [self.count + at for at, pair in enumerate(self.pairs) if not (new[pair.first] or new[pair.second])]
        taught = np.concatenate([own, np.array(kept, dtype=np.int64)])
        fitted = self.fitted(own, taught)
        vectors, rows = self.vectors[asked], rows_of(fitted.vocabulary, [self.texts[row] for row in asked])
        nearness = fitted.neighbours.shares(vectors, len(LABELS))
        return pooled(fitted.meaning.chances(vectors), fitted.wording.chances_of(rows), nearness)

    def fitted(self, own: Ints, taught: Ints) -> "Fitted":
        """The three opinions after the texts at the places `taught`; those at `own` stand as they were written."""
        vocabulary = Vocabulary.fit(self.texts[row] for row in own)
        rows = rows_of(vocabulary, [self.texts[row] for row in taught])
        return Fitted(
            vocabulary,
            fit_meaning(self.vectors[taught], self.targets[taught]),
            fit_wording(rows, self.targets[taught]),
            Neighbours.fit(self.vectors[own], self.targets[own]),
        )


class Fitted(NamedTuple):
    """What a model holds beside its calibration."""

    vocabulary: Vocabulary
    meaning: MeaningHead
    wording: WordingHead
    neighbours: Neighbours


def train(corpus: Sequence[Example], out_path: Path, cache_dir: Path, data_hash: str = "unknown") -> Report:
    """Train on the corpus, write the model, and report figures of the messages kept back."""
    if len(corpus) < LEAST:
        raise InvalidInput("Give more training messages.", found=len(corpus))
    started = time.monotonic()
    lessons = Lessons.of(corpus, cache_dir)
    back = np.array([is_kept_back(example.text) for example in corpus])
    if not 0 < back.sum() < len(back):
        raise InvalidInput("Give more training messages.", found=len(corpus))
    calibration, top, complete, bar = _calibrate(lessons.heard_by_strangers(back), lessons.targets[: len(back)][back])
    fitted = lessons.fitted(np.arange(len(corpus)), np.arange(len(lessons.texts)))
    model = Model(LABELS, *fitted, calibration, data_hash)
    model.save(out_path)
    seconds = round(time.monotonic() - started, 1)
    grams = len(fitted.vocabulary.columns)
    return Report(len(corpus), len(LABELS), grams, int(back.sum()), top, complete, bar, seconds, model.version)


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


def _calibrate(shares: Floats, targets: Floats) -> tuple[Calibration, float, float, float]:
    """Fit the calibration on messages kept back; the bar is one whose asserted sets score about the best F1."""
    picked = [candidates(row) for row in shares]
    order = np.stack([labels_of for labels_of, _ in picked])
    features = np.stack([rows for _, rows in picked])
    meant = np.take_along_axis(targets, order, axis=1)
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(features.reshape(-1, features.shape[2]), meant.reshape(-1))
    weights, bias = fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])
    chances = 1 / (1 + np.exp(-(features @ weights + bias)))
    total = float(targets.sum())
    scores = [2 * float((meant * (chances >= bar)).sum()) / (float((chances >= bar).sum()) + total) for bar in BARS]
    bar = _lowest_good(scores)
    bars = np.full(len(LABELS), bar, dtype=np.float32)
    for place in (place for place, label in enumerate(LABELS) if label in CRITICAL):
        here = order == place
        wanted = SELF_HARM_PRECISION if LABELS[place] == "self_harm" else CRITICAL_PRECISION
        bars[place] = _safe_bar(chances[here], meant[here], wanted, bar)
    asserted = chances >= bars[order]
    complete = float(((meant * asserted).sum(axis=1) == targets.sum(axis=1)).mean())
    return Calibration(weights, bias, bars), round(float(meant[:, 0].mean()), 4), round(complete, 4), round(bar, 3)


def _lowest_good(scores: Sequence[float]) -> float:
    """The lowest bar that scores about as well as the best: around it the curve is flat, and a second meaning missed
    costs more than one too many."""
    best = max(scores)
    return next(float(bar) for bar, score in zip(BARS, scores, strict=True) if score >= best - NEARLY)


def _safe_bar(chances: Floats, meant: Floats, wanted: float, otherwise: float) -> float:
    """The lowest bar at which what is asserted is right often enough; the others' bar where none is."""
    for bar in CRITICAL_BARS:
        asserted = chances >= bar
        if asserted.any() and float(meant[asserted].mean()) >= wanted:
            return float(bar)
    return otherwise
