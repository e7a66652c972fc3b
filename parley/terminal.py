"""`parley chat`: the debtor's side of a case in this terminal."""

import asyncio

from bot.channels.terminal import chat
from core.actions import limits
from core.errors import InvalidInput
from core.settings import Settings
from parley.installation import open_works
from parley.processes import bot_services


async def chat_as(settings: Settings, reference: str | None) -> None:
    """Chats as the debtor of this case (or of a chat link's code) until the end of input."""
    if not reference:
        raise InvalidInput("Say whose chat to open: parley chat REFERENCE, or the code of a chat link.")
    async with open_works(settings) as works:
        async with works.begin() as work:
            await limits.ensure_default(work)
        services = await bot_services(settings, works)
        running = asyncio.create_task(services.run())
        try:
            status = await chat(services, reference)
        finally:
            await services.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    raise SystemExit(status)
