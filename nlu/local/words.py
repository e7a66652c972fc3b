"""Word vectors in four bits a number: an eighth of their size, unpacked for the few words of a message."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BLOCK = 32


@dataclass(frozen=True)
class WordVectors:
    """A matrix in blocks of 32 numbers under one step (Q4_0 of GGML), a row a word.

    `steps` has shape (words, width / 32); `packed` (words, width / 2): in a block the low halves of its bytes hold the
    first 16 numbers, the high halves the others, and 8 stands for zero.
    """

    steps: npt.NDArray[np.float16]
    packed: npt.NDArray[np.uint8]

    def of(self, words: Sequence[int]) -> Floats:
        """The vectors of these words, shape (len(words), width)."""
        packed = self.packed[words].reshape(len(words), -1, BLOCK // 2)
        numbers = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.float32) - 8
        return np.asarray((numbers * self.steps[words, :, None].astype(np.float32)).reshape(len(words), -1))
