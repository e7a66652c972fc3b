"""Waiting for a notice without outstaying the process."""

import asyncio
from collections.abc import AsyncIterator


async def rung(rings: AsyncIterator[str], closing: asyncio.Event, seconds: float) -> str | None:
    """The next topic that rang, empty at the end of the process; None when neither came within these seconds."""
    waits = [asyncio.ensure_future(anext(rings)), asyncio.ensure_future(closing.wait())]
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    ring = waits[0]
    if ring in done and not ring.cancelled() and ring.exception() is None:
        return str(ring.result())
    return "" if done else None
