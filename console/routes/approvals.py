"""Plans beyond the limits that someone asked for, and their answers."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.approval_figures import figures
from console.forms import text_of
from console.i18n import N_
from console.page import Approver, Page
from console.queries import approvals
from core.actions import beyond_limits
from core.compliance import Refused
from core.policy import may_approve

router = APIRouter(prefix="/approvals")

APPROVED = N_("Approved. The offer is on its way.")
REFUSED = N_("Refused. The agent has your answer.")
MAY_NOT = N_("You may not decide this: it is beyond your role (%(role)s), or your own request.")
DECIDED = N_("Someone else has decided this already.")
EXPIRED = N_("This request has expired: nobody answered it in time.")
NOT_SENT = N_("Not approved: %(reasons)s")
LATER = N_("Approved. It may not be sent now, so the agent offers it within seven days: %(reasons)s")
NEEDS_ANSWER = N_("Say why, so that the agent can explain it.")


@router.get("")
async def show(page: Approver, after: Annotated[int | None, Query()] = None) -> Response:
    """The requests, with the numbers in view."""
    return await _list(page, after)


@router.post("/{approval_id}")
async def decide(page: Approver, approval_id: int, after: Annotated[int | None, Query()] = None) -> Response:
    """Approve or refuse; a refusal is explained. `after` is where the list that is looked at begins."""
    form = await page.form()
    approve, answer = text_of(form, "decision", 10) == "approve", text_of(form, "answer", 1000)
    if not approve and not answer:
        return await _list(page, after, 422, problem=page.say(NEEDS_ANSWER), about=approval_id)
    async with page.console.services.works.begin() as work:
        outcome = await beyond_limits.decide_approval(work, approval_id, page.actor, approve=approve, answer=answer)
    match outcome:
        case beyond_limits.Approved():
            return await _list(page, after, notice=page.say(APPROVED))
        case beyond_limits.ApprovedForLater(_, reasons):
            return await _list(page, after, notice=page.say(LATER, reasons=_said(page, Refused(reasons))))
        case beyond_limits.RefusedApproval():
            return await _list(page, after, notice=page.say(REFUSED))
        case beyond_limits.MayNotApprove(role):
            shown = page.console.renderer.shown(page.language).label(role, "ROLES")
            return await _list(page, after, 403, problem=page.say(MAY_NOT, role=shown), about=approval_id)
        case beyond_limits.AlreadyDecided(state):
            why = EXPIRED if state == "expired" else DECIDED
            return await _list(page, after, 409, problem=page.say(why))
        case Refused():
            return await _list(
                page, after, 422, problem=page.say(NOT_SENT, reasons=_said(page, outcome)), about=approval_id
            )


def _said(page: Page, refused: Refused) -> str:
    shown = page.console.renderer.shown(page.language)
    return " ".join(shown.refusal(reason) for reason in refused.reasons)


async def _list(
    page: Page,
    after: int | None,
    status: int = 200,
    *,
    notice: str = "",
    problem: str = "",
    about: int = 0,
) -> Response:
    now = page.console.now
    async with page.console.services.works.read() as session:
        waiting, more = await approvals.waiting(session, now, after)
        decided = await approvals.decided(session, now)
        versions = await approvals.versions(session, {row.policy_version for row in waiting})
    template = "approvals/_list.html" if page.is_partial else "approvals/page.html"
    role = "manager" if page.actor.role == "admin" else page.actor.role
    allowed = {row.id: may_approve(role, row.breaches) and row.asked_by_id != page.user.id for row in waiting}
    return page.render(
        template,
        status,
        waiting=waiting,
        decided=decided,
        figures={row.id: figures(row, versions, now) for row in waiting},
        after=after,
        more=more,
        allowed=allowed,
        notice=notice,
        problem=problem,
        about=about,
    )
