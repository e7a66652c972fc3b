"""How long a debtor waits for a person before somebody else is asked, and who no longer counts as there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Late = Literal["reply", "supervisor"]
PRESENT_FOR = timedelta(seconds=90)
"""So long after the last sign of life somebody still counts as there (product default)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The minutes that a team gives itself: for an agent's reply, and in all before its supervisors are called."""

    reply: timedelta
    supervisor: timedelta


def late(
    patience: Patience,
    *,
    owed_since: datetime,
    held_since: datetime | None,
    opened_at: datetime | None,
    now: datetime,
    emergency: bool = False,
) -> frozenset[Late]:
    """What has taken too long: an agent's `reply`, or all of it, for the `supervisor`.

    The hours in which the team is not there (`opened_at` None, or before it came) do not count, but in an emergency.
    `held_since` is None while nobody holds the conversation.
    """
    if opened_at is None and not emergency:
        return frozenset()
    since = owed_since if emergency or opened_at is None else max(owed_since, opened_at)
    found: set[Late] = set()
    if held_since is not None and now - max(since, held_since) >= patience.reply:
        found.add("reply")
    if now - since >= patience.supervisor:
        found.add("supervisor")
    return frozenset(found)


def is_gone(*, active: bool, status: str, seen_at: datetime | None, now: datetime) -> bool:
    """Whether somebody no longer counts as there: closed account, away, or no sign of life for too long.

    Of whom no browser was ever seen nothing is known, and nothing is taken.
    """
    return not active or status == "away" or (seen_at is not None and now - seen_at > PRESENT_FOR)


def is_here(*, active: bool, status: str, seen_at: datetime | None, now: datetime) -> bool:
    """Whether somebody takes new conversations: available, with a fresh sign of life."""
    return active and status == "available" and seen_at is not None and now - seen_at <= PRESENT_FOR
