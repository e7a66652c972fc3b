"""The model file: arrays and vocabulary in one npz, without pickles, under 40 MB."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import InvalidInput, NotFound
from nlu.local.head import Calibration, Head
from nlu.local.neighbours import Neighbours
from nlu.local.ngrams import Vocabulary
from nlu.whole_files import written_whole

CODE_VERSION = "3"
"""Raised whenever features, training or calibration change, so that models made before are made again."""


_HEAD = ("mean", "scale", "dense", "sparse", "bias")


def _stored(name: str, head: Head) -> dict[str, Any]:
    """A head's arrays under its name; the n-gram weights, the largest, at half precision."""
    arrays = {f"{name}_{part}": getattr(head, part) for part in _HEAD}
    return arrays | {f"{name}_sparse": head.sparse.astype(np.float16)}


@dataclass(frozen=True)
class Model:
    """Everything that reading a message needs, and the data that it was trained on, by hash.

    `shares` tells how a message divides among the intents, `presence` of each whether it is said.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    shares: Head
    presence: Head
    neighbours: Neighbours
    calibration: Calibration
    data_hash: str

    @property
    def version(self) -> str:
        """Short name of this model: it changes with the data and with the code that trains it."""
        return hashlib.sha256(f"{CODE_VERSION}:{self.data_hash}".encode()).hexdigest()[:10]

    def save(self, path: Path) -> None:
        """Write the file whole or not at all."""
        meta = {"code": CODE_VERSION, "data": self.data_hash, "labels": self.labels, "grams": self.vocabulary.names()}
        with written_whole(path) as partial, partial.open("wb") as file:
            np.savez_compressed(
                file,
                meta=np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8),
                idf=self.vocabulary.idf,
                **_stored("shares", self.shares),
                **_stored("presence", self.presence),
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
            if meta["code"] != CODE_VERSION:
                raise InvalidInput("Train the model again: it was made by another version.", path=str(path))
            calibration = stored["calibration"]
            near = [stored[f"near_{part}"] for part in ("mean", "directions", "points", "labels")]
            return Model(
                labels=tuple(meta["labels"]),
                vocabulary=Vocabulary({gram: column for column, gram in enumerate(meta["grams"])}, stored["idf"]),
                shares=Head(*(stored[f"shares_{part}"] for part in _HEAD)),
                presence=Head(*(stored[f"presence_{part}"] for part in _HEAD)),
                neighbours=Neighbours(near[0], near[1], near[2].astype(np.float32), near[3].astype(np.int64)),
                calibration=Calibration(calibration[:-1], float(calibration[-1]), stored["bars"]),
                data_hash=str(meta["data"]),
            )


def stored_hash(path: Path) -> str | None:
    """Hash of the data behind a model file of this code version; None without a usable one."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            meta = json.loads(stored["meta"].tobytes())
    except (OSError, ValueError, KeyError):
        return None
    return str(meta["data"]) if meta.get("code") == CODE_VERSION else None
