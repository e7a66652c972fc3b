"""When debtors may be written to without having asked, and how often: narrower than the market's rules, never wider."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import house as view
from console.forms import text_of
from console.i18n import N_
from console.page import Page, WordingEditor, WordingReader
from console.queries import house as query
from core.actions import contact_rules
from core.actions.house import MayNot, NothingChanges, Problem, Wrong
from core.compliance.contact import CONTACT_FIELDS, contact_changes
from core.compliance.parameters import IN_FORCE

router = APIRouter(prefix="/contact-rules")
SAVED = N_("Saved in your draft. Nothing changes until somebody else has approved it.")
NOTHING = N_("Nothing differs from what holds now.")
MAY_NOT = N_("Your role may not change contact rules.")


@router.get("")
async def show(page: WordingReader, said: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The rules of each market: what the law or good practice allows, what holds, and what the draft would make."""
    return await _show(page, notice=page.say(SAVED) if said == "saved" else "")


@router.post("")
async def change(page: WordingEditor) -> Response:
    """The rules are put into the viewer's draft; refused, they come back with what is wrong."""
    form = await page.form()
    typed = {key: text_of(form, key, 20) for key in contact_changes() if key in form}
    async with page.console.services.works.begin() as work:
        outcome = await contact_rules.change_rules(work, page.actor, typed)
    match outcome:
        case Wrong(problems):
            return await _show(page, 422, typed=typed, problems=problems)
        case NothingChanges():
            return await _show(page, 422, typed=typed, problem=page.say(NOTHING))
        case MayNot():
            return await _show(page, 403, typed=typed, problem=page.say(MAY_NOT))
    return page.go("/contact-rules?said=saved")


async def _show(
    page: Page,
    status: int = 200,
    *,
    typed: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
    notice: str = "",
    problem: str = "",
) -> Response:
    async with page.console.services.works.read() as session:
        board = await query.board(session, "contact", page.user.id)
    shipped = contact_changes()
    draft = {
        key: (shipped[key] if value is None else value)
        for key, value in (board.mine.changes if board.mine else {}).items()
    }
    now = {**shipped, **board.body}
    return page.render(
        "house/contact_rules.html",
        status,
        board=board,
        markets=IN_FORCE.markets,
        fields=CONTACT_FIELDS,
        shipped=shipped,
        now=now,
        values={**now, **draft, **(typed or {})},
        problems=dict(view.problem_texts(page, problems)),
        notice=notice,
        problem=problem,
        field_names=view.CONTACT_FIELDS,
    )
