"""One conversation: read it, take it over, write, note, hand back, close."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import conversation_view as view
from console.conversation_answers import after, answer, check_visible, not_holder
from console.conversation_view import Composer
from console.forms import text_of
from console.hand_back_form import hand_back_of
from console.i18n import N_
from console.page import Agent, Page, Reader
from core.actions import notes, replies, takeover
from core.actions.values import Closed, HeldBy, NotHolder, Repeat, Sent
from core.compliance import HOLDS, Refused

router = APIRouter(prefix="/conversations/{conversation_id}")

TAKEN_BY = N_("%(name)s took this conversation over first, at %(time)s.")
ENDED = N_("This conversation has ended.")
CHOOSE = N_("Choose how it ended.")
NEEDS_NOTE = N_("This outcome asks for a note.")
SAY_HOW = N_("Say how you checked who this is.")
SAY_WHY = N_("Say why the hold may be cleared.")
NO_SUM = N_("Give a sum such as 800 or 1,250.50.")


@router.get("")
async def show(
    page: Reader,
    conversation_id: int,
    before: Annotated[int | None, Query()] = None,
    hard: Annotated[bool, Query()] = False,
) -> Response:
    """The page; `before` shows earlier messages. One that goes on in another leads there."""
    return await view.whole(page, conversation_id, before=before, hard=hard)


@router.get("/changes")
async def changes(
    page: Reader, conversation_id: int, seen: Annotated[str, Query(pattern=r"^[a-z0-9-]{1,60}$")]
) -> Response:
    """The parts of the page as they are now; the composer and the desk only where they are not as `seen`."""
    return await view.changes(page, conversation_id, seen=seen)


@router.post("/take")
async def take(page: Agent, conversation_id: int) -> Response:
    """Become the holder; who comes second is told who was first."""
    await check_visible(page, conversation_id)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.take_over(work, conversation_id, page.actor)
    if isinstance(outcome, HeldBy):
        at = page.console.renderer.shown(page.language).clock(outcome.since, page.time_zone)
        return await answer(page, conversation_id, page.say(TAKEN_BY, name=outcome.name, time=at), 409)
    if isinstance(outcome, Closed):
        return await answer(page, conversation_id, page.say(ENDED), 409)
    return await answer(page, conversation_id)


@router.post("/reply")
async def reply(page: Agent, conversation_id: int) -> Response:
    """Send what was typed; refused, it comes back with the reasons and nothing is lost."""
    await check_visible(page, conversation_id)
    form = await page.form()
    text, key = text_of(form, "text", 10_000), text_of(form, "client_key", 80)
    composer = Composer(text=text, client_key=key, due=text_of(form, "due", 20))
    if not text or not key:
        return await answer(page, conversation_id, status=422, composer=Composer.empty())
    async with page.console.services.works.begin() as work:
        outcome = await replies.reply_as_agent(work, conversation_id, page.actor, text, key)
    match outcome:
        case Sent() | Repeat():
            return await answer(page, conversation_id, composer=Composer.empty())
        case Refused(reasons):
            refused = Composer(text=text, client_key=key, refused=reasons)
            return await answer(page, conversation_id, status=422, composer=refused)
        case NotHolder(name):
            return await answer(page, conversation_id, not_holder(page, name), 409, composer)


@router.post("/notes")
async def note(page: Agent, conversation_id: int) -> Response:
    """Keep a note that only the team sees; whom it names is told."""
    await check_visible(page, conversation_id)
    text = text_of(await page.form(), "text", 4000)
    if not text:
        return await answer(page, conversation_id, status=422)
    async with page.console.services.works.begin() as work:
        await notes.add(work, conversation_id, page.actor, text)
    return await answer(page, conversation_id)


@router.post("/identity")
async def identity(page: Agent, conversation_id: int) -> Response:
    """The holder has checked who this is, and says how."""
    await check_visible(page, conversation_id)
    how = text_of(await page.form(), "how", 300)
    if not how:
        return await answer(page, conversation_id, page.say(SAY_HOW), 422)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.confirm_identity(work, conversation_id, page.actor, how)
    return await after(page, conversation_id, outcome)


@router.post("/holds")
async def clear_hold(page: Agent, conversation_id: int) -> Response:
    """A named person ends a hold, and says why."""
    await check_visible(page, conversation_id)
    form = await page.form()
    flag, why = text_of(form, "flag", 30), text_of(form, "why", 300)
    held = next((hold for hold in HOLDS if hold == flag), None)
    if held is None or not why:
        return await answer(page, conversation_id, page.say(SAY_WHY), 422)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.clear_hold(work, conversation_id, page.actor, held, why)
    return await after(page, conversation_id, outcome)


@router.post("/back")
async def back(page: Agent, conversation_id: int) -> Response:
    """Give the conversation to the assistant, with a note and with what it has to obey."""
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
    wanted = hand_back_of(await page.form(), head.currency)
    if wanted is None:
        return await answer(page, conversation_id, page.say(NO_SUM), 422)
    async with page.console.services.works.begin() as work:
        outcome = await takeover.hand_back(
            work, conversation_id, page.actor, wanted.note, orders=wanted.orders, discussed=wanted.discussed
        )
    return await after(page, conversation_id, outcome, hard=view.was_hard(head))


@router.post("/close")
async def close(page: Agent, conversation_id: int) -> Response:
    """End the conversation with an outcome, and a note where the outcome asks for one."""
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
    form = await page.form()
    outcome, words = text_of(form, "outcome", 40), text_of(form, "note", 2000)
    if not any(each.code == outcome and not each.archived for each in head.outcomes):
        return await answer(page, conversation_id, page.say(CHOOSE), 422)
    async with page.console.services.works.begin() as work:
        closed = await takeover.close(work, conversation_id, page.actor, outcome, words)
    return await _after_close(page, conversation_id, closed, hard=view.was_hard(head))


async def _after_close(page: Page, conversation_id: int, closed: object, *, hard: bool) -> Response:
    match closed:
        case takeover.NoSuchOutcome():
            return await answer(page, conversation_id, page.say(CHOOSE), 422)
        case takeover.NeedsNote():
            return await answer(page, conversation_id, page.say(NEEDS_NOTE), 422)
        case _:
            return await after(page, conversation_id, closed, hard=hard)
