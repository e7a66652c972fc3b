"""The plan desk of a conversation: numbers in, each date and sum out, sent as an offer or put to an approver."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from console import conversation_view as view
from console.conversation_view import Desk, Preview, holds
from console.desk_form import DeskForm, desk_ask
from console.forms import text_of
from console.i18n import N_
from console.page import Agent, Page
from console.queries import approvals
from console.queries.conversation_rows import Head
from console.show import zone
from core.actions import beyond_limits, desk
from core.actions.values import NotHolder
from core.compliance import Refused
from core.errors import InvalidInput, NotFound
from core.negotiation import Ask
from core.policy import Breach, may_approve

router = APIRouter(prefix="/conversations/{conversation_id}/desk")

OFFERED = N_("The offer is on its way, with a yes and a no to press.")
ASKED = N_("Asked for approval. The answer will appear here.")
NO_LONGER = N_("This approval was used already, or it has expired.")
NOT_YOURS = N_("You do not hold this conversation, so nothing was sent.")


@router.post("/preview")
async def preview(page: Agent, conversation_id: int) -> Response:
    """What the numbers come to, as they are typed."""
    made, _, head = await _read(page, conversation_id)
    return page.render("conversation/_preview.html", head=head, desk=made)


@router.post("")
async def propose(page: Agent, conversation_id: int) -> Response:
    """Send the plan as an offer when it is inside the limits; ask for approval, with a reason, when it is not."""
    made, ask, head = await _read(page, conversation_id)
    if not holds(page, head):
        return await _answer(page, conversation_id, made, 409, page.say(NOT_YOURS))
    if ask is None or made.preview is None or made.preview.offer is None:
        return await _answer(page, conversation_id, made, 422)
    if made.preview.breaches and not made.form.reason:
        missing = replace(made, problems={**made.problems, "reason": "desk.reason"})
        return await _answer(page, conversation_id, missing, 422)
    async with page.console.services.works.begin() as work:
        outcome = await desk.propose(work, conversation_id, page.actor, ask, reason=made.form.reason)
    match outcome:
        case desk.Offered():
            return await _answer(page, conversation_id, replace(view.suggested(page, head), done=page.say(OFFERED)))
        case beyond_limits.NeedsApproval():
            return await _answer(page, conversation_id, replace(view.suggested(page, head), done=page.say(ASKED)))
        case NotHolder():
            return await _answer(page, conversation_id, made, 409, page.say(NOT_YOURS))
        case Refused(reasons):
            return await _answer(page, conversation_id, replace(made, refused=reasons), 422)


@router.post("/approved/{approval_id}")
async def offer_approved(page: Agent, conversation_id: int, approval_id: int) -> Response:
    """Send an exception that was approved when nothing could be sent."""
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
        found = await approvals.one(session, approval_id, page.console.now)
    made = view.suggested(page, head)
    if found is None or found.conversation_id != conversation_id:
        raise NotFound("There is no such approval.", approval_id=approval_id)
    async with page.console.services.works.begin() as work:
        outcome = await beyond_limits.offer_approved(work, approval_id, page.actor)
    match outcome:
        case beyond_limits.Approved():
            return await _answer(page, conversation_id, replace(made, done=page.say(OFFERED)))
        case NotHolder():
            return await _answer(page, conversation_id, made, 409, page.say(NOT_YOURS))
        case beyond_limits.AlreadyDecided():
            return await _answer(page, conversation_id, made, 409, page.say(NO_LONGER))
        case Refused(reasons):
            return await _answer(page, conversation_id, replace(made, refused=reasons), 422)


async def _read(page: Page, conversation_id: int) -> tuple[Desk, Ask | None, Head]:
    form = DeskForm.read(await page.form())
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
        today = page.console.now.astimezone(zone(head.time_zone)).date()
        read = desk_ask(form, head.balance, today)
        if read.ask is None:
            return Desk(form, read.problems), None, head
        try:
            offer, breaches = await desk.preview(session, conversation_id, read.ask, page.console.now, page.actor.role)
        except InvalidInput:
            return Desk(form, {}, Preview(problem="desk.no_plan")), None, head
        role = _who_may(breaches)
        names = await approvals.who_may_decide(session, role, page.user.id) if role is not None else ()
    return Desk(form, {}, Preview(offer, breaches, role, by_names=names)), read.ask, head


def _who_may(breaches: tuple[Breach, ...]) -> str | None:
    """The nearest role that may allow what is outside."""
    if not breaches:
        return None
    return next((role for role in ("supervisor", "manager") if may_approve(role, breaches)), None)


async def _answer(page: Page, conversation_id: int, made: Desk, status: int = 200, notice: str = "") -> Response:
    if page.is_partial:
        seen = text_of(await page.form(), "seen", 60)
        return await view.changes(page, conversation_id, seen=seen, status=status, desk=made, notice=notice)
    if status == 200:
        return page.go(f"/conversations/{conversation_id}")
    return await view.whole(page, conversation_id, status=status, desk=made, notice=notice)
