"""Teams and their people, as managers set them up."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, get_args
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.calendar.public import MARKETS as CALENDARS
from core.calendar.weekly import is_hours, zone
from core.dialogue.flags import GRAVITY
from core.errors import NotFound
from core.staffing import LANGUAGES, SKILLS, Routing
from core.store import teams as store
from core.store.tables import Creditor, Team, TeamHoliday, TeamMember, User
from core.store.teams import HANDLERS
from core.work import Work

ROUTINGS: tuple[Routing, ...] = get_args(Routing)
MARKETS = ("cn", "us", "uk")
MOST_HELD = 100
MOST_TOGETHER = 10_000
LONGEST_MINUTES = 24 * 60
MOST_DAYS_OFF = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDraft:
    """A team as it is to be; the fields are `Team`'s. What a form cannot read is no number: None, or 0 where None says
    something."""

    name: str
    active: bool = True
    time_zone: str = "UTC"
    hours: str | None = ""
    holidays_of: str = ""
    routing: str = "manual"
    agent_capacity: int | None = 5
    capacity: int | None = None
    reply_minutes: int | None = 10
    escalate_minutes: int | None = 30
    first_target: int | None = None
    reply_target: int | None = None
    markets: tuple[str, ...] = ()
    creditors: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """The team is as was asked."""

    team_id: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """Nothing was changed. `problems` names what is wrong with which field."""

    problems: Mapping[str, str] = field(default_factory=dict)


async def save(work: Work, actor: Actor, team_id: int | None, draft: TeamDraft) -> Saved | Wrong:
    """Make a team, or change one. NotFound for one that does not exist."""
    problems = _problems(draft) | await _unknown(work.session, team_id, draft)
    if problems:
        return Wrong(problems)
    team = await _team(work, team_id)
    before = {} if team_id is None else await _as_it_is(work.session, team)
    for name, value in _columns(draft).items():
        setattr(team, name, value)
    if team_id is None:
        work.session.add(team)
    await work.session.flush()
    await _set_members(work.session, team.id, draft.members)
    await work.session.flush()
    after = await _as_it_is(work.session, team)
    changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    if changed:
        work.notify("queue")
        work.notify("teams")
        await leave(
            work, actor.login, "saved_team", "team", team.id, name=team.name, new=team_id is None, changed=changed
        )
    return Saved(team.id)


async def add_day_off(work: Work, actor: Actor, team_id: int, day: date | None, name: str) -> Saved | Wrong:
    """A day on which the team is not there, in its own time zone."""
    team = await _team(work, team_id)
    named = " ".join(clean(name).split())[:80]
    if day is None or day < work.now.astimezone(zone(team.time_zone)).date():
        return Wrong({"day": "team.day"})
    if not named:
        return Wrong({"day_name": "team.day_name"})
    days = (await work.session.scalars(select(TeamHoliday.day).where(TeamHoliday.team_id == team_id))).all()
    if day in days:
        return Wrong({"day": "team.day_taken"})
    if len(days) >= MOST_DAYS_OFF:
        return Wrong({"day": "team.days_many"})
    work.session.add(TeamHoliday(team_id=team.id, day=day, name=named))
    await work.session.flush()
    work.notify("queue")
    await leave(work, actor.login, "added_day_off", "team", team_id, day=day.isoformat(), name=named)
    return Saved(team_id)


async def remove_day_off(work: Work, actor: Actor, team_id: int, holiday_id: int) -> Saved:
    """The team is there on that day after all; one that is gone already stays so."""
    team = await _team(work, team_id)
    row = await work.session.get(TeamHoliday, holiday_id)
    if row is not None and row.team_id == team.id:
        day, name = row.day.isoformat(), row.name
        await work.session.delete(row)
        await work.session.flush()
        work.notify("queue")
        await leave(work, actor.login, "removed_day_off", "team", team_id, day=day, name=name)
    return Saved(team_id)


async def set_person(
    work: Work, actor: Actor, user_id: int, skills: Collection[str], capacity: int | None, *, unread: bool = False
) -> Saved | Wrong:
    """What somebody can be given, and how many at once; None as their team has it. `unread`: it was no number."""
    if unread or (capacity is not None and not 1 <= capacity <= MOST_HELD):
        return Wrong({"capacity": "team.capacity"})
    user = await work.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)
    if user is None or user.role not in HANDLERS:
        raise NotFound("There is nobody of the team like that.", user_id=user_id)
    wanted = [skill for skill in SKILLS if skill in skills]
    before = {"skills": list(user.skills or ()), "capacity": user.capacity}
    after = {"skills": wanted, "capacity": capacity}
    if before != after:
        user.skills, user.capacity = wanted, capacity
        await work.session.flush()
        work.notify("queue")
        await leave(work, actor.login, "changed_skills", "user", user_id, before=before, after=after)
    return Saved(user_id)


def _problems(draft: TeamDraft) -> dict[str, str]:
    found: dict[str, str] = {}
    if not draft.name or len(draft.name) > 120:
        found["name"] = "team.name"
    if draft.time_zone not in available_timezones():
        found["time_zone"] = "team.time_zone"
    if draft.hours is None or len(draft.hours) > 400 or (draft.hours and not is_hours(draft.hours)):
        found["hours"] = "team.hours"
    if draft.holidays_of and draft.holidays_of not in CALENDARS:
        found["holidays_of"] = "team.choice"
    if draft.routing not in ROUTINGS:
        found["routing"] = "team.choice"
    if draft.agent_capacity is None or not 1 <= draft.agent_capacity <= MOST_HELD:
        found["agent_capacity"] = "team.capacity"
    if draft.capacity is not None and not 1 <= draft.capacity <= MOST_TOGETHER:
        found["capacity"] = "team.together"
    for name in ("reply_minutes", "escalate_minutes"):
        minutes = getattr(draft, name)
        if minutes is None or not 1 <= minutes <= LONGEST_MINUTES:
            found[name] = "team.minutes"
    if not found.keys() & {"reply_minutes", "escalate_minutes"} and _hasty(draft):
        found["escalate_minutes"] = "team.order"
    found |= _targets(draft)
    known = {"markets": MARKETS, "reasons": GRAVITY, "languages": LANGUAGES}
    return found | {
        name: "team.choice" for name, values in known.items() if not set(getattr(draft, name)) <= set(values)
    }


def _hasty(draft: TeamDraft) -> bool:
    return (draft.escalate_minutes or 0) < (draft.reply_minutes or 0)


def _targets(draft: TeamDraft) -> dict[str, str]:
    """No target may be longer than the time after which somebody else is asked, or supervisors are called."""
    found: dict[str, str] = {}
    for name, most in (("first_target", draft.escalate_minutes), ("reply_target", draft.reply_minutes)):
        minutes = getattr(draft, name)
        if minutes is None:
            continue
        if not 1 <= minutes <= LONGEST_MINUTES:
            found[name] = "team.target"
        elif most is not None and minutes > most:
            found[name] = f"team.{name}"
    return found


async def _unknown(session: AsyncSession, team_id: int | None, draft: TeamDraft) -> dict[str, str]:
    """What names something that is not there, or is taken."""
    found: dict[str, str] = {}
    twins = select(Team.id).where(func.lower(Team.name) == draft.name.lower(), Team.id != (team_id or 0))
    if await session.scalar(twins) is not None:
        found["name"] = "team.taken"
    creditors = set(await session.scalars(select(Creditor.id).where(Creditor.id.in_(draft.creditors))))
    if creditors != set(draft.creditors):
        found["creditors"] = "team.choice"
    people = select(User.id).where(User.id.in_(draft.members), User.role.in_(HANDLERS))
    if set(await session.scalars(people)) != set(draft.members):
        found["members"] = "team.choice"
    return found


async def _team(work: Work, team_id: int | None) -> Team:
    if team_id is None:
        return Team(created_at=work.now)
    team = await store.lock(work.session, team_id)
    if team is None:
        raise NotFound("There is no such team.", team_id=team_id)
    return team


def _columns(draft: TeamDraft) -> dict[str, Any]:
    fields = asdict(draft)
    del fields["members"]
    lists = ("markets", "creditors", "reasons", "languages")
    return {name: sorted(value) if name in lists else value for name, value in fields.items()}


async def _as_it_is(session: AsyncSession, team: Team) -> dict[str, Any]:
    names = [name for name in TeamDraft.__dataclass_fields__ if name != "members"]
    members = select(TeamMember.user_id).where(TeamMember.team_id == team.id).order_by(TeamMember.user_id)
    return {name: getattr(team, name) for name in names} | {"members": list(await session.scalars(members))}


async def _set_members(session: AsyncSession, team_id: int, wanted: Collection[int]) -> None:
    """Who stays keeps their turn; who comes has had none, and is next once."""
    had = set(await session.scalars(select(TeamMember.user_id).where(TeamMember.team_id == team_id)))
    gone = had - set(wanted)
    if gone:
        await session.execute(delete(TeamMember).where(TeamMember.team_id == team_id, TeamMember.user_id.in_(gone)))
    session.add_all(TeamMember(team_id=team_id, user_id=user_id) for user_id in sorted(set(wanted) - had))
