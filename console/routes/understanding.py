"""Understanding: what the assistant was unsure of or misheard, what it means, and the message it was said in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console import conversation_view
from console.forms import text_of
from console.i18n import LANGUAGES, N_
from console.intents import INTENTS
from console.page import Agent, Page, Relabeller
from console.queries import understanding as query
from console.queries.understanding import Filter, Order, Tab
from console.security import safe_next
from console.show import zone
from core.actions import understanding
from core.dialogue.understanding import Language
from nlu.relabelled import as_rasa_yaml, examples_of

router = APIRouter()

TWO = N_("A message means two things at most. Take one back first.")
NO_SUCH = N_("No meaning goes by “%(typed)s”. Choose one from the list.")


@router.get("/understanding")
async def show(  # noqa: PLR0917  the fields of a filter
    page: Relabeller,
    tab: Annotated[Tab, Query()] = "unsure",
    order: Annotated[Order, Query()] = "newest",
    lang: Annotated[str, Query(max_length=2)] = "",
    intent: Annotated[str, Query(max_length=40)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    after: Annotated[str | None, Query()] = None,
) -> Response:
    """One page of texts."""
    wanted = Filter(
        tab=tab,
        order=order,
        lang=lang if lang in LANGUAGES else "",
        intent=intent if intent in INTENTS else "",
        since=_day(page, since),
        until=_day(page, until, days=1),
    )
    async with page.console.services.works.read() as session:
        counts = await query.counts(session)
        listed = await query.page(session, wanted, after)
    kept = {"order": order, "lang": lang, "intent": intent, "since": since, "until": until}
    kept = {name: value for name, value in kept.items() if value and value != "newest"}
    return page.render(
        "understanding/page.html",
        wanted=wanted,
        listed=listed,
        counts=counts,
        counted=query.COUNTED,
        kept=kept,
        after=after,
        filters={"since": since, "until": until},
        here=f"/understanding?{urlencode({'tab': tab, **kept, **({'after': after} if after else {})})}",
    )


@router.post("/understanding/export")
async def export(page: Relabeller) -> Response:
    """The relabelled texts, masked, as training data in Rasa's form."""
    chosen = text_of(await page.form(), "lang", 2)
    lang: Language | None = "zh" if chosen == "zh" else "en" if chosen == "en" else None
    async with page.console.services.works.read() as session:
        labelled = await understanding.labelled(session, lang)
    examples = examples_of(labelled)
    async with page.console.services.works.begin() as work:
        await understanding.exported(work, page.actor.login, lang, len(examples))
    name = f"relabelled-{lang or 'all'}.yml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_rasa_yaml(examples), media_type="application/yaml; charset=utf-8", headers=headers)


@router.post("/understanding/{reading_id}")
async def relabel(page: Relabeller, reading_id: int) -> Response:
    """Say what a text means, or take it back; the text is shown anew where it stands."""
    form = await page.form()
    typed = text_of(form, "other", 80)
    without = text_of(form, "without", 40)
    intent = without or text_of(form, "intent", 40) or intent_named(page, typed)
    problem = ""
    async with page.console.services.works.begin() as work:
        if text_of(form, "undo", 1):
            await understanding.undo(work, page.actor, reading_id)
        elif intent in INTENTS:
            outcome = await understanding.relabel(work, page.actor, reading_id, intent, means=not without)
            problem = page.say(TWO) if isinstance(outcome, understanding.TooMany) else ""
        else:
            problem = page.say(NO_SUCH, typed=typed)
    here = safe_next(text_of(form, "here", 500) or "/understanding")
    if not page.is_partial and not problem:
        return page.go(here)
    async with page.console.services.works.read() as session:
        counts = await query.counts(session)
        row = await query.one(session, reading_id)
    values: dict[str, Any] = {"row": row, "counts": counts, "counted": query.COUNTED, "here": here, "problem": problem}
    template = "understanding/changed.html" if page.is_partial else "understanding/alone.html"
    return page.render(template, 422 if problem else 200, **values)


@router.post("/conversations/{conversation_id}/messages/{message_id}/misheard")
async def misheard(page: Agent, conversation_id: int, message_id: int) -> Response:
    """An agent says that the assistant misunderstood this message, or takes it back."""
    form = await page.form()
    async with page.console.services.works.read() as session:
        await conversation_view.visible(page, session, conversation_id)
    async with page.console.services.works.begin() as work:
        said = text_of(form, "misheard", 3) != "no"
        await understanding.mark_misheard(work, page.actor, conversation_id, message_id, misheard=said)
    if page.is_partial:
        return await conversation_view.changes(page, conversation_id, seen=text_of(form, "seen", 60))
    return page.go(f"/conversations/{conversation_id}")


def intent_named(page: Page, typed: str) -> str:
    """The intent that goes by this name, in any language of the console, in full or as its only part; else nothing."""
    wanted = typed.strip().casefold()
    if not wanted:
        return ""
    says = [page.console.renderer.translations(language).gettext for language in LANGUAGES]
    names = {intent: {intent, *(say(text).casefold() for say in says)} for intent, text in INTENTS.items()}
    exact = [intent for intent, known in names.items() if wanted in known]
    partly = [intent for intent, known in names.items() if any(wanted in name for name in known)]
    found = exact or partly
    return found[0] if len(found) == 1 else ""


def _day(page: Page, text: str, days: int = 0) -> datetime | None:
    """The beginning of a day in the viewer's time zone, so many days later; None for none, or for no date."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), zone(page.time_zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
