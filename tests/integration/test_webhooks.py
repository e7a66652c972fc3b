"""Webhooks: told in the transaction of what they tell of, signed, sent to public addresses, again until taken."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from core.actions import idempotency, payments, upkeep, webhooks
from core.actions.trail import leave
from core.actions.webhooks import EVENTS, Answer, Maker
from core.clock import FixedClock
from core.money import Money
from core.store.tables import ApiKey, ApiRequest, Audit, Plan, Webhook, WebhookDelivery
from core.work import Work, Works
from parley.webhooks import Deliverer
from tests.integration.world import World, dollars
from tests.support.receiver import Receiver, running_receiver

KEY = "the house's key"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Another system."""
    async with running_receiver() as double:
        yield double


async def hooked(works: Works, url: str, *events: str) -> int:
    """A webhook for these events, or all."""
    async with works.begin() as work:
        made = await webhooks.create(work, Maker("ada"), url, "CRM", events or EVENTS, anywhere=True)
        return made.id


async def deliveries(works: Works) -> list[WebhookDelivery]:
    """All of them, oldest first."""
    async with works.read() as session:
        return list((await session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id))).all())


async def hook(works: Works, webhook_id: int) -> Webhook:
    async with works.read() as session:
        return await session.get_one(Webhook, webhook_id)


def deliverer(works: Works, **options: Any) -> Deliverer:
    """One that may reach this machine."""
    return Deliverer(works, KEY, **({"anywhere": True} | options))


async def pay(work: Work, world: World, reference: str = "P-1") -> None:
    """A payment on Dana's case."""
    await payments.record(work, world.case_id, Money.of("50.00", "USD"), reference, work.now.date())


async def test_a_payment_is_told_with_its_ids_and_signed_with_the_secret(
    works: Works, world: World, receiver: Receiver, clock: FixedClock
) -> None:
    webhook_id = await hooked(works, receiver.address)
    async with works.begin() as work:
        await pay(work, world)
    assert await deliverer(works).round() is True
    [body], [headers] = receiver.bodies, receiver.headers
    told = json.loads(body)
    assert (told["type"], told["version"], told["at"]) == ("payment.recorded", "v1", clock.now().isoformat())
    assert told["data"]["payment"]["amount"] == "50.00"
    assert told["data"]["payment"]["currency"] == "USD"
    assert told["data"]["case"]["id"] == world.case_id
    assert headers["parley-event-id"] == told["id"]
    secret = webhooks.secret_of(KEY, webhook_id, (await hook(works, webhook_id)).salt)
    seconds = int(clock.now().timestamp())
    proof = hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256).hexdigest()
    assert headers["parley-signature"] == f"t={seconds},v1={proof}"
    [row] = await deliveries(works)
    assert (row.state, row.attempts, row.tries[0]["status"]) == ("delivered", 1, 204)
    assert await deliverer(works).round() is False


async def test_what_is_rolled_back_is_told_to_nobody(works: Works, world: World) -> None:
    await hooked(works, "https://example.com/hooks")
    with suppress(ZeroDivisionError):
        async with works.begin() as work:
            await pay(work, world)
            raise ZeroDivisionError
    assert await deliveries(works) == []


HANDED = {"reason": "hardship", "priority": "high"}
COMPLAINT = {"complaint": 7, "number": "C2026-7"}


@pytest.mark.parametrize(
    ("action", "data", "told"),
    [
        ("handed_over", HANDED, ("conversation.handed_over", HANDED)),
        ("opened_complaint", COMPLAINT, ("complaint.opened", {"complaint": {"id": 7, "number": "C2026-7"}})),
    ],
)
async def test_what_happens_in_a_conversation_is_told_by_its_ids(
    works: Works, world: World, action: str, data: dict[str, Any], told: tuple[str, dict[str, Any]]
) -> None:
    await hooked(works, "https://example.com/hooks")
    conversation_id = await world.open()
    async with works.begin() as work:
        await leave(work, "bot", action, "conversation", conversation_id, **data)
    [row] = await deliveries(works)
    event, facts = told
    body = json.loads(row.body)
    assert (row.event, body["type"]) == (event, event)
    assert body["data"] | facts == body["data"]
    assert body["data"]["conversation"] == {"id": conversation_id}


async def test_a_plan_is_told_when_it_is_agreed_and_when_a_payment_of_it_is_missed(
    works: Works, world: World, clock: FixedClock
) -> None:
    await hooked(works, "https://example.com/hooks")
    conversation_id = await world.open()
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    await world.tell(conversation_id, "yes", "affirm")
    [plan] = await world.rows(Plan)
    clock.advance(timedelta(days=60))
    async with works.begin() as work:
        await upkeep.note_missed_instalments(work)
    agreed, *missed = await deliveries(works)
    told = json.loads(agreed.body)
    assert (agreed.event, told["data"]["plan"]["id"]) == ("plan.agreed", plan.id)
    assert told["data"]["plan"]["total"] == Money(plan.total, plan.currency).to_text()
    assert {row.event for row in missed} == {"plan.broken"}
    broken = json.loads(missed[0].body)["data"]
    assert (broken["plan"], broken["missed"]["number"]) == ({"id": plan.id, "currency": "USD"}, 1)


