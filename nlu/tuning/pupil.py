"""An encoder that learns from the project's messages.

One message in eight is kept back by the hash of its text (`nlu.local.split`): on those the classifier over the
encoder is calibrated later, as it never met them.
"""

import json
import math
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.dialogue.understanding import INTENTS
from nlu.corpus import Example, digest
from nlu.local.encoder import MAX_PIECES, encoder_input, pieces_of
from nlu.local.words import WordVectors
from nlu.tuning import base as bases
from nlu.tuning import lessons, vocabulary
from nlu.tuning.network import Heads, Network

LAYERS = 8
ROUNDS = 6
RATE = 8e-5
"""Of the last layer, by AdamW (Loshchilov and Hutter 2019); it falls by a tenth a layer towards the first."""

HEAD_RATE = 1.5e-3
WARM_UP = 0.06
SMOOTHING = 0.05
PRESENCE_WEIGHT = 0.3
SEED = 7
LABELS = tuple(sorted(INTENTS))


class Reader:
    """Messages to padded word vectors."""

    def __init__(self, pieces: bytes, words: WordVectors) -> None:
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415

        self._pieces: Any = SentencePieceProcessor(model_proto=pieces)
        self._words = words

    def pieces(self, text: str) -> list[int]:
        """As the encoder of the release reads them."""
        return pieces_of(self._pieces, text)

    def batch(self, messages: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Word vectors of shape (messages, pieces, width), and what of it is no padding."""
        longest = max(len(pieces) for pieces in messages)
        padded = [[*pieces, *[1] * (longest - len(pieces))] for pieces in messages]
        said = [[at < len(pieces) for at in range(longest)] for pieces in messages]
        flat = self._words.of([place for pieces in padded for place in pieces])
        return torch.from_numpy(flat).view(len(messages), longest, -1), torch.tensor(said)


def targets(examples: Iterable[Example]) -> Tensor:
    """One for each intent of a message, shape (messages, labels)."""
    place = {label: number for number, label in enumerate(LABELS)}
    rows = [[place[name] for name in each.intents] for each in examples]
    marked = torch.zeros(len(rows), len(LABELS))
    for row, columns in zip(marked, rows, strict=True):
        row[columns] = 1
    return marked


def loss_of(shares: Tensor, presence: Tensor, meant: Tensor) -> Tensor:
    """Cross-entropy with smoothed labels, and that of each intent by itself."""
    divided = meant / meant.sum(dim=1, keepdim=True) * (1 - SMOOTHING) + SMOOTHING / len(LABELS)
    first = -(divided * torch.log_softmax(shares, dim=-1)).sum(dim=1).mean()
    said = functional.binary_cross_entropy_with_logits(presence, meant * 0.98 + 0.0005, reduction="none")
    return first + PRESENCE_WEIGHT * said.sum(dim=1).mean()


def optimiser(network: Network, heads: Heads, rate: float) -> torch.optim.AdamW:
    """Lower layers learn more slowly (Howard and Ruder 2018)."""
    count = len(network.layers)
    groups: list[dict[str, Any]] = [
        {"params": [network.places, *network.first.parameters()], "lr": rate * 0.9**count},
        {"params": list(heads.parameters()), "lr": HEAD_RATE * rate / RATE},
    ]
    for number, layer in enumerate(network.layers):
        groups.append({"params": list(layer.parameters()), "lr": rate * 0.9 ** (count - 1 - number)})
    for group in groups:
        group["initial_lr"] = group["lr"]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def pace(done: float) -> float:
    """Share of the rate when this share of the steps is done: up at first, then down in a straight line."""
    return min(1.0, 0.01 + done / WARM_UP) * max(0.02, 1 - done)


@dataclass
class Pupil:
    """An encoder under way: what it has learnt from so far, and what it needs to go on another day."""

    network: Network
    heads: Heads
    pieces: bytes
    words: WordVectors
    lessons: list[dict[str, Any]]

    @staticmethod
    def new(layers: int, corpus: Sequence[Example]) -> "Pupil":
        """The first layers of the base, and the pieces of its vocabulary that are needed."""
        base = bases.read(bases.packaged())
        kept = vocabulary.kept_pieces(base, (encoder_input(each.text) for each in corpus))
        words = WordVectors(np.ascontiguousarray(base.words.steps[kept]), np.ascontiguousarray(base.words.packed[kept]))
        network = Network(base, layers, MAX_PIECES + 2)
        return Pupil(network, Heads(base.width, len(LABELS)), vocabulary.model_of(base, kept), words, [])

    @staticmethod
    def resumed(path: Path) -> "Pupil":
        """As `save` left it. The file holds code: read only one of your own."""
        kept: Pupil = torch.load(path, weights_only=False)
        return kept

    def save(self, path: Path) -> None:
        """Write what `resumed` reads."""
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(self, path)

    def learn(self, examples: Sequence[Example], rounds: int, rate: float) -> None:
        """Go through the examples so many times, telling the loss; the lessons go on where the last ones ended."""
        started = time.monotonic()
        reader, update = Reader(self.pieces, self.words), optimiser(self.network, self.heads, rate)
        model = nn.ModuleList([self.network, self.heads]).train()
        before = sum(each["rounds"] for each in self.lessons)
        dice = Random(before)  # noqa: S311 - nothing secret hangs on it
        done = 0
        for number in range(before, before + rounds):
            written = lessons.round_of(examples, number)
            read, meant = [reader.pieces(each.text) for each in written], targets(written)
            places = lessons.batches([len(pieces) for pieces in read], dice)
            total = 0.0
            for chosen in places:
                for group in update.param_groups:
                    group["lr"] = group["initial_lr"] * pace(done / (len(places) * rounds))
                words, said = reader.batch([read[at] for at in chosen])
                shares, presence = self.heads(self.network(words, said))
                loss = loss_of(shares, presence, meant[chosen])
                update.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                update.step()
                total += loss.item()
                done += 1
            tell({"round": number + 1, "loss": total / len(places), "seconds": round(time.monotonic() - started)})
        learnt = {"data": digest(), "messages": len(examples), "rounds": rounds, "rate": rate}
        self.lessons.append(learnt | {"minutes": math.ceil((time.monotonic() - started) / 60)})

    def first_right(self, examples: Sequence[Example]) -> float:
        """Share of messages whose likeliest intent is one that they mean."""
        reader = Reader(self.pieces, self.words)
        self.network.eval()
        self.heads.eval()
        right = 0.0
        with torch.no_grad():
            for each, meant in zip(examples, targets(examples), strict=True):
                shares, presence = self.heads(self.network(reader.batch([reader.pieces(each.text)])[0]))
                both = torch.log_softmax(shares, dim=-1) + functional.logsigmoid(presence)
                right += float(meant[int(both.argmax())])
        return right / len(examples)


def tell(line: dict[str, Any]) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
