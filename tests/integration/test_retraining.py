"""A worker trains in a child process, and processes read with what a manager promotes, without being started again."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.actions import inbound, models, training, understanding, users
from core.actions.inbound import Arrival, RespondOptions
from core.actions.values import Actor
from core.dialogue.understanding import Intent, Understanding
from core.store.tables import ModelRow, Reading
from core.work import Works
from nlu.engine import Context
from nlu.local.engine import LocalEngine
from nlu.switching import SwitchingEngine
from parley.models import ModelKeeper
from parley.retraining import Trainer
from tests.integration.world import World
from tests.support.small_models import another_model, small_model, write_data

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CONTEXT = Context(datetime(2026, 11, 23, tzinfo=UTC), "CNY")
REPORT = {"messages": 1, "own": 0, "against": "", "before": {}, "after": {}, "better": [], "worse": []}
DONE = {"version": "v2", "digest": "d2", "examples": 10, "relabelled": 1, "report": REPORT}


@dataclass
class Small:
    """Small data, the model of them that plays the release's, and what encoding cost."""

    data: Path
    model: Path
    cache: Path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("small")
    data = write_data(folder / "data")
    return Small(data, small_model(data, folder / "release.npz", folder / "cache"), folder / "cache")


@pytest.fixture
async def manager(works: Works) -> Actor:
    async with works.begin() as work:
        return await users.create(work, "max", "Max", "manager", "a long password")


@pytest.fixture
async def keeper(works: Works, small: Small, tmp_path: Path) -> ModelKeeper:
    """A process that reads with the release's model."""
    engine = SwitchingEngine(LocalEngine.load(small.model))
    found = ModelKeeper(works, engine, small.model, tmp_path / "models")
    await found.start()
    return found


def telling(*lines: dict[str, Any], then: str = "") -> Sequence[str]:
    """A program that reads its task, tells these lines, and leaves a file where the task wants the model."""
    told = json.dumps([json.dumps(line) for line in lines])
    program = (
        "import json, pathlib, sys, time; task = json.loads(sys.stdin.read());"
        "pathlib.Path(task['out']).write_bytes(b'x');"
        f"[print(line, flush=True) for line in json.loads({told!r})];{then}"
    )
    return (sys.executable, "-c", program)


async def rows(works: Works) -> list[ModelRow]:
    async with works.read() as session:
        return list((await session.scalars(select(ModelRow).order_by(ModelRow.id))).all())


async def ask(works: Works, manager: Actor) -> int:
    async with works.begin() as work:
        asked = await training.ask(work, manager)
    assert isinstance(asked, training.Asked)
    return asked.model_id


async def candidate(works: Works, manager: Actor, version: str) -> int:
    """A model of this version that waits for a manager."""
    model_id = await ask(works, manager)
    async with works.begin() as work:
        await training.claim(work)
        await training.finish(work, model_id, DONE | {"version": version, "report": None})
    return model_id


async def promote(works: Works, manager: Actor, model_id: int) -> None:
    async with works.begin() as work:
        assert isinstance(await models.promote(work, manager, model_id), models.Promoted)


@asynccontextmanager
async def running(job: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(job.run())
    await asyncio.sleep(0.05)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(holds: Any, within_s: float = 20) -> None:
    async with asyncio.timeout(within_s):
        while not await holds():  # noqa: ASYNC110  rows change without an event
            await asyncio.sleep(0.05)


async def test_the_release_is_in_force_and_its_file_kept(works: Works, keeper: ModelKeeper) -> None:
    [row] = await rows(works)
    assert (row.state, row.version, row.running_at is not None) == ("in_force", keeper.engine.version, True)
    assert LocalEngine.load(keeper.file(row.version)).version == row.version


async def test_a_running_process_changes_over_and_back(
    works: Works, keeper: ModelKeeper, manager: Actor, small: Small
) -> None:
    first = keeper.engine.version
    made = another_model(small.model, keeper.folder / "made.npz", "other data")
    version = LocalEngine.load(made).version
    made.rename(keeper.file(version))
    model_id = await candidate(works, manager, version)
    async with running(keeper):
        await promote(works, manager, model_id)

        async def reads_with_it() -> bool:
            return keeper.engine.version == version and (await rows(works))[1].running_at is not None

        await until(reads_with_it)
        assert keeper.engine.parse("我一共欠多少钱", CONTEXT).version == version
        await promote(works, manager, 1)

        async def went_back() -> bool:
            return keeper.engine.version == first

        await until(went_back)
    engine = SwitchingEngine(LocalEngine.load(small.model))
    await promote(works, manager, model_id)
    await ModelKeeper(works, engine, small.model, keeper.folder).start()
    assert engine.version == version


async def test_a_model_that_cannot_be_loaded_leaves_the_one_before_at_work_and_says_so(
    works: Works, keeper: ModelKeeper, manager: Actor
) -> None:
    first = keeper.engine.version
    await promote(works, manager, await candidate(works, manager, "gone"))
    await keeper.follow()
    assert keeper.engine.version == first
    assert [(row.error, row.running_at) for row in await rows(works) if row.state == "in_force"] == [("NotFound", None)]


async def test_the_file_of_a_discarded_model_is_removed(works: Works, keeper: ModelKeeper, manager: Actor) -> None:
    model_id = await candidate(works, manager, "unwanted")
    keeper.file("unwanted").write_bytes(b"x")
    async with works.begin() as work:
        await models.discard(work, manager, model_id)
    await keeper.follow()
    assert not keeper.file("unwanted").exists()


TOLD: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "done": ([{"stage": "learning"}, {"done": DONE}], "candidate", ""),
    "unchanged": ([{"unchanged": "d"}], "failed", "unchanged"),
    "failed": ([{"failed": "MemoryError at training.py:3"}], "failed", "MemoryError at training.py:3"),
    "silent": ([{"stage": "learning"}], "failed", "stopped"),
}


