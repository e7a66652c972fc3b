"""The deterministic floor: what is heard whatever the model thinks of it."""

from nlu.patterns.floor import Entry, Reading, entries, heard, read
from nlu.patterns.smalltalk import small_talk
from nlu.patterns.vetoes import Veto, cues, settle, vetoes

__all__ = ["Entry", "Reading", "Veto", "cues", "entries", "heard", "read", "settle", "small_talk", "vetoes"]
