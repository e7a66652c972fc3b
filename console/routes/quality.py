"""Quality reviews: draw a sample, mark a score card, and for agents their own reviews with room for an answer."""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from console.forms import text_of
from console.i18n import N_
from console.page import Agent, Manager, Page, Supervisor
from console.queries import quality as query
from console.queries.quality import Show
from console.show import zone
from core.actions import quality
from core.actions.quality import DoneBefore, NothingToDraw, NotTheirs, OwnConversation, SampleOf
from core.errors import InvalidInput, NotFound

router = APIRouter(prefix="/quality")

NOTHING = N_("No agent wrote in such a conversation in that time, or all of them were drawn before.")
DRAWN = N_("Drawn: %(size)s of %(candidates)s.")
PERIOD = N_("Choose a period, and a size of up to two hundred.")
OWN = N_("You wrote in this conversation yourself: somebody else reviews it.")
DONE = N_("It has been reviewed already.")
EVERY = N_("Mark every line, or say that it does not apply.")
NOT_THEIRS = N_("Only the agent whose part it was answers, once it is reviewed.")
WRITE = N_("Write your answer.")
CRITERION = N_("Give a label in both languages and a weight from 1 to 100.")


@router.get("")
async def show(
    page: Supervisor,
    show: Show = "waiting",
    agent: Annotated[str, Query(max_length=12)] = "",
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """What is to be reviewed and what was, averages by agent, and drawing a sample."""
    return await _overview(page, show=show, agent=agent, after=after)


@router.post("/samples")
async def draw(page: Supervisor) -> Response:
    """Draw conversations by chance, hard cases more often."""
    form = await page.form()
    wish = _wish(form, page)
    if wish is None:
        return await _overview(page, status=422, problem=page.say(PERIOD))
    try:
        async with page.console.services.works.begin() as work:
            outcome = await quality.draw_sample(work, page.actor, wish)
    except InvalidInput:
        return await _overview(page, status=422, problem=page.say(PERIOD))
    if isinstance(outcome, NothingToDraw):
        return await _overview(page, status=409, problem=page.say(NOTHING))
    return await _overview(page, notice=page.say(DRAWN, size=outcome.size, candidates=outcome.candidates))


@router.get("/mine")
async def mine(page: Agent, after: Annotated[str | None, Query(max_length=300)] = None) -> Response:
    """The agent's own reviews, newest first."""
    return await _mine(page, after)


@router.post("/mine/{review_id}")
async def answer(page: Agent, review_id: int) -> Response:
    """The agent answers a review, once."""
    text = text_of(await page.form(), "answer", 4000)
    if not text:
        return await _mine(page, None, 422, page.say(WRITE))
    async with page.console.services.works.begin() as work:
        outcome = await quality.answer(work, review_id, page.actor, text)
    if isinstance(outcome, NotTheirs):
        return await _mine(page, None, 403, page.say(NOT_THEIRS))
    if isinstance(outcome, DoneBefore):
        return await _mine(page, None, 409, page.say(DONE))
    return page.go("/quality/mine")


@router.get("/card")
async def card(page: Manager) -> Response:
    """The lines of the score card."""
    return await _card(page)


@router.post("/card")
async def save_line(page: Manager) -> Response:
    """Add a line, change one, or take one off."""
    form = await page.form()
    line, weight = text_of(form, "id", 12), text_of(form, "weight", 4)
    line_id = int(line) if line.isdigit() else None
    async with page.console.services.works.begin() as work:
        if text_of(form, "step", 10) == "retire" and line_id is not None:
            await quality.retire_criterion(work, page.actor, line_id)
            return page.go("/quality/card")
    try:
        async with page.console.services.works.begin() as work:
            await quality.save_criterion(
                work,
                page.actor,
                line_id,
                label_en=text_of(form, "label_en", 120),
                label_zh=text_of(form, "label_zh", 120),
                weight=int(weight) if weight.isdigit() else 0,
                auto_fail=text_of(form, "auto_fail", 3) == "yes",
            )
    except InvalidInput:
        return await _card(page, 422, page.say(CRITERION))
    return page.go("/quality/card")


@router.get("/{review_id}")
async def one(page: Supervisor, review_id: int) -> Response:
    """The conversation beside its score card."""
    return await _one(page, review_id)


@router.post("/{review_id}")
async def review(page: Supervisor, review_id: int) -> Response:
    """Mark every line, and comment."""
    form = await page.form()
    marks = _marks(form)
    try:
        async with page.console.services.works.begin() as work:
            outcome = await quality.review(work, review_id, page.actor, marks, text_of(form, "comment", 4000))
    except InvalidInput:
        return await _one(page, review_id, 422, page.say(EVERY), marks=marks, comment=text_of(form, "comment", 4000))
    if isinstance(outcome, OwnConversation):
        return await _one(page, review_id, 403, page.say(OWN))
    if isinstance(outcome, DoneBefore):
        return await _one(page, review_id, 409, page.say(DONE))
    return page.go("/quality?show=done")


def _wish(form: FormData, page: Page) -> SampleOf | None:
    """The draw asked for; its days are those of the viewer's zone, the last included. None where it cannot be read."""
    local = zone(page.time_zone)
    size, seed, agent = text_of(form, "size", 4), text_of(form, "seed", 9), text_of(form, "agent", 12)
    hard = text_of(form, "hard_share", 3)
    try:
        starts, ends = date.fromisoformat(text_of(form, "starts", 10)), date.fromisoformat(text_of(form, "ends", 10))
        return SampleOf(
            starts=datetime(starts.year, starts.month, starts.day, tzinfo=local).astimezone(UTC),
            ends=(datetime(ends.year, ends.month, ends.day, tzinfo=local) + timedelta(days=1)).astimezone(UTC),
            agent_id=int(agent) if agent.isdigit() else None,
            language=text_of(form, "language", 2) or None,
            outcome=text_of(form, "outcome", 40) or None,
            size=int(size),
            seed=int(seed) if seed.isdigit() else secrets.randbelow(1_000_000),
            hard_share=int(hard) if hard else quality.HARD_SHARE,
        )
    except (ValueError, OverflowError):
        return None


def _marks(form: FormData) -> dict[int, int | None]:
    marks: dict[int, int | None] = {}
    for name in form:
        line = name.removeprefix("mark-")
        if name.startswith("mark-") and line.isdigit():
            value = text_of(form, name, 2)
            if value in ("0", "1", "2", "3", "4", "no"):
                marks[int(line)] = None if value == "no" else int(value)
    return marks


async def _overview(page: Page, status: int = 200, *, show: Show = "waiting", **given: Any) -> Response:
    agent, after = str(given.get("agent") or ""), given.get("after")
    async with page.console.services.works.read() as session:
        values: dict[str, Any] = {
            "listed": await query.reviews(session, show, after, agent_id=int(agent) if agent.isdigit() else None),
            "averages": await query.averages(session, page.console.now),
            "samples": await query.samples(session),
            "people": await query.people(session),
        }
    today = page.console.now.astimezone(zone(page.time_zone)).date()
    return page.render(
        "quality/page.html",
        status,
        **values,
        show=show,
        agent=agent,
        after=after,
        hard_share=quality.HARD_SHARE,
        week=(today - timedelta(days=6), today),
        notice=given.get("notice", ""),
        problem=given.get("problem", ""),
    )


async def _one(page: Page, review_id: int, status: int = 200, problem: str = "", **typed: Any) -> Response:
    async with page.console.services.works.read() as session:
        row = await query.review(session, review_id)
        if row is None:
            raise NotFound("There is no such review.", review_id=review_id)
        lines = await query.card(session, row)
        messages = await query.transcript(session, row.conversation_id)
    return page.render(
        "quality/review.html",
        status,
        row=row,
        lines=lines,
        messages=messages,
        own=row.agent_id == page.user.id,
        problem=problem,
        marks=typed.get("marks", {}),
        comment=typed.get("comment", ""),
    )


async def _mine(page: Page, after: str | None, status: int = 200, problem: str = "") -> Response:
    async with page.console.services.works.read() as session:
        listed = await query.reviews(session, "done", after, agent_id=page.user.id)
        cards = await query.cards(session, [row.id for row in listed.rows])
    return page.render("quality/mine.html", status, listed=listed, cards=cards, after=after, problem=problem)


async def _card(page: Page, status: int = 200, problem: str = "") -> Response:
    async with page.console.services.works.read() as session:
        lines = await query.criteria(session)
    return page.render("quality/card.html", status, lines=lines, problem=problem)
