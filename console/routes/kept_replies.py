"""The replies that the team keeps: managers write, change and archive them."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.forms import text_of
from console.i18n import N_
from console.page import Manager, Page
from console.queries import assist
from console.queries.assist import KeptReply
from core.actions import canned
from core.actions.canned import VARIABLES, Problem, Wording

router = APIRouter(prefix="/replies")

STALE = N_("Somebody else has changed this reply meanwhile. What it says now stands beside yours.")


@router.get("")
async def show(
    page: Manager,
    q: Annotated[str, Query(max_length=60)] = "",
    after: Annotated[str, Query(max_length=40)] = "",
    archived: Annotated[bool, Query()] = False,
) -> Response:
    """A page of them by shortcut, those that are archived apart."""
    async with page.console.services.works.read() as session:
        found = await assist.replies(session, q.strip(), after, archived=archived)
    return page.render("replies/page.html", found=found, typed=q, archived=archived, variables=VARIABLES)


@router.get("/new")
async def new(page: Manager) -> Response:
    """An empty form."""
    return _form(page, Wording(shortcut="", category="", en="", zh=""))


@router.post("")
async def add(page: Manager) -> Response:
    """Keep a new reply."""
    return await _save(page, None)


@router.get("/{reply_id}")
async def edit(page: Manager, reply_id: int) -> Response:
    """One reply, to be changed."""
    row = await _row(page, reply_id)
    return _form(page, _wording(row), row)


@router.post("/{reply_id}")
async def change(page: Manager, reply_id: int) -> Response:
    """Change a reply."""
    return await _save(page, reply_id)


@router.post("/{reply_id}/archive")
async def archive(page: Manager, reply_id: int) -> Response:
    """Offer a reply no more, or again."""
    archived = text_of(await page.form(), "archived", 3) != "no"
    async with page.console.services.works.begin() as work:
        await canned.archive(work, page.actor, reply_id, archived=archived)
    return page.go("/replies?archived=1" if archived else "/replies")


async def _save(page: Page, reply_id: int | None) -> Response:
    form = await page.form()
    wording = Wording(
        shortcut=text_of(form, "shortcut", 41),
        category=text_of(form, "category", 60),
        en=text_of(form, "en", canned.LONGEST + 1),
        zh=text_of(form, "zh", canned.LONGEST + 1),
        suits=text_of(form, "suits", 30),
    )
    typed = text_of(form, "revision", 9)
    async with page.console.services.works.begin() as work:
        revision = int(typed) if typed.isdecimal() else None
        outcome = await canned.save(work, page.actor, wording, reply_id, revision)
    row = None if reply_id is None else await _row(page, reply_id)
    match outcome:
        case canned.Kept():
            return page.go("/replies")
        case canned.Stale():
            return _form(page, wording, row, status=409, notice=page.say(STALE))
        case canned.Wrong(problems):
            return _form(page, wording, row, problems, status=422)


async def _row(page: Page, reply_id: int) -> KeptReply:
    async with page.console.services.works.read() as session:
        return await assist.reply(session, reply_id)


def _wording(row: KeptReply) -> Wording:
    return Wording(shortcut=row.shortcut, category=row.category, en=row.en, zh=row.zh, suits=row.suits or "")


def _form(
    page: Page,
    wording: Wording,
    row: KeptReply | None = None,
    problems: tuple[Problem, ...] = (),
    *,
    status: int = 200,
    notice: str = "",
) -> Response:
    return page.render(
        "replies/form.html",
        status,
        wording=wording,
        row=row,
        stale=notice and row,
        notice=notice,
        problems={
            part: [problem for problem in problems if problem.part == part]
            for part in ("shortcut", "category", "suits", "en", "zh")
        },
        variables=VARIABLES,
        longest=canned.LONGEST,
    )
