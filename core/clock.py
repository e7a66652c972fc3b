"""The only reader of the time. Everything pure is handed `now`; everything else asks a `Clock`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from core.errors import InvalidInput


class Clock(Protocol):
    """Something that knows what time it is, in UTC."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests, replays and simulations."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise InvalidInput("Give a timezone-aware time.", now=now.isoformat())
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was set to, timezone-aware, UTC."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move on by `by` (never back) and return the new moment."""
        if by < timedelta(0):
            raise InvalidInput("A clock does not go back.", by=str(by))
        self._now += by
        return self._now
