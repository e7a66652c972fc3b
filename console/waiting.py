"""How long somebody may wait for a person before it is late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.staffing import Targets

Wait = Literal["fine", "soon", "late"]
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


def clock(since: datetime, holder: str, priority: str | None, targets: Targets) -> Clock:
    """The clock of a conversation in the queue or with an agent."""
    allowed = targets.waiting(holder, priority).total_seconds()
    return Clock(since, int(allowed * SOON), int(allowed))
