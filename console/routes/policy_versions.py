"""The life of a version of the limits: a draft, a review by somebody else, a moment to come in force, a way back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from console import what_ifs
from console.forms import text_of
from console.i18n import N_
from console.page import LimitsEditor, LimitsReader, Page
from console.queries import policy_versions as query
from console.queries import what_ifs as what_if_query
from console.show import zone
from core.actions import limit_approvals, limit_drafts, limits
from core.errors import InvalidInput

router = APIRouter(prefix="/limits")

SAID: Mapping[str, str] = {
    "review": N_("Asked for review. Another manager sees it under the limits."),
    "in-force": N_("Approved. It is in force: the next offer obeys it, and offers already made keep their version."),
    "scheduled": N_("Approved. It comes in force at the moment set."),
    "back": N_("It is a draft again."),
    "rebased": N_("The draft's changes are now made to the latest version. Nothing of either is lost."),
    "saved": N_("Saved as your draft. Nothing changes until it is approved."),
}
_WHILE: Mapping[str, tuple[str, ...]] = {
    "review": ("review",),
    "in-force": ("in_force",),
    "scheduled": ("scheduled",),
    "back": ("draft",),
    "rebased": ("draft", "review"),
    "saved": ("draft",),
}
"""The states in which something is still worth saying, when its page is opened again."""

OWN = N_("You wrote this version, so somebody else has to approve it.")
CHANGED = N_("This version has changed since you looked at it. Look again.")
ON_OLDER = N_("Version %(number)s has come meanwhile. Put the draft on it first, so that nothing of either is lost.")
PASSED = N_("Give a moment that is still to come.")
UNREADABLE = N_("Give a date and a time that there is in %(zone)s.")
AFTER = N_(
    "Version %(number)s comes first, at %(moment)s. Choose a later moment, or withdraw that version before this one."
)
SAME = N_("Nothing differs from version %(number)s.")
CLASH = N_("These limits cannot stand together. Send the draft back, or change it: %(limits)s")
NOT_YOURS = N_("Only who wrote it may do this.")
WHY = N_("Say why, so that the author can put it right.")
FOLLOWED = N_("Version %(number)s is scheduled to follow it. Withdraw that one first.")
CONFLICT = N_("Another version changed the same limits. Who wrote the draft chooses which value holds.")
BACK_TO = N_("Back to version %(number)s.")


@router.get("/history")
async def history(page: LimitsReader, before: Annotated[int | None, Query()] = None) -> Response:
    """The versions, newest first, with who wrote and who approved them and what changed."""
    async with page.console.services.works.read() as session:
        shown, older = await query.history(session, before)
    template = "limits/_history.html" if page.is_partial else "limits/history.html"
    return page.render(template, versions=shown, older=older, before=before)


@router.get("/versions/{version_id}")
async def show(
    page: LimitsReader,
    version_id: int,
    said: Annotated[str, Query(max_length=20)] = "",
    run: Annotated[int | None, Query()] = None,
    seen: Annotated[int | None, Query()] = None,
) -> Response:
    """A version or draft: what it changes, where it stands, and what may be done with it.

    `run` is the simulation shown, `seen` the revision that the page was opened with.
    """
    return await _show(page, version_id, said=said, run=run, seen=seen)


@router.post("/versions/{version_id}/review")
async def ask_review(page: LimitsEditor, version_id: int) -> Response:
    """One's own draft is put before another manager."""
    form = await page.form()
    async with page.console.services.works.begin() as work:
        outcome = await limit_drafts.ask_review(work, page.actor, version_id, _revision(form))
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/approve")
async def approve(page: LimitsEditor, version_id: int) -> Response:
    """A draft in review holds, from now or from a moment in the time zone of whoever approves."""
    form = await page.form()
    services = page.console.services
    starts_at: datetime | None = None
    if text_of(form, "when", 5) == "at":
        named = text_of(form, "zone", 60)
        try:
            starts_at = moment_of(text_of(form, "at", 20), named)
        except InvalidInput:
            return await _show(page, version_id, 422, problem=page.say(UNREADABLE, zone=zone(named).key))
    async with services.works.begin() as work:
        outcome = await limit_approvals.approve(
            work, page.actor, version_id, _revision(form), starts_at, four_eyes=services.four_eyes
        )
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/send-back")
async def send_back(page: LimitsEditor, version_id: int) -> Response:
    """Out of review, to be changed: sent back with a word why, or taken back by who wrote it."""
    form = await page.form()
    async with page.console.services.works.begin() as work:
        outcome = await limit_drafts.send_back(work, page.actor, version_id, text_of(form, "why", 1000))
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/withdraw")
async def withdraw(page: LimitsEditor, version_id: int) -> Response:
    """A draft or a scheduled version is given up."""
    async with page.console.services.works.begin() as work:
        outcome = await limit_drafts.withdraw(work, page.actor, version_id)
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/rebase")
async def rebase(page: LimitsEditor, version_id: int) -> Response:
    """A draft's own changes are made to the latest version; conflicts are chosen field by field."""
    form = await page.form()
    chosen: dict[str, set[tuple[str, str]]] = {"mine": set(), "theirs": set()}
    for name, value in form.multi_items():
        rule, _, field = name.removeprefix("choice ").rpartition(" ")
        if name.startswith("choice ") and value in chosen:
            chosen[str(value)].add((rule, field))
    keep, take = chosen["mine"], chosen["theirs"]
    async with page.console.services.works.begin() as work:
        outcome = await limit_drafts.put_on_latest(work, page.actor, version_id, _revision(form), keep=keep, take=take)
    if isinstance(outcome, limit_drafts.Saved):
        return page.go(f"/limits/versions/{version_id}?said=rebased")
    return await _answer(page, version_id, outcome)


