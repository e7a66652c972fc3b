"""Teams as they are at a moment: who is in them, what they hold, when they are there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.staffing import Agent, Patience, Rota, Routing, Serves, TeamNow, is_here, serving
from core.store.tables import Conversation, Team, TeamHoliday, TeamMember, User

OVERSEERS = ("supervisor", "manager", "admin")
HANDLERS = ("agent", *OVERSEERS)
"""Who may hold conversations."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The active teams and everybody who may hold conversations. Teams, rotas and patience are by the team's id."""

    teams: Mapping[int, TeamNow]
    serves: Sequence[Serves]
    rotas: Mapping[int, Rota]
    patience: Mapping[int, Patience]
    supervisors: tuple[Agent, ...]

    @property
    def gives_out(self) -> bool:
        """Whether any team gives conversations out by itself."""
        return any(team.routing != "manual" for team in self.teams.values())

    @property
    def anybody(self) -> bool:
        """Whether anybody is there who takes new conversations."""
        agents = (agent for team in self.teams.values() for agent in team.agents)
        return any(agent.ready for agent in (*agents, *self.supervisors))

    def for_(
        self, *, market: str, creditor_id: int, reason: str | None, language: str, only: int | None
    ) -> tuple[int, ...]:
        """The teams that serve such a conversation, those made for the fewest first."""
        return serving(self.serves, market=market, creditor_id=creditor_id, reason=reason, language=language, only=only)


async def staff(session: AsyncSession, now: datetime) -> Staff:
    """All of it at `now` (UTC): four statements, however many people and conversations there are."""
    teams = (await session.scalars(select(Team).where(Team.active).order_by(Team.id))).all()
    if not teams:
        return Staff({}, (), {}, {}, ())
    closed = await _closed(session)
    members = (
        await session.execute(
            select(User, TeamMember.team_id, TeamMember.turn)
            .outerjoin(TeamMember, TeamMember.user_id == User.id)
            .where(User.active, User.role.in_(HANDLERS), or_(TeamMember.id.is_not(None), User.role.in_(OVERSEERS)))
            .order_by(User.id)
            .execution_options(populate_existing=True)
        )
    ).all()
    loads = await loads_of(session)
    rotas = {team.id: rota_of(team, closed.get(team.id, frozenset())) for team in teams}
    agents: dict[int, list[Agent]] = {}
    overseers: dict[int, tuple[str, Agent]] = {}
    for user, team_id, turn in members:
        agent = Agent(
            id=user.id,
            skills=frozenset(user.skills or ()),
            load=loads.get(user.id, 0),
            capacity=user.capacity or 0,
            ready=is_here(active=user.active, status=user.status, seen_at=user.seen_at, now=now),
            turn=turn or 0,
        )
        if team_id is not None:
            agents.setdefault(team_id, []).append(agent)
        if user.role in OVERSEERS:
            overseers[user.id] = user.role, agent
    return Staff(
        teams={team.id: _now(team, agents.get(team.id, ()), rotas[team.id], now) for team in teams},
        serves=tuple(_serves(team) for team in teams),
        rotas=rotas,
        patience={
            team.id: Patience(
                reply=timedelta(minutes=team.reply_minutes), supervisor=timedelta(minutes=team.escalate_minutes)
            )
            for team in teams
        },
        supervisors=_first_called(overseers.values()),
    )


async def loads_of(session: AsyncSession) -> dict[int, int]:
    """How many open conversations each agent holds, without those put aside."""
    rows = await session.execute(
        select(Conversation.agent_id, func.count())
        .where(Conversation.agent_id.is_not(None), Conversation.state == "open", Conversation.snoozed_until.is_(None))
        .group_by(Conversation.agent_id)
    )
    return {cast(int, agent_id): count for agent_id, count in rows}


async def serving_teams(
    session: AsyncSession, *, market: str, creditor_id: int, reason: str | None, language: str, only: int | None = None
) -> Sequence[tuple[Team, Rota]]:
    """The active teams that serve such a conversation, those made for the fewest first, with their hours."""
    teams = {team.id: team for team in (await session.scalars(select(Team).where(Team.active))).all()}
    if not teams:
        return ()
    closed = await _closed(session)
    found = serving(
        [_serves(team) for team in teams.values()],
        market=market,
        creditor_id=creditor_id,
        reason=reason,
        language=language,
        only=only,
    )
    return [(teams[team_id], rota_of(teams[team_id], closed.get(team_id, frozenset()))) for team_id in found]


async def hold_turns(session: AsyncSession) -> None:
    """Let one process at a time give conversations out: the first active team is held until the transaction ends."""
    first = select(Team.id).where(Team.active).order_by(Team.id).limit(1)
    await session.execute(first.with_for_update(key_share=True))


async def lock(session: AsyncSession, team_id: int) -> Team | None:
    """The team, held until the transaction ends and read anew."""
    return await session.scalar(
        select(Team).where(Team.id == team_id).with_for_update().execution_options(populate_existing=True)
    )


async def team_of(session: AsyncSession, user_id: int) -> int | None:
    """The active team that somebody is in; of several the first."""
    theirs = select(Team.id).join(TeamMember, TeamMember.team_id == Team.id)
    return await session.scalar(theirs.where(TeamMember.user_id == user_id, Team.active).order_by(Team.id).limit(1))


async def member(session: AsyncSession, team_id: int, user_id: int) -> TeamMember | None:
    """Somebody's place in a team."""
    found = select(TeamMember).where(TeamMember.team_id == team_id, TeamMember.user_id == user_id)
    return await session.scalar(found.execution_options(populate_existing=True))


def rota_of(team: Team, closed: frozenset[date]) -> Rota:
    """When the team is there."""
    return Rota(hours=team.hours, time_zone=team.time_zone, market=team.holidays_of, closed=closed)


async def _closed(session: AsyncSession) -> dict[int, frozenset[date]]:
    found: dict[int, set[date]] = {}
    for team_id, day in await session.execute(select(TeamHoliday.team_id, TeamHoliday.day)):
        found.setdefault(team_id, set()).add(day)
    return {team_id: frozenset(days) for team_id, days in found.items()}


def _first_called(overseers: Iterable[tuple[str, Agent]]) -> tuple[Agent, ...]:
    """Supervisors, as long as one of them is there; else managers and administrators too."""
    found = list(overseers)
    supervisors = tuple(agent for role, agent in found if role == "supervisor")
    return supervisors if any(agent.ready for agent in supervisors) else tuple(agent for _, agent in found)


def _now(team: Team, agents: Sequence[Agent], rota: Rota, now: datetime) -> TeamNow:
    own = (agent if agent.capacity else replace(agent, capacity=team.agent_capacity) for agent in agents)
    return TeamNow(
        id=team.id,
        routing=cast(Routing, team.routing),
        open=rota.opened_at(now) is not None,
        agents=tuple(own),
        capacity=team.capacity,
    )


def _serves(team: Team) -> Serves:
    return Serves.listed(team.id, team.markets, team.creditors, team.reasons, team.languages)
