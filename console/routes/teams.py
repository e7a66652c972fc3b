"""Teams: who is in them, when they are there, what they serve, and who can be given what."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from console.forms import text_of
from console.i18n import N_
from console.page import Manager, Page
from console.queries import teams as query
from core.actions import teams
from core.actions.teams import Saved, TeamDraft, Wrong
from core.calendar.public import MARKETS, public_holidays
from core.calendar.weekly import DAYS, hours_of, week_of, zone

router = APIRouter(prefix="/teams")

SAVED = N_("Saved. It holds from now on.")
PROBLEMS: Mapping[str, str] = {
    "team.name": N_("Give the team a name of at most 120 characters."),
    "team.taken": N_("Another team has this name."),
    "team.time_zone": N_("Give a time zone such as Europe/London."),
    "team.hours": N_("Give hours such as 09:00-12:00, 13:00-18:00, each ending after it begins and before the next."),
    "team.choice": N_("Choose from the list."),
    "team.capacity": N_("Give a whole number from 1 to 100."),
    "team.together": N_("Give a whole number from 1 to 10,000, or none."),
    "team.minutes": N_("Give whole minutes from 1 to 1,440."),
    "team.target": N_("Give whole minutes from 1 to 1,440, or none."),
    "team.first_target": N_("Supervisors are called sooner than that: give at most their minutes."),
    "team.reply_target": N_("Another is asked sooner than that: give at most those minutes."),
    "team.order": N_("Supervisors are called after somebody else was asked: give at least the minutes above."),
    "team.day": N_("Give a date from today on."),
    "team.day_name": N_("Say what the day is called."),
    "team.day_taken": N_("This day is there already."),
    "team.days_many": N_("There are as many days off as fit. Take some away first."),
}


@router.get("")
async def show(page: Manager, saved: Annotated[bool, Query()] = False) -> Response:
    """All teams."""
    async with page.console.services.works.read() as session:
        rows = await query.teams(session, page.console.now)
    return page.render("teams/page.html", rows=rows, notice=page.say(SAVED) if saved else "")


@router.get("/new")
async def new(page: Manager) -> Response:
    """The form of a team that does not exist yet, filled in with what most want."""
    typed = _typed(TeamDraft(name="", time_zone=page.time_zone, hours="Mon-Fri 09:00-18:00", routing="least_loaded"))
    return await _form(page, None, typed)


@router.post("/new")
async def create(page: Manager) -> Response:
    """A new team."""
    return await _save(page, None)


@router.get("/people")
async def people(page: Manager, saved: Annotated[bool, Query()] = False) -> Response:
    """Who can be given what, and how many."""
    return await _people(page, notice=page.say(SAVED) if saved else "")


@router.post("/people/{user_id}")
async def set_person(page: Manager, user_id: int) -> Response:
    """Somebody's skills and own capacity."""
    form = await page.form()
    skills = [skill for skill in form.getlist("skill") if isinstance(skill, str)]
    capacity, unread = _whole(text_of(form, "capacity", 6))
    async with page.console.services.works.begin() as work:
        outcome = await teams.set_person(work, page.actor, user_id, skills, capacity, unread=unread)
    if isinstance(outcome, Wrong):
        (key,) = outcome.problems.values()
        return await _people(page, 422, problem=page.say(PROBLEMS[key]), about=user_id)
    return page.go("/teams/people?saved=true")


@router.get("/{team_id}")
async def edit(page: Manager, team_id: int, saved: Annotated[bool, Query()] = False) -> Response:
    """One team."""
    async with page.console.services.works.read() as session:
        stored = await query.fields(session, team_id)
    typed = stored | {"week": week_of(stored["hours"])}
    return await _form(page, team_id, typed, notice=page.say(SAVED) if saved else "")


@router.post("/{team_id}")
async def change(page: Manager, team_id: int) -> Response:
    """Change a team."""
    return await _save(page, team_id)


@router.post("/{team_id}/days")
async def add_day(page: Manager, team_id: int) -> Response:
    """A day off."""
    form = await page.form()
    typed, name = text_of(form, "day", 10), text_of(form, "day_name", 200)
    async with page.console.services.works.begin() as work:
        outcome = await teams.add_day_off(work, page.actor, team_id, _date(typed), name)
    if isinstance(outcome, Saved):
        return page.go(f"/teams/{team_id}?saved=true#days")
    async with page.console.services.works.read() as session:
        stored = await query.fields(session, team_id)
    shown = stored | {"week": week_of(stored["hours"]), "day": typed, "day_name": name}
    return await _form(page, team_id, shown, 422, problems=outcome.problems)