async def test_each_webhook_is_told_of_its_own_events_alone(works: Works, world: World) -> None:
    first = await hooked(works, "https://one.example/", "payment.recorded")
    await hooked(works, "https://two.example/", "plan.agreed")
    third = await hooked(works, "https://three.example/")
    async with works.begin() as work:
        await pay(work, world)
    rows = await deliveries(works)
    assert [row.webhook_id for row in rows] == [first, third]
    assert len({row.event_id for row in rows}) == 1


async def test_one_that_does_not_answer_well_is_asked_again_later_each_time_and_then_no_more(
    works: Works, world: World, receiver: Receiver, clock: FixedClock
) -> None:
    receiver.answers = [500] * 20
    webhook_id = await hooked(works, receiver.address)
    async with works.begin() as work:
        await pay(work, world)
    worker = deliverer(works)
    waited: list[timedelta] = []
    while True:
        await worker.round()
        [row] = await deliveries(works)
        if row.state != "due":
            break
        waited.append(row.due_at - clock.now())
        assert await worker.round() is False
        clock.advance(row.due_at - clock.now())
    assert row.state == "failed"
    assert len(receiver.bodies) == len(webhooks.WAITS) + 1
    assert all(planned <= wait <= planned * 1.2 for planned, wait in zip(webhooks.WAITS, waited, strict=True))
    assert len(set(receiver.bodies)) == 1
    assert (await hook(works, webhook_id)).failing_since is not None


async def test_an_answer_makes_a_failing_webhook_whole_again(
    works: Works, world: World, receiver: Receiver, clock: FixedClock
) -> None:
    receiver.answers = [503]
    webhook_id = await hooked(works, receiver.address)
    async with works.begin() as work:
        await pay(work, world)
    await deliverer(works).round()
    clock.advance(timedelta(minutes=1))
    await deliverer(works).round()
    [row] = await deliveries(works)
    assert (row.state, [tried["status"] for tried in row.tries]) == ("delivered", [503, 204])
    assert (await hook(works, webhook_id)).failing_since is None


async def test_one_that_is_gone_or_silent_for_three_days_is_paused_and_the_trail_says_so(
    works: Works, world: World, receiver: Receiver, clock: FixedClock
) -> None:
    receiver.answers = [410]
    gone = await hooked(works, receiver.address, "payment.recorded")
    async with works.begin() as work:
        await pay(work, world)
    await deliverer(works).round()
    silent = await hooked(works, "http://127.0.0.1:9/", "payment.recorded")
    async with works.begin() as work:
        await pay(work, world, "P-2")
    for _ in range(12):
        await deliverer(works).round()
        clock.advance(timedelta(hours=12))
    assert [(await hook(works, each)).active for each in (gone, silent)] == [False, False]
    async with works.read() as session:
        paused = (await session.scalars(select(Audit).where(Audit.action == "webhook_paused"))).all()
    assert {row.subject_id for row in paused} == {gone, silent}


async def test_a_redirect_is_not_followed_and_counts_as_no_answer(
    works: Works, world: World, receiver: Receiver
) -> None:
    receiver.answers = [302]
    await hooked(works, receiver.address)
    async with works.begin() as work:
        await pay(work, world)
    await deliverer(works).round()
    [row] = await deliveries(works)
    assert (row.state, row.tries[0]["status"], len(receiver.bodies)) == ("due", 302, 1)


@pytest.mark.parametrize(
    "found",
    [
        ["10.1.2.3"],
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:192.168.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
        [],
    ],
)
async def test_a_name_that_leads_inside_is_not_written_to(works: Works, world: World, found: Sequence[str]) -> None:
    reached: list[httpx.Request] = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        assert (host, port) == ("hooks.example.com", 443)
        return found

    def answer(request: httpx.Request) -> httpx.Response:
        reached.append(request)
        return httpx.Response(204)

    async with works.begin() as work:
        await webhooks.create(work, Maker("ada"), "https://hooks.example.com/x", "", EVENTS)
        await pay(work, world)
    await deliverer(works, anywhere=False, lookup=lookup, transport=httpx.MockTransport(answer)).round()
    [row] = await deliveries(works)
    assert (reached, row.state, row.tries[0]["error"]) == ([], "due", "not a public address")


