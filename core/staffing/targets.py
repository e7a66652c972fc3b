"""How soon people answer: by the team that a conversation is made for, or as the product has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core.staffing.serving import Serves, in_order, serving

FIRST_MINUTES: Mapping[str, int] = {"urgent": 5, "high": 15, "normal": 30}
"""For the first reply after a hand-over, by priority (product default)."""
REPLY_MINUTES = 10
"""For each reply of who holds the conversation (product default)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The minutes in which somebody is to have their first reply, and each reply after it; None as the product has it.

    `patience` are the minutes after which the conversation is taken from who does not reply: no target outlasts it.
    """

    first_minutes: int | None = None
    reply_minutes: int | None = None
    patience: int | None = None

    def first(self, priority: str | None) -> timedelta:
        """For the first reply. What is urgent never waits longer than the product lets it."""
        usual = FIRST_MINUTES.get(priority or "normal", FIRST_MINUTES["normal"])
        minutes = usual if self.first_minutes is None else self.first_minutes
        return timedelta(minutes=min(minutes, usual) if priority == "urgent" else minutes)

    def reply(self) -> timedelta:
        """For each reply of who holds the conversation."""
        minutes = REPLY_MINUTES if self.reply_minutes is None else self.reply_minutes
        return timedelta(minutes=minutes if self.patience is None else min(minutes, self.patience))

    def waiting(self, holder: str, priority: str | None) -> timedelta:
        """How long somebody may wait in the queue, or with an agent."""
        return self.first(priority) if holder == "queue" else self.reply()


@dataclass(frozen=True, slots=True)
class TargetBook:
    """The targets of every active team, by its id; empty where there is no team."""

    serves: Sequence[Serves] = ()
    of_team: Mapping[int, Targets] = field(default_factory=dict)

    @property
    def shortest(self) -> timedelta:
        """Nobody is late sooner than this."""
        every = (Targets(), *self.of_team.values())
        return min(min(targets.first("urgent"), targets.first("normal"), targets.reply()) for targets in every)

    def in_order(self) -> Sequence[Serves]:
        """What the teams serve, those made for the fewest first."""
        return in_order(self.serves)

    def for_(
        self, *, market: str, creditor_id: int, reason: str | None, language: str, only: int | None = None
    ) -> Targets:
        """Those of the team that the conversation is made for first; the product's where no team serves it."""
        found = serving(
            self.serves, market=market, creditor_id=creditor_id, reason=reason, language=language, only=only
        )
        return self.of_team[found[0]] if found else Targets()