@router.post("/{team_id}/days/{holiday_id}/remove")
async def remove_day(page: Manager, team_id: int, holiday_id: int) -> Response:
    """The team is there on that day after all."""
    async with page.console.services.works.begin() as work:
        await teams.remove_day_off(work, page.actor, team_id, holiday_id)
    return page.go(f"/teams/{team_id}?saved=true#days")


async def _save(page: Page, team_id: int | None) -> Response:
    draft, typed = _read(await page.form())
    async with page.console.services.works.begin() as work:
        outcome = await teams.save(work, page.actor, team_id, draft)
    if isinstance(outcome, Wrong):
        return await _form(page, team_id, typed, 422, problems=outcome.problems)
    return page.go(f"/teams/{outcome.team_id}?saved=true")


def _read(form: FormData) -> tuple[TeamDraft, dict[str, Any]]:
    """The team that the form describes, and the form as it was typed."""
    week = {day: text_of(form, f"hours_{day}", 120) for day in DAYS}
    numbers = {name: text_of(form, name, 6) for name in _NUMBERS}
    read = {name: _whole(text) for name, text in numbers.items()}
    bounds = {name: 0 if unread else number for name, (number, unread) in read.items()}
    plain = {name: text_of(form, name, 200) for name in ("name", "time_zone", "holidays_of", "routing")}
    lists = {name: _chosen(form, name) for name in ("markets", "reasons", "languages")}
    ids = {name: _ids(form, name) for name in ("creditors", "members")}
    active = text_of(form, "active", 3) == "yes"
    draft = TeamDraft(
        name=" ".join(plain["name"].split()),
        active=active,
        time_zone=plain["time_zone"],
        hours=hours_of(week),
        holidays_of=plain["holidays_of"],
        routing=plain["routing"],
        agent_capacity=read["agent_capacity"][0],
        capacity=bounds["capacity"],
        reply_minutes=read["reply_minutes"][0],
        escalate_minutes=read["escalate_minutes"][0],
        first_target=bounds["first_target"],
        reply_target=bounds["reply_target"],
        markets=lists["markets"],
        reasons=lists["reasons"],
        languages=lists["languages"],
        creditors=ids["creditors"],
        members=ids["members"],
    )
    return draft, plain | numbers | lists | ids | {"active": active, "week": week}


_NUMBERS = ("agent_capacity", "capacity", "reply_minutes", "escalate_minutes", "first_target", "reply_target")


def _typed(draft: TeamDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in TeamDraft.__dataclass_fields__} | {
        "week": week_of(draft.hours or "")
    }


def _whole(text: str) -> tuple[int | None, bool]:
    """A whole number, and whether something else was typed."""
    plain = text.replace(",", "").replace("，", "")
    if not plain:
        return None, False
    return (int(plain), False) if plain.isascii() and plain.isdigit() else (None, True)


def _chosen(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in form.getlist(name) if isinstance(value, str)))


def _ids(form: FormData, name: str) -> tuple[int, ...]:
    return tuple(int(value) for value in _chosen(form, name) if value.isascii() and value.isdigit() and len(value) < 10)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _form(
    page: Page,
    team_id: int | None,
    typed: Mapping[str, Any],
    status: int = 200,
    *,
    problems: Mapping[str, str] | None = None,
    notice: str = "",
) -> Response:
    today = page.console.now.astimezone(zone(str(typed["time_zone"]))).date()
    async with page.console.services.works.read() as session:
        everyone = await query.people(session, page.console.now)
        creditors = await query.creditors(session)
        days = await query.days_off(session, team_id, today) if team_id is not None else ()
    return page.render(
        "teams/team.html",
        status,
        team_id=team_id,
        typed=typed,
        problems={name: page.say(PROBLEMS[key]) for name, key in (problems or {}).items()},
        notice=notice,
        people=everyone,
        creditors=creditors,
        days=days,
        public=_public(page, str(typed["holidays_of"]), today),
        today=today,
    )


def _public(page: Page, market: str, today: date) -> list[tuple[date, str]]:
    """The public holidays of the coming year in a calendar; none where there is no such calendar."""
    if market not in MARKETS:
        return []
    found = {
        day: name
        for year in (today.year, today.year + 1)
        for day, name in public_holidays(market, year, page.language).items()
    }
    return [(day, name) for day, name in found.items() if today <= day < today + timedelta(days=365)]


async def _people(page: Page, status: int = 200, *, notice: str = "", problem: str = "", about: int = 0) -> Response:
    async with page.console.services.works.read() as session:
        rows = await query.people(session, page.console.now)
        names = {row.id: row.name for row in await query.teams(session, page.console.now)}
    return page.render("teams/people.html", status, rows=rows, names=names, notice=notice, problem=problem, about=about)
