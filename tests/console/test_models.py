"""Models of the understanding: asked for, one at a time, compared, promoted, gone back to, and by whom."""

from typing import Any

import pytest

from core.actions import models, training
from core.actions.values import Actor
from core.store.tables import Audit, ModelRow
from core.work import Works
from tests.console.conftest import SignIn, words
from tests.console.office import Office

BETTER = {"top_intent": 0.86, "all_gold_asserted": 0.78, "critical_recall": 0.96, "critical_precision": 0.9,
          "self_harm_recall": 1.0, "ece": 0.03}  # fmt: skip
BEFORE = BETTER | {"top_intent": 0.81, "critical_recall": 0.94, "ece": 0.05}
MOVED = {"count": 1, "shown": [{"text": "‹name› will call", "gold": ["greet"], "before": "evasive", "after": "greet"}]}


def report(**after: float | None) -> dict[str, Any]:
    return {
        "messages": 450, "own": 6, "against": "release-1", "before": BEFORE, "after": BETTER | after, "seconds": 60,
        "better": [["greet", 0.5, 0.8]], "worse": [["evasive", 0.7, 0.6]], "mended": MOVED,
        "broken": {"count": 0, "shown": []},
    }  # fmt: skip


def made(version: str = "new-1", **after: float | None) -> dict[str, Any]:
    return {
        "version": version, "digest": f"d-{version}", "examples": 900, "relabelled": 24, "report": report(**after),
    }  # fmt: skip


async def train(works: Works, actor: Actor, version: str = "new-1", after: dict[str, float] | None = None) -> int:
    """A model asked for, made by a worker and compared."""
    async with works.begin() as work:
        asked = await training.ask(work, actor)
    assert isinstance(asked, training.Asked)
    async with works.begin() as work:
        assert await training.claim(work) == asked.model_id
    async with works.begin() as work:
        assert await training.finish(work, asked.model_id, made(version, **(after or {})))
    return asked.model_id


@pytest.fixture
async def release(office: Office) -> int:
    """The release's model is in force, and a process reads with it."""
    async with office.works.begin() as work:
        model_id = await models.ensure_release(work, "release-1", "d-release")
        await models.now_running(work, model_id)
    return model_id


async def states(office: Office) -> list[tuple[str, str]]:
    return [(row.version, row.state) for row in await office.rows(ModelRow)]


async def test_a_release_is_in_force_until_a_manager_chooses_and_a_newer_one_then_waits(
    office: Office, release: int
) -> None:
    async with office.works.begin() as work:
        assert await models.ensure_release(work, "release-1", "d-release") == release
        await models.ensure_release(work, "release-2", "d-2")
    assert await states(office) == [("release-1", "retired"), ("release-2", "in_force")]
    model_id = await train(office.works, office.team["max"])
    async with office.works.begin() as work:
        await models.promote(work, office.team["max"], model_id)
        await models.ensure_release(work, "release-3", "d-3")
    assert dict(await states(office)) == {
        "release-1": "retired", "release-2": "retired", "new-1": "in_force", "release-3": "candidate",
    }  # fmt: skip


async def test_one_model_is_made_at_a_time(sign_in: SignIn, office: Office, release: int) -> None:
    browser = await sign_in("max")
    first = await browser.post("/understanding/models/train", part=True)
    assert "A model is in the making" in words(first.text)
    second = await browser.post("/understanding/models/train")
    assert (second.status_code, "one at a time" in words(second.text)) == (409, True)
    async with office.works.begin() as work:
        model_id = await training.claim(work)
        assert model_id is not None
        assert await training.claim(work) is None
        assert await training.beat(work, model_id, "learning")
    page = words((await browser.get("/understanding/models")).text)
    assert "Learning under a minute" in page
    assert "Train a new model" not in page


async def test_a_training_whose_process_died_is_begun_anew(office: Office, release: int) -> None:
    async with office.works.begin() as work:
        await training.ask(work, office.team["max"])
        model_id = await training.claim(work)
    office.clock.advance(training.SILENT_AFTER)
    async with office.works.begin() as work:
        assert await training.claim(work) == model_id


async def test_a_training_is_called_off_and_its_result_refused(sign_in: SignIn, office: Office, release: int) -> None:
    browser = await sign_in("max")
    await browser.post("/understanding/models/train")
    async with office.works.begin() as work:
        model_id = await training.claim(work)
    assert model_id is not None
    assert (await browser.post(f"/understanding/models/{model_id}/call-off")).status_code == 200
    async with office.works.begin() as work:
        assert not await training.beat(work, model_id, "learning")
        assert not await training.finish(work, model_id, made())
        assert isinstance(await training.ask(work, office.team["max"]), training.Asked)


async def test_a_candidate_is_shown_beside_the_model_in_force(sign_in: SignIn, office: Office, release: int) -> None:
    await train(office.works, office.team["max"])
    page = words((await (await sign_in("sue")).get("/understanding/models")).text)
    assert "Likeliest meaning is right 81.0% 86.0% +5.0 better" in page
    assert "Calibration error (less is better) 5.0% 3.0% −2.0 better" in page
    assert "Self-harm: heard 100.0% 100.0% same" in page
    assert "450 messages that no model has learnt from: 444 that came with the release" in page
    assert "Greets 50.0% → 80.0%" in page
    assert "Commits to nothing 70.0% → 60.0%" in page
    assert "Promote" not in page
    assert "A manager trains and promotes models." in page


