"""The model file: arrays and vocabulary in one npz, without pickles, under 40 MB."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import InvalidInput, NotFound
from nlu.local.encoder import card
from nlu.local.head import Calibration, MeaningHead, WordingHead
from nlu.local.neighbours import Neighbours
from nlu.local.ngrams import Vocabulary
from nlu.whole_files import written_whole

CODE_VERSION = "5"
"""Raised whenever features, training or calibration change, so that models made before are made again."""


_MEANING = ("mean", "scale", "shares", "shares_bias", "presence", "presence_bias")
_WORDING = ("shares", "shares_bias", "presence", "presence_bias")


@dataclass(frozen=True)
class Model:
    """Everything that reading a message needs beside the encoder, and the data that it was trained on, by hash."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    meaning: MeaningHead
    wording: WordingHead
    neighbours: Neighbours
    calibration: Calibration
    data_hash: str

    @property
    def version(self) -> str:
        """Short name of this model: it changes with the data and with the code that trains it."""
        return hashlib.sha256(f"{_made_by()}:{self.data_hash}".encode()).hexdigest()[:10]

    def save(self, path: Path) -> None:
        """Write the file whole or not at all."""
        meta = {"code": _made_by(), "data": self.data_hash, "labels": self.labels, "grams": self.vocabulary.names()}
        heads: dict[str, Any] = {f"meaning_{part}": getattr(self.meaning, part) for part in _MEANING}
        heads |= {f"wording_{part}": _halved(getattr(self.wording, part)) for part in _WORDING}
        with written_whole(path) as partial, partial.open("wb") as file:
            np.savez_compressed(
                file,
                meta=np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8),
                idf=self.vocabulary.idf,
                **heads,
                near_mean=self.neighbours.mean,
                near_directions=self.neighbours.directions,
                near_points=self.neighbours.points.astype(np.float16),
                near_labels=self.neighbours.labels.astype(np.int16),
                calibration=np.append(self.calibration.weights, np.float32(self.calibration.bias)),
                bars=self.calibration.bars,
            )

    @staticmethod
    def load(path: Path) -> "Model":
        """Read a model file. Raises NotFound without one and InvalidInput for one made by other code."""
        if not path.exists():
            raise NotFound("Train the model first: parley nlu train.", path=str(path))
        with np.load(path, allow_pickle=False) as stored:
            meta = json.loads(stored["meta"].tobytes())
            if meta["code"] != _made_by():
                raise InvalidInput(
                    "Train the model again: it was made by other code or for another encoder.", path=str(path)
                )
            calibration = stored["calibration"]
            near = [stored[f"near_{part}"] for part in ("mean", "directions", "points", "labels")]
            return Model(
                labels=tuple(meta["labels"]),
                vocabulary=Vocabulary({gram: column for column, gram in enumerate(meta["grams"])}, stored["idf"]),
                meaning=MeaningHead(*(stored[f"meaning_{part}"] for part in _MEANING)),
                wording=WordingHead(*(stored[f"wording_{part}"] for part in _WORDING)),
                neighbours=Neighbours(near[0], near[1], near[2].astype(np.float32), near[3].astype(np.int64)),
                calibration=Calibration(calibration[:-1], float(calibration[-1]), stored["bars"]),
                data_hash=str(meta["data"]),
            )


def _made_by() -> str:
    """The code and the encoder that a model belongs to."""
    return f"{CODE_VERSION}+{card()['digest']}"


def _halved(part: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Weights, the largest arrays, at half precision; a bias as it is."""
    return part.astype(np.float16) if part.ndim == 2 else part


def stored_hash(path: Path) -> str | None:
    """Hash of the data behind a model file of this code and encoder; None without a usable one."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            meta = json.loads(stored["meta"].tobytes())
    except (OSError, ValueError, KeyError):
        return None
    return str(meta["data"]) if meta.get("code") == _made_by() else None
