"""The doorbell: names of what changed, as server-sent events. It holds no database connection."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from console.page import Reader
from core.live import Notices

router = APIRouter()
PASSING = "typing:"
"""Begins topics that are only true at the moment: nothing may be assumed of them at the start."""
QUIET_S = 20
LONGEST_S = 600
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/live")
async def live(page: Reader, conversation: Annotated[int | None, Query()] = None) -> StreamingResponse:
    """Each as an event of its name, from now on: `queue`, `approvals` and `callbacks`; `wall`, `complaints`, `limits`,
    `what_ifs` and `models` for who sees them; and `conversation:ID` where one is open."""
    topics: tuple[str, ...] = ("queue", "approvals", "callbacks")
    topics = (*topics, f"notices:{page.user.id}")
    if page.may("supervise"):
        topics = (*topics, "wall")
    if page.may("complaints.read"):
        topics = (*topics, "complaints")
    if page.may("limits.read"):
        topics = (*topics, "limits", "what_ifs")
    if page.may("understanding"):
        topics = (*topics, "models")
    if conversation is not None:
        topics = (*topics, f"conversation:{conversation}", f"typing:{conversation}:debtor")
    events = changes(page.console.services.notices, topics, page.console.services.closing)
    if page.console.presence is not None:
        events = page.console.presence.attended(page.user.id, events)
    return StreamingResponse(events, media_type="text/event-stream", headers=HEADERS)


async def changes(
    notices: Notices,
    topics: tuple[str, ...],
    closing: asyncio.Event,
    quiet: float = QUIET_S,
    longest: float = LONGEST_S,
) -> AsyncIterator[str]:
    """Each topic once at the start, since it may have changed before the browser listened, then when it changes.

    A comment after every `quiet` seconds keeps the line open. The stream ends after `longest` seconds, so that the
    browser comes back and shows anew who it is, and when the process is closing: the browser comes back to the next.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + longest
    async with notices.subscribe(*topics) as changed:
        for topic in topics:
            if not topic.startswith(PASSING):
                yield event(topic)
        closes = asyncio.create_task(closing.wait())
        rings = asyncio.ensure_future(anext(changed))
        try:
            while (left := ends - loop.time()) > 0:
                await asyncio.wait({rings, closes}, timeout=min(quiet, left), return_when=asyncio.FIRST_COMPLETED)
                if closes.done():
                    return
                if not rings.done():
                    yield ": still here\n\n"
                    continue
                yield event(rings.result())
                rings = asyncio.ensure_future(anext(changed))
        finally:
            closes.cancel()
            rings.cancel()
            await asyncio.gather(closes, rings, return_exceptions=True)


def event(topic: str) -> str:
    """A topic as a server-sent event."""
    return f"event: {topic}\ndata: {topic}\n\n"
