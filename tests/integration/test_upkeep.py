"""What time alone changes, in the debtor's own days, over each kind of database; nothing of it is sent."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.actions import limits, payments, upkeep
from core.clock import FixedClock
from core.money import Money
from core.negotiation import Promise
from core.policy import DEFAULT_VERSION, version_to_json
from core.store import audit
from core.store.tables import Audit, Debtor, InstalmentRow, OfferRow, Outbox, PromiseRow
from tests.integration.world import World, dollars, reading

FRIDAY = date(2026, 11, 27)
SATURDAY_IN_NEW_YORK = timedelta(days=4, hours=12)
"""From Monday noon in New York to Friday midnight there."""


async def promised(world: World, due: date = FRIDAY, sum_: str = "2400.00", *, address: str = "dana") -> PromiseRow:
    """A promise that Dana made in a conversation of its own."""
    conversation_id = await world.open(address=address)
    async with world.works.begin() as work:
        promise = Promise(due, Money.of(sum_, "USD"))
        row = PromiseRow(
            case_id=world.case_id,
            conversation_id=conversation_id,
            due=promise.due,
            currency="USD",
            amount=promise.amount.minor,
            policy_version=1,
            state="open",
            made_at=work.now,
        )
        work.session.add(row)
    return row


async def upkept(world: World) -> int:
    """One round of upkeep."""
    async with world.works.begin() as work:
        return await upkeep.run(work)


async def states(world: World) -> list[str]:
    return [row.state for row in await world.rows(PromiseRow)]


async def audited(world: World, action: str) -> list[dict[str, object]]:
    return [row.data for row in await world.rows(Audit, action=action)]


async def test_a_promise_is_broken_when_its_day_is_over_where_the_debtor_lives(world: World, clock: FixedClock) -> None:
    promise = await promised(world)
    clock.advance(SATURDAY_IN_NEW_YORK - timedelta(seconds=1))
    assert await upkept(world) == 0
    assert clock.now().date() == date(2026, 11, 28)
    clock.advance(timedelta(seconds=1))
    assert await upkept(world) == 1
    assert await states(world) == ["broken"]
    told = {"promise": promise.id, "due": "2026-11-27", "amount": "2400.00"}
    assert await audited(world, "promise_broken") == [told]
    assert await upkept(world) == 0
    assert await world.rows(Outbox) == []


async def test_a_debtor_far_in_the_east_is_judged_by_the_day_there(world: World, clock: FixedClock) -> None:
    async with world.works.begin() as work:
        (await work.session.get_one(Debtor, world.debtor_id)).time_zone = "Asia/Shanghai"
    await promised(world)
    clock.advance(timedelta(days=4, seconds=-3601))
    assert await upkept(world) == 0
    clock.advance(timedelta(seconds=1))
    assert await upkept(world) == 1
    assert clock.now().date() == FRIDAY


async def test_a_promise_that_was_kept_stays_kept(world: World, clock: FixedClock) -> None:
    await promised(world, sum_="500.00")
    await paid(world, "500.00", FRIDAY)
    clock.advance(timedelta(days=10))
    assert await upkept(world) == 0
    assert await states(world) == ["kept"]


async def test_money_paid_in_time_and_told_of_late_keeps_the_promise_after_all(world: World, clock: FixedClock) -> None:
    promise = await promised(world, sum_="500.00")
    clock.advance(timedelta(days=6))
    await upkept(world)
    await paid(world, "500.00", FRIDAY)
    assert await states(world) == ["kept"]
    assert [data.get("promise_kept") for data in await audited(world, "payment_recorded")] == [promise.id]


async def test_money_paid_too_late_leaves_it_broken(world: World, clock: FixedClock) -> None:
    await promised(world, sum_="500.00")
    clock.advance(timedelta(days=6))
    await upkept(world)
    await paid(world, "500.00", FRIDAY + timedelta(days=1))
    assert await states(world) == ["broken"]


async def paid(world: World, sum_: str, day: date) -> None:
    async with world.works.begin() as work:
        await payments.record(work, world.case_id, Money.of(sum_, "USD"), f"p-{day}", day)


async def test_after_two_broken_promises_the_next_goes_to_a_person(world: World, clock: FixedClock) -> None:
    for number in range(2):
        await promised(world, FRIDAY + timedelta(days=7 * number), address=f"before-{number}")
        clock.advance(timedelta(days=7))
        await upkept(world)
    conversation_id = await world.open()
    responded = await world.tell(conversation_id, "I will pay in full today", "pay_in_full")
    assert responded.decision is not None
    assert (responded.decision.kind, responded.holder) == ("escalate", "queue")
    assert (await world.conversation(conversation_id)).reason == "broken_promise"
    assert await states(world) == ["broken", "broken"]


async def test_after_one_broken_promise_the_next_is_noted(world: World, clock: FixedClock) -> None:
    await promised(world, address="before")
    clock.advance(timedelta(days=7))
    await upkept(world)
    conversation_id = await world.open()
    await world.tell(conversation_id, "I will pay in full today", "pay_in_full")
    assert await states(world) == ["broken", "open"]


async def test_after_a_person_has_looked_at_it_a_promise_is_taken_again(world: World, clock: FixedClock) -> None:
    for number in range(2):
        await promised(world, FRIDAY + timedelta(days=7 * number), address=f"before-{number}")
        clock.advance(timedelta(days=7))
        await upkept(world)
    conversation_id = await world.open(told=("verified", "balance", "handed_back"))
    await world.tell(conversation_id, "I will pay in full today", "pay_in_full")
    assert await states(world) == ["broken", "broken", "open"]


async def agreed(world: World) -> int:
    """Two hundred dollars a month from 12 December, agreed."""
    conversation_id = await world.open()
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    await world.tell(conversation_id, "yes", "affirm")
    return conversation_id


async def test_an_instalment_missed_is_noted_once_for_each_day_that_it_was_due(world: World, clock: FixedClock) -> None:
    await agreed(world)
    first, second = (await world.rows(InstalmentRow))[:2]
    clock.advance(_until_after(clock, first.due))
    assert (await upkept(world), await upkept(world)) == (1, 0)
    async with world.works.begin() as work:
        (await work.session.get_one(InstalmentRow, first.id)).due = first.due + timedelta(days=5)
    assert await upkept(world) == 0
    clock.advance(_until_after(clock, second.due))
    assert (await upkept(world), await upkept(world)) == (2, 0)
    noted = [(data["number"], data["due"]) for data in await audited(world, "instalment_missed")]
    moved = (first.due + timedelta(days=5)).isoformat()
    assert noted == [(1, first.due.isoformat()), (1, moved), (2, second.due.isoformat())]
    async with world.works.read() as session:
        assert isinstance(await audit.verify(session), audit.Intact)


async def test_what_was_paid_is_not_missed(world: World, clock: FixedClock) -> None:
    await agreed(world)
    first = (await world.rows(InstalmentRow))[0]
    await paid(world, "200.00", first.due)
    clock.advance(_until_after(clock, first.due))
    assert await upkept(world) == 0
    assert await audited(world, "instalment_missed") == []


def _until_after(clock: FixedClock, day: date) -> timedelta:
    """How long it is to the morning after this day."""
    return datetime.combine(day + timedelta(days=1), time(15), UTC) - clock.now()


async def test_offers_expire_and_two_workers_at_once_note_each_thing_once(world: World, clock: FixedClock) -> None:
    await promised(world, address="before")
    await agreed(world)
    other = await world.open(address="other")
    message = await world.say("150 a month", address="other")
    asked = reading("change_plan", entities=(dollars("150.00", "month"),))
    await world.answer(other, {message: asked})
    async with world.works.begin() as work:
        await limits.publish_unreviewed(work, world.max, version_to_json(DEFAULT_VERSION))
    clock.advance(timedelta(days=60))
    await asyncio.gather(*(upkept(world) for _ in range(4)))
    assert len(await audited(world, "promise_broken")) == 1
    missed = [(data["number"], data["due"]) for data in await audited(world, "instalment_missed")]
    assert len(missed) == len(set(missed)) > 0
    assert "open" not in [row.state for row in await world.rows(OfferRow)]


@pytest.mark.parametrize("most", [1, 100])
async def test_upkeep_goes_on_in_lots_until_nothing_is_left(
    world: World, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(upkeep, "MOST_AT_ONCE", most)
    await promised(world)
    await agreed(world)
    clock.advance(timedelta(days=40))
    while await upkept(world):
        pass
    assert await states(world) == ["broken"]
    assert len(await audited(world, "instalment_missed")) >= 1
