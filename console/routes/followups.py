"""Callbacks and complaints: the two lists, and what is added to them from a conversation."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import conversation_view as view
from console.forms import text_of
from console.i18n import N_
from console.page import Agent, ComplaintsHandler, ComplaintsReader, Page
from console.queries import followups as query
from console.queries.followups import Show
from console.show import zone
from core.actions import followups
from core.actions.followups import NotYours, SettledBefore
from core.compliance.complaints import CATEGORIES, OUTCOMES
from core.errors import InvalidInput, NotFound

router = APIRouter()

LATER = N_("Give a time that is still to come.")
WORDS = N_("Take the complaint down in their words.")
HOW = N_("Say how it went.")
NOT_YOURS = N_("Only the holder of the conversation and supervisors may do this.")
DECIDED = N_("Someone else has done this already.")
ANSWER = N_("Say how it was decided and what was answered.")
NOT_ANSWERED = N_("Only a complaint that was answered can be closed.")


@router.get("/callbacks")
async def callbacks(
    page: Agent, show: Show = "due", after: Annotated[str | None, Query(max_length=300)] = None
) -> Response:
    """Who is to be called or written, first due first; agents see their own."""
    return await _callbacks(page, show, after)


@router.post("/callbacks/{callback_id}")
async def end_callback(
    page: Agent, callback_id: int, show: Show = "due", after: Annotated[str | None, Query(max_length=300)] = None
) -> Response:
    """It was done, it failed, or it is not wanted any more. `show` and `after` say which list is looked at."""
    form = await page.form()
    state, result = text_of(form, "state", 10), text_of(form, "result", 1000)
    if state not in followups.ENDINGS:
        return await _callbacks(page, show, after, 422, page.say(HOW))
    async with page.console.services.works.begin() as work:
        outcome = await followups.end_callback(work, callback_id, page.actor, state, result)
    if isinstance(outcome, NotYours):
        return await _callbacks(page, show, after, 403, page.say(NOT_YOURS))
    if isinstance(outcome, SettledBefore):
        return await _callbacks(page, show, after, 409, page.say(DECIDED))
    return await _callbacks(page, show, after)


@router.get("/complaints")
async def complaints(
    page: ComplaintsReader,
    show: Show = "due",
    market: Annotated[str, Query(max_length=2)] = "",
    category: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """What is owed an answer, next deadline first."""
    async with page.console.services.works.read() as session:
        listed = await query.complaints(session, show, page.console.now, after, market=market, category=category)
    template = "followups/_complaints.html" if page.is_partial else "followups/complaints.html"
    return page.render(template, listed=listed, show=show, market=market, category=category, after=after)


@router.get("/complaints/{complaint_id}")
async def complaint(page: ComplaintsReader, complaint_id: int) -> Response:
    """One complaint, with its clocks and what is next."""
    return await _complaint(page, complaint_id)


@router.post("/complaints/{complaint_id}")
async def handle(page: ComplaintsHandler, complaint_id: int) -> Response:
    """Say what it is about, acknowledge it, answer it, or close it."""
    form = await page.form()
    step, category = text_of(form, "step", 20), text_of(form, "category", 20)
    outcome, text = text_of(form, "outcome", 20), text_of(form, "answer", 4000)
    if step == "answer" and (outcome not in OUTCOMES or not text):
        return await _complaint(page, complaint_id, 422, page.say(ANSWER), typed=text)
    async with page.console.services.works.begin() as work:
        match step:
            case "categorise" if category in CATEGORIES:
                done: object = await followups.categorise(work, complaint_id, page.actor, category)
            case "acknowledge":
                done = await followups.acknowledge(work, complaint_id, page.actor)
            case "answer":
                done = await followups.answer(work, complaint_id, page.actor, outcome, text)
            case "close":
                done = await followups.close_complaint(work, complaint_id, page.actor)
            case _:
                raise InvalidInput("There is no such step.", step=step)
    if isinstance(done, SettledBefore):
        return await _complaint(page, complaint_id, 409, page.say(DECIDED), typed=text)
    if isinstance(done, NotYours):
        return await _complaint(page, complaint_id, 409, page.say(NOT_ANSWERED))
    return await _complaint(page, complaint_id) if page.is_partial else page.go(f"/complaints/{complaint_id}")


@router.get("/conversations/{conversation_id}/followups")
async def beside(page: Agent, conversation_id: int) -> Response:
    """The callbacks and complaints of one conversation, beside it."""
    return await _beside(page, conversation_id)


@router.post("/conversations/{conversation_id}/callbacks")
async def add_callback(page: Agent, conversation_id: int) -> Response:
    """Note that the person is to be called or written at a time, given in their own zone."""
    form = await page.form()
    way, note = text_of(form, "way", 10), text_of(form, "note", 1000)
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
    due = _moment(text_of(form, "due", 20), head.time_zone)
    if due is None or due <= page.console.now or way not in followups.WAYS:
        return await _beside(page, conversation_id, 422, page.say(LATER))
    async with page.console.services.works.begin() as work:
        outcome = await followups.call_back(work, conversation_id, page.actor, due, way=way, note=note)
    if isinstance(outcome, NotYours):
        return await _beside(page, conversation_id, 403, page.say(NOT_YOURS))
    return await _beside(page, conversation_id)


@router.post("/conversations/{conversation_id}/complaints")
async def add_complaint(page: Agent, conversation_id: int) -> Response:
    """Take a complaint down."""
    form = await page.form()
    category, words = text_of(form, "category", 20), text_of(form, "words", 4000)
    async with page.console.services.works.read() as session:
        await view.visible(page, session, conversation_id)
    if category not in CATEGORIES or not words:
        return await _beside(page, conversation_id, 422, page.say(WORDS))
    async with page.console.services.works.begin() as work:
        outcome = await followups.complain(work, conversation_id, page.actor, category, words)
    if isinstance(outcome, NotYours):
        return await _beside(page, conversation_id, 403, page.say(NOT_YOURS))
    return await _beside(page, conversation_id)


def _moment(text: str, time_zone: str) -> datetime | None:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return None
    return given.replace(tzinfo=zone(time_zone)).astimezone(UTC) if given.tzinfo is None else given.astimezone(UTC)


async def _callbacks(page: Page, show: Show, after: str | None, status: int = 200, problem: str = "") -> Response:
    only_of = None if page.may("supervise") else page.user.id
    async with page.console.services.works.read() as session:
        listed = await query.callbacks(session, show, page.console.now, after, only_of=only_of)
    if not page.is_partial and page.request.method == "POST" and status == 200:
        return page.go(f"/callbacks?show={show}" if show != "due" else "/callbacks")
    template = "followups/_callbacks.html" if page.is_partial else "followups/callbacks.html"
    return page.render(template, status, listed=listed, show=show, after=after, problem=problem)


async def _complaint(
    page: Page, complaint_id: int, status: int = 200, problem: str = "", *, typed: str = ""
) -> Response:
    async with page.console.services.works.read() as session:
        found = await query.complaint(session, complaint_id)
    if found is None:
        raise NotFound("There is no such complaint.", complaint_id=complaint_id)
    template = "followups/_complaint.html" if page.is_partial else "followups/complaint.html"
    return page.render(template, status, row=found, problem=problem, typed=typed)


async def _beside(page: Page, conversation_id: int, status: int = 200, problem: str = "") -> Response:
    if not page.is_partial and page.request.method == "POST" and status == 200:
        return page.go(f"/conversations/{conversation_id}")
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
        calls, made = await query.of_conversation(session, conversation_id)
    template = "followups/_beside.html" if page.is_partial else "followups/beside.html"
    may_add = page.may("supervise") or view.holds(page, head)
    return page.render(template, status, head=head, calls=calls, complaints=made, may_add=may_add, problem=problem)