@router.post("/versions/{version_id}/roll-back")
async def roll_back(page: LimitsEditor, version_id: int) -> Response:
    """A new draft that equals this earlier version."""
    async with page.console.services.works.read() as session:
        earlier = await query.one(session, version_id)
    note = page.say(BACK_TO, number=earlier.number or "–")
    async with page.console.services.works.begin() as work:
        outcome = await limit_drafts.roll_back(work, page.actor, version_id, note)
    return await _answer(page, version_id, outcome)


def moment_of(text: str, time_zone: str) -> datetime:
    """A date and time as a browser's field gives them, in a time zone (UTC where it is none), as UTC.

    Of an hour that comes twice it is the first; InvalidInput for one that the clocks skip, and for what is no moment.
    """
    try:
        there = datetime.fromisoformat(text)
        if there.tzinfo is not None:
            raise ValueError(text)
        local = there.replace(tzinfo=zone(time_zone))
        at = local.astimezone(zone("UTC"))
    except (ValueError, OverflowError):
        raise InvalidInput("Give a date and a time.", text=text) from None
    if at.astimezone(zone(time_zone)).replace(tzinfo=None) != there:
        raise InvalidInput("There is no such time.", text=text, zone=time_zone)
    return at


def _revision(form: FormData) -> int:
    text = text_of(form, "revision", 9)
    return int(text) if text.isascii() and text.isdigit() else 0


async def _answer(page: Page, version_id: int, outcome: object) -> Response:
    """On to the version where something was done; the version with the reason where it was not."""
    said = _done(outcome)
    if said is not None:
        return page.go(said.format(version_id))
    status, problem = _problem(page, outcome)
    return await _show(page, version_id, status, problem=problem)


def _done(outcome: object) -> str | None:
    match outcome:
        case limit_drafts.InReview():
            return "/limits/versions/{}?said=review"
        case limits.Published():
            return "/limits/versions/{}?said=in-force"
        case limit_approvals.Scheduled():
            return "/limits/versions/{}?said=scheduled"
        case limit_drafts.BackToDraft():
            return "/limits/versions/{}?said=back"
        case limit_drafts.Saved(draft_id):
            return f"/limits/versions/{draft_id}?said=saved"
        case limit_drafts.Withdrawn():
            return "/limits/versions/{}"
        case _:
            return None


def _problem(page: Page, outcome: object) -> tuple[int, str]:
    match outcome:
        case limit_approvals.OwnDraft():
            return 403, page.say(OWN)
        case limit_approvals.OnAnOlder(_, number):
            return 409, page.say(ON_OLDER, number=number)
        case limit_approvals.TooEarly(_, None):
            return 422, page.say(PASSED)
        case limit_approvals.TooEarly(number, after) if after is not None:
            moment = page.console.renderer.shown(page.language).moment(after, page.time_zone)
            return 422, page.say(AFTER, number=number, moment=moment)
        case limit_drafts.Same(number):
            return 422, page.say(SAME, number=number)
        case limit_drafts.WhyNeeded():
            return 422, page.say(WHY)
        case limit_drafts.Followed(number):
            return 409, page.say(FOLLOWED, number=number)
        case limit_drafts.Conflicting():
            return 409, page.say(CONFLICT)
        case limits.Invalid(problems):
            shown = page.console.renderer.shown(page.language)
            found = [f"{shown.field(problem.field)}: {shown.problem(problem)}" for _, problem in problems]
            return 422, page.say(CLASH, limits=" ".join(found))
        case limit_drafts.NotYours() | limits.MayNotPublish():
            return 403, page.say(NOT_YOURS)
        case _:
            return 409, page.say(CHANGED)


async def _show(
    page: Page,
    version_id: int,
    status: int = 200,
    *,
    said: str = "",
    problem: str = "",
    run: int | None = None,
    seen: int | None = None,
) -> Response:
    async with page.console.services.works.read() as session:
        version = await query.one(session, version_id)
        open_ = version.state in ("draft", "review")
        standing = await query.standing(session, version) if open_ else None
        last = await query.last_number(session)
        runs = await what_if_query.runs(session, version_id, run)
    own = version.author_id == page.user.id
    return page.render(
        "limits/_version.html" if page.is_partial else "limits/versions_page.html",
        status,
        version=version,
        standing=standing,
        own=own,
        may_approve=not own or not page.console.services.four_eyes,
        four_eyes=page.console.services.four_eyes,
        is_last=version.number is not None and version.number == last,
        open=open_ or version.state == "scheduled",
        seen=version.revision if seen is None else seen,
        runs=runs,
        what_if=what_ifs,
        chosen=run,
        run_notice="",
        run_problem="",
        notice=page.say(SAID[said]) if version.state in _WHILE.get(said, ()) else "",
        problem=problem,
    )
