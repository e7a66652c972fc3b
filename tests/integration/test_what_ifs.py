"""What limits would change: asked for, simulated by a worker in processes of its own, called off, taken up again."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.actions import limit_drafts, what_ifs
from core.actions.limits import MayNotPublish
from core.clock import FixedClock
from core.compliance import HOLDS
from core.policy import DEFAULT_VERSION, version_to_json
from core.store import live_cases
from core.store.tables import Audit, Case, CaseFlag, Creditor, Debtor, Plan, Policy, PromiseRow, WhatIf
from core.work import Works
from parley.what_ifs import Simulator
from tests.integration.world import World

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def _few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to tell that it works, in little time."""
    monkeypatch.setattr(what_ifs, "FEWEST_PEOPLE", 150)


def shorter() -> dict[str, Any]:
    """The shipped limits with at most three instalments on American cards."""
    body = version_to_json(DEFAULT_VERSION)
    [rule] = [rule for rule in body["rules"] if (rule["market"], rule["product"]) == ("us", "credit_card")]
    rule["limits"] |= {"max_instalments": 3}
    return body


async def draft(world: World) -> int:
    async with world.works.begin() as work:
        saved = await limit_drafts.save_draft(work, world.max, shorter(), "Shorter")
    assert isinstance(saved, limit_drafts.Saved)
    return saved.draft_id


async def ask(world: World, draft_id: int, seed: int = 1) -> int:
    async with world.works.begin() as work:
        asked = await what_ifs.ask(work, world.max, draft_id, seed)
    assert isinstance(asked, what_ifs.Asked)
    return asked.run_id


async def claim(works: Works) -> int | None:
    async with works.begin() as work:
        return await what_ifs.claim(work)


async def runs(works: Works) -> list[WhatIf]:
    async with works.read() as session:
        return list((await session.scalars(select(WhatIf).order_by(WhatIf.id))).all())


async def states(works: Works) -> list[str]:
    return [run.state for run in await runs(works)]


async def portfolio(works: Works, many: int) -> None:
    """So many more cases of Dana's creditor."""
    async with works.begin() as work:
        creditor = (await work.session.scalars(select(Creditor))).first()
        assert creditor is not None
        debtors = [
            Debtor(
                name="x",
                language="zh" if number % 3 else "en",
                time_zone="Asia/Shanghai",
                facts={"birth_date": "1980-02-30"},
            )
            for number in range(many)
        ]
        work.session.add_all(debtors)
        await work.session.flush()
        work.session.add_all(case(creditor.id, debtor.id, number) for number, debtor in enumerate(debtors))


