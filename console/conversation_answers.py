"""How a route of one conversation answers: the changed parts for htmx, else the page, with what is wrong."""

from fastapi.responses import Response

from console import conversation_view as view
from console.conversation_view import Composer
from console.forms import text_of
from console.i18n import N_
from console.page import Page
from core.actions.values import NotHolder

HELD_BY = N_("%(name)s holds this conversation now. Nothing was sent or changed.")
NOT_YOURS = N_("You do not hold this conversation any more. Nothing was sent or changed.")


async def check_visible(page: Page, conversation_id: int) -> None:
    """Forbidden for who may not see the conversation."""
    async with page.console.services.works.read() as session:
        await view.visible(page, session, conversation_id)


async def answer(
    page: Page,
    conversation_id: int,
    notice: str = "",
    status: int = 200,
    composer: Composer | None = None,
    *,
    hard: bool = False,
) -> Response:
    """The changed parts for htmx; else back to the page, or the page with what is wrong. `hard` offers a pause."""
    if page.is_partial:
        seen = text_of(await page.form(), "seen", 60)
        return await view.changes(
            page, conversation_id, seen=seen, status=status, composer=composer, notice=notice, hard=hard
        )
    if status == 200:
        return page.go(f"/conversations/{conversation_id}{'?hard=1' if hard else ''}")
    return await view.whole(page, conversation_id, status=status, composer=composer, notice=notice)


async def after(page: Page, conversation_id: int, outcome: object, *, hard: bool = False) -> Response:
    """The page after an action, or who holds the conversation where the actor does not."""
    if isinstance(outcome, NotHolder):
        return await answer(page, conversation_id, not_holder(page, outcome.name), 409)
    return await answer(page, conversation_id, hard=hard)


def not_holder(page: Page, name: str | None) -> str:
    """Who holds the conversation, in a sentence."""
    return page.say(HELD_BY, name=name) if name else page.say(NOT_YOURS)
