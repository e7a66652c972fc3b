"""Delays are counted over all that a case has had: the whole sum put off, and payments moved to a later day."""

from dataclasses import replace
from datetime import date
from typing import Any

from core.actions import desk, limits, plans, takeover
from core.actions.desk import Offered
from core.clock import FixedClock
from core.dialogue.understanding import Entity
from core.negotiation import Ask, Offer, offer_from_json
from core.policy import DEFAULT_VERSION, version_to_json
from core.store import cases
from core.store.tables import InstalmentRow, OfferRow, Plan
from tests.integration.world import World

DELAYS_ALLOWED = 1


async def allow(world: World, **given: Any) -> None:
    """The shipped limits with these for the cases of the US."""
    body = {"rules": [*version_to_json(DEFAULT_VERSION)["rules"]]}
    body["rules"].append({"market": "us", "product": None, "bucket": "M3", "partial": True, "limits": given})
    async with world.works.begin() as work:
        assert isinstance(await limits.publish_unreviewed(work, world.max, body, "delays"), limits.Published)


async def put_off(world: World, conversation_id: int, day: str) -> Offer:
    """Dana asks for all of it to wait until this day; the newest offer that the bot makes."""
    until = Entity("date", {"value": day, "grain": "day"}, 0, 1)
    await world.tell(conversation_id, f"can it wait until {day}", "request_extension", entities=(until,))
    row: OfferRow = (await world.rows(OfferRow))[-1]
    return offer_from_json(row.body)


async def end_of_plan(world: World) -> Plan:
    """The plan in force ends unpaid."""
    async with world.works.begin() as work:
        found = await cases.active_plan(work.session, world.case_id)
        assert found is not None
        found[0].state = "broken"
        return found[0]


async def counted(world: World) -> int:
    async with world.works.read() as session:
        return await cases.times_put_off(session, world.case_id)


async def test_a_case_that_was_put_off_as_often_as_allowed_is_put_off_no_more(world: World) -> None:
    await allow(world, max_extensions=DELAYS_ALLOWED)
    conversation_id = await world.open()
    first = await put_off(world, conversation_id, "2026-12-10")
    assert (first.kind, first.extensions) == ("extension", 0)
    await world.tell(conversation_id, "yes", "affirm")
    await end_of_plan(world)
    assert await counted(world) == DELAYS_ALLOWED
    second = await put_off(world, conversation_id, "2026-12-15")
    assert second.kind == "full"
    assert any(reason.startswith("outside:max_extensions asked=2 allowed=1") for reason in second.because)
    async with world.works.begin() as work:
        whole = await cases.load(work.session, world.case_id)
        again = replace(first, id="o9", policy_version=second.policy_version)
        obstacle = await plans.obstacle_to_offers(work, whole, [again], date(2026, 11, 23))
    assert obstacle is not None
    assert obstacle.data == {"max_extensions": "2 > 1"}


async def test_a_payment_that_was_moved_counts_as_a_delay(world: World) -> None:
    await allow(world, max_extensions=DELAYS_ALLOWED)
    conversation_id = await world.open()
    assert await counted(world) == 0
    await put_off(world, conversation_id, "2026-12-10")
    await world.tell(conversation_id, "yes", "affirm")
    plan = await end_of_plan(world)
    async with world.works.begin() as work:
        (row,) = await cases.instalments_of(work.session, plan.id)
        row.moved_from, row.due = row.due, date(2026, 12, 12)
    assert len(await world.rows(InstalmentRow)) == 1
    assert await counted(world) == 1 + DELAYS_ALLOWED


async def test_the_desk_counts_them_too(world: World, clock: FixedClock) -> None:
    await allow(world, max_extensions=DELAYS_ALLOWED)
    conversation_id = await world.open()
    await put_off(world, conversation_id, "2026-12-10")
    await world.tell(conversation_id, "yes", "affirm")
    await end_of_plan(world)
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    async with world.works.read() as session:
        offer, breaches = await desk.preview(session, conversation_id, Ask(until=date(2026, 12, 15)), clock.now())
    assert offer.extensions == 1
    assert [each.field for each in breaches] == ["max_extensions"]
    async with world.works.begin() as work:
        sent = await desk.propose(work, conversation_id, world.ana, Ask(until=date(2026, 12, 15)))
    assert not isinstance(sent, Offered)