def case(creditor_id: int, debtor_id: int, number: int, **changes: Any) -> Case:
    known: dict[str, Any] = {
        "creditor_id": creditor_id,
        "debtor_id": debtor_id,
        "reference": f"P-{number}",
        "market": "us",
        "product": "credit_card",
        "currency": "USD",
        "principal": 90000 + number * 1000,
        "interest": 4000,
        "fees": 900,
        "balance_as_of": date(2026, 11, 1),
        "due_date": date(2026, 10, 1),
        "contract": {},
        "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Case(**(known | changes))


def telling(*lines: dict[str, Any], then: str = "") -> Sequence[str]:
    """A program that reads its task and tells these lines."""
    told = json.dumps([json.dumps(line) for line in lines])
    program = (
        "import json, sys, time; task = json.loads(sys.stdin.read()); assert task['cases'] and task['processes'] == 1;"
        f"[print(line, flush=True) for line in json.loads({told!r})];{then}"
    )
    return (sys.executable, "-c", program)


@asynccontextmanager
async def running(job: Simulator) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(job.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def reaches(works: Works, state: str) -> WhatIf:
    """The newest run once it is in this state."""
    async with asyncio.timeout(60):
        while (await runs(works))[-1].state != state:  # noqa: ASYNC110  rows change without an event
            await asyncio.sleep(0.05)
    return (await runs(works))[-1]


async def test_a_worker_simulates_what_a_manager_asks_for_and_keeps_it_with_the_version(world: World) -> None:
    await portfolio(world.works, 25)
    draft_id = await draft(world)
    await ask(world, draft_id, seed=4)
    assert await Simulator(world.works, 2).round()
    [run] = await runs(world.works)
    assert (run.state, run.error, run.against, run.seed) == ("done", "", 1, 4)
    assert (run.cases, run.done, run.live, run.revision) == (26, 26, 26, 1)
    assert run.report is not None
    assert run.report["draws"] == 150 // 26
    assert run.report["other"]["limits"] == 26
    assert run.report["parts"][0]["figures"]["agreed"]["gap"]["high"] < 0
    async with world.works.read() as session:
        policy = await session.get_one(Policy, draft_id)
        assert run.digest == what_ifs.digest_of(policy.body)
        trail = (await session.scalars(select(Audit.action).where(Audit.action.like("%what_if")))).all()
    assert trail == ["asked_what_if", "ran_what_if"]
    assert not await Simulator(world.works, 2).round()


async def test_the_same_seed_says_the_same_again_and_another_does_not(world: World) -> None:
    await portfolio(world.works, 10)
    draft_id = await draft(world)
    for seed, processes in ((1, 1), (1, 2), (2, 1)):
        await ask(world, draft_id, seed)
        assert await Simulator(world.works, processes).round()
    first, again, other = [run.report for run in await runs(world.works)]
    assert first == again
    assert first != other


async def test_one_run_waits_for_a_version_and_one_goes_on_for_all(world: World) -> None:
    one, two = await draft(world), await draft(world)
    first = await ask(world, one)
    async with world.works.begin() as work:
        assert await what_ifs.ask(work, world.max, one) == what_ifs.Busy()
    second = await ask(world, two)
    assert await claim(world.works) == first
    assert await claim(world.works) is None
    async with world.works.begin() as work:
        await what_ifs.put_back(work, first)
    assert await claim(world.works) == first
    async with world.works.begin() as work:
        assert await what_ifs.finish(work, first, {})
    assert await claim(world.works) == second


async def test_only_drafts_are_simulated_and_only_managers_ask(world: World) -> None:
    draft_id = await draft(world)
    async with world.works.begin() as work:
        assert await what_ifs.ask(work, world.max, 1) == what_ifs.Decided("in_force")
        for actor in (world.ana, world.sue):
            assert isinstance(await what_ifs.ask(work, actor, draft_id), MayNotPublish)
            assert isinstance(await what_ifs.call_off(work, actor, 1), MayNotPublish)


async def test_a_run_whose_process_died_is_begun_anew(world: World, clock: FixedClock) -> None:
    run_id = await ask(world, await draft(world))
    assert await claim(world.works) == run_id
    clock.advance(what_ifs.SILENT_AFTER - timedelta(seconds=1))
    assert await claim(world.works) is None
    clock.advance(timedelta(seconds=1))
    assert await claim(world.works) == run_id


async def test_a_run_is_called_off_and_its_program_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.what_ifs._BEAT_S", 0.1)
    await ask(world, await draft(world))
    slow = telling({"done": 1}, then="time.sleep(60)")
    async with running(Simulator(world.works, 1, program=slow)):
        run = await reaches(world.works, "running")
        async with asyncio.timeout(20):
            while not (await runs(world.works))[-1].done:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        async with world.works.begin() as work:
            assert await what_ifs.call_off(work, world.max, run.id) == what_ifs.CalledOff(run.id)
            assert await what_ifs.call_off(work, world.max, run.id) == what_ifs.Over("called_off")
        async with world.works.begin() as work:
            assert not await what_ifs.beat(work, run.id, 5)
            assert not await what_ifs.finish(work, run.id, {})
    assert await states(world.works) == ["called_off"]


async def test_a_worker_that_is_stopped_leaves_the_run_to_the_next(world: World) -> None:
    await ask(world, await draft(world))
    async with running(Simulator(world.works, 1, program=telling({"done": 1}, then="time.sleep(60)"))):
        await reaches(world.works, "running")
    assert await states(world.works) == ["asked"]


@pytest.mark.parametrize("after_ms", range(0, 400, 40))
async def test_a_worker_stopped_while_it_gives_a_sign_of_life_leaves_the_store_free(
    world: World, monkeypatch: pytest.MonkeyPatch, after_ms: int
) -> None:
    monkeypatch.setattr("parley.what_ifs._STEP_S", 0.0)
    await ask(world, await draft(world))
    signs = telling(*({"done": number} for number in range(400)), then="time.sleep(60)")
    async with running(Simulator(world.works, 1, program=signs)):
        await reaches(world.works, "running")
        await asyncio.sleep(after_ms / 1000)
    assert await states(world.works) == ["asked"]


@pytest.mark.parametrize(
    ("program", "error"),
    [(telling({"failed": "KeyError"}), "KeyError"), (telling({"done": 1}, then="sys.exit(1)"), "stopped")],
)
async def test_a_program_that_fails_fails_the_run(world: World, program: Sequence[str], error: str) -> None:
    await ask(world, await draft(world))
    assert await Simulator(world.works, 1, program=program).round()
    [run] = await runs(world.works)
    assert (run.state, run.error) == ("failed", error)


async def test_without_an_open_case_there_is_nothing_to_simulate(world: World) -> None:
    async with world.works.begin() as work:
        (await work.session.get_one(Case, world.case_id)).state = "settled"
    await ask(world, await draft(world))
    await Simulator(world.works, 1).round()
    assert [(run.state, run.error) for run in await runs(world.works)] == [("failed", "no_cases")]


async def test_cases_with_a_plan_or_a_hold_or_nothing_owed_are_no_live_cases(world: World) -> None:
    await portfolio(world.works, 6)
    conversation_id = await world.open()
    async with world.works.begin() as work:
        found = (await work.session.scalars(select(Case).order_by(Case.id))).all()
        _, planned, held, flagged, paid, closed, broken = found
        plan = {"body": {}, "currency": "USD", "total": 1, "discount": 0, "down_payment": 0, "frequency": "month",
                "policy_version": 1, "rule": "us", "language": "en", "agreed_at": work.now,
                "conversation_id": conversation_id}  # fmt: skip
        work.session.add_all(
            [
                Plan(case_id=planned.id, public_id="a", state="active", **plan),
                Plan(case_id=broken.id, public_id="b", state="broken", **plan),
                PromiseRow(
                    case_id=flagged.id,
                    conversation_id=conversation_id,
                    due=date(2026, 11, 2),
                    amount=1,
                    currency="USD",
                    policy_version=1,
                    state="broken",
                    made_at=work.now,
                ),
                CaseFlag(case_id=held.id, flag="dispute", at=work.now),
                CaseFlag(case_id=flagged.id, flag="hardship", at=work.now),
            ]
        )
        paid.principal = paid.interest = paid.fees = 0
        closed.state = "settled"
    async with world.works.read() as session:
        rows = [row async for chunk in live_cases.sample(session, HOLDS, 100, 1) for row in chunk]
        assert await live_cases.count(session, HOLDS) == 3
        seen = {row.case.id: what_ifs.live_case(row, datetime(2026, 11, 23, 20, tzinfo=UTC)) for row in rows}
    assert set(seen) == {world.case_id, flagged.id, broken.id}
    assert (seen[flagged.id].facts.segments, seen[flagged.id].broken_promises) == ({"hardship"}, 1)
    assert seen[broken.id].facts.segments == {"broken_plan"}
    assert (seen[broken.id].today, seen[broken.id].age, seen[broken.id].facts.role) == (date(2026, 11, 24), None, "bot")
    assert seen[broken.id].facts.days_past_due == 54


async def test_a_large_portfolio_is_sampled_the_same_for_the_same_seed(world: World) -> None:
    await portfolio(world.works, 120)

    async def sampled(seed: int) -> list[int]:
        async with world.works.read() as session:
            return [row.case.id async for chunk in live_cases.sample(session, HOLDS, 30, seed) for row in chunk]

    one, again, other = await sampled(1), await sampled(1), await sampled(2)
    assert one == again
    assert len(set(one)) == len(set(other)) == 30
    assert one != other
