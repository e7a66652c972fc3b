"""The deterministic floor: what is heard whatever the model thinks of it."""

from nlu.patterns.floor import Entry, entries, heard
from nlu.patterns.smalltalk import small_talk

__all__ = ["Entry", "entries", "heard", "small_talk"]
