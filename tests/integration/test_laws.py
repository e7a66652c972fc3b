"""Laws 1 to 6 over real databases: each test fails when its law is broken."""

import ast
import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import core.actions
from core.actions import debtor_view, desk, inbound, limits, outbox, plans, replies, respond, takeover
from core.actions.inbound import Arrival
from core.actions.trail import leave
from core.clock import FixedClock
from core.compliance import Cleared, ContactHistory, Draft, Refused, review
from core.dialogue.decision import Agree, Decision, PutOnTable, Reply, Say
from core.dialogue.memory import Memory
from core.errors import InvariantBroken
from core.negotiation import Ask, offer_from_json, offer_to_json
from core.policy import DEFAULT_VERSION, version_to_json
from core.store import audit, cases, conversations
from core.store.tables import Approval, Audit, CaseFlag, Conversation, Message, OfferRow, Outbox, Plan
from core.work import Work
from tests.integration.world import World, dollars, reading


class Crash(Exception):
    """The process dies here."""


async def test_law_1_a_message_is_committed_before_anything_reads_it_and_outlives_a_crash(
    world: World, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    conversation_id = await world.open()
    message_id = await world.say("200 a month")

    def dies(*_: object) -> Decision:
        raise Crash

    monkeypatch.setattr(respond, "decide", dies)
    with pytest.raises(Crash):
        await world.answer(conversation_id, {message_id: reading("greet")})
    monkeypatch.undo()
    clock.advance(timedelta(seconds=6))
    async with world.works.read() as session:
        assert await inbound.unanswered(session, timedelta(seconds=5), clock.now()) == [(conversation_id, message_id)]
    assert (await world.answer(conversation_id, {message_id: reading("greet")})).messages == (message_id,)


async def test_law_1_a_repeat_is_answered_no_second_time(world: World) -> None:
    conversation_id = await world.open()
    again = Arrival(channel="web", external_id="same", address="dana", text="how much")
    for _ in range(3):
        async with world.works.begin() as work:
            recorded = await inbound.record(work, again)
        assert not isinstance(recorded, inbound.UnknownChat)
        await world.answer(conversation_id, {recorded.message_id: reading("ask_balance")})
    assert len(await world.rows(Outbox)) == 1


async def test_law_2_without_a_doorbell_nothing_is_lost_or_permitted(world: World) -> None:
    class Dead:
        async def publish(self, topics: object) -> None:
            raise ConnectionError

    world.works.notices = Dead()  # type: ignore[assignment]
    conversation_id = await world.open()
    await world.tell(conversation_id, "how much", "ask_balance")
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    assert await world.send_all() == []
    assert await world.outbox_states(conversation_id) == [("bot", "withheld")]


async def test_law_3_what_the_bot_has_not_sent_when_an_agent_takes_over_never_leaves(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "how much", "ask_balance")
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    assert await world.send_all() == []
    assert await world.outbox_states(conversation_id) == [("bot", "withheld")]


async def test_law_3_the_holder_is_looked_at_again_when_sending(world: World) -> None:
    """Even where the holder changed without the take-over's own withholding."""
    conversation_id = await world.open()
    await world.tell(conversation_id, "how much", "ask_balance")
    async with world.works.begin() as work:
        values = {"holder": "agent", "agent_id": world.ana.id}
        await work.session.execute(update(Conversation).where(Conversation.id == conversation_id).values(**values))
    assert await world.send_all() == []
    assert await world.outbox_states(conversation_id) == [("bot", "withheld")]


async def test_law_3_the_bot_cannot_write_while_an_agent_holds(world: World) -> None:
    conversation_id = await world.open()
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    with pytest.raises(InvariantBroken):
        await _enqueue(world, conversation_id, _cleared)


async def test_law_3_answers_racing_a_take_over_leave_no_bot_message_due_after_it(world: World) -> None:
    for attempt in range(6):
        address = f"race-{attempt}"
        conversation_id = await world.open(address=address)
        messages = [await world.say("how much", address=address) for _ in range(3)]
        readings = {message: reading("ask_balance") for message in messages}

        async def take(taken: int = conversation_id) -> None:
            async with world.works.begin() as work:
                await takeover.take_over(work, taken, world.ana)

        await asyncio.gather(world.answer(conversation_id, readings), take(), world.send_all())
        assert [delivery for delivery in await world.send_all() if delivery.conversation_id == conversation_id] == []
        assert ("bot", "due") not in await world.outbox_states(conversation_id)


async def test_law_4_a_crash_at_the_last_moment_leaves_no_state_no_audit_and_nothing_to_send(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    message_id = await world.say("yes")
    before = len(await world.rows(Audit)), len(await world.rows(Outbox))

    async def dies(work: Work, actor: str, action: str, *rest: Any, **data: Any) -> None:
        await leave(work, actor, action, *rest, **data)
        if action == "decided":
            raise Crash

    monkeypatch.setattr(respond, "leave", dies)
    with pytest.raises(Crash):
        await world.answer(conversation_id, {message_id: reading("affirm")})
    assert await world.rows(Plan) == []
    assert (len(await world.rows(Audit)), len(await world.rows(Outbox))) == before
    monkeypatch.undo()
    await world.answer(conversation_id, {message_id: reading("affirm")})
    assert len(await world.rows(Plan)) == 1


async def test_law_4_every_action_leaves_its_trace_in_an_unbroken_chain(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "I lost my job", "hardship_income")
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
        await replies.reply_as_agent(work, conversation_id, world.ana, "Hello Dana", "k")
        await desk.propose(work, conversation_id, world.ana, Ask(count=12))
        await takeover.hand_back(work, conversation_id, world.ana)
    actions = [row.action for row in await world.rows(Audit)]
    expected = ["opened", "flagged", "handed_over", "decided", "took_over", "replied", "offered", "handed_back"]
    assert [action for action in actions if action in expected] == expected
    async with world.works.read() as session:
        assert await audit.verify(session) == audit.Intact(len(actions))


async def test_law_4_others_are_told_after_the_commit_and_only_of_what_was_committed(world: World) -> None:
    seen: list[int] = []

    class Witness:
        async def publish(self, topics: object) -> None:
            seen.append(len(await world.rows(Audit, action="witnessed")))

    world.works.notices = Witness()  # type: ignore[assignment]

    async def act(*, crashes: bool) -> None:
        async with world.works.begin() as work:
            work.notify("queue")
            await leave(work, "ana", "witnessed", "case", world.case_id)
            if crashes:
                raise Crash

    with pytest.raises(Crash):
        await act(crashes=True)
    assert seen == []
    await act(crashes=False)
    assert seen == [1]


def test_law_4_nothing_in_core_commits_but_the_unit_of_work() -> None:
    root = Path(core.actions.__file__).parents[1]
    for path in root.rglob("*.py"):
        if path.parent.name in ("work", "migrations"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback"):
                pytest.fail(f"{path.name}:{node.lineno} ends a transaction")


def _draft(work: Work, **changes: Any) -> Draft:
    values: dict[str, Any] = {
        "text": "Hello",
        "language": "en",
        "market": "us",
        "author": "bot",
        "solicited": True,
        "discloses": False,
        "verified": True,
        "flags": frozenset(),
        "local_now": work.now,
    }
    return Draft(**(values | changes))


async def _enqueue(world: World, conversation_id: int, make: Callable[[Work], Any]) -> None:
    async with world.works.begin() as work:
        conversation = await conversations.lock(work.session, conversation_id)
        await outbox.enqueue(work, conversation, make(work), reply_to=1)


def _cleared(work: Work) -> Cleared:
    verdict = review(_draft(work), ContactHistory(sent_today=0, sent_last_7_days=0, stopped=False), work.now)
    assert isinstance(verdict, Cleared)
    return verdict


async def test_law_5_the_outbox_takes_nothing_that_was_not_cleared(world: World) -> None:
    conversation_id = await world.open()
    for forge in (_draft, lambda _: Refused(()), lambda _: object()):
        with pytest.raises(InvariantBroken):
            await _enqueue(world, conversation_id, forge)
    assert await world.rows(Outbox) == []


async def test_law_5_an_answer_that_compliance_refuses_sends_nothing_and_brings_a_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = await world.open(verified=False)
    memory = Memory(phase="verifying", greeted=True)
    leak = Decision("answer", memory, ("test",), (Reply((Say("person.soon"),)), Reply((Say("agree.change"),))))
    monkeypatch.setattr(respond, "decide", lambda *_: leak)
    responded = await world.tell(conversation_id, "how much", "ask_balance")
    assert (responded.reply_ids, responded.refused, responded.holder) == ((), ("SAFE-ID-1",), "queue")
    assert await world.rows(Outbox) == []
    assert "refused" in [row.action for row in await world.rows(Audit)]


async def test_law_5_hours_and_stops_are_looked_at_again_when_sending(world: World, clock: FixedClock) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "how much", "ask_balance")
    clock.advance(timedelta(hours=10))
    assert await world.send_all() == []
    [row] = await world.rows(Outbox)
    assert row.state == "due"
    assert row.due_at.isoformat() == "2026-11-24T13:00:00+00:00"
    async with world.works.begin() as work:
        work.session.add(CaseFlag(case_id=world.case_id, flag="wrong_party", at=work.now))
    clock.advance(timedelta(hours=11))
    assert await world.send_all() == []
    assert await world.outbox_states(conversation_id) == [("bot", "withheld")]


async def test_law_5_caps_are_counted_in_the_database_over_all_conversations(world: World, clock: FixedClock) -> None:
    first, second = await world.open(address="one"), await world.open(address="two")
    for conversation_id in (first, second):
        async with world.works.begin() as work:
            await takeover.take_over(work, conversation_id, world.ana)
    clock.advance(timedelta(hours=25))

    async def write(conversation_id: int) -> object:
        async with world.works.begin() as work:
            return await replies.reply_as_agent(work, conversation_id, world.ana, "Hello Dana", f"k{conversation_id}")

    results = await asyncio.gather(write(first), write(second))
    refused = [result for result in results if isinstance(result, Refused)]
    assert [result.rule_ids for result in refused] == [("US-FREQ-4",)]


async def test_law_5_a_send_whose_fate_is_unknown_is_not_repeated(world: World, clock: FixedClock) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "how much", "ask_balance")
    async with world.works.begin() as work:
        [delivery] = await outbox.claim(work)
    clock.advance(timedelta(seconds=61))
    async with world.works.begin() as work:
        assert await outbox.give_up_on_silent(work, timedelta(seconds=60)) == 1
    assert await world.send_all() == []
    assert await world.outbox_states(conversation_id) == [("bot", "unknown")]
    async with world.works.begin() as work:
        await outbox.mark_sent(work, delivery.outbox_id, "late")
    assert await world.outbox_states(conversation_id) == [("bot", "sent")]


async def test_law_5_two_senders_at_once_send_each_message_once_and_in_order(world: World) -> None:
    conversations_open = [await world.open(address=f"a{number}") for number in range(4)]
    for number, conversation_id in enumerate(conversations_open):
        messages = [await world.say("how much", address=f"a{number}") for _ in range(3)]
        await world.answer(conversation_id, {message: reading("ask_balance") for message in messages})
    lots = await asyncio.gather(world.send_all(), world.send_all(), world.send_all())
    sent = [delivery for lot in lots for delivery in lot] + await world.send_all()
    assert len(sent) == len({delivery.outbox_id for delivery in sent}) == 12
    rows = {row.id: row for row in await world.rows(Outbox)}
    assert {row.state for row in rows.values()} == {"sent"}


async def _offered(world: World, conversation_id: int) -> OfferRow:
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    row: OfferRow = (await world.rows(OfferRow))[-1]
    return row


async def _tight(world: World) -> None:
    body = version_to_json(DEFAULT_VERSION)
    for rule in body["rules"]:
        rule["limits"] |= {"max_instalments": 3}
    async with world.works.begin() as work:
        await limits.publish_unreviewed(work, world.max, body)


async def test_law_6_the_bot_cannot_offer_outside_the_limits_whatever_was_decided(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = await world.open()
    offer = offer_from_json((await _offered(world, conversation_id)).body)
    await _tight(world)
    smuggled = _with(offer, id="o9", policy_version=2)
    memory = Memory(phase="talking", told=("verified",), greeted=True, draft=smuggled)
    decision = Decision("offer", memory, (), (Reply((Say("readback.ask"),)),), (PutOnTable((smuggled,)),))
    monkeypatch.setattr(respond, "decide", lambda *_: decision)
    responded = await world.tell(conversation_id, "go on", "affirm")
    assert responded.holder == "queue"
    assert "o9" not in {row.ref for row in await world.rows(OfferRow)}


def _with(offer: Any, **changes: Any) -> Any:
    body = offer_to_json(offer)
    return offer_from_json(body | changes)


@pytest.mark.parametrize("tampered", ["body", "never-offered", "refused", "version"])
async def test_law_6_no_plan_is_made_of_an_offer_that_was_not_made_or_not_so(
    world: World, monkeypatch: pytest.MonkeyPatch, tampered: str
) -> None:
    conversation_id = await world.open()
    row = await _offered(world, conversation_id)
    offer = offer_from_json(row.body)
    if tampered == "body":
        offer = _with(offer, discount=[100000, "USD"])
    elif tampered == "never-offered":
        offer = _with(offer, id="o7")
    elif tampered == "refused":
        async with world.works.begin() as work:
            (await work.session.get_one(OfferRow, row.id)).state = "refused"
    else:
        await _tight(world)
        async with world.works.begin() as work:
            stored = await work.session.get_one(OfferRow, row.id)
            stored.policy_version, stored.body = 2, row.body | {"policy_version": 2}
        offer = _with(offer, policy_version=2)
    memory = Memory(phase="agreed", told=("verified",), greeted=True)
    decision = Decision("agree", memory, (), (Reply((Say("agree.change"),)),), (Agree(offer),))
    monkeypatch.setattr(respond, "decide", lambda *_: decision)
    responded = await world.tell(conversation_id, "yes", "affirm")
    assert await world.rows(Plan) == []
    assert responded.holder == "queue"


async def test_law_6_a_plan_beyond_the_limits_needs_a_stored_approval(world: World) -> None:
    conversation_id = await world.open()
    row = await _offered(world, conversation_id)
    await _tight(world)
    async with world.works.begin() as work:
        stored = await work.session.get_one(OfferRow, row.id)
        stored.policy_version, stored.body = 2, row.body | {"policy_version": 2}
        approval = Approval(
            conversation_id=conversation_id,
            case_id=world.case_id,
            asked_by=world.ana.id,
            asked_at=work.now,
            reason="test",
            offer=stored.body,
            breaches=[],
            policy_version=2,
            state="asked",
        )
        work.session.add(approval)
        await work.session.flush()
        stored.approval_id = approval.id
    with pytest.raises(InvariantBroken):
        await _agree_directly(world, conversation_id, row.id)
    async with world.works.begin() as work:
        (await work.session.get_one(Approval, 1)).state = "approved"
    await _agree_directly(world, conversation_id, row.id)
    assert [plan.approval_id for plan in await world.rows(Plan)] == [1]


async def _agree_directly(world: World, conversation_id: int, offer_id: int) -> None:
    async with world.works.begin() as work:
        conversation = await conversations.lock(work.session, conversation_id)
        whole = await cases.lock(work.session, world.case_id)
        row = await work.session.get_one(OfferRow, offer_id)
        await plans.agree(work, conversation, whole, offer_from_json(row.body), row, public_id="p")


async def test_law_6_an_unfinished_check_is_no_check(world: World) -> None:
    """A stranger whose conversation was ended is asked again when they write."""
    conversation_id = await world.open(verified=False)
    await world.tell(conversation_id, "wrong number", "deny_identity")
    message_id = await world.say("how much do I owe then?")
    responded = await world.answer(conversation_id, {message_id: reading("ask_balance")})
    texts = " ".join(message.text for message in await world.rows(Message, direction="out"))
    assert "2,400" not in texts
    assert responded.decision is not None
    assert not responded.decision.memory.verified
    assert responded.refused == ()


async def test_what_waits_for_the_morning_holds_up_no_answer_asked_for_at_night(
    world: World, clock: FixedClock
) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "how much", "ask_balance")
    clock.advance(timedelta(hours=10))
    assert await world.send_all() == []
    asked_id = await world.say("thanks")
    await world.answer(conversation_id, {asked_id: reading("thanks")})
    [answer] = await world.send_all()
    async with world.works.read() as session:
        at_night = await debtor_view.shown(session, conversation_id, now=clock.now())
        assert not (await debtor_view.state(session, conversation_id, clock.now())).answering
    assert [message.id for message in at_night][-2:] == [asked_id, answer.message_id]
    clock.advance(timedelta(hours=11))
    [late] = await world.send_all()
    async with world.works.read() as session:
        morning = await debtor_view.shown(session, conversation_id, answer.message_id, now=clock.now())
    assert [message.id for message in morning] == [late.message_id]
