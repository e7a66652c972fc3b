"""The worker that keeps the figures of reports true, and the command that has everything counted anew."""

from core.actions import report_facts
from core.settings import Settings
from core.work import Works
from parley.installation import open_works
from parley.jobs import keep_doing

TOPIC = "reports"
_AGAIN_S = 15.0


class FactsKeeper:
    """Follows what happens, a quarter of a minute behind at most while it keeps up."""

    def __init__(self, works: Works) -> None:
        self._works = works

    async def run(self) -> None:
        """Count what happened, until cancelled."""
        await keep_doing(self._works.notices, TOPIC, self.round, again_s=_AGAIN_S, lost="report_count_lost")

    async def round(self) -> bool:
        """One lot; False where nothing is left to count."""
        return await report_facts.follow(self._works)


async def recount(settings: Settings) -> str:
    """Counts every case anew, here and now; figures stay as they were until their case's turn comes."""
    async with open_works(settings) as works:
        async with works.begin() as work:
            await report_facts.start_anew(work)
        while await report_facts.follow(works):
            pass
        async with works.read() as session:
            facts = await report_facts.size(session)
    return f"Counted anew: {facts:,} facts."
