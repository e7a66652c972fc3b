"""The worker that simulates what limits would change: one run at a time for all processes, in child processes."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from core.actions import what_ifs
from core.actions.what_ifs import Order
from core.lab.codec import case_to_json, comparison_to_json
from core.work import Works
from parley.jobs import keep_doing, one_of, told_by, unbroken

_AGAIN_S = 20.0
_BEAT_S = 5.0
_STEP_S = 0.5
_PROGRAM = (sys.executable, "-m", "parley.lab.child")


class Simulator:
    """Takes on the runs that managers ask for, each on so many `processes`. `program` is what simulates, told and
    telling as `parley.lab.child` does."""

    def __init__(self, works: Works, processes: int, *, program: Sequence[str] = _PROGRAM) -> None:
        self._works = works
        self._processes = processes
        self._program = program

    async def run(self) -> None:
        """Simulate what is asked for, until cancelled."""
        await keep_doing(self._works.notices, what_ifs.TOPIC, self.round, again_s=_AGAIN_S, lost="what_if_lost")

    async def round(self) -> bool:
        """Do one run that waits; False where none does."""
        return await one_of(self._works, what_ifs, self._simulate)

    async def _simulate(self, run_id: int) -> None:
        async with self._works.read() as session:
            order = await what_ifs.order(session, run_id, self._works.clock.now())
        if order is None or not order.cases:
            await self._fail(run_id, "no_limits" if order is None else "no_cases")
            return
        if not await unbroken(self._started(order)):
            return

        async def heard(told: Mapping[str, Any]) -> bool:
            async with self._works.begin() as work:
                return await what_ifs.beat(work, run_id, int(told.get("done", 0)))

        task = await asyncio.to_thread(task_of, order, self._processes)
        told = await told_by(self._program, task, heard, every_s=_BEAT_S, at_most_every_s=_STEP_S)
        if told is None:
            return
        if "report" not in told:
            await self._fail(run_id, str(told.get("failed") or "stopped"))
            return
        async with self._works.begin() as work:
            await what_ifs.finish(work, run_id, told["report"])

    async def _started(self, order: Order) -> bool:
        async with self._works.begin() as work:
            return await what_ifs.started(work, order)

    async def _fail(self, run_id: int, why: str) -> None:
        async with self._works.begin() as work:
            await what_ifs.fail(work, run_id, why)


def task_of(order: Order, processes: int) -> str:
    """What the child process is told."""
    cases = [case_to_json(case) for case in order.cases]
    task = {"comparison": comparison_to_json(order.comparison), "cases": cases, "processes": processes}
    return json.dumps(task, ensure_ascii=False)
