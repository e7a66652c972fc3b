"""One message in eight is kept back from the encoder, so that confidences are calibrated on messages new to it."""

import hashlib

ONE_IN = 8


def is_kept_back(text: str) -> bool:
    """Whether the encoder was never taught this message; by its hash, the same for ever."""
    return hashlib.sha256(text.encode()).digest()[0] % ONE_IN == 0
