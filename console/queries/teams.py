"""Teams, who is in them and there, and what counts as being on somebody's hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from core.staffing import Rota, is_here
from core.store.tables import Conversation, Creditor, Team, TeamHoliday, TeamMember, User

HANDLERS = ("agent", "supervisor", "manager", "admin")
MOST = 500
IN_HAND = and_(Conversation.agent_id == User.id, Conversation.state == "open", Conversation.snoozed_until.is_(None))
"""What somebody has on their hands, as their capacity counts it: without what is put aside."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team in the list. `opens_at` (UTC) is when it is back, None while it is there."""

    id: int
    name: str
    active: bool
    routing: str
    members: int
    here: int
    there: bool
    opens_at: datetime | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class DayOff:
    id: int
    day: date
    name: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who may hold conversations. `here`: takes new ones now. `teams` are the ids of theirs."""

    id: int
    name: str
    login: str
    role: str
    active: bool
    skills: tuple[str, ...]
    capacity: int | None
    status: str
    seen_at: datetime | None
    here: bool
    open: int
    teams: tuple[int, ...]


async def teams(session: AsyncSession, now: datetime) -> Sequence[TeamRow]:
    """Every team, the active ones first, by name."""
    found = (await session.scalars(select(Team).order_by(Team.active.desc(), Team.name).limit(MOST))).all()
    closed = await _closed(session)
    everyone = await people(session, now)
    rows = []
    for team in found:
        rota = _rota(team, closed.get(team.id, ()))
        there = rota.opened_at(now) is not None
        ours = [person for person in everyone if team.id in person.teams]
        rows.append(
            TeamRow(
                id=team.id,
                name=team.name,
                active=team.active,
                routing=team.routing,
                members=len(ours),
                here=sum(person.here for person in ours),
                there=there,
                opens_at=None if there else rota.opens_at(now),
                time_zone=team.time_zone,
            )
        )
    return rows


async def fields(session: AsyncSession, team_id: int) -> dict[str, Any]:
    """The team as its form shows it; NotFound where there is none."""
    team = await session.get(Team, team_id)
    if team is None:
        raise NotFound("There is no such team.", team_id=team_id)
    members = select(TeamMember.user_id).where(TeamMember.team_id == team_id)
    names = [column.key for column in Team.__table__.columns if column.key not in ("id", "created_at")]
    return {name: getattr(team, name) for name in names} | {"members": set(await session.scalars(members))}


async def days_off(session: AsyncSession, team_id: int, since: date) -> Sequence[DayOff]:
    """The team's own days off from this one on."""
    rows = await session.scalars(
        select(TeamHoliday).where(TeamHoliday.team_id == team_id, TeamHoliday.day >= since).order_by(TeamHoliday.day)
    )
    return [DayOff(row.id, row.day, row.name) for row in rows]


async def creditors(session: AsyncSession) -> Sequence[tuple[int, str]]:
    """Every creditor's id and name, by name."""
    rows = await session.execute(select(Creditor.id, Creditor.name).order_by(Creditor.name).limit(MOST))
    return [(creditor_id, name) for creditor_id, name in rows]


async def people(session: AsyncSession, now: datetime) -> Sequence[PersonRow]:
    """Everyone who may hold conversations, with their teams, by name."""
    memberships: dict[int, list[int]] = {}
    for user_id, team_id in await session.execute(select(TeamMember.user_id, TeamMember.team_id)):
        memberships.setdefault(user_id, []).append(team_id)
    held = select(func.count()).select_from(Conversation).where(IN_HAND).correlate(User).scalar_subquery()
    rows = await session.execute(
        select(User, held).where(User.role.in_(HANDLERS), User.active).order_by(User.name, User.id).limit(MOST)
    )
    return [
        PersonRow(
            id=user.id,
            name=user.name,
            login=user.login,
            role=user.role,
            active=user.active,
            skills=tuple(user.skills or ()),
            capacity=user.capacity,
            status=user.status,
            seen_at=user.seen_at,
            here=is_here(active=user.active, status=user.status, seen_at=user.seen_at, now=now),
            open=count,
            teams=tuple(memberships.get(user.id, ())),
        )
        for user, count in rows
    ]


async def _closed(session: AsyncSession) -> dict[int, list[date]]:
    found: dict[int, list[date]] = {}
    for team_id, day in await session.execute(select(TeamHoliday.team_id, TeamHoliday.day)):
        found.setdefault(team_id, []).append(day)
    return found


def _rota(team: Team, closed: Sequence[date]) -> Rota:
    return Rota(hours=team.hours, time_zone=team.time_zone, market=team.holidays_of, closed=frozenset(closed))
