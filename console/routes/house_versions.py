"""Versions of the texts and of the contact rules: put forward, approved by somebody else, sent back, gone back to."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from console import house as view
from console.forms import text_of
from console.i18n import N_
from console.page import Page, WordingEditor, WordingReader
from console.queries import house as query
from core.actions import house

router = APIRouter(prefix="/house")

SAID = {
    "review": N_("Asked for approval. Whoever may approve sees it on this page."),
    "in_force": N_("Approved. It is in force: the next message obeys it."),
    "draft": N_("It is a draft again."),
    "withdrawn": N_("Withdrawn. It is kept for the record."),
    "dropped": N_("Taken out of the draft."),
    "back": N_("Your draft now makes everything as it was in that version."),
}
OWN = N_("You wrote this, so somebody else has to approve it.")
CHANGED = N_("It has changed since you looked at it. Look again.")
NOT_YOURS = N_("Only who wrote it may do this.")
WHY = N_("Say why, so that the author can put it right.")
SAME = N_("It changes nothing in what holds now.")
MAY_NOT = N_("Your role may not do this.")
CLASH = N_("It cannot hold as it is. Send it back.")


@router.get("/history")
async def history(
    page: WordingReader,
    subject: Annotated[Literal["wording", "contact"], Query()] = "wording",
    before: Annotated[int | None, Query()] = None,
) -> Response:
    """The versions that have held, newest first, each with what it changed."""
    async with page.console.services.works.read() as session:
        versions, older = await query.history(session, subject, before)
    return page.render("house/history.html", subject=subject, versions=versions, older=older)


@router.get("/versions/{version_id}")
async def show(page: WordingReader, version_id: int, said: Annotated[str, Query(max_length=20)] = "") -> Response:
    """A version or draft: what it changes, and what may be done with it."""
    return await _show(page, version_id, notice=page.say(SAID[said]) if said in SAID else "")


@router.post("/versions/{version_id}/review")
async def ask_review(page: WordingEditor, version_id: int) -> Response:
    """One's own draft is put before somebody else."""
    form = await page.form()
    note = text_of(form, "note", 1000)
    async with page.console.services.works.begin() as work:
        outcome = await house.ask_review(work, page.actor, version_id, _number(form, "revision"), note)
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/approve")
async def approve(page: WordingEditor, version_id: int) -> Response:
    """It holds from now."""
    form = await page.form()
    services = page.console.services
    revision, against = _number(form, "revision"), _number(form, "against")
    async with services.works.begin() as work:
        outcome = await house.approve(work, page.actor, version_id, revision, against, four_eyes=services.four_eyes)
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/send-back")
async def send_back(page: WordingEditor, version_id: int) -> Response:
    """Out of review, with a word why."""
    why = text_of(await page.form(), "why", 1000)
    async with page.console.services.works.begin() as work:
        outcome = await house.send_back(work, page.actor, version_id, why)
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/withdraw")
async def withdraw(page: WordingEditor, version_id: int) -> Response:
    """A draft is given up."""
    async with page.console.services.works.begin() as work:
        outcome = await house.withdraw(work, page.actor, version_id)
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/drop")
async def drop(page: WordingEditor, version_id: int) -> Response:
    """One change is taken out of a draft."""
    key = text_of(await page.form(), "key", 80)
    async with page.console.services.works.begin() as work:
        outcome = await house.drop(work, page.actor, version_id, key)
    if isinstance(outcome, house.Saved):
        return page.go(f"/house/versions/{version_id}?said=dropped")
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/roll-back")
async def roll_back(page: WordingEditor, version_id: int) -> Response:
    """A draft that makes everything as it was in this earlier version."""
    async with page.console.services.works.begin() as work:
        outcome = await house.roll_back(work, page.actor, version_id)
    if isinstance(outcome, house.Saved):
        return page.go(f"/house/versions/{outcome.version_id}?said=back")
    return await _answer(page, version_id, outcome)


def _number(form: FormData, name: str) -> int:
    text = text_of(form, name, 12)
    return int(text) if text.isdecimal() else -1


async def _answer(page: Page, version_id: int, outcome: object) -> Response:
    match outcome:
        case house.Moved(_, state):
            return page.go(f"/house/versions/{version_id}?said={state}")
        case house.OwnDraft():
            return await _show(page, version_id, 409, problem=page.say(OWN))
        case house.NotYours():
            return await _show(page, version_id, 403, problem=page.say(NOT_YOURS))
        case house.WhyNeeded():
            return await _show(page, version_id, 422, problem=page.say(WHY))
        case house.NothingChanges():
            return await _show(page, version_id, 409, problem=page.say(SAME))
        case house.MayNot():
            return await _show(page, version_id, 403, problem=page.say(MAY_NOT))
        case house.Wrong(problems):
            said = "; ".join(text for _, text in view.problem_texts(page, problems))
            return await _show(page, version_id, 409, problem=f"{page.say(CLASH)} {said}")
    return await _show(page, version_id, 409, problem=page.say(CHANGED))


async def _show(page: Page, version_id: int, status: int = 200, *, notice: str = "", problem: str = "") -> Response:
    async with page.console.services.works.read() as session:
        version = await query.one(session, version_id)
        before = await query.body_before(session, version)
        board = await query.board(session, version.subject, page.user.id)
    own = version.author_id == page.user.id
    return page.render(
        "house/version.html",
        status,
        version=version,
        changes=view.differences(version.subject, before, version.changes),
        against=board.number,
        own=own,
        may_approve=not own or not page.console.services.four_eyes,
        notice=notice,
        problem=problem,
        field_names=view.CONTACT_FIELDS,
    )