@pytest.mark.parametrize("told", TOLD)
async def test_what_the_child_tells_is_what_comes_of_it(
    told: str, works: Works, keeper: ModelKeeper, manager: Actor
) -> None:
    lines, state, error = TOLD[told]
    trainer = Trainer(works, keeper, keeper.folder / "cache", program=telling(*lines))
    assert not await trainer.round()
    await ask(works, manager)
    assert await trainer.round()
    row = (await rows(works))[-1]
    assert (row.state, row.error, row.finished_at is not None) == (state, error, True)
    assert keeper.file("v2").exists() == (state == "candidate")
    assert list(keeper.folder.glob("training-*")) == []


async def test_a_training_that_is_called_off_ends_its_process(
    works: Works, keeper: ModelKeeper, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.retraining._BEAT_S", 0.1)
    program = telling({"stage": "learning"}, then="time.sleep(60)")
    async with running(Trainer(works, keeper, keeper.folder / "cache", program=program)):
        model_id = await ask(works, manager)

        async def learns() -> bool:
            return (await rows(works))[-1].stage == "learning"

        await until(learns)
        async with works.begin() as work:
            await training.call_off(work, manager, model_id)

        async def ended() -> bool:
            return list(keeper.folder.glob("training-*")) == []

        await until(ended)
    assert (await rows(works))[-1].state == "discarded"


async def test_a_worker_that_is_told_to_stop_leaves_the_training_to_the_next(
    works: Works, keeper: ModelKeeper, manager: Actor
) -> None:
    program = telling({"stage": "learning"}, then="time.sleep(60)")
    async with running(Trainer(works, keeper, keeper.folder / "cache", program=program)):
        await ask(works, manager)

        async def learns() -> bool:
            return (await rows(works))[-1].stage == "learning"

        await until(learns)
    assert (await rows(works))[-1].state == "asked"
    assert await Trainer(works, keeper, keeper.folder, program=telling({"done": DONE})).round()


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_what_people_relabelled_is_learnt_and_compared(world: World, small: Small, tmp_path: Path) -> None:
    """The real training, of a small model."""
    works, manager = world.works, world.max
    keeper = ModelKeeper(works, SwitchingEngine(LocalEngine.load(small.model)), small.model, tmp_path / "models")
    await keeper.start()
    trainer = Trainer(works, keeper, small.cache, data=small.data)
    await ask(works, manager)
    await trainer.round()
    assert (await rows(works))[-1].error == "unchanged"
    said = [f"could we stretch it out over a while, say {word}" for word in ("spring", "summer", "autumn", "winter")]
    for text in said:
        await relabelled(works, world, manager, text)
    model_id = await ask(works, manager)
    await trainer.round()
    row = (await rows(works))[-1]
    assert (row.state, row.error) == ("candidate", "")
    assert row.report is not None
    assert row.relabelled + row.report["own"] == len(said)
    assert 650 < row.report["messages"] - row.report["own"] <= 722
    assert row.report["against"] == keeper.engine.version
    await promote(works, manager, model_id)
    await keeper.follow()
    assert keeper.engine.version == row.version
    assert keeper.engine.parse("could we stretch it out over a while", CONTEXT).intents[0].name == "request_instalments"


async def relabelled(works: Works, world: World, manager: Actor, text: str) -> None:
    """A debtor writes this, the engine is unsure of it, and somebody says that it asks for instalments."""
    async with works.begin() as work:
        recorded = await inbound.record(
            work, Arrival(channel="web", external_id=text, address="a", case_id=world.case_id, text=text)
        )
    assert isinstance(recorded, inbound.Recorded)
    reading = Understanding("en", (Intent("evasive", 0.3),), (), "local", "v1")
    async with works.begin() as work:
        await inbound.respond(work, recorded.conversation_id, {recorded.message_id: reading}, RespondOptions())
    async with works.begin() as work:
        reading_id = await work.session.scalar(select(Reading.id).where(Reading.message_id == recorded.message_id))
        assert reading_id is not None
        await understanding.relabel(work, manager, reading_id, "request_instalments")
