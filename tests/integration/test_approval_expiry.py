"""Requests beyond the limits that nobody answered, and exceptions that nobody offered, stand no longer."""

import asyncio
from datetime import timedelta

from core.actions import approvals, desk, takeover, upkeep
from core.actions.desk import AlreadyDecided, NeedsApproval
from core.clock import FixedClock
from core.money import Money
from core.negotiation import Ask
from core.store.tables import Approval, Audit
from tests.integration.world import World

HALF_OFF = Ask(total=Money(120000, "USD"))
MOMENT = timedelta(seconds=1)


async def asked(world: World) -> int:
    conversation_id = await world.open()
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    await world.tell(conversation_id, "hello?", "greet")
    async with world.works.begin() as work:
        needs = await desk.propose(work, conversation_id, world.ana, HALF_OFF, "lives on a small pension")
    assert isinstance(needs, NeedsApproval)
    return needs.approval_id


async def upkept(world: World) -> int:
    async with world.works.begin() as work:
        return await upkeep.run(work)


async def states(world: World) -> list[str]:
    return [row.state for row in await world.rows(Approval)]


async def test_a_request_that_nobody_answered_in_time_expires_once(world: World, clock: FixedClock) -> None:
    approval_id = await asked(world)
    clock.advance(approvals.ANSWER_WITHIN - MOMENT)
    assert await upkept(world) == 0
    clock.advance(MOMENT)
    async with world.works.begin() as work:
        assert await desk.decide_approval(work, approval_id, world.max, True) == AlreadyDecided("expired")
    assert sum(await asyncio.gather(*(upkept(world) for _ in range(4)))) == 1
    assert await states(world) == ["expired"]
    [row] = await world.rows(Audit, action="approval_expired")
    assert (row.actor, row.data) == ("system", {"approval": approval_id, "was": "asked"})
    async with world.works.begin() as work:
        assert await desk.decide_approval(work, approval_id, world.max, True) == AlreadyDecided("expired")
    assert await upkept(world) == 0


async def test_an_approved_exception_that_was_offered_does_not_expire(world: World, clock: FixedClock) -> None:
    approval_id = await asked(world)
    async with world.works.begin() as work:
        await desk.decide_approval(work, approval_id, world.max, True)
    clock.advance(approvals.OFFER_WITHIN * 2)
    await upkept(world)
    assert await states(world) == ["approved"]


async def test_an_approved_exception_that_was_never_offered_expires(world: World, clock: FixedClock) -> None:
    approval_id = await asked(world)
    async with world.works.begin() as work:
        row = await work.session.get_one(Approval, approval_id)
        row.state, row.decided_at, row.decided_by = "approved", work.now, world.max.id
    clock.advance(approvals.OFFER_WITHIN - MOMENT)
    assert await upkept(world) == 0
    clock.advance(MOMENT)
    assert await upkept(world) == 1
    assert await states(world) == ["expired"]
