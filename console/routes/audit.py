"""The audit trail: looked through, its chain checked, exported."""

import csv
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse

from console import masking
from console.access import Permission
from console.page import Auditor, Exporter, Forbidden, Page
from console.queries import audit
from console.queries.audit import AuditFilter, AuditRow
from console.show import zone
from core.actions import trail
from core.errors import NotFound

router = APIRouter(prefix="/audit")
CHECKED_AT_ONCE = 2000
EXPORTED_AT_ONCE = 1000
COLUMNS = ("id", "at", "actor", "action", "subject", "subject_id", "data", "hash")
_PLACES: Mapping[str, tuple[str, Permission]] = {
    "conversation": ("/conversations/{}", "conversations.all"),
    "case": ("/audit/cases/{}", "audit"),
    "user": ("/users", "users"),
    "policy": ("/limits/history", "limits.read"),
    "limits_draft": ("/limits/versions/{}", "limits.read"),
    "model": ("/understanding/models", "understanding"),
    "webhook": ("/integrations/webhooks/{}", "integrations"),
    "api_key": ("/integrations", "integrations"),
}
"""Where the console shows a subject, and to whom."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The fields of the filter, as they were asked for."""

    subject: Annotated[str, Query(max_length=30)] = ""
    subject_id: Annotated[str, Query(max_length=18)] = ""
    action: Annotated[str, Query(max_length=40)] = ""
    actor: Annotated[str, Query(max_length=80)] = ""
    since: Annotated[str, Query(max_length=10)] = ""
    until: Annotated[str, Query(max_length=10)] = ""

    def read(self, time_zone: str) -> AuditFilter:
        """As a filter; days are whole days in this time zone, and what cannot be read is not asked for."""
        number = int(self.subject_id) if self.subject_id.isascii() and self.subject_id.isdigit() else None
        return AuditFilter(
            self.subject.strip(),
            number,
            self.action.strip(),
            self.actor.strip(),
            _begin(self.since, time_zone),
            _begin(self.until, time_zone, after=timedelta(days=1)),
        )

    def fields(self) -> dict[str, str]:
        """Those that are not empty, for addresses."""
        names = ("subject", "subject_id", "action", "actor", "since", "until")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


Filter = Annotated[Wanted, Depends()]


@router.get("")
async def show(page: Auditor, wanted: Filter, before: Annotated[int | None, Query()] = None) -> Response:
    """One page of what was done, newest first."""
    async with page.console.services.works.read() as session:
        rows, older = await audit.page(session, wanted.read(page.time_zone), before)
    return page.render(
        "audit/page.html",
        rows=[_masked(page, row) for row in rows],
        older=older,
        wanted=wanted,
        place_of=lambda subject, subject_id: place_of(page, subject, subject_id),
        may_export=page.may("reports.export"),
    )


@router.get("/chain")
async def check_chain(
    page: Auditor, after: Annotated[int, Query(ge=0)] = 0, rows: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """A stretch of the chain, checked: it says how far it is intact, and asks for the next stretch until the end."""
    async with page.console.services.works.read() as session:
        found = await trail.verify_part(session, after, CHECKED_AT_ONCE)
    checked = rows + (found.rows if isinstance(found, trail.Checked) else 0)
    template = "audit/_chain.html" if page.is_partial else "audit/chain.html"
    return page.render(template, found=found, rows=checked, broken=isinstance(found, trail.Tampered))


@router.get("/cases/{case_id}")
async def open_case(page: Auditor, case_id: int) -> Response:
    """On to the conversation in which the case was last spoken of."""
    async with page.console.services.works.read() as session:
        found = await audit.latest_conversation(session, case_id)
    if found is None:
        raise NotFound("Nobody has spoken of this case.", case_id=case_id)
    return page.go(f"/conversations/{found}")


@router.get("/export.csv")
async def export(page: Exporter, wanted: Filter) -> StreamingResponse:
    """Every row that the filter finds, newest first, as CSV; what was exported is audited too."""
    if not page.may("audit"):
        raise Forbidden("Your role does not allow this.", permission="audit", role=page.actor.role)
    async with page.console.services.works.begin() as work:
        await trail.leave(work, page.actor.login, "exported_audit", "audit", None, filter=wanted.fields())
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(_csv(page, wanted.read(page.time_zone)), media_type="text/csv", headers=headers)


def place_of(page: Page, subject: str, subject_id: int | None) -> str | None:
    """Where the console shows a subject of the trail; None where it does not, or not to this viewer."""
    place, permission = _PLACES.get(subject, ("", None))
    if permission is None or not page.may(permission) or ("{}" in place and subject_id is None):
        return None
    return place.format(subject_id)


async def _csv(page: Page, wanted: AuditFilter) -> AsyncIterator[str]:
    """In stretches, each read in a session of its own, so that a slow reader holds no connection."""
    yield "\ufeff" + _line(COLUMNS)
    before: int | None = None
    while True:
        async with page.console.services.works.read() as session:
            rows, before = await audit.page(session, wanted, before, EXPORTED_AT_ONCE)
        for row in rows:
            shown = _masked(page, row)
            data = json.dumps(shown.data, ensure_ascii=False, sort_keys=True)
            at = row.at.astimezone(UTC).isoformat(timespec="seconds")
            yield _line((row.id, at, row.actor, row.action, row.subject, row.subject_id or "", data, row.hash))
        if before is None:
            return


def _line(cells: tuple[object, ...]) -> str:
    """One line; what a spreadsheet would take for a formula is told apart by a quotation mark."""
    written = StringIO()
    plain = (str(cell) for cell in cells)
    csv.writer(written).writerow([f"'{cell}" if cell[:1] in tuple("=+-@\t\r") else cell for cell in plain])
    return written.getvalue()


def _masked(page: Page, row: AuditRow) -> AuditRow:
    if page.may("personal_data"):
        return row
    data = masking.mask_values(row.data)
    return AuditRow(row.id, row.at, row.actor, row.action, row.subject, row.subject_id, data, row.hash)


def _begin(text: str, time_zone: str, after: timedelta = timedelta(0)) -> datetime | None:
    try:
        day = date.fromisoformat(text.strip())
        return (datetime.combine(day, time(), zone(time_zone)) + after).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
