"""Character and word n-grams weighted by TF-IDF, as sparse rows of (column, weight)."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nlu.normalise import close_up, fold

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

MAX_READ = 512
"""Longest text that n-grams are taken from, in code points."""

_WORD = re.compile(r"[\u3400-\u9fff]|[a-z']+|\d+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def grams(text: str) -> list[str]:
    """The n-grams of a message: characters 1 to 4 (`c`), words 1 to 2 (`w`); every number is one symbol."""
    plain = _NUMBER.sub("0", close_up(fold(text[:MAX_READ])))
    framed = f"^{plain}$"
    found = [f"c{framed[i : i + n]}" for n in (1, 2, 3, 4) for i in range(len(framed) - n + 1)]
    words = _WORD.findall(plain)
    found += [f"w{word}" for word in words]
    found += [f"w{first} {second}" for first, second in pairwise(words)]
    return found


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams kept, each with its column and its inverse document frequency."""

    columns: dict[str, int]
    idf: Floats

    @staticmethod
    def fit(texts: Iterable[str], *, min_count: int = 2, limit: int = 60_000) -> "Vocabulary":
        """The commonest n-grams found in at least `min_count` messages; ties in alphabetical order."""
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            counts.update(set(grams(text)))
            total += 1
        kept = sorted((gram for gram, n in counts.items() if n >= min_count), key=lambda g: (-counts[g], g))[:limit]
        idf = np.array([math.log((1 + total) / (1 + counts[gram])) + 1 for gram in kept], dtype=np.float32)
        return Vocabulary({gram: column for column, gram in enumerate(kept)}, idf)

    def row(self, text: str) -> tuple[Ints, Floats]:
        """Columns and weights of one message: sublinear counts times idf, of unit length."""
        counts = Counter(column for gram in grams(text) if (column := self.columns.get(gram)) is not None)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        weights = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
        weights *= self.idf[columns]
        norm = float(np.linalg.norm(weights))
        return columns, (weights / norm if norm else weights).astype(np.float32)

    def names(self) -> Sequence[str]:
        """The n-grams in column order."""
        return list(self.columns)
