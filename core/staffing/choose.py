"""Who is given a conversation that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Routing = Literal["manual", "round_robin", "least_loaded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One who may be given conversations. `ready`: here, and taking new ones. `load` open ones of `capacity`.

    `turn` is the number of the assignment that they were last given in the team, 0 for none yet.
    """

    id: int
    skills: frozenset[str]
    load: int
    capacity: int
    ready: bool
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNow:
    """A team at this moment. `capacity` is how many open conversations all its members may hold, None for any."""

    id: int
    routing: Routing
    open: bool
    agents: tuple[Agent, ...]
    capacity: int | None = None

    @property
    def has_room(self) -> bool:
        """Whether the team as a whole may be given one more."""
        return self.capacity is None or sum(agent.load for agent in self.agents) < self.capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A conversation in the queue: the skills that it demands, and who has let it go since the debtor began to wait.

    In an `emergency` neither hours nor capacity count.
    """

    skills: frozenset[str]
    emergency: bool = False
    passed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is given it, through which team, and why; None where it goes on waiting, and what for."""

    agent_id: int | None
    team_id: int | None
    because: tuple[str, ...]


def choose(
    waiting: Waiting,
    teams: Sequence[TeamNow],
    *,
    others: Sequence[TeamNow] = (),
    supervisors: Sequence[Agent] = (),
) -> Choice:
    """The agent for a conversation that `teams` serve, in their order; the first that can give somebody does.

    In an emergency also people of `others`, and without anybody who has the skills any supervisor who is there.
    """
    if waiting.emergency:
        return _emergency(waiting, (*teams, *others), supervisors)
    because: list[str] = []
    for team in teams:
        agent, why = _of_team(waiting, team)
        if agent is not None:
            return Choice(agent.id, team.id, (f"team:{team.id}", *why))
        because += [f"team:{team.id}", *why]
    return Choice(None, None, tuple(because) or ("no_team",))


def next_turn(team: TeamNow) -> int:
    """The number of the team's next assignment."""
    return max((agent.turn for agent in team.agents), default=0) + 1


def _of_team(waiting: Waiting, team: TeamNow) -> tuple[Agent | None, tuple[str, ...]]:
    if team.routing == "manual":
        return None, ("manual",)
    if not team.open:
        return None, ("closed",)
    if not team.has_room:
        return None, ("team_full",)
    skilled, why = _skilled(waiting, team.agents)
    free = [agent for agent in skilled if agent.load < agent.capacity]
    if not free:
        return None, (why or "full",)
    if team.routing == "round_robin":
        first = min(free, key=lambda agent: (agent.turn, agent.id))
        return first, ("round_robin", f"load:{first.load}/{first.capacity}")
    least = min(free, key=lambda agent: (agent.load, agent.turn, agent.id))
    return least, ("least_loaded", f"load:{least.load}/{least.capacity}")


def _skilled(waiting: Waiting, agents: Sequence[Agent]) -> tuple[list[Agent], str]:
    """Those who are there and have the skills and have not let it go; else why there are none."""
    ready = [agent for agent in agents if agent.ready]
    if not ready:
        return [], "nobody_here"
    able = [agent for agent in ready if waiting.skills <= agent.skills]
    if not able:
        return [], f"nobody_skilled:{'+'.join(sorted(waiting.skills))}"
    left = [agent for agent in able if agent.id not in waiting.passed]
    return left, "" if left else "let_go"


def _emergency(waiting: Waiting, teams: Sequence[TeamNow], supervisors: Sequence[Agent]) -> Choice:
    why = "nobody_here"
    for team in teams:
        skilled, reason = _skilled(waiting, team.agents)
        if skilled:
            least = min(skilled, key=lambda agent: (agent.load, agent.turn, agent.id))
            return Choice(least.id, team.id, ("emergency", f"team:{team.id}", f"load:{least.load}"))
        why = reason
    there = [agent for agent in supervisors if agent.ready and agent.id not in waiting.passed]
    if there:
        least = min(there, key=lambda agent: (not waiting.skills <= agent.skills, agent.load, agent.id))
        return Choice(least.id, None, ("emergency", why, "supervisor"))
    return Choice(None, None, ("emergency", why))
