"""The model in force, in this process: loaded at its start, changed for another when a manager promotes one."""

import asyncio
import shutil
from pathlib import Path

import structlog

from core.actions import models
from core.errors import InvariantBroken, ParleyError
from core.settings import Settings
from core.work import Works
from nlu.local.engine import LocalEngine
from nlu.local.model import stored_hash
from nlu.switching import SwitchingEngine
from nlu.whole_files import written_whole
from parley.jobs import keep_doing
from parley.understanding import current_model, engine_named

_AGAIN_S = 60.0
"""How often a process looks for itself: a lost notice delays, it loses nothing."""

_log = structlog.get_logger(__name__)


class ModelKeeper:
    """Keeps `engine` reading with the model in force. `release` is the file of the model that the release brings;
    `folder` holds every model that can be gone back to, by its version."""

    def __init__(self, works: Works, engine: SwitchingEngine, release: Path, folder: Path) -> None:
        self.engine = engine
        self.release = release
        self.folder = folder
        self._works = works
        self._running: int | None = None

    def file(self, version: str) -> Path:
        """Where the model of this version lies."""
        return self.folder / f"{version}.npz"

    async def start(self) -> None:
        """Make the release's model known, keep its file, and read with the model in force."""
        version = self.engine.version
        kept = self.file(version)
        if stored_hash(kept) is None:
            await asyncio.to_thread(_copy, self.release, kept)
        async with self._works.begin() as work:
            release_id = await models.ensure_release(work, version, stored_hash(self.release) or "")
        self._running = release_id
        await self.follow()

    async def run(self) -> None:
        """Follow what managers decide, until cancelled."""

        async def round_() -> bool:
            await self.follow()
            return False

        await keep_doing(self._works.notices, models.TOPIC, round_, again_s=_AGAIN_S, lost="model_not_followed")

    async def follow(self) -> None:
        """Change over where another model is in force; stay with the one before where it cannot be loaded."""
        async with self._works.read() as session:
            wanted = await models.in_force(session)
            unused = await models.unused(session)
        await asyncio.to_thread(self._remove, unused)
        if wanted is None:
            return
        if wanted.model_id != self._running:
            try:
                loaded = await asyncio.to_thread(LocalEngine.load, self.file(wanted.version))
            except (ParleyError, OSError, ValueError, KeyError) as error:
                _log.error("model_not_loaded", version=wanted.version, error=type(error).__name__)
                await self._report(wanted.model_id, type(error).__name__)
                return
            self.engine.switch(loaded)
            self._running = wanted.model_id
            _log.info("model_in_force", version=wanted.version)
        if not wanted.is_running:
            async with self._works.begin() as work:
                await models.now_running(work, wanted.model_id)

    async def _report(self, model_id: int, why: str) -> None:
        async with self._works.begin() as work:
            await models.cannot_run(work, model_id, why)

    def _remove(self, versions: list[str]) -> None:
        for version in versions:
            self.file(version).unlink(missing_ok=True)


async def keep_models(settings: Settings, works: Works) -> ModelKeeper:
    """The keeper of this installation, reading with the model in force; trains one where the release brings none."""
    engine = SwitchingEngine(await asyncio.to_thread(engine_named, settings, "local"))
    release = current_model(settings)
    if release is None:
        raise InvariantBroken("The model that was just loaded is gone.")
    keeper = ModelKeeper(works, engine, release, settings.data_dir / "models" / "local")
    await keeper.start()
    return keeper


def _copy(source: Path, target: Path) -> None:
    with written_whole(target) as partial:
        shutil.copyfile(source, partial)
