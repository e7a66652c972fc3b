"""Every text that a debtor reads: looked up, changed in a draft, checked and shown as it would read."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import house as view
from console.forms import text_of
from console.i18n import N_
from console.page import Page, WordingEditor, WordingReader
from console.queries import house as query
from core.actions import wordings
from core.actions.house import MayNot, Problem, Wrong
from core.wording import LANGUAGES, variables

router = APIRouter(prefix="/wording")
LONGEST = 2000
KEY = r"^[a-z_]+\.[a-z0-9_.]+$"
Market = Literal["cn", "us", "uk"]

SAID = {
    "saved": N_("Saved in your draft. Nothing changes until somebody else has approved it."),
    "shipped": N_("Your draft goes back to the shipped text."),
}
MAY_NOT = N_("Your role may not change texts.")


@router.get("")
async def show(
    page: WordingReader,
    area: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    only: Annotated[Literal["", "changed", "draft"], Query()] = "",
) -> Response:
    """The texts of one area, or those that hold some words."""
    async with page.console.services.works.read() as session:
        board = await query.board(session, "wording", page.user.id)
    draft = board.mine.changes if board.mine else {}
    chosen = area if area in view.AREAS else ("" if q or only else next(iter(view.AREAS)))
    rows = view.text_rows(board.body, draft, area=chosen, words=q.strip(), only=only)
    template = "house/_texts.html" if page.is_partial else "house/wording.html"
    return page.render(template, board=board, rows=rows, area=chosen, q=q.strip(), only=only, areas=view.AREAS)


@router.get("/texts/{key}")
async def text(
    page: WordingReader,
    key: str,
    said: Annotated[str, Query(max_length=20)] = "",
    market: Annotated[Market, Query()] = "cn",
) -> Response:
    """One text in both languages, as it is said now and as it would be."""
    return await _text(page, key, market, notice=page.say(SAID[said]) if said in SAID else "")


@router.post("/texts/{key}/check")
async def check(page: WordingEditor, key: str) -> Response:
    """What is wrong with a text as it is typed, and how it would read."""
    form = await page.form()
    view.known_text(key)
    entry: dict[str, str] = {language: text_of(form, language, LONGEST) for language in LANGUAGES}
    market = _market(text_of(form, "market", 2))
    problems = view.problem_texts(page, wordings.wording_problems(key, entry))
    return page.render("house/_preview.html", key=key, problems=problems, shown=view.previews(key, entry, market))


@router.post("/texts/{key}")
async def change(page: WordingEditor, key: str) -> Response:
    """The text is put into the viewer's draft; refused, it comes back with what is wrong."""
    form = await page.form()
    view.known_text(key)
    entry: dict[str, str] = {language: text_of(form, language, LONGEST) for language in LANGUAGES}
    back = text_of(form, "shipped", 3) == "yes"
    async with page.console.services.works.begin() as work:
        outcome = await wordings.change_text(work, page.actor, key, None if back else entry)
    if isinstance(outcome, Wrong):
        return await _text(page, key, _market(text_of(form, "market", 2)), 422, typed=entry, problems=outcome.problems)
    if isinstance(outcome, MayNot):
        return await _text(page, key, "cn", 403, typed=entry, problem=page.say(MAY_NOT))
    return page.go(f"/wording/texts/{key}?said={'shipped' if back else 'saved'}")


def _market(name: str) -> Market:
    return "us" if name == "us" else "uk" if name == "uk" else "cn"


async def _text(
    page: Page,
    key: str,
    market: Market,
    status: int = 200,
    *,
    typed: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
    notice: str = "",
    problem: str = "",
) -> Response:
    shipped = view.known_text(key)
    async with page.console.services.works.read() as session:
        board = await query.board(session, "wording", page.user.id)
    draft = board.mine.changes if board.mine else {}
    row = view.text_rows(board.body, draft, area=view.area_of(key))
    text_now = next(each for each in row if each.key == key)
    entry = typed or dict(text_now.draft or text_now.now)
    return page.render(
        "house/text.html",
        status,
        key=key,
        text=text_now,
        entry=entry,
        shipped=shipped,
        board=board,
        market=market,
        variables=variables(key),
        problems=view.problem_texts(page, problems),
        shown=view.previews(key, entry, market),
        notice=notice,
        problem=problem,
        area=view.AREAS.get(view.area_of(key), view.area_of(key)),
    )
