"""What a debtor may be told of the queue: only what is true, and only a figure that is small."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

MOST_TOLD = 5
"""A longer queue is not told: it would only discourage (product default)."""
FEWEST_WAITS = 3
_STEPS = (5, 10, 15, 20, 30, 45, 60)


@dataclass(frozen=True, slots=True)
class Place:
    """How many people stand before, and in how many minutes it is roughly their turn; None where it is not told."""

    before: int | None
    minutes: int | None


def place_of(before: int, lately: Sequence[timedelta]) -> Place:
    """From the number of people before and how long those lately taken had waited.

    The minutes are those that three in four of them waited, rounded up; with fewer than three, or beyond an hour, no
    figure is given.
    """
    told = before if 0 <= before <= MOST_TOLD else None
    if told is None or len(lately) < FEWEST_WAITS:
        return Place(told, None)
    waited = sorted(lately)[(3 * len(lately) - 1) // 4]
    minutes = waited.total_seconds() / 60
    return Place(told, next((step for step in _STEPS if minutes <= step), None))