async def test_a_manager_promotes_and_goes_back(sign_in: SignIn, office: Office, release: int) -> None:
    browser = await sign_in("max")
    model_id = await train(office.works, office.team["max"])
    answer = await browser.post(f"/understanding/models/{model_id}/promote", note="hears more")
    said = words(answer.text)
    assert "The model is in force. Running processes change over" in said
    assert "Running processes are changing over…" in said
    assert await states(office) == [("release-1", "retired"), ("new-1", "in_force")]
    async with office.works.begin() as work:
        await models.now_running(work, model_id)
    assert "In use since" in words((await browser.get("/understanding/models")).text)
    back = await browser.post(f"/understanding/models/{release}/promote", part=True)
    assert "The earlier model is in force again." in words(back.text)
    assert await states(office) == [("release-1", "in_force"), ("new-1", "retired")]
    trail = [(row.actor, row.action) for row in await office.rows(Audit, subject="model")]
    assert trail == [
        ("system", "promoted_model"), ("max", "asked_training"), ("system", "trained_model"),
        ("max", "promoted_model"), ("max", "rolled_back_model"),
    ]  # fmt: skip
    assert (await office.rows(Audit, action="promoted_model"))[-1].data == {
        "note": "hears more", "version": "new-1", "digest": "d-new-1", "instead_of": "release-1",
    }  # fmt: skip


@pytest.mark.parametrize("figure", ["critical_recall", "self_harm_recall"])
async def test_a_model_that_hears_less_danger_is_promoted_only_with_a_reason(
    figure: str, sign_in: SignIn, office: Office, release: int
) -> None:
    browser = await sign_in("max")
    model_id = await train(office.works, office.team["max"], after={figure: 0.5})
    refused = await browser.post(f"/understanding/models/{model_id}/promote", note="  ")
    assert (refused.status_code, "Say why it should be in force" in words(refused.text)) == (422, True)
    assert ("release-1", "in_force") in await states(office)
    assert (await browser.post(f"/understanding/models/{model_id}/promote", note="known")).status_code == 200


async def test_a_discarded_model_is_neither_promoted_nor_kept(sign_in: SignIn, office: Office, release: int) -> None:
    browser = await sign_in("max")
    model_id = await train(office.works, office.team["max"])
    assert (await browser.post(f"/understanding/models/{model_id}/discard")).status_code == 200
    late = await browser.post(f"/understanding/models/{model_id}/promote")
    assert (late.status_code, "moved on meanwhile" in words(late.text)) == (409, True)
    assert (await browser.post(f"/understanding/models/{release}/discard")).status_code == 409
    async with office.works.read() as session:
        assert await models.unused(session) == ["new-1"]
    again = await train(office.works, office.team["max"])
    async with office.works.read() as session:
        assert await models.unused(session) == []
    assert again != model_id


@pytest.mark.parametrize("login", ["ana", "sue"])
async def test_only_managers_train_and_choose(login: str, sign_in: SignIn, office: Office, release: int) -> None:
    browser = await sign_in(login)
    model_id = await train(office.works, office.team["max"])
    for path in ("train", f"{model_id}/promote", f"{model_id}/discard", f"{model_id}/call-off"):
        assert (await browser.post(f"/understanding/models/{path}")).status_code == 403
    async with office.works.begin() as work:
        actor = office.team[login]
        assert await models.promote(work, actor, model_id) == models.MayNotDecide(actor.role)
        assert await training.ask(work, actor) == models.MayNotDecide(actor.role)
    assert ("new-1", "candidate") in await states(office)


async def test_what_failed_is_said(sign_in: SignIn, office: Office, release: int) -> None:
    browser = await sign_in("max")
    for why, said in (("unchanged", "nothing new to learn"), ("MemoryError at x.py:3", "The last training failed")):
        await browser.post("/understanding/models/train")
        async with office.works.begin() as work:
            model_id = await training.claim(work)
            assert model_id is not None
            await training.fail(work, model_id, why)
        assert said in words((await browser.get("/understanding/models")).text)
    async with office.works.begin() as work:
        await models.cannot_run(work, release, "NotFound")
    assert "could not load this model" in words((await browser.get("/understanding/models")).text)


async def test_two_managers_who_ask_or_promote_at_once_get_one_model(works: Works) -> None:
    import asyncio  # noqa: PLC0415

    from core.actions import users  # noqa: PLC0415

    async with works.begin() as work:
        manager = await users.create(work, "max", "Max", "manager", "a long password")
        await models.ensure_release(work, "release-1", "d")

    async def ask() -> object:
        async with works.begin() as work:
            return await training.ask(work, manager)

    outcomes = await asyncio.gather(ask(), ask(), ask())
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Asked", "Busy", "Busy"]
    async with works.begin() as work:
        model_id = await training.claim(work)
        assert model_id is not None
        await training.finish(work, model_id, made("one"))
    other = await train(works, manager, "two")

    async def promote(model_id: int) -> object:
        async with works.begin() as work:
            return await models.promote(work, manager, model_id)

    await asyncio.gather(promote(model_id), promote(other))
    async with works.read() as session:
        found = await models.in_force(session)
    assert found is not None
    assert found.model_id in (model_id, other)