async def test_the_address_that_was_checked_is_the_one_that_is_written_to(works: Works, world: World) -> None:
    reached: list[httpx.Request] = []

    async def lookup(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.215.14"]

    def answer(request: httpx.Request) -> httpx.Response:
        reached.append(request)
        return httpx.Response(200)

    async with works.begin() as work:
        await webhooks.create(work, Maker("ada"), "https://hooks.example.com:8443/x?y=1", "", EVENTS)
        await pay(work, world)
    await deliverer(works, anywhere=False, lookup=lookup, transport=httpx.MockTransport(answer)).round()
    [request] = reached
    assert str(request.url) == "https://93.184.215.14:8443/x?y=1"
    assert request.headers["host"] == "hooks.example.com:8443"
    assert request.extensions["sni_hostname"] == "hooks.example.com"


async def test_after_a_rotation_both_secrets_sign_for_a_day(
    works: Works, world: World, receiver: Receiver, clock: FixedClock
) -> None:
    webhook_id = await hooked(works, receiver.address)
    old = (await hook(works, webhook_id)).salt
    async with works.begin() as work:
        await webhooks.rotate(work, "ada", webhook_id)
        await webhooks.ping(work, webhook_id)
    await deliverer(works).round()
    secrets = [webhooks.secret_of(KEY, webhook_id, salt) for salt in ((await hook(works, webhook_id)).salt, old)]
    assert receiver.headers[0]["parley-signature"] == webhooks.signature(secrets, clock.now(), receiver.bodies[0])
    clock.advance(webhooks.OLD_SECRET_FOR)
    async with works.begin() as work:
        await webhooks.ping(work, webhook_id)
    await deliverer(works).round()
    assert receiver.headers[1]["parley-signature"].count("v1=") == 1


def test_a_secret_is_of_one_webhook_one_salt_and_one_house() -> None:
    made = {webhooks.secret_of(*each) for each in ((KEY, 1, "a"), (KEY, 2, "a"), (KEY, 1, "b"), ("other", 1, "a"))}
    assert len(made) == 4


async def test_two_workers_send_each_event_once(works: Works, world: World, receiver: Receiver) -> None:
    await hooked(works, receiver.address)
    async with works.begin() as work:
        for number in range(6):
            await pay(work, world, f"P-{number}")
    await asyncio.gather(deliverer(works).round(), deliverer(works).round())
    assert len(receiver.bodies) == len(set(receiver.bodies)) == 6


async def test_an_event_whose_sender_died_is_sent_by_another(
    works: Works, world: World, receiver: Receiver, clock: FixedClock
) -> None:
    await hooked(works, receiver.address)
    async with works.begin() as work:
        await pay(work, world)
    async with works.begin() as work:
        assert len(await webhooks.claim(work)) == 1
    assert await deliverer(works).round() is False
    clock.advance(webhooks.STALE_AFTER)
    assert await deliverer(works).round() is True
    assert len(receiver.bodies) == 1


async def test_what_came_of_an_event_that_is_no_longer_ones_own_is_not_kept(works: Works, world: World) -> None:
    await hooked(works, "https://example.com/hooks")
    async with works.begin() as work:
        await pay(work, world)
    [row] = await deliveries(works)
    async with works.begin() as work:
        await webhooks.keep(work, row.id, Answer(204, "", 1))
        await webhooks.keep(work, 999, Answer(204, "", 1))
    assert (await deliveries(works))[0].state == "due"


async def test_old_events_and_names_of_requests_are_forgotten(
    works: Works, world: World, receiver: Receiver, clock: FixedClock
) -> None:
    await hooked(works, receiver.address)
    async with works.begin() as work:
        await pay(work, world)
        key = ApiKey(name="x", prefix="p", secret_hash="h", scopes=[], created_by=world.ana.id, created_at=work.now)
        work.session.add(key)
        await work.session.flush()
        await idempotency.take(work, key.id, "n", "d")
    worker = deliverer(works)
    await worker.round()
    clock.advance(timedelta(days=29))
    await worker.round()
    async with works.read() as session:
        assert (await session.scalars(select(ApiRequest))).all() == []
    assert len(await deliveries(works)) == 1
    clock.advance(timedelta(days=2))
    await worker.round()
    assert await deliveries(works) == []


async def test_the_same_name_taken_twice_at_once_is_taken_once(works: Works, world: World) -> None:
    async with works.begin() as work:
        key = ApiKey(name="x", prefix="p", secret_hash="h", scopes=[], created_by=world.ana.id, created_at=work.now)
        work.session.add(key)
        await work.session.flush()
        key_id = key.id

    async def ask() -> object:
        async with works.begin() as work:
            taken = await idempotency.take(work, key_id, "n", "d")
            if isinstance(taken, idempotency.Fresh):
                await asyncio.sleep(0.05)
                await idempotency.keep(work, taken, 201, {"id": 1})
            return taken

    answers = await asyncio.gather(ask(), ask(), ask())
    assert sorted(type(answer).__name__ for answer in answers) == ["Fresh", "Replay", "Replay"]
    async with works.begin() as work:
        assert await idempotency.take(work, key_id, "n", "other") == idempotency.Conflict()
