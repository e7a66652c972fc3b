"""Requests beyond the limits that nobody answered, and exceptions that nobody offered, stand no longer."""

import asyncio
from datetime import date, timedelta

import pytest

from core.actions import approvals, beyond_limits, desk, payments, takeover, upkeep
from core.actions.beyond_limits import AlreadyDecided, Approved, ApprovedForLater, NeedsApproval
from core.actions.values import Actor, NotHolder
from core.clock import FixedClock
from core.compliance import Refused
from core.errors import NotFound
from core.money import Money
from core.negotiation import Ask
from core.store.tables import Approval, Audit, OfferRow, Plan
from tests.integration.world import World

HALF_OFF = Ask(total=Money(120000, "USD"))
MOMENT = timedelta(seconds=1)
NIGHT = timedelta(hours=10)
"""From noon to ten in the evening in New York, and from there to eight in the morning."""


async def asked(world: World, ask: Ask = HALF_OFF) -> int:
    conversation_id = await world.open()
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    await world.tell(conversation_id, "hello?", "greet")
    async with world.works.begin() as work:
        needs = await desk.propose(work, conversation_id, world.ana, ask, "lives on a small pension")
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
        assert await beyond_limits.decide_approval(work, approval_id, world.max, True) == AlreadyDecided("expired")
    assert sum(await asyncio.gather(*(upkept(world) for _ in range(4)))) == 1
    assert await states(world) == ["expired"]
    [row] = await world.rows(Audit, action="approval_expired")
    assert (row.actor, row.data) == ("system", {"approval": approval_id, "was": "asked"})
    async with world.works.begin() as work:
        assert await beyond_limits.decide_approval(work, approval_id, world.max, True) == AlreadyDecided("expired")
    assert await upkept(world) == 0


async def test_an_approved_exception_that_was_offered_does_not_expire(world: World, clock: FixedClock) -> None:
    approval_id = await asked(world)
    async with world.works.begin() as work:
        await beyond_limits.decide_approval(work, approval_id, world.max, True)
    clock.advance(approvals.OFFER_WITHIN * 2)
    await upkept(world)
    assert await states(world) == ["approved"]


async def approved_at_night(world: World, clock: FixedClock) -> int:
    """An exception that is approved at ten in the evening where Dana lives."""
    approval_id = await asked(world)
    clock.advance(NIGHT)
    async with world.works.begin() as work:
        later = await beyond_limits.decide_approval(work, approval_id, world.max, True, "Fine.")
    assert isinstance(later, ApprovedForLater)
    assert [reason.rule_id for reason in later.reasons] == ["US-TIME-1"]
    assert await world.rows(OfferRow) == []
    return approval_id


async def offered(world: World, approval_id: int, actor: Actor) -> object:
    async with world.works.begin() as work:
        return await beyond_limits.offer_approved(work, approval_id, actor)


async def test_an_exception_approved_at_night_is_offered_by_the_agent_in_the_morning_once(
    world: World, clock: FixedClock
) -> None:
    approval_id = await approved_at_night(world, clock)
    assert await states(world) == ["approved"]
    assert isinstance(await offered(world, approval_id, world.ana), Refused)
    clock.advance(NIGHT)
    assert await offered(world, approval_id, world.ben) == NotHolder("Ana")
    sent = await offered(world, approval_id, world.ana)
    assert isinstance(sent, Approved)
    assert await offered(world, approval_id, world.ana) == AlreadyDecided("approved")
    await world.press(1, f"accept:{sent.offer.id}")
    assert [(plan.total, plan.approval_id) for plan in await world.rows(Plan)] == [(120000, approval_id)]
    clock.advance(approvals.OFFER_WITHIN * 2)
    await upkept(world)
    assert await states(world) == ["approved"]


async def test_an_approved_exception_that_was_never_offered_expires(world: World, clock: FixedClock) -> None:
    approval_id = await approved_at_night(world, clock)
    clock.advance(approvals.OFFER_WITHIN - MOMENT)
    assert await upkept(world) == 0
    clock.advance(MOMENT)
    assert await offered(world, approval_id, world.ana) == AlreadyDecided("expired")
    assert await upkept(world) == 1
    assert await states(world) == ["expired"]
    assert await offered(world, approval_id, world.ana) == AlreadyDecided("expired")
    assert (await world.rows(Audit, action="approval_expired"))[0].data["was"] == "approved"
    with pytest.raises(NotFound):
        await offered(world, 99, world.ana)


async def test_a_plan_of_another_balance_is_not_approved(world: World) -> None:
    approval_id = await asked(world)
    async with world.works.begin() as work:
        await payments.record(work, world.case_id, Money(10000, "USD"), "p1", date(2026, 11, 23))
    async with world.works.begin() as work:
        refused = await beyond_limits.decide_approval(work, approval_id, world.max, True)
    assert isinstance(refused, Refused)
    assert [reason.message_key for reason in refused.reasons] == ["desk.balance_moved"]
    assert await states(world) == ["asked"]


async def test_a_plan_whose_first_date_has_passed_is_not_approved(world: World, clock: FixedClock) -> None:
    approval_id = await asked(world, Ask(total=Money(120000, "USD"), until=date(2026, 11, 24), count=1))
    clock.advance(timedelta(days=2))
    async with world.works.begin() as work:
        refused = await beyond_limits.decide_approval(work, approval_id, world.max, True)
    assert isinstance(refused, Refused)
    assert [reason.message_key for reason in refused.reasons] == ["desk.dates_passed"]
