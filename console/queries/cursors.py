"""Where a keyset page ends, as an opaque word in its address."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before."""

    id: int
    at: datetime
    gravity: int | None = None


def write_cursor(cursor: Cursor) -> str:
    """The word for a row."""
    plain = json.dumps([cursor.id, cursor.at.isoformat(), cursor.gravity])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(word: str | None) -> Cursor | None:
    """The row of a word; None for none, and for one that was not written here."""
    if not word:
        return None
    try:
        row_id, at, gravity = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        cursor = Cursor(int(row_id), datetime.fromisoformat(at), None if gravity is None else int(gravity))
    except (binascii.Error, ValueError, TypeError):
        return None
    return cursor if cursor.at.tzinfo else None
