"""Payments, limits, links and accounts."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.actions import limits, links, payments, sessions, upkeep, users
from core.actions.inbound import Responded
from core.actions.limits import Invalid, MayNotPublish, Published
from core.clock import FixedClock
from core.errors import InvalidInput
from core.money import Money
from core.policy import DEFAULT_VERSION, version_to_json
from core.store.tables import Audit, Case, InstalmentRow, OfferRow, Payment, Plan, Policy, PromiseRow
from tests.integration.world import PASSWORD, World, dollars

PAID_ON = date(2026, 12, 1)


async def pay(world: World, cents: int, reference: str) -> object:
    async with world.works.begin() as work:
        return await payments.record(work, world.case_id, Money(cents, "USD"), reference, PAID_ON)


async def agree(world: World) -> Responded:
    conversation_id = await world.open()
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    return await world.tell(conversation_id, "yes", "affirm")


async def test_a_payment_goes_to_costs_then_interest_then_principal_once(world: World) -> None:
    paid = await pay(world, 31000, "p1")
    assert isinstance(paid, payments.Paid)
    assert await pay(world, 31000, "p1") == payments.Repeat(1)
    [case] = await world.rows(Case)
    assert (case.fees, case.interest, case.principal) == (0, 0, 209000)


@pytest.mark.parametrize(
    ("market", "product", "left"),
    [("us", "personal_loan", (0, 0, 1000, 210000)), ("cn", "credit_card", (8000, 22000, 5000, 176000))],
)
async def test_a_penalty_is_paid_in_the_order_of_the_debt(
    world: World, market: str, product: str, left: tuple[int, ...]
) -> None:
    async with world.works.begin() as work:
        long_ago = {"market": market, "product": product, "due_date": date(2026, 1, 1)}
        await work.session.execute(update(Case).values(penalty=5000, **long_ago))
    paid = await pay(world, 34000, "p1")
    assert isinstance(paid, payments.Paid)
    [case] = await world.rows(Case)
    assert (case.fees, case.interest, case.penalty, case.principal) == left
    [payment] = await world.rows(Payment)
    assert payment.allocation.get("penalty", 0) == 5000 - left[2]


async def test_a_payment_fills_the_plan_oldest_first_and_the_last_completes_it(world: World) -> None:
    await agree(world)
    await pay(world, 30000, "p1")
    assert [row.paid for row in await world.rows(InstalmentRow)][:3] == [20000, 10000, 0]
    paid = await pay(world, 210000, "p2")
    assert isinstance(paid, payments.Paid)
    assert paid.plan_completed
    assert [plan.state for plan in await world.rows(Plan)] == ["completed"]
    assert [case.state for case in await world.rows(Case)] == ["settled"]


async def test_a_promise_is_kept_when_enough_has_come_in_time(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "I'll pay it all today", "pay_in_full")
    [promise] = await world.rows(PromiseRow)
    assert (promise.amount, promise.state) == (240000, "open")
    async with world.works.begin() as work:
        await payments.record(work, world.case_id, Money(240000, "USD"), "p", date(2026, 11, 23))
    assert [row.state for row in await world.rows(PromiseRow)] == ["kept"]


@pytest.mark.parametrize(("cents", "currency", "reference"), [(0, "USD", "p"), (100, "CNY", "p"), (100, "USD", " ")])
async def test_a_payment_that_cannot_be_is_refused(world: World, cents: int, currency: str, reference: str) -> None:
    with pytest.raises(InvalidInput):
        async with world.works.begin() as work:
            await payments.record(work, world.case_id, Money(cents, currency), reference, PAID_ON)


async def test_the_same_payment_ten_times_at_once_counts_once(world: World) -> None:
    results = await asyncio.gather(*(pay(world, 1000, "twin") for _ in range(10)))
    assert sum(isinstance(result, payments.Paid) for result in results) == 1
    assert [case.fees for case in await world.rows(Case)] == [7000]


def rules(**changes: Any) -> dict[str, Any]:
    body = version_to_json(DEFAULT_VERSION)
    for rule in body["rules"]:
        if rule["market"] == "us":
            rule["limits"] |= changes
    return body


async def test_only_managers_publish_limits(world: World) -> None:
    async with world.works.begin() as work:
        assert await limits.publish_unreviewed(work, world.sue, rules()) == MayNotPublish("supervisor")
        assert await limits.publish_unreviewed(work, world.max, rules(max_instalments=24), "fewer") == Published(2)
    assert [(row.number, row.state) for row in await world.rows(Policy)] == [(1, "superseded"), (2, "in_force")]
    [row] = [row for row in await world.rows(Audit) if row.action == "published_limits" and row.subject_id == 2]
    assert [change[1:2] + change[3:] for change in row.data["changes"]] == [["max_instalments", "24"]] * 3


async def test_limits_that_cannot_stand_are_not_published(world: World) -> None:
    async with world.works.begin() as work:
        none: dict[str, Any] = {"rules": []}
        for broken in (rules(min_settlement_share="0"), rules(max_instalments="many"), none, {}):
            assert isinstance(await limits.publish_unreviewed(work, world.max, broken), Invalid)
        beyond = version_to_json(DEFAULT_VERSION)
        beyond["rules"][0]["limits"]["max_instalments"] = 61
        assert isinstance(await limits.publish_unreviewed(work, world.max, beyond), Invalid)
    assert len(await world.rows(Policy)) == 1


async def test_managers_who_publish_at_once_get_versions_one_after_the_other(world: World) -> None:
    async def publish(count: int) -> object:
        async with world.works.begin() as work:
            return await limits.publish_unreviewed(work, world.max, rules(max_instalments=count))

    published = await asyncio.gather(*(publish(count) for count in range(20, 26)))
    assert sorted(result.number for result in published if isinstance(result, Published)) == [2, 3, 4, 5, 6, 7]
    assert [row.state for row in await world.rows(Policy)].count("in_force") == 1
    async with world.works.read() as session:
        assert [row.number for row in await limits.history(session)] == [7, 6, 5, 4, 3, 2, 1]


async def test_the_next_offer_obeys_the_new_version_and_one_on_the_table_keeps_its_own(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    async with world.works.begin() as work:
        await limits.publish_unreviewed(work, world.max, rules(max_instalments=6))
    await world.tell(conversation_id, "yes", "affirm")
    [plan] = await world.rows(Plan)
    assert plan.policy_version == 1
    async with world.works.begin() as work:
        (await work.session.get_one(Plan, plan.id)).state = "cancelled"
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    assert (await world.rows(OfferRow))[-1].policy_version == 2


async def test_an_offer_past_its_time_cannot_be_agreed(world: World, clock: FixedClock) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    clock.advance(timedelta(days=7))
    await world.tell(conversation_id, "yes", "affirm")
    assert await world.rows(Plan) == []
    async with world.works.begin() as work:
        await upkeep.expire_offers(work)
    assert "open" not in {row.state for row in await world.rows(OfferRow) if row.ref == "o1"}


async def test_a_link_opens_its_case_until_it_expires(world: World, clock: FixedClock) -> None:
    async with world.works.begin() as work:
        code = await links.issue(work, world.case_id, 14)
    assert len(code) <= 40
    async with world.works.read() as session:
        assert await links.open(session, code, clock.now()) == world.case_id
        assert await links.open(session, "guess", clock.now()) == links.Unknown()
        assert await links.open(session, code, clock.now() + timedelta(days=14)) == links.Expired()


async def test_signing_in_needs_the_right_password_and_ends_when_told(world: World, clock: FixedClock) -> None:
    async with world.works.read() as session:
        assert await users.authenticate(session, "ANA", PASSWORD) == world.ana
        assert await users.authenticate(session, "ana", "wrong password") is None
        assert await users.authenticate(session, "nobody", PASSWORD) is None
    async with world.works.begin() as work:
        started = await sessions.start(work, world.ana)
    async with world.works.read() as session:
        signed_in = await sessions.resolve(session, started.secret, clock.now())
        assert signed_in is not None
        assert (signed_in.actor, signed_in.csrf) == (world.ana, started.csrf)
        assert await sessions.resolve(session, started.secret, started.expires_at) is None
    async with world.works.begin() as work:
        await sessions.end(work, started.secret)
    async with world.works.read() as session:
        assert await sessions.resolve(session, started.secret, clock.now()) is None


async def test_an_account_needs_a_free_login_a_known_role_and_a_password(world: World) -> None:
    for login, role, password in (("ana", "agent", PASSWORD), ("new", "king", PASSWORD), ("new", "agent", "short")):
        with pytest.raises(InvalidInput):
            async with world.works.begin() as work:
                await users.create(work, login, "New", role, password)
