"""Beside a conversation: what supervisors whisper to its agent, and how they take it over or move it."""

from typing import cast

from fastapi import APIRouter
from fastapi.responses import Response

from console import conversation_view as view
from console.forms import text_of
from console.i18n import N_
from console.page import Agent, Page, Supervisor
from console.queries import followups as query
from console.queries import wall
from core.actions import reassign, whispers
from core.actions.reassign import MayNotHold, Moved, Target
from core.actions.whispers import Whispered

router = APIRouter(prefix="/conversations/{conversation_id}")

NOBODY = N_("No agent holds this conversation, so nobody would hear it.")
EMPTY = N_("Write what to whisper.")
SAY_WHY = N_("Say why. The agents are told, and it is kept.")
CHOOSE_WHERE = N_("Choose where it goes.")
STAYS = N_("Nothing was moved: it is there already, or has ended.")
CANNOT_HOLD = N_("This person cannot hold conversations.")


@router.get("/whispers")
async def show(page: Agent, conversation_id: int) -> Response:
    """What is whispered, for the holder and for supervisors; nobody else learns that there is anything."""
    return await _beside(page, conversation_id)


@router.post("/whispers")
async def add(page: Supervisor, conversation_id: int) -> Response:
    """Say something to the holder that a debtor never sees."""
    text = text_of(await page.form(), "text", whispers.LONGEST)
    if not text:
        return await _beside(page, conversation_id, 422, page.say(EMPTY))
    async with page.console.services.works.begin() as work:
        outcome = await whispers.whisper(work, conversation_id, page.actor, text)
    if not isinstance(outcome, Whispered):
        return await _beside(page, conversation_id, 409, page.say(NOBODY))
    return await _beside(page, conversation_id)


@router.post("/supervise")
async def supervise(page: Supervisor, conversation_id: int) -> Response:
    """Take the conversation over from its agent, or move it, with a reason."""
    form = await page.form()
    target, reason, agent = text_of(form, "target", 10), text_of(form, "reason", 500), text_of(form, "agent_id", 12)
    if target not in ("me", "agent", "queue", "bot"):
        return await _beside(page, conversation_id, 422, page.say(CHOOSE_WHERE))
    if not reason:
        return await _beside(page, conversation_id, 422, page.say(SAY_WHY))
    async with page.console.services.works.begin() as work:
        if target == "me":
            outcome: object = await reassign.take_from(work, conversation_id, page.actor, reason)
        else:
            agent_id = int(agent) if agent.isdigit() else None
            outcome = await reassign.reassign(
                work, conversation_id, page.actor, cast(Target, target), agent_id=agent_id, reason=reason
            )
    if isinstance(outcome, MayNotHold):
        return await _beside(page, conversation_id, 422, page.say(CANNOT_HOLD))
    if not isinstance(outcome, Moved):
        return await _beside(page, conversation_id, 409, page.say(STAYS))
    return await _beside(page, conversation_id)


async def _beside(page: Page, conversation_id: int, status: int = 200, problem: str = "") -> Response:
    """The section for htmx; without it, back to the conversation's page or the section with what is wrong."""
    if not page.is_partial and page.request.method == "POST" and status == 200:
        return page.go(f"/conversations/{conversation_id}")
    oversees = page.may("supervise")
    async with page.console.services.works.read() as session:
        await view.visible(page, session, conversation_id)
        beside = await query.beside(session, conversation_id, page.user.id, oversees=oversees)
        loads = await wall.loads(session) if oversees else ()
    template = "wall/_beside.html" if page.is_partial else "wall/beside.html"
    return page.render(template, status, beside=beside, loads=loads, oversees=oversees, problem=problem)
