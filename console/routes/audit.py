"""The audit trail."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.page import Auditor
from console.queries import audit
from console.queries.audit import AuditFilter

router = APIRouter()


@router.get("/audit")
async def show(  # noqa: PLR0917  the fields of a filter
    page: Auditor,
    subject: Annotated[str, Query(max_length=30)] = "",
    subject_id: Annotated[str, Query(max_length=18)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
    actor: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[int | None, Query()] = None,
) -> Response:
    """One page of what was done, newest first."""
    number = int(subject_id) if subject_id.isascii() and subject_id.isdigit() else None
    wanted = AuditFilter(subject.strip(), number, action.strip(), actor.strip())
    async with page.console.services.works.read() as session:
        rows, older = await audit.page(session, wanted, before)
    filters = {"subject": subject, "subject_id": subject_id, "action": action, "actor": actor}
    return page.render("audit/page.html", rows=rows, older=older, wanted=wanted, filters=filters)
