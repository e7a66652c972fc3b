"""How a conversation can end: managers keep the codes."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.forms import text_of
from console.labels import OUTCOME_PROBLEMS
from console.page import Manager, Page
from core.actions import outcome_codes

router = APIRouter(prefix="/outcomes")


@router.get("")
async def show(page: Manager) -> Response:
    """Every code, those in use first."""
    return await _list(page)


@router.post("")
async def add(page: Manager) -> Response:
    """A new code."""
    form = await page.form()
    names = {name: text_of(form, name, 80) for name in ("code", "en", "zh")}
    async with page.console.services.works.begin() as work:
        outcome = await outcome_codes.add(work, page.actor, **names, needs_note=bool(text_of(form, "needs_note", 3)))
    return await _after(page, outcome, names)


@router.post("/{code_id}")
async def change(page: Manager, code_id: int) -> Response:
    """Change what a code is called, and whether it asks for a note."""
    form = await page.form()
    names = {name: text_of(form, name, 80) for name in ("en", "zh")}
    async with page.console.services.works.begin() as work:
        needs_note = bool(text_of(form, "needs_note", 3))
        outcome = await outcome_codes.change(work, page.actor, code_id, **names, needs_note=needs_note)
    return await _after(page, outcome, {})


@router.post("/{code_id}/archive")
async def archive(page: Manager, code_id: int) -> Response:
    """Offer a code no more, or again."""
    archived = text_of(await page.form(), "archived", 3) != "no"
    async with page.console.services.works.begin() as work:
        outcome = await outcome_codes.archive(work, page.actor, code_id, archived=archived)
    return await _after(page, outcome, {})


async def _after(page: Page, outcome: outcome_codes.Kept | outcome_codes.Wrong, typed: dict[str, str]) -> Response:
    if isinstance(outcome, outcome_codes.Wrong):
        return await _list(page, 422, page.say(OUTCOME_PROBLEMS[outcome.code]), typed)
    return page.go("/outcomes")


async def _list(page: Page, status: int = 200, problem: str = "", typed: dict[str, str] | None = None) -> Response:
    async with page.console.services.works.read() as session:
        rows = await outcome_codes.every(session)
    return page.render("replies/outcomes.html", status, rows=rows, problem=problem, typed=typed or {})
