"""The scene that the grammars work on: the folded message, what has been taken from it, the context it is read in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.dialogue.understanding import Entity, Language
from nlu.entities.text import MASK, fold

CLAUSE_END = ".,;!?。，；！？、\n"


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read in: the debtor's local date, the debt's currency, what the bot has just asked for."""

    lang: Language
    today: date
    currency: str
    expecting: str | None = None


@dataclass(slots=True)
class Scene:
    """One message being read.

    `view` is the folded text with everything already taken masked out, so that no two grammars read
    the same characters; rules run from the most particular to the most general.
    """

    text: str
    context: Context
    view: str = ""
    folded: str = ""
    found: list[Entity] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folded = self.view = fold(self.text)

    def mask(self, start: int, end: int) -> None:
        """Take these characters without reading anything into them."""
        self.view = self.view[:start] + MASK * (end - start) + self.view[end:]

    def take(self, kind: str, fields: Mapping[str, Any], start: int, end: int) -> None:
        """Record an entity over these characters and mask them."""
        self.found.append(Entity(kind, dict(fields), start, end))
        self.mask(start, end)

    def is_free(self, start: int, end: int) -> bool:
        return MASK not in self.view[start:end]

    def has(self, kind: str) -> bool:
        return any(entity.type == kind for entity in self.found)


def clause_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause around these characters begins and ends; a dot inside a number does not end one."""
    left = start
    while left > 0 and not _ends_clause(text, left - 1):
        left -= 1
    right = end
    while right < len(text) and not _ends_clause(text, right):
        right += 1
    return left, right


def _ends_clause(text: str, at: int) -> bool:
    if text[at] not in CLAUSE_END:
        return False
    inside_number = 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()
    return not (text[at] in ".," and inside_number)
