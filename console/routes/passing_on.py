"""A conversation passed on, put aside, or joined with another; and the team as it is named in notes."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import conversation_view as view
from console.conversation_answers import after, answer, check_visible
from console.forms import text_of
from console.i18n import N_
from console.labels import MERGE_OBSTACLES
from console.page import Agent, Page
from console.queries import colleagues
from console.show import zone
from core.actions import merges, presence, snoozes, transfers
from core.actions.values import NotHolder
from core.errors import InvalidInput

router = APIRouter()
TALK = "/conversations/{conversation_id}"

SAY_WHAT = N_("Say in a note what your colleague should know.")
NOBODY = N_("Nobody can take it by this name. Choose a colleague or a team from the list.")
WITHIN = N_("Give a moment within the next two weeks.")
MORNING = time(9)


@router.get("/colleagues")
async def found(page: Agent, q: Annotated[str, Query(max_length=40)] = "") -> Response:
    """People of the team by the beginning of their login or name, for a note."""
    async with page.console.services.works.read() as session:
        people = await colleagues.named(session, q.strip().removeprefix("@"))
    return page.render("replies/_people.html", people=people)


@router.get("/colleagues/receivers")
async def receivers(page: Agent) -> Response:
    """Whom a conversation can be passed to: colleagues and teams, as the choices of a field."""
    async with page.console.services.works.read() as session:
        people = await colleagues.receivers(session, page.user.id)
        teams = await colleagues.teams(session)
    return page.render("replies/_receivers.html", people=people, teams=teams)


@router.post("/pause")
async def pause(page: Agent) -> Response:
    """Take no new conversations for a while, as after a hard one; `available` again is said where it always is."""
    async with page.console.services.works.begin() as work:
        await presence.set_status(work, page.actor, "pause")
    return page.go("/")


@router.post(TALK + "/transfer")
async def transfer(page: Agent, conversation_id: int) -> Response:
    """Pass the conversation on to a colleague, a team or the queue, with a note."""
    await check_visible(page, conversation_id)
    form = await page.form()
    to, words = text_of(form, "to", 120), text_of(form, "note", 2000)
    if not words:
        return await answer(page, conversation_id, page.say(SAY_WHAT), 422)
    async with page.console.services.works.read() as session:
        people = await colleagues.receivers(session, page.user.id)
        teams = await colleagues.teams(session)
    person = _named(to, people)
    team = next((team_id for team_id, name in teams if name.casefold() == to.casefold()), None)
    if person is None and team is None and to != "*":
        return await answer(page, conversation_id, page.say(NOBODY), 422)
    async with page.console.services.works.begin() as work:
        outcome: object
        if person is not None:
            outcome = await transfers.to_agent(work, conversation_id, page.actor, person, words)
        else:
            outcome = await transfers.to_team(work, conversation_id, page.actor, team, words)
    if isinstance(outcome, transfers.CannotReceive):
        return await answer(page, conversation_id, page.say(NOBODY), 422)
    return await after(page, conversation_id, outcome)


def _named(typed: str, people: Sequence[colleagues.Colleague]) -> int | None:
    """The one who goes by this login, with or without @, or by this name alone."""
    wanted = typed.removeprefix("@").casefold()
    exact = [person.id for person in people if person.login.casefold() == wanted]
    by_name = [person.id for person in people if person.name.casefold() == wanted]
    return exact[0] if exact else by_name[0] if len(by_name) == 1 else None


@router.post(TALK + "/snooze")
async def snooze(page: Agent, conversation_id: int) -> Response:
    """Put the conversation aside for a while, until a moment in the agent's time, or until the debtor writes."""
    await check_visible(page, conversation_id)
    form = await page.form()
    try:
        until = _until(page, text_of(form, "until", 20), text_of(form, "moment", 20))
        async with page.console.services.works.begin() as work:
            outcome = await snoozes.snooze(work, conversation_id, page.actor, until)
    except InvalidInput:
        return await answer(page, conversation_id, page.say(WITHIN), 422)
    return await after(page, conversation_id, outcome)


def _until(page: Page, choice: str, moment: str) -> datetime | None:
    """The moment chosen, UTC; None for until they write. InvalidInput for none of the choices."""
    now, local = page.console.now, page.console.now.astimezone(zone(page.time_zone))
    match choice:
        case "wrote":
            return None
        case "hour":
            return now + timedelta(hours=1)
        case "hours":
            return now + timedelta(hours=3)
        case "tomorrow":
            day = local.date() + timedelta(days=1)
            return datetime.combine(day, MORNING, local.tzinfo).astimezone(UTC)
        case "moment":
            return _typed(moment, page.time_zone)
        case _:
            raise InvalidInput("Choose how long.", until=choice)


def _typed(moment: str, time_zone: str) -> datetime:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise InvalidInput("Give a date and a time.", moment=moment) from error
    return (at if at.tzinfo else at.replace(tzinfo=zone(time_zone))).astimezone(UTC)


@router.post(TALK + "/wake")
async def wake(page: Agent, conversation_id: int) -> Response:
    """Take the conversation up again before its time."""
    await check_visible(page, conversation_id)
    async with page.console.services.works.begin() as work:
        outcome = await snoozes.wake(work, conversation_id, page.actor)
    return await after(page, conversation_id, outcome)


@router.post(TALK + "/merge")
async def merge(page: Agent, conversation_id: int) -> Response:
    """Have another conversation of the same case go on in this one."""
    other = text_of(await page.form(), "other", 18)
    other_id = int(other) if other.isdecimal() else conversation_id
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
    if all(other.id != other_id for other in head.mergeable):
        return await answer(page, conversation_id, page.say(MERGE_OBSTACLES["same"]), 422)
    async with page.console.services.works.begin() as work:
        outcome = await merges.merge(work, conversation_id, other_id, page.actor)
    if isinstance(outcome, merges.CannotMerge):
        return await answer(page, conversation_id, page.say(MERGE_OBSTACLES[outcome.why]), 409)
    if isinstance(outcome, NotHolder):
        return await after(page, conversation_id, outcome)
    return await answer(page, conversation_id)
