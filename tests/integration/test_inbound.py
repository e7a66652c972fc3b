"""A debtor's message: recorded once, answered once, in order."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from core.actions import inbound
from core.actions.inbound import Arrival, Recorded, UnknownChat
from core.actions.values import Repeat
from core.clock import FixedClock
from core.store.tables import CaseFlag, ContactPoint, HandoffRow, Message, OfferRow, Outbox, Plan
from tests.integration.world import World, dollars, reading


def arrival(number: int = 1, **changes: object) -> Arrival:
    values: dict[str, object] = {"channel": "web", "external_id": f"e{number}", "address": "dana", "text": "hello"}
    return Arrival(**(values | changes))  # type: ignore[arg-type]


async def test_the_first_message_by_a_link_opens_the_conversation(world: World) -> None:
    async with world.works.begin() as work:
        first = await inbound.record(work, arrival(1, case_id=world.case_id))
        second = await inbound.record(work, arrival(2))
    assert isinstance(first, Recorded)
    assert first.opened
    assert isinstance(second, Recorded)
    assert (second.conversation_id, second.opened) == (first.conversation_id, False)
    assert [row.value for row in await world.rows(ContactPoint)] == ["dana"]


async def test_a_stranger_without_a_link_is_unknown_and_leaves_nothing(world: World) -> None:
    async with world.works.begin() as work:
        assert await inbound.record(work, arrival()) == UnknownChat()
        assert await inbound.record(work, arrival(case_id=999)) == UnknownChat()
    assert await world.rows(Message) == []


async def test_the_same_delivery_twenty_times_at_once_is_stored_once(world: World) -> None:
    async def deliver() -> object:
        async with world.works.begin() as work:
            return await inbound.record(work, arrival(7, case_id=world.case_id))

    results = await asyncio.gather(*(deliver() for _ in range(20)))
    assert sum(isinstance(result, Recorded) for result in results) == 1
    assert sum(isinstance(result, Repeat) for result in results) == 19
    assert len(await world.rows(Message)) == 1


async def test_one_clients_ids_cannot_silence_another_clients(world: World) -> None:
    async with world.works.begin() as work:
        first = await inbound.record(work, arrival(1, case_id=world.case_id, address="dana"))
        second = await inbound.record(work, arrival(1, case_id=world.case_id, address="elsewhere"))
        again = await inbound.record(work, arrival(1, case_id=world.case_id, address="elsewhere"))
    assert isinstance(first, Recorded)
    assert isinstance(second, Recorded)
    assert again == Repeat(second.message_id, second.conversation_id)


async def test_odd_characters_are_stored_and_read_back(world: World) -> None:
    async with world.works.begin() as work:
        text = "a\x00b\ud83d 𠮷㐂 " + "长" * 4096
        recorded = await inbound.record(work, arrival(1, case_id=world.case_id, text=text))
    assert isinstance(recorded, Recorded)
    [stored] = await world.rows(Message)
    assert stored.text == "ab\ufffd 𠮷㐂 " + "长" * 4096


async def test_a_text_that_nobody_has_read_yet_waits_and_so_do_those_after_it(world: World) -> None:
    conversation_id = await world.open()
    first, second, third = [await world.say(text) for text in ("one", "two", "three")]
    responded = await world.answer(conversation_id, {first: reading("greet"), third: reading("greet")})
    assert responded.messages == (first,)
    responded = await world.answer(conversation_id, {second: reading("greet"), third: reading("thanks")})
    assert responded.messages == (second, third)
    assert (await world.answer(conversation_id, {})).messages == ()


async def test_what_a_crash_left_unanswered_is_found(world: World, clock: FixedClock) -> None:
    conversation_id = await world.open()
    message_id = await world.say("hello?")
    async with world.works.read() as session:
        assert await inbound.unanswered(session, timedelta(seconds=5), clock.now()) == []
    clock.advance(timedelta(seconds=6))
    async with world.works.read() as session:
        assert await inbound.unanswered(session, timedelta(seconds=5), clock.now()) == [(conversation_id, message_id)]
        assert [item.text for item in await inbound.waiting(session, conversation_id)] == ["hello?"]
        assert (await inbound.context_for(session, conversation_id)).currency == "USD"


async def _agree(world: World, conversation_id: int) -> None:
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    await world.tell(conversation_id, "yes", "affirm")


async def test_a_plan_is_offered_read_back_and_agreed_to_the_cent(world: World) -> None:
    conversation_id = await world.open()
    offered = await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    assert offered.decision is not None
    assert offered.decision.kind == "offer"
    assert [row.state for row in await world.rows(OfferRow)] == ["open"]
    agreed = await world.tell(conversation_id, "yes", "affirm")
    assert agreed.decision is not None
    assert agreed.decision.kind == "agree"
    [plan] = await world.rows(Plan)
    assert (plan.total, plan.policy_version, plan.rule, plan.state) == (240000, 1, "us/credit_card", "active")
    from core.store.tables import InstalmentRow  # noqa: PLC0415

    instalments = await world.rows(InstalmentRow)
    assert sum(row.amount for row in instalments) == 240000
    assert [row.state for row in await world.rows(OfferRow)] == ["accepted"]
    texts = [delivery.text for delivery in await world.send_all()]
    assert plan.public_id in texts[-1]


async def test_five_quick_yes_agree_once(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "200 a month", "propose_amount", entities=(dollars("200.00", "month"),))
    messages = [await world.say("yes") for _ in range(5)]
    readings = {message: reading("affirm") for message in messages}
    rounds = await asyncio.gather(*(world.answer(conversation_id, readings) for _ in range(5)))
    assert sorted(len(each.messages) for each in rounds) == [0, 0, 0, 0, 5]
    assert len(await world.rows(Plan)) == 1


async def test_hardship_goes_to_people_with_a_pack_that_spares_repeating(world: World) -> None:
    conversation_id = await world.open()
    responded = await world.tell(conversation_id, "I lost my job", "hardship_income")
    assert responded.holder == "queue"
    conversation = await world.conversation(conversation_id)
    assert (conversation.reason, conversation.priority) == ("hardship", "normal")
    [row] = await world.rows(HandoffRow)
    assert row.trigger == "I lost my job"
    assert row.pack["verified"]
    assert row.pack["flags"] == ["hardship"]
    assert row.pack["messages"][-1] == {"author": "debtor", "text": "I lost my job", "at": row.at.isoformat()}
    assert [flag.flag for flag in await world.rows(CaseFlag)] == ["hardship"]


async def test_in_the_queue_the_bot_is_silent_but_rights_still_count(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "a person please", "talk_to_human")
    before = len(await world.rows(Outbox))
    responded = await world.tell(conversation_id, "this is not right, I dispute it", "dispute_debt")
    assert responded.decision is not None
    assert responded.decision.kind == "silent"
    assert len(await world.rows(Outbox)) == before
    conversation = await world.conversation(conversation_id)
    assert (conversation.unread, conversation.reason) == (1, "dispute")
    assert "dispute" in {flag.flag for flag in await world.rows(CaseFlag)}


async def test_danger_said_while_waiting_still_gets_the_crisis_line_once(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "a person please", "talk_to_human")
    first = await world.tell(conversation_id, "I want to end it all", "self_harm")
    second = await world.tell(conversation_id, "I mean it", "self_harm")
    assert (len(first.reply_ids), len(second.reply_ids)) == (1, 0)
    assert (await world.conversation(conversation_id)).priority == "urgent"
    assert "988" in (await world.rows(Message, direction="out"))[-1].text


async def test_a_wish_to_stop_is_confirmed_once_and_stops_what_was_not_asked_for(world: World) -> None:
    conversation_id = await world.open()
    responded = await world.tell(conversation_id, "STOP", "stop_contact")
    assert len(responded.reply_ids) == 1
    assert all(row.stopped_at for row in await world.rows(ContactPoint))
    conversation = await world.conversation(conversation_id)
    assert (conversation.state, conversation.outcome) == ("closed", "stopped")
    await world.say("one more thing")
    assert (await world.conversation(conversation_id)).state == "open"


async def test_every_answered_message_keeps_its_reading_and_its_decision(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "how much is it", "ask_balance")
    message = (await world.rows(Message, direction="in"))[-1]
    assert message.understanding["intents"][0]["name"] == "ask_balance"
    assert message.decision["kind"] == "answer"
    assert message.decision["because"]


async def test_there_is_one_reply_for_each_message(world: World) -> None:
    conversation_id = await world.open()
    for _ in range(3):
        await world.tell(conversation_id, "how much", "ask_balance")
    async with world.works.read() as session:
        counts = await session.execute(select(Outbox.reply_to, func.count()).group_by(Outbox.reply_to))
        assert [count for _, count in counts] == [1, 1, 1]
