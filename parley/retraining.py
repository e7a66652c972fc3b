"""The worker that trains: one model at a time for all processes, in a child process, so that nobody waits for it."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from core.actions import models, training, understanding
from core.actions.training import Order
from core.work import Work, Works
from nlu.corpus import DATA_DIR
from nlu.local.model import stored_hash
from nlu.relabelled import examples_of
from nlu.retraining import Task
from parley.models import ModelKeeper

_AGAIN_S = 30.0
_BEAT_S = 5.0
_PROGRAM = (sys.executable, "-m", "nlu.retraining")
_log = structlog.get_logger(__name__)


class Trainer:
    """Takes on trainings that managers ask for. `data` is the base data; `cache` keeps what encoding cost; `program`
    is what trains, told and telling as `nlu.retraining` does."""

    def __init__(
        self,
        works: Works,
        keeper: ModelKeeper,
        cache: Path,
        *,
        data: Path = DATA_DIR,
        program: Sequence[str] = _PROGRAM,
    ) -> None:
        self._works = works
        self._keeper = keeper
        self._cache = cache
        self._data = data
        self._program = program

    async def run(self) -> None:
        """Train what is asked for, until cancelled."""
        async with self._works.notices.subscribe(models.TOPIC) as changed:
            while True:
                try:
                    while await self.round():
                        pass
                except Exception as error:
                    _log.error("training_lost", error=type(error).__name__)
                try:
                    async with asyncio.timeout(_AGAIN_S):
                        await anext(changed)
                except TimeoutError:
                    continue

    async def round(self) -> bool:
        """Do one training that waits; False where none does."""
        async with self._works.begin() as work:
            order = await training.claim(work)
        if order is None:
            return False
        try:
            await self._train(order)
        except asyncio.CancelledError:
            async with self._works.begin() as work:
                await training.put_back(work, order.model_id)
            raise
        except Exception as error:
            async with self._works.begin() as work:
                await training.fail(work, order.model_id, type(error).__name__)
            raise
        return True

    async def _train(self, order: Order) -> None:
        out = self._keeper.folder / f"training-{order.model_id}.npz"
        child = await asyncio.create_subprocess_exec(
            *self._program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**24,
        )
        try:
            told = await self._listen(order, child, await self._task(out))
            await self._conclude(order, out, told)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
            out.unlink(missing_ok=True)

    async def _task(self, out: Path) -> Task:
        async with self._works.read() as session:
            labelled = await understanding.labelled(session)
            wanted = await models.in_force(session)
            known = await models.digests(session)
        examples = await asyncio.to_thread(examples_of, labelled)
        in_force = self._keeper.file(wanted.version) if wanted else self._keeper.release
        if stored_hash(in_force) is None:
            in_force = self._keeper.release
        now = self._works.clock.now()
        return Task(examples, out, self._cache, in_force, now, tuple(known), self._data)

    async def _listen(self, order: Order, child: asyncio.subprocess.Process, task: Task) -> dict[str, Any]:
        """What the child tells last, its stages passed on; a sign of life goes out while it is silent."""
        assert child.stdin is not None  # noqa: S101  both are pipes
        assert child.stdout is not None  # noqa: S101
        child.stdin.write(task.to_json().encode())
        child.stdin.close()
        stage, told = "reading", dict[str, Any]()
        reading = asyncio.create_task(child.stdout.readline())
        try:
            while True:
                done, _ = await asyncio.wait({reading}, timeout=_BEAT_S)
                if done:
                    line = reading.result()
                    if not line:
                        return told
                    told = json.loads(line)
                    stage = told.get("stage", stage)
                    reading = asyncio.create_task(child.stdout.readline())
                async with self._works.begin() as work:
                    if not await training.beat(work, order.model_id, stage):
                        return {"called_off": True}
        finally:
            reading.cancel()

    async def _conclude(self, order: Order, out: Path, told: dict[str, Any]) -> None:
        if "done" in told:
            made = told["done"]
            await asyncio.to_thread(out.replace, self._keeper.file(made["version"]))
            async with self._works.begin() as work:
                await training.finish(work, order.model_id, made)
        elif "called_off" not in told:
            async with self._works.begin() as work:
                await self._fail(work, order, told)

    @staticmethod
    async def _fail(work: Work, order: Order, told: dict[str, Any]) -> None:
        why = "unchanged" if "unchanged" in told else str(told.get("failed") or "stopped")
        await training.fail(work, order.model_id, why)
