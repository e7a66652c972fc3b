"""The worker that gives the queue out, takes back what is not answered, calls supervisors and tells who waits."""

import asyncio

from core.actions import assignment, queue_news, unstuck
from core.work import Works
from parley.jobs import keep_doing

_AGAIN_S = 5.0
_PAUSE_S = 0.2
"""After a round in which nothing was to be done: a queue that rings all the time is not looked at all the time."""


class Dispatcher:
    """Gives out whenever the queue changes and every few seconds. Several may run: each thing is done once."""

    def __init__(self, works: Works) -> None:
        self._works = works

    async def run(self) -> None:
        """Give out until cancelled."""
        await keep_doing(self._works.notices, "queue", self._round, again_s=_AGAIN_S, lost="dispatch_lost")

    async def _round(self) -> bool:
        done = await self.round()
        if not done:
            await asyncio.sleep(_PAUSE_S)
        return done

    async def round(self) -> bool:
        """Look without a lock, then do each thing in a transaction of its own; whether anything was done."""
        now = self._works.clock.now()
        async with self._works.read() as session:
            staff = await assignment.staff_at(session, now)
            stuck = await unstuck.look(session, staff, now)
            gives = await assignment.could_give(session, staff)
            untold = await queue_news.look(session, staff, now)
        done = False
        for conversation_id in stuck.given_up:
            async with self._works.begin() as work:
                done |= await unstuck.free(work, conversation_id)
        for conversation_id in stuck.escalated:
            async with self._works.begin() as work:
                done |= await unstuck.escalate(work, conversation_id)
        while gives:
            async with self._works.begin() as work:
                gives = await assignment.give_next(work) is not None
            done |= gives
        for conversation_id, news in untold.items():
            async with self._works.begin() as work:
                done |= await queue_news.tell(work, conversation_id, news)
        return done
