"""The front door: recorded before it is read, answered in order, once, whatever fails meanwhile."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from bot.front import Front
from bot.sweeper import Sweeper
from core.actions import inbound, outbox
from core.actions.inbound import Arrival, Recorded, Repeat, UnknownChat
from core.channels import Delivery, Gone, Retry, SendResult, Sent, Unknown
from core.store.tables import Conversation, Message, Outbox
from tests.bot.scene import open_bank, until


@pytest.fixture
async def bank(migrated_url, tmp_path):
    async with open_bank(migrated_url, tmp_path) as opened:
        yield opened


def said(text: str, case_id: int | None, *, key: str | None = None, kind: str = "text", press: str | None = None):
    return Arrival(
        channel="paper", external_id=key or uuid4().hex, address="desk-1", case_id=case_id, kind=kind, text=text,
        press=press,
    )  # fmt: skip


async def answers(bank) -> list[str]:
    return [row.text for row in await bank.rows(Message) if row.direction == "out"]


async def test_a_message_is_greeted_and_asked_who_it_is(bank):
    outcome = await bank.services.front.arrived(said("hello", bank.en))
    await bank.services.front.settled()
    assert isinstance(outcome, Recorded)
    assert outcome.opened
    greeting, question = await answers(bank)
    assert "automated assistant of Harbour Bank" in greeting
    assert "date of birth" in question


async def test_a_repeat_stops_at_the_door(bank):
    first = await bank.services.front.arrived(said("hello", bank.en, key="same"))
    again = await bank.services.front.arrived(said("hello", bank.en, key="same"))
    await bank.services.front.settled()
    assert isinstance(first, Recorded)
    assert again == Repeat(first.message_id, first.conversation_id)
    assert len(await answers(bank)) == 2


async def test_a_stranger_without_a_link_is_unknown_and_nothing_is_kept(bank):
    assert await bank.services.front.arrived(said("hello", None)) == UnknownChat()
    assert await bank.rows(Message) == []


async def test_quick_messages_are_answered_in_order_each_once(bank):
    for text in ("hello", "April 12, 1990", "4471", "what do I owe?"):
        await bank.services.front.arrived(said(text, bank.en))
    await bank.services.front.settled()
    rows = await bank.rows(Message)
    inbound_rows = [row for row in rows if row.direction == "in"]
    assert all(row.answered_at for row in inbound_rows)
    assert bank.engine.heard == ["hello", "April 12, 1990", "4471", "what do I owe?"]
    assert sum("$2,400.00" in text for text in await answers(bank)) >= 1


async def test_two_front_doors_on_one_conversation_answer_once(bank):
    other = Front(bank.works, bank.engine, bank.services.options)
    arrivals = [said(f"message {number}", bank.en) for number in range(6)]
    await bank.services.front.arrived(said("hello", bank.en))
    await asyncio.gather(
        *((bank.services.front if n % 2 else other).arrived(arrival) for n, arrival in enumerate(arrivals))
    )
    await asyncio.gather(bank.services.front.settled(), other.settled())
    replied = [row.reply_to for row in await bank.rows(Outbox)]
    _, *rest = replied
    assert len(rest) == len(set(rest))
    assert set(replied) <= {row.id for row in await bank.rows(Message) if row.direction == "in"}


async def test_a_failing_engine_still_hears_what_must_never_be_missed(bank):
    bank.engine.fails = True
    await bank.services.front.arrived(said("I want to talk to a person", bank.en))
    await bank.services.front.settled()
    assert any("passing you to a colleague" in text for text in await answers(bank))


async def test_a_command_is_kept_as_typed_and_certainly_understood(bank):
    await bank.services.front.arrived(said("/agent", bank.en))
    await bank.services.front.settled()
    assert bank.engine.heard == []
    assert any("passing you to a colleague" in text for text in await answers(bank))
    assert (await bank.rows(Message))[0].text == "/agent"


async def test_an_answer_that_failed_is_given_by_the_sweeper(bank, monkeypatch):
    real = inbound.respond
    failures: list[int] = []

    async def broken(*arguments):
        if not failures:
            failures.append(1)
            raise RuntimeError("the database went away")
        return await real(*arguments)

    monkeypatch.setattr(inbound, "respond", broken)
    monkeypatch.setattr("bot.front._FIRST_PAUSE_S", 0.01)
    await bank.services.front.arrived(said("hello", bank.en))
    await bank.services.front.settled()
    assert await answers(bank) == []
    bank.clock.advance(timedelta(seconds=6))
    await bank.services.sweeper.round()
    await bank.services.front.settled()
    assert len(await answers(bank)) == 2


async def test_a_message_that_cannot_be_answered_goes_to_a_person_and_holds_up_no_other(bank, monkeypatch):
    real = inbound.respond
    tries: list[int] = []

    async def broken(work, conversation_id, readings, options):
        if any(reading.lang for reading in readings.values()) and len(tries) < 5:
            tries.append(conversation_id)
            raise RuntimeError("it never works")
        return await real(work, conversation_id, readings, options)

    monkeypatch.setattr(inbound, "respond", broken)
    monkeypatch.setattr("bot.front._FIRST_PAUSE_S", 0.001)
    await bank.services.front.arrived(said("poison", bank.en))
    for _ in range(6):
        await bank.services.front.settled()
        bank.clock.advance(timedelta(seconds=6))
        await bank.services.sweeper.round()
    await bank.services.front.settled()
    [message] = await bank.rows(Message)
    assert len(tries) == 5
    assert message.decision["kind"] == "escalate"
    [conversation] = await bank.rows(Conversation)
    assert (conversation.holder, conversation.reason) == ("queue", "not_understood")
    await bank.services.front.arrived(said("hello?", bank.en))
    await bank.services.front.settled()
    assert all(row.answered_at for row in await bank.rows(Message))


async def test_what_a_crash_left_unanswered_is_answered_by_the_next_process(bank):
    async with bank.works.begin() as work:
        await inbound.record(work, said("hello", bank.en))
    bank.clock.advance(timedelta(seconds=6))
    await bank.services.sweeper.round()
    await bank.services.front.settled()
    assert len(await answers(bank)) == 2


class Paper:
    """A channel that does what it is told."""

    name = "paper"

    def __init__(self, *outcomes: SendResult | Exception) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[Delivery] = []

    async def send(self, delivery: Delivery) -> SendResult:
        self.sent.append(delivery)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent(f"p{len(self.sent)}")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def states(bank) -> list[str]:
    return [row.state for row in await bank.rows(Outbox)]


async def greeted(bank, *outcomes) -> Paper:
    paper = Paper(*outcomes)
    bank.services.add_channels([paper])
    await bank.services.front.arrived(said("hello", bank.en))
    await bank.services.front.settled()
    return paper


async def test_the_sender_sends_in_order_and_keeps_the_channels_id(bank):
    paper = await greeted(bank)
    while await bank.services.sender.round():
        pass
    assert [delivery.text for delivery in paper.sent] == await answers(bank)
    assert [(row.state, row.external_id) for row in await bank.rows(Outbox)] == [("sent", "p1"), ("sent", "p2")]


async def test_too_many_requests_waits_as_long_as_it_was_told(bank):
    paper = await greeted(bank, Retry(timedelta(seconds=3)))
    await bank.services.sender.round()
    assert await bank.services.sender.round() == 0
    bank.clock.advance(timedelta(seconds=3))
    while await bank.services.sender.round():
        pass
    assert [delivery.attempt for delivery in paper.sent] == [1, 2, 1]
    assert await states(bank) == ["sent", "sent"]


@pytest.mark.parametrize("outcome", [Unknown("cut"), RuntimeError("a defect")])
async def test_an_unknown_outcome_is_kept_and_never_repeated(bank, outcome):
    paper = await greeted(bank, outcome)
    while await bank.services.sender.round():
        pass
    bank.clock.advance(timedelta(hours=1))
    await bank.services.sender.round()
    assert await states(bank) == ["unknown", "sent"]
    assert len(paper.sent) == 2


async def test_a_chat_that_is_gone_is_not_tried_again(bank):
    await greeted(bank, Gone("blocked"))
    await bank.services.sender.round()
    assert (await states(bank))[0] == "failed"


async def test_a_send_that_died_with_its_process_becomes_unknown(bank):
    await greeted(bank)
    async with bank.works.begin() as work:
        await outbox.claim(work)
    bank.clock.advance(timedelta(seconds=61))
    await Sweeper(bank.works, bank.services.front, bank.services.options).round()
    assert (await states(bank))[0] == "unknown"


async def test_closing_finishes_the_answers_under_way(bank):
    await bank.services.front.arrived(said("hello", bank.en))
    await bank.services.close()
    assert len(await answers(bank)) == 2


async def test_a_notice_wakes_the_sender_at_once(bank, monkeypatch):
    monkeypatch.setattr("bot.sender._LOOK_EVERY_S", 60)
    paper = Paper()
    bank.services.add_channels([paper])
    await bank.start()
    await asyncio.sleep(0.1)
    await bank.services.front.arrived(said("hello", bank.en))

    async def both_left() -> bool:
        return len(paper.sent) == 2

    await until(both_left, seconds=30)


async def test_closing_ends_a_sender_that_waits(bank, monkeypatch):
    monkeypatch.setattr("bot.sender._LOOK_EVERY_S", 3600)
    sender = asyncio.create_task(bank.services.sender.run())
    await asyncio.sleep(0.3)
    bank.services.sender.close()
    await asyncio.wait_for(sender, 30)
