"""Beside the composer: who is typing, what is suggested and why, kept replies, messages for later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from console import conversation_view as view
from console import suggestions
from console.conversation_answers import after, answer, check_visible, not_holder
from console.conversation_view import Composer
from console.forms import text_of
from console.i18n import N_
from console.page import Agent, Page, Reader
from console.queries import assist
from console.queries import conversation as query
from console.queries.conversation_rows import Head
from console.show import zone
from core.actions import canned, canned_values, scheduled
from core.actions.canned import Filled
from core.actions.values import NotHolder
from core.actions.wordings import texts_in_force
from core.compliance import Refused
from core.dialogue.decision import Say
from core.dialogue.memory import Memory
from core.errors import InvalidInput
from core.wording import say
from core.wording.render import Language

router = APIRouter(prefix="/conversations/{conversation_id}")

GIVE_TIME = N_("Give a date and a time within the next thirty days, in the customer's time.")
SETTLED = N_("This message was sent, cancelled or withheld already.")
WITHHELD_FOR = timedelta(days=2)
"""So long a message that was not sent stays in the list with the reason."""


@router.post("/typing")
async def typing(page: Agent, conversation_id: int) -> Response:
    """The holder is typing: the debtor's chat may show it. Nothing is stored."""
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
    if view.holds(page, head):
        await page.console.services.notices.publish((f"typing:{conversation_id}:agent",))
    return page.nothing()


@router.get("/assist")
async def helping(page: Reader, conversation_id: int) -> Response:
    """The next step, suggested replies with their reasons, and the messages that wait for their time."""
    now = page.console.now
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
        waiting = await assist.scheduled(session, head.members, now - WITHHELD_FOR)
        known, suiting = None, None
        if view.holds(page, head):
            known = await _known(page, session, head)
            suiting = await assist.suiting(session, head.reason)
            texts = await texts_in_force(session)
    offered = []
    if known is not None:
        language = known.language
        offered = [
            (each, say(Say(each.key, each.params), language, head.market, texts=texts))
            for each in suggestions.replies(known)
        ]
    return page.render(
        "conversation/_assist.html" if page.is_partial else "conversation/assist.html",
        head=head,
        held=known is not None,
        waiting=waiting,
        step=None if known is None else suggestions.next_step(known),
        offered=offered,
        suiting=suiting,
        states=suggestions.STATES,
        signature=view.signature(head),
    )


async def _known(page: Page, session: AsyncSession, head: Head) -> suggestions.Known:
    language: Language = "zh" if head.language.startswith("zh") else "en"
    return suggestions.Known(
        head=head,
        memory=Memory.from_json(head.memory),
        language=language,
        agent=page.actor.name,
        today=page.console.now.astimezone(zone(head.time_zone)).date(),
        plan=await query.plan(session, head.case_id),
        moves=await assist.moves(session, head.members, head.id, page.user.id),
    )


@router.get("/replies")
async def kept_replies(page: Agent, conversation_id: int, q: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Kept replies that go by what was typed, filled in for this conversation; the most used first."""
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
        rows = await assist.find(session, q.strip().removeprefix("/"))
        values = await canned_values.values_for(session, conversation_id, page.actor)
    found = [(row, _filled(row.en, row.zh, values)) for row in rows]
    template = "replies/_options.html" if page.is_partial else "replies/pick.html"
    return page.render(template, head=head, found=found, typed=q, held=view.holds(page, head))


@router.post("/replies/{reply_id}/used")
async def used(page: Agent, conversation_id: int, reply_id: int) -> Response:
    """Count that a kept reply was put in the composer; without scripts, answer with the page and the reply in it."""
    await check_visible(page, conversation_id)
    async with page.console.services.works.begin() as work:
        await canned.used(work, [reply_id])
    if page.is_partial:
        return page.nothing()
    async with page.console.services.works.read() as session:
        row = await assist.reply(session, reply_id)
        values = await canned_values.values_for(session, conversation_id, page.actor)
    composer = replace(Composer.empty(), text=_filled(row.en, row.zh, values).text)
    return await view.whole(page, conversation_id, composer=composer)


@router.post("/schedule")
async def schedule(page: Agent, conversation_id: int) -> Response:
    """Keep what was typed for a moment in the debtor's time; refused, it comes back with the reasons."""
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
    form = await page.form()
    composer = Composer(
        text=text_of(form, "text", 10_000), client_key=text_of(form, "client_key", 80), due=text_of(form, "due", 20)
    )
    due_at = _moment(composer.due, head.time_zone)
    if not composer.text or not composer.client_key or due_at is None:
        return await answer(page, conversation_id, page.say(GIVE_TIME), 422, composer)
    try:
        async with page.console.services.works.begin() as work:
            outcome = await scheduled.schedule(
                work, conversation_id, page.actor, composer.text, due_at, composer.client_key
            )
    except InvalidInput:
        return await answer(page, conversation_id, page.say(GIVE_TIME), 422, composer)
    match outcome:
        case scheduled.Scheduled():
            return await answer(page, conversation_id, composer=Composer.empty())
        case Refused(reasons):
            refused = Composer(text=composer.text, client_key=composer.client_key, due=composer.due, refused=reasons)
            return await answer(page, conversation_id, status=422, composer=refused)
        case NotHolder(name):
            return await answer(page, conversation_id, not_holder(page, name), 409, composer)


@router.post("/scheduled/{scheduled_id}/cancel")
async def cancel(page: Agent, conversation_id: int, scheduled_id: int) -> Response:
    """Take a message back before it is sent."""
    await check_visible(page, conversation_id)
    async with page.console.services.works.begin() as work:
        outcome = await scheduled.cancel(work, scheduled_id, page.actor, conversation_id)
    if isinstance(outcome, scheduled.AlreadySettled):
        return await answer(page, conversation_id, page.say(SETTLED), 409)
    return await after(page, conversation_id, outcome)


def _moment(typed: str, time_zone: str) -> datetime | None:
    """A date and time as a browser sends them, read in this time zone, in UTC; None where it is neither."""
    try:
        local = datetime.fromisoformat(typed)
    except ValueError:
        return None
    if local.tzinfo is not None:
        return None
    return local.replace(tzinfo=zone(time_zone)).astimezone(UTC)


def _filled(en: str, zh: str, values: canned_values.Values) -> Filled:
    return canned.fill(zh if values.language == "zh" else en, values.values)
