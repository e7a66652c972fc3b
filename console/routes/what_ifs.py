"""What would change: a version of the limits simulated on the live portfolio, before it holds."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import what_ifs as shown
from console.forms import text_of
from console.page import LimitsEditor, LimitsReader, Page
from console.queries import policy_versions as versions
from console.queries import what_ifs as query
from core.actions import what_ifs
from core.errors import NotFound

router = APIRouter(prefix="/limits/versions/{version_id}/what-if")

BOM = "\ufeff"
"""Spreadsheets take a file that begins with it for UTF-8."""


@router.get("")
async def show(page: LimitsReader, version_id: int, run: Annotated[int | None, Query()] = None) -> Response:
    """The runs of a version; without htmx, its page."""
    return await _show(page, version_id, run=run)


@router.post("")
async def ask(page: LimitsEditor, version_id: int) -> Response:
    """Ask what this version would change; a worker simulates it."""
    typed = text_of(await page.form(), "seed", 6)
    seed = int(typed) if typed.isascii() and typed.isdigit() else 1
    async with page.console.services.works.begin() as work:
        outcome = await what_ifs.ask(work, page.actor, version_id, seed)
    if isinstance(outcome, what_ifs.Asked):
        return await _show(page, version_id, notice=page.say(shown.ASKED))
    busy = isinstance(outcome, what_ifs.Busy)
    return await _show(page, version_id, 409, problem=page.say(shown.BUSY if busy else shown.DECIDED))


@router.post("/{run_id}/call-off")
async def call_off(page: LimitsEditor, version_id: int, run_id: int) -> Response:
    """Stop a run that waits or goes on."""
    async with page.console.services.works.begin() as work:
        outcome = await what_ifs.call_off(work, page.actor, run_id)
    called_off = isinstance(outcome, what_ifs.CalledOff)
    return await _show(page, version_id, notice=page.say(shown.CALLED_OFF) if called_off else "")


@router.get("/{run_id}/picture.svg")
async def picture(
    page: LimitsReader, version_id: int, run_id: int, currency: Annotated[str, Query(max_length=3)]
) -> Response:
    """Recovery against health of both versions."""
    async with page.console.services.works.read() as session:
        run = await query.one(session, version_id, run_id)
    drawn = shown.picture(page, run, currency)
    if drawn is None:
        raise NotFound("There are no figures of this currency.", currency=currency)
    return Response(drawn, media_type="image/svg+xml")


@router.get("/{run_id}/figures.csv")
async def figures(page: LimitsReader, version_id: int, run_id: int) -> Response:
    """The figures, for a spreadsheet."""
    async with page.console.services.works.read() as session:
        run = await query.one(session, version_id, run_id)
    name = f"what-would-change-{version_id}-{run_id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(BOM + shown.table(page, run), media_type="text/csv; charset=utf-8", headers=headers)


async def _show(
    page: Page, version_id: int, status: int = 200, *, run: int | None = None, notice: str = "", problem: str = ""
) -> Response:
    if not page.is_partial and not problem:
        asked = f"?run={run}" if run is not None else ""
        return page.go(f"/limits/versions/{version_id}{asked}#what-if")
    async with page.console.services.works.read() as session:
        version = await versions.one(session, version_id)
        runs = await query.runs(session, version_id, run)
    template = "limits/_what_if.html" if page.is_partial else "limits/what_if_alone.html"
    return page.render(
        template,
        status,
        version=version,
        runs=runs,
        what_if=shown,
        chosen=run,
        run_notice=notice,
        run_problem=problem,
    )
