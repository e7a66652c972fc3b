"""The worker that trains: one model at a time for all processes, in a child process, so that nobody waits for it."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from core.actions import models, training, understanding
from core.work import Work, Works
from nlu.corpus import DATA_DIR
from nlu.local.model import stored_hash
from nlu.relabelled import examples_of
from nlu.retraining import Task
from parley.jobs import keep_doing, one_of, told_by
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
        await keep_doing(self._works.notices, models.TOPIC, self.round, again_s=_AGAIN_S, lost="training_lost")

    async def round(self) -> bool:
        """Do one training that waits; False where none does."""
        return await one_of(self._works, training, self._train)

    async def _train(self, model_id: int) -> None:
        out = self._keeper.folder / f"training-{model_id}.npz"
        stage = "reading"

        async def heard(told: Mapping[str, Any]) -> bool:
            nonlocal stage
            stage = told.get("stage", stage)
            async with self._works.begin() as work:
                return await training.beat(work, model_id, stage)

        try:
            task = await self._task(out)
            told = await told_by(self._program, task.to_json(), heard, every_s=_BEAT_S)
            await self._conclude(model_id, out, told)
        finally:
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

    async def _conclude(self, model_id: int, out: Path, told: dict[str, Any] | None) -> None:
        if told is None:
            return
        if "done" in told:
            made = told["done"]
            await asyncio.to_thread(out.replace, self._keeper.file(made["version"]))
            async with self._works.begin() as work:
                await training.finish(work, model_id, made)
        else:
            async with self._works.begin() as work:
                await self._fail(work, model_id, told)

    @staticmethod
    async def _fail(work: Work, model_id: int, told: dict[str, Any]) -> None:
        why = "unchanged" if "unchanged" in told else str(told.get("failed") or "stopped")
        await training.fail(work, model_id, why)
