"""Sentence vectors of messages (384 dimensions): one thread, capped input, a cache for training.

The encoder in `nlu/local/encoder` was made by `nlu.tuning`: its words' vectors, its vocabulary, and its layers in eight
bits for ONNX Runtime.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.local.words import WordVectors
from nlu.normalise import language_of, simplify, strip_surrogates
from nlu.whole_files import written_whole

Floats = npt.NDArray[np.float32]

MAX_ENCODED = 512
"""Longest text given to the encoder, in code points: its time grows with the square of the length.

Chinese is cut at half of it, as a character there is about a token."""

MAX_PIECES = 126
"""Most pieces of a text that are read; the marks of its beginning and end come on top."""

FIRST, LAST = 0, 2
"""The places of the marks of beginning and end in the vocabulary."""

FOLDER = Path(__file__).parent / "encoder"
FILES = ("pieces.model", "words.npz", "layers.onnx")
CACHE_NAME = "embeddings.npz"


class Encoder:
    """Texts to vectors; safe to call from several threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        import onnxruntime  # noqa: PLC0415 - a tenth of a second that commands without understanding need not wait for
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415

        self._pieces = SentencePieceProcessor(model_file=str(folder / "pieces.model"))
        with np.load(folder / "words.npz", allow_pickle=False) as stored:
            self._words = WordVectors(stored["steps"], stored["packed"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._layers = onnxruntime.InferenceSession(
            str(folder / "layers.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def pieces(self, text: str) -> list[int]:
        """The places in the vocabulary of the text's pieces, between the marks of beginning and end."""
        return pieces_of(self._pieces, text)

    def vector(self, text: str) -> Floats:
        """The unit vector of one message, shape (384,)."""
        (pooled,) = self._layers.run(None, {"words": self._words.of(self.pieces(text))[None]})
        return np.asarray(pooled[0] / np.linalg.norm(pooled[0]), dtype=np.float32)


@cache
def _encoder() -> Encoder:
    return Encoder()


@cache
def card() -> dict[str, Any]:
    """What the encoder was made from and how well it did: `card.json` beside it. `digest` names its files."""
    found: dict[str, Any] = json.loads((FOLDER / "card.json").read_text("utf-8"))
    return found


def pieces_of(vocabulary: Any, text: str) -> list[int]:
    """The places in a SentencePiece `vocabulary` of what the encoder reads of a text, between the two marks."""
    return [FIRST, *vocabulary.encode(encoder_input(text))[:MAX_PIECES], LAST]


def encoder_input(text: str) -> str:
    """What the encoder reads of a message: simplified, no lone surrogates, `MAX_ENCODED` long or half of that."""
    cut = strip_surrogates(text[:MAX_ENCODED])
    if language_of(cut, "en") == "zh":
        cut = cut[: MAX_ENCODED // 2]
    return simplify(cut).strip() or "."


def encode(text: str) -> Floats:
    """The unit vector of one message, shape (384,)."""
    return _encoder().vector(text)


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
    """What the cache holds; nothing where it was made by another encoder."""
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        if "encoder" not in stored or str(stored["encoder"]) != card()["digest"]:
            return {}
        return dict(zip((str(k) for k in stored["keys"]), stored["vectors"], strict=True))


def _write(path: Path, known: dict[str, Floats]) -> None:
    with written_whole(path) as partial, partial.open("wb") as file:
        np.savez(
            file,
            encoder=np.array(card()["digest"]),
            keys=np.array(list(known)),
            vectors=np.stack(list(known.values())),
        )
