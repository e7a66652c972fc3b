"""Files of a conversation: opened by who may read it, sent by who holds it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from console import conversation_view as view
from console.forms import text_of
from console.i18n import N_
from console.page import Agent, Page, Reader
from core.actions import attachments
from core.actions.values import NotHolder, Repeat, Sent
from core.compliance import Refused
from core.errors import NotFound
from core.store.files import MEDIA, Kept

router = APIRouter(prefix="/conversations/{conversation_id}/files")

CHOOSE = N_("Choose a picture (JPG, PNG, WebP) or a PDF of at most %(size)s MB, and say what it is.")
STOPS = {
    "infected": N_("The scanner says that this file is harmful. Nothing was sent."),
    "waiting": N_("The scanner gives no answer, so nothing was sent. Try again in a minute."),
}
NOT_YOURS = N_("You do not hold this conversation any more. Nothing was sent or changed.")


@router.get("/{attachment_id}")
async def read(
    page: Reader, conversation_id: int, attachment_id: int, inline: Annotated[bool, Query()] = False
) -> Response:
    """The file, as something to keep; a picture may be shown in its page. Each opening leaves its trace."""
    async with page.console.services.works.read() as session:
        head = await view.visible(page, session, conversation_id)
    async with page.console.services.works.begin() as work:
        found = await attachments.open_for_team(work, page.actor, head.members, attachment_id)
    content = await page.console.services.files.read(found.digest) if found is not None else None
    if found is None or content is None:
        raise NotFound("There is no such file, or it may not be opened.", attachment_id=attachment_id)
    how = "inline" if inline and found.kind != "pdf" else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename=\"file.{found.kind}\"; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=600",
    }
    return Response(content, media_type=MEDIA[found.kind], headers=headers)


@router.post("")
async def send(page: Agent, conversation_id: int) -> Response:
    """Send a picture or a PDF with the words that say what it is."""
    form = await page.form()
    try:
        return await _send(page, conversation_id, form)
    finally:
        await form.close()


async def _send(page: Page, conversation_id: int, form: FormData) -> Response:
    async with page.console.services.works.read() as session:
        await view.visible(page, session, conversation_id)
    words, key, kept = text_of(form, "text", 1000), text_of(form, "client_key", 80), await _kept(page, form)
    if not words or not key or kept is None:
        size = page.console.services.files.most_bytes // (1024 * 1024)
        return await _answer(page, conversation_id, page.say(CHOOSE, size=size), 422)
    if kept.state in STOPS:
        return await _answer(page, conversation_id, page.say(STOPS[kept.state]), 422)
    async with page.console.services.works.begin() as work:
        outcome = await attachments.send_as_agent(work, conversation_id, page.actor, kept, words, key)
    match outcome:
        case Sent() | Repeat():
            return await _answer(page, conversation_id)
        case NotHolder():
            return await _answer(page, conversation_id, page.say(NOT_YOURS), 409)
        case Refused(reasons):
            shown = page.console.renderer.shown(page.language)
            return await _answer(page, conversation_id, " ".join(shown.refusal(reason) for reason in reasons), 422)


async def _kept(page: Page, form: FormData) -> Kept | None:
    """The file of the form, kept and scanned; None where there is none that is taken."""
    files, sent = page.console.services.files, form.get("file")
    if not isinstance(sent, UploadFile):
        return None
    kept = await files.keep(await sent.read(files.most_bytes + 1), sent.filename or "")
    if kept is None:
        return None
    return Kept(kept.digest, kept.kind, kept.size, kept.name, await files.scan(kept.digest))


async def _answer(page: Page, conversation_id: int, notice: str = "", status: int = 200) -> Response:
    if page.is_partial:
        seen = text_of(await page.form(), "seen", 60)
        return await view.changes(page, conversation_id, seen=seen, status=status, notice=notice)
    if status == 200:
        return page.go(f"/conversations/{conversation_id}")
    return await view.whole(page, conversation_id, status=status, notice=notice)
