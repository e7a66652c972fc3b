"""One conversation: read it, take it over, write, note, hand back, close."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import conversation_view as view
from console.conversation_view import Composer
from console.forms import text_of
from console.i18n import N_
from console.labels import CLOSING
from console.page import Agent, Page
from core.actions import notes, replies, takeover
from core.actions.values import Closed, HeldBy, NotHolder, Repeat, Sent
from core.compliance import HOLDS, Refused

router = APIRouter(prefix="/conversations/{conversation_id}")

TAKEN_BY = N_("%(name)s took this conversation over first, at %(time)s.")
HELD_BY = N_("%(name)s holds this conversation now. Nothing was sent or changed.")
NOT_YOURS = N_("You do not hold this conversation any more. Nothing was sent or changed.")
ENDED = N_("This conversation has ended.")
CHOOSE = N_("Choose how it ended.")
SAY_HOW = N_("Say how you checked who this is.")
SAY_WHY = N_("Say why the hold may be cleared.")


@router.get("")
async def show(page: Agent, conversation_id: int, before: Annotated[int | None, Query()] = None) -> Response:
    """The page; `before` shows earlier messages."""
    return await view.whole(page, conversation_id, before=before)


@router.get("/changes")
async def changes(
    page: Agent, conversation_id: int, seen: Annotated[str, Query(pattern=r"^[a-z0-9-]{1,60}$")]
) -> Response:
    """The parts of the page as they are now; the composer and the desk only where they are not as `seen`."""
    return await view.changes(page, conversation_id, seen=seen)


@router.post("/take")
async def take(page: Agent, conversation_id: int) -> Response:
    """Become the holder; who comes second is told who was first."""
    await _check_visible(page, conversation_id)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.take_over(work, conversation_id, page.actor)
    if isinstance(outcome, HeldBy):
        at = page.console.renderer.shown(page.language).clock(outcome.since, page.time_zone)
        return await _answer(page, conversation_id, page.say(TAKEN_BY, name=outcome.name, time=at), 409)
    if isinstance(outcome, Closed):
        return await _answer(page, conversation_id, page.say(ENDED), 409)
    return await _answer(page, conversation_id)


@router.post("/reply")
async def reply(page: Agent, conversation_id: int) -> Response:
    """Send what was typed; refused, it comes back with the reasons and nothing is lost."""
    await _check_visible(page, conversation_id)
    form = await page.form()
    text, key = text_of(form, "text", 10_000), text_of(form, "client_key", 80)
    composer = Composer(text=text, client_key=key)
    if not text or not key:
        return await _answer(page, conversation_id, status=422, composer=Composer.empty())
    async with page.console.services.works.begin() as work:
        outcome = await replies.reply_as_agent(work, conversation_id, page.actor, text, key)
    match outcome:
        case Sent() | Repeat():
            return await _answer(page, conversation_id, composer=Composer.empty())
        case Refused(reasons):
            refused = Composer(text=text, client_key=key, refused=reasons)
            return await _answer(page, conversation_id, status=422, composer=refused)
        case NotHolder(name):
            return await _answer(page, conversation_id, _not_holder(page, name), 409, composer)


@router.post("/notes")
async def note(page: Agent, conversation_id: int) -> Response:
    """Keep a note that only the team sees."""
    await _check_visible(page, conversation_id)
    text = text_of(await page.form(), "text", 4000)
    if not text:
        return await _answer(page, conversation_id, status=422)
    async with page.console.services.works.begin() as work:
        await notes.add(work, conversation_id, page.actor, text)
    return await _answer(page, conversation_id)


@router.post("/identity")
async def identity(page: Agent, conversation_id: int) -> Response:
    """The holder has checked who this is, and says how."""
    await _check_visible(page, conversation_id)
    how = text_of(await page.form(), "how", 300)
    if not how:
        return await _answer(page, conversation_id, page.say(SAY_HOW), 422)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.confirm_identity(work, conversation_id, page.actor, how)
    return await _after(page, conversation_id, outcome)


@router.post("/holds")
async def clear_hold(page: Agent, conversation_id: int) -> Response:
    """A named person ends a hold, and says why."""
    await _check_visible(page, conversation_id)
    form = await page.form()
    flag, why = text_of(form, "flag", 30), text_of(form, "why", 300)
    held = next((hold for hold in HOLDS if hold == flag), None)
    if held is None or not why:
        return await _answer(page, conversation_id, page.say(SAY_WHY), 422)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.clear_hold(work, conversation_id, page.actor, held, why)
    return await _after(page, conversation_id, outcome)


@router.post("/back")
async def back(page: Agent, conversation_id: int) -> Response:
    """Give the conversation to the assistant, with a note."""
    await _check_visible(page, conversation_id)
    text = text_of(await page.form(), "note", 1000)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.hand_back(work, conversation_id, page.actor, text)
    return await _after(page, conversation_id, outcome)


@router.post("/close")
async def close(page: Agent, conversation_id: int) -> Response:
    """End the conversation with an outcome."""
    await _check_visible(page, conversation_id)
    outcome = text_of(await page.form(), "outcome", 40)
    if outcome not in CLOSING:
        return await _answer(page, conversation_id, page.say(CHOOSE), 422)
    async with page.console.services.works.begin() as work:
        closed = await takeover.close(work, conversation_id, page.actor, outcome)
    return await _after(page, conversation_id, closed)


async def _check_visible(page: Page, conversation_id: int) -> None:
    async with page.console.services.works.read() as session:
        await view.visible(page, session, conversation_id)


async def _after(page: Page, conversation_id: int, outcome: object) -> Response:
    if isinstance(outcome, NotHolder):
        return await _answer(page, conversation_id, _not_holder(page, outcome.name), 409)
    return await _answer(page, conversation_id)


async def _answer(
    page: Page, conversation_id: int, notice: str = "", status: int = 200, composer: Composer | None = None
) -> Response:
    """The changed parts for htmx; else back to the page, or the page with what is wrong."""
    if page.is_partial:
        seen = text_of(await page.form(), "seen", 60)
        return await view.changes(page, conversation_id, seen=seen, status=status, composer=composer, notice=notice)
    if status == 200:
        return page.go(f"/conversations/{conversation_id}")
    return await view.whole(page, conversation_id, status=status, composer=composer, notice=notice)


def _not_holder(page: Page, name: str | None) -> str:
    return page.say(HELD_BY, name=name) if name else page.say(NOT_YOURS)
