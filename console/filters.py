"""What a list of the inbox is narrowed to, as its address says it: anyone who is given the address sees the same."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams

from console import labels
from core.policy import BUCKETS

Box = Literal["mine", "team", "queue", "all"]
BOXES: tuple[Box, ...] = get_args(Box)
LONGEST_WAIT = 7 * 24 * 60
"""Minutes."""
LONGEST = 1000
"""Characters of an address that is kept."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "reason": tuple(labels.REASONS),
    "flag": tuple(labels.FLAGS),
    "language": tuple(labels.LANGUAGE_NAMES),
    "market": tuple(labels.MARKETS),
    "bucket": BUCKETS,
    "priority": tuple(labels.PRIORITIES),
    "channel": tuple(labels.CHANNELS),
    "holder": ("bot", "queue", "agent"),
    "state": ("open", "closed"),
}
TABLES: Mapping[str, str] = {
    "reason": "REASONS",
    "flag": "FLAGS",
    "language": "LANGUAGE_NAMES",
    "market": "MARKETS",
    "bucket": "BUCKETS",
    "priority": "PRIORITIES",
    "channel": "CHANNELS",
    "holder": "HOLDERS",
    "state": "CONVERSATION_STATES",
}
"""Where the choices have their words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Within one field any of the values will do, and every field that names one counts. Empty narrows nothing.

    `waiting` is in minutes, more than which somebody has waited for a person; `agent` is who holds it; `snoozed` shows
    what sleeps, which the lists of one's own leave out otherwise.
    """

    reason: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    market: tuple[str, ...] = ()
    bucket: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    holder: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    agent: int | None = None
    waiting: int | None = None
    unread: bool = False
    snoozed: bool = False

    @classmethod
    def read(cls, given: QueryParams) -> "Filters":
        """From an address; what it does not know it leaves out."""
        chosen = {
            name: tuple(value for value in known if value in given.getlist(name)) for name, known in CHOICES.items()
        }
        return cls(
            agent=_number(given.get("agent"), 10**12),
            waiting=_number(given.get("waiting"), LONGEST_WAIT),
            unread=given.get("unread") == "yes",
            snoozed=given.get("snoozed") == "yes",
            **chosen,
        )

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each thing it is narrowed to, in the order of the fields."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                found += [(field.name, each) for each in value]
            elif value is True:
                found.append((field.name, "yes"))
            elif value:
                found.append((field.name, str(value)))
        return tuple(found)

    def without(self, name: str, value: str) -> "Filters":
        """One thing less."""
        kept = getattr(self, name)
        if isinstance(kept, tuple):
            left: Any = tuple(each for each in kept if each != value)
        else:
            left = False if kept is True else None
        changed: dict[str, Any] = {name: left}
        return replace(self, **changed)

    def __bool__(self) -> bool:
        return bool(self.pairs())


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list with its filters."""

    box: Box
    filters: Filters = Filters()

    @classmethod
    def read(cls, address: str) -> "Wanted":
        """From what was kept of an address, which may be older than this version of the console."""
        given = QueryParams(parse_qsl(address))
        box = given.get("box", "")
        return cls(box if box in BOXES else "queue", Filters.read(given))

    @property
    def address(self) -> str:
        """As an address says it, always in the same order."""
        return urlencode([("box", self.box), *self.filters.pairs()])

    def without(self, name: str, value: str) -> str:
        """The address with one thing less."""
        return Wanted(self.box, self.filters.without(name, value)).address


def _number(text: str | None, most: int) -> int | None:
    if not text or not text.isascii() or not text.isdigit() or len(text) > len(str(most)):
        return None
    return min(int(text), most) or None
