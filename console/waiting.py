"""How long somebody may wait for a person before it is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Wait = Literal["fine", "soon", "late"]
QUEUE_MINUTES: Mapping[str, int] = {"urgent": 5, "high": 15, "normal": 30}
"""In the queue, by priority (product default)."""
REPLY_MINUTES = 10
"""For the answer of who holds it, where no team says otherwise (product default)."""
SOON = 0.6
"""Of the time allowed: from here on it is said that it will soon be late."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Since when somebody waits (UTC), and after how many seconds it is soon late and late."""

    since: datetime
    soon: int
    late: int

    def at(self, now: datetime) -> Wait:
        """How it stands at this moment."""
        waited = (now - self.since).total_seconds()
        return "late" if waited >= self.late else "soon" if waited >= self.soon else "fine"


def clock(since: datetime, holder: str, priority: str | None, reply_minutes: int | None) -> Clock:
    """The clock of a conversation in the queue or with an agent, whose team allows `reply_minutes`."""
    allowed = reply_minutes or REPLY_MINUTES
    if holder == "queue":
        allowed = QUEUE_MINUTES.get(priority or "normal", QUEUE_MINUTES["normal"])
    return Clock(since, int(allowed * 60 * SOON), allowed * 60)
