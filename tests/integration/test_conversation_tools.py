"""What agents do with a conversation besides answering: later, aside, to others, into one, and back with orders."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.actions import (
    inbound,
    known_sums,
    merges,
    notes,
    notices,
    outcome_codes,
    scheduled,
    snoozes,
    takeover,
    transfers,
    upkeep,
)
from core.actions.debtor_view import conversation_at, shown
from core.actions.inbound import Arrival
from core.actions.situations import remembered
from core.actions.values import Closed, NotHolder
from core.calendar import Frequency
from core.clock import FixedClock
from core.compliance import Refused
from core.dialogue.orders import orders_of
from core.errors import InvalidInput, NotFound
from core.money import Money
from core.negotiation import Ask, offer_from_json
from core.store import cases
from core.store.tables import (
    AgentNotice,
    Audit,
    Case,
    Conversation,
    Debtor,
    Message,
    Note,
    OfferRow,
    Outbox,
    ScheduledMessage,
    User,
)
from tests.integration.world import World, dollars, make_case, reading

EVENING = timedelta(hours=6)
NIGHT = timedelta(hours=11)


async def held(world: World, **memory: Any) -> int:
    """A conversation that Ana holds, whose debtor has just written."""
    conversation_id = await world.open(**memory)
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    await world.tell(conversation_id, "hello?", "greet")
    return conversation_id


async def later(world: World, conversation_id: int, text: str, at: datetime, key: str = "later-1") -> Any:
    async with world.works.begin() as work:
        return await scheduled.schedule(work, conversation_id, world.ana, text, at, key)


async def send_due(world: World) -> int:
    async with world.works.begin() as work:
        return await scheduled.send_due(work)


async def test_a_message_for_later_is_sent_when_its_moment_has_come_and_once(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    due = clock.now() + EVENING
    first = await later(world, conversation_id, "Shall we go on tomorrow?", due)
    again = await later(world, conversation_id, "Shall we go on tomorrow?", due)
    assert first == again
    assert await send_due(world) == 0
    clock.advance(EVENING)
    assert (await send_due(world), await send_due(world)) == (1, 0)
    [row] = await world.rows(ScheduledMessage)
    [message] = [row for row in await world.rows(Message, author="agent") if row.text.startswith("Shall we")]
    assert (row.state, row.message_id, message.agent_id) == ("sent", message.id, world.ana.id)
    assert [sent.text for sent in await world.send_all()] == ["Shall we go on tomorrow?"]


async def test_a_message_for_later_keeps_to_the_contact_hours_of_its_moment(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    refused = await later(world, conversation_id, "Good night", clock.now() + NIGHT)
    assert isinstance(refused, Refused)
    assert [reason.message_key for reason in refused.reasons] == ["compliance.hours"]
    assert refused.reasons[0].data["opens"] == "2026-11-24T08:00-05:00"
    assert await world.rows(ScheduledMessage) == []


async def test_forbidden_words_are_refused_when_they_are_scheduled(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    refused = await later(world, conversation_id, "Pay now or we will sue you", clock.now() + EVENING)
    assert isinstance(refused, Refused)
    assert "compliance.court" in [reason.message_key for reason in refused.reasons]


async def test_what_the_debtor_writes_meanwhile_keeps_a_message_from_being_sent(
    world: World, clock: FixedClock
) -> None:
    conversation_id = await held(world)
    await later(world, conversation_id, "Shall we go on tomorrow?", clock.now() + EVENING)
    await world.tell(conversation_id, "Please leave me in peace today", "greet")
    clock.advance(EVENING)
    assert await send_due(world) == 1
    [row] = await world.rows(ScheduledMessage)
    assert (row.state, [reason["key"] for reason in row.reasons]) == ("withheld", ["scheduled.wrote"])
    [notice] = await world.rows(AgentNotice)
    assert (notice.kind, notice.user_id, notice.text) == ("withheld", world.ana.id, "Shall we go on tomorrow?")
    assert [row.text for row in await world.rows(Message, author="agent")] == []


async def test_other_hands_keep_a_message_from_being_sent(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    await later(world, conversation_id, "Shall we go on tomorrow?", clock.now() + EVENING)
    async with world.works.begin() as work:
        await transfers.to_agent(work, conversation_id, world.ana, world.ben.id, "You know her.")
    clock.advance(EVENING)
    await send_due(world)
    [row] = await world.rows(ScheduledMessage)
    assert [reason["key"] for reason in row.reasons] == ["scheduled.hands"]


async def test_a_stop_that_came_meanwhile_holds_for_a_message_for_later_too(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    due = clock.now() + timedelta(days=2)
    await later(world, conversation_id, "Shall we go on?", due)
    async with world.works.begin() as work:
        await cases.stop_contact(work.session, world.debtor_id, work.now)
        await cases.add_flags(work.session, world.case_id, ("stop_contact",), None, work.now)
    clock.advance(timedelta(days=2))
    await send_due(world)
    [row] = await world.rows(ScheduledMessage)
    assert (row.state, [reason["key"] for reason in row.reasons]) == ("withheld", ["compliance.stopped"])


async def test_a_message_whose_moment_has_long_passed_is_another_message(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    await later(world, conversation_id, "Shall we go on this evening?", clock.now() + EVENING)
    clock.advance(EVENING + scheduled.LATEST + timedelta(minutes=1))
    await send_due(world)
    [row] = await world.rows(ScheduledMessage)
    assert [reason["key"] for reason in row.reasons] == ["scheduled.late"]


async def test_a_message_for_later_can_be_taken_back_until_it_is_sent(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    made = await later(world, conversation_id, "Shall we go on tomorrow?", clock.now() + EVENING)
    async with world.works.begin() as work:
        assert await scheduled.cancel(work, made.scheduled_id, world.ben, conversation_id) == NotHolder("Ana")
        assert isinstance(
            await scheduled.cancel(work, made.scheduled_id, world.ana, conversation_id), scheduled.Cancelled
        )
        again = await scheduled.cancel(work, made.scheduled_id, world.ana, conversation_id)
        assert again == scheduled.AlreadySettled("cancelled")
        with pytest.raises(NotFound):
            await scheduled.cancel(work, made.scheduled_id, world.ana, conversation_id + 1)
    clock.advance(EVENING)
    assert await send_due(world) == 0


async def test_only_a_moment_to_come_within_a_month_can_be_given(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    for moment in (clock.now(), clock.now() + scheduled.FURTHEST + timedelta(minutes=1)):
        with pytest.raises(InvalidInput):
            await later(world, conversation_id, "Hello", moment)
    async with world.works.begin() as work:
        made = await scheduled.schedule(work, conversation_id, world.ben, "Hello", clock.now() + EVENING, "k")
        assert made == NotHolder("Ana")


async def test_what_is_put_aside_comes_back_by_itself(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    until = clock.now() + timedelta(hours=1)
    async with world.works.begin() as work:
        assert await snoozes.snooze(work, conversation_id, world.ana, until) == snoozes.Snoozed(until)
        assert await upkeep.run(work) == 0
    conversation = await world.conversation(conversation_id)
    assert (conversation.snoozed_until, conversation.unread, conversation.agent_id) == (until, 0, world.ana.id)
    clock.advance(timedelta(hours=1))
    async with world.works.begin() as work:
        assert await upkeep.run(work) == 1
    assert (await world.conversation(conversation_id)).snoozed_until is None
    assert [row.data["why"] for row in await world.rows(Audit, action="woke")] == ["time"]


async def test_what_is_put_aside_comes_back_when_the_debtor_writes(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        snoozed = await snoozes.snooze(work, conversation_id, world.ana, None)
        assert snoozed == snoozes.Snoozed(work.now + snoozes.LONGEST)
    await world.say("I have the money now")
    assert (await world.conversation(conversation_id)).snoozed_until is None


async def test_nothing_is_put_aside_by_another_for_ever_or_into_the_past(world: World, clock: FixedClock) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        assert await snoozes.snooze(work, conversation_id, world.ben, None) == NotHolder("Ana")
        for moment in (clock.now(), clock.now() + snoozes.LONGEST + timedelta(minutes=1)):
            with pytest.raises(InvalidInput):
                await snoozes.snooze(work, conversation_id, world.ana, moment)


async def test_a_colleague_to_whom_it_is_passed_on_holds_it_and_is_told_with_the_note(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        passed = await transfers.to_agent(work, conversation_id, world.ana, world.ben.id, "Speaks of a flood.")
        assert passed == transfers.Transferred("Ben")
        assert await transfers.to_agent(work, conversation_id, world.ana, world.ben.id, "x") == NotHolder("Ben")
    conversation = await world.conversation(conversation_id)
    assert (conversation.holder, conversation.agent_id) == ("agent", world.ben.id)
    [note] = await world.rows(Note)
    assert (note.kind, note.text, note.user_id) == ("transfer", "Speaks of a flood.", world.ana.id)
    [notice] = await world.rows(AgentNotice)
    assert (notice.user_id, notice.kind, notice.note_id, notice.from_user) == (
        world.ben.id,
        "transferred",
        note.id,
        world.ana.id,
    )
    [trail] = await world.rows(Audit, action="transferred")
    assert (trail.actor, trail.data["agent"], trail.data["note"]) == ("ana", "ben", "Speaks of a flood.")


async def test_nobody_is_passed_a_conversation_without_a_note_or_who_may_not_hold_one(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        await work.session.execute(update(User).where(User.id == world.ben.id).values(active=False))
    async with world.works.begin() as work:
        with pytest.raises(InvalidInput):
            await transfers.to_agent(work, conversation_id, world.ana, world.sue.id, " ")
        for user_id in (world.ben.id, world.ana.id, 9999):
            refused = await transfers.to_agent(work, conversation_id, world.ana, user_id, "Please take it")
            assert refused == transfers.CannotReceive()
        assert await transfers.to_team(work, conversation_id, world.ana, 9999, "x") == transfers.CannotReceive()


async def test_what_is_passed_to_the_queue_waits_there_and_has_a_reason(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        assert await transfers.to_team(work, conversation_id, world.ana, None, "I leave now") == transfers.Transferred(
            ""
        )
    conversation = await world.conversation(conversation_id)
    assert (conversation.holder, conversation.agent_id, conversation.reason) == ("queue", None, "person_requested")
    assert conversation.waiting_since is not None
    assert conversation.gravity is not None


async def telegram(world: World, *, verified: bool = True) -> int:
    """Dana's other conversation about the same debt."""
    arrival = Arrival(channel="telegram", external_id="t-start", address="dana-t", case_id=world.case_id, kind="start")
    async with world.works.begin() as work:
        recorded = await inbound.record(work, arrival)
        assert isinstance(recorded, inbound.Recorded)
        conversation = await work.session.get_one(Conversation, recorded.conversation_id)
        memory = remembered(conversation)
        conversation.memory = memory.with_(phase="talking", told=("verified",) if verified else ()).to_json()
        if not verified:
            conversation.memory = memory.with_(phase="verifying").to_json()
        (await work.session.get_one(Message, recorded.message_id)).answered_at = work.now
    return recorded.conversation_id


async def write_there(world: World, text: str = "", press: str | None = None, key: str = "t-1") -> Any:
    kind = "press" if press else "text"
    arrival = Arrival(channel="telegram", external_id=key, address="dana-t", kind=kind, text=text, press=press)
    async with world.works.begin() as work:
        return await inbound.record(work, arrival)


async def join(world: World, survivor: int, other: int) -> Any:
    async with world.works.begin() as work:
        return await merges.merge(work, survivor, other, world.ana)


async def test_after_a_merge_nothing_is_lost_and_what_comes_there_goes_on_in_the_survivor(world: World) -> None:
    survivor, other = await held(world), await telegram(world)
    unanswered = await write_there(world, "I can pay 80 a month")
    before = {row.id for row in await world.rows(Message)}
    assert await join(world, survivor, other) == merges.Merged(survivor, other)
    assert {row.id for row in await world.rows(Message)} == before
    [waiting] = await world.rows(Message, id=unanswered.message_id)
    assert (waiting.conversation_id, waiting.answered_at) == (survivor, None)
    fresh = await write_there(world, "are you there?", key="t-2")
    assert fresh.conversation_id == survivor
    assert await write_there(world, "are you there?", key="t-2") == inbound.Repeat(fresh.message_id, survivor)
    merged = await world.conversation(other)
    assert (merged.merged_into, merged.state, merged.outcome, merged.holder) == (survivor, "closed", "merged", "bot")
    async with world.works.read() as session:
        assert await conversation_at(session, "telegram", "dana-t") == survivor
        said = [message.text for message in await shown(session, survivor)]
    assert said[-2:] == ["I can pay 80 a month", "are you there?"]
    async with world.works.begin() as work:
        conversation = await work.session.get_one(Conversation, survivor)
        sums = await known_sums.known_sums(work, conversation, await cases.load(work.session, world.case_id))
    assert Money.of("80", "USD").decimal in sums


async def test_a_button_of_the_merged_conversation_accepts_nothing_in_the_survivor(world: World) -> None:
    survivor, other = await held(world), await telegram(world)
    await join(world, survivor, other)
    pressed = await write_there(world, press="accept:a1")
    [message] = await world.rows(Message, id=pressed.message_id)
    assert message.press == "elsewhere:accept:a1"
    asked = await write_there(world, press="human", key="t-9")
    assert (await world.rows(Message, id=asked.message_id))[0].press == "human"


async def test_offers_of_the_merged_conversation_bind_nobody_any_more(world: World) -> None:
    survivor, other = await held(world), await telegram(world)
    there = await write_there(world, "what can I do?")
    await world.answer(other, {there.message_id: reading("request_instalments")})
    assert {row.state for row in await world.rows(OfferRow, conversation_id=other)} == {"open"}
    await join(world, survivor, other)
    assert {row.state for row in await world.rows(OfferRow, conversation_id=other)} == {"replaced"}


async def test_a_merge_keeps_the_graver_reason_and_what_was_unread(world: World) -> None:
    survivor, other = await held(world), await telegram(world)
    there = await write_there(world, "I want to complain")
    await world.answer(other, {there.message_id: reading("complaint")})
    await world.answer(other, {(await write_there(world, "hello?", key="t-3")).message_id: reading("greet")})
    unread = (await world.conversation(survivor)).unread + (await world.conversation(other)).unread
    await join(world, survivor, other)
    conversation = await world.conversation(survivor)
    assert (conversation.reason, conversation.priority, conversation.unread) == ("complaint", "high", unread)


async def test_conversations_are_not_merged_where_identity_was_not_checked_in_both(world: World) -> None:
    survivor, other = await held(world), await telegram(world, verified=False)
    assert await join(world, survivor, other) == merges.CannotMerge("identity")
    assert (await world.conversation(other)).merged_into is None


async def test_conversations_of_different_people_or_debts_are_never_merged(world: World) -> None:
    survivor = await held(world)
    async with world.works.begin() as work:
        whole = await cases.load(work.session, world.case_id)
        other_debt = make_case(whole.creditor.id, whole.debtor.id, "HB-1002")
        stranger = Debtor(name="Eve Long", language="en", time_zone="America/New_York", facts={})
        work.session.add_all([other_debt, stranger])
        await work.session.flush()
        theirs = make_case(whole.creditor.id, stranger.id, "HB-1003")
        work.session.add(theirs)
        await work.session.flush()
        case_ids = {"other_case": other_debt.id, "other_person": theirs.id}
    for why, case_id in case_ids.items():
        arrival = Arrival(channel="web", external_id=f"s-{why}", address=why, case_id=case_id, kind="start")
        async with world.works.begin() as work:
            recorded = await inbound.record(work, arrival)
            assert isinstance(recorded, inbound.Recorded)
        assert await join(world, survivor, recorded.conversation_id) == merges.CannotMerge(why)  # type: ignore[arg-type]
    assert await world.rows(Case) is not None


async def test_a_merge_is_refused_to_who_does_not_hold_the_survivor_and_where_a_colleague_works(world: World) -> None:
    survivor, other = await held(world), await telegram(world)
    async with world.works.begin() as work:
        assert await merges.merge(work, survivor, other, world.ben) == NotHolder("Ana")
        assert await merges.merge(work, survivor, survivor, world.ana) == merges.CannotMerge("same")
        await takeover.take_over(work, other, world.ben)
        assert await merges.merge(work, survivor, other, world.ana) == merges.CannotMerge("held")


async def test_a_chain_of_merges_ends_at_the_last_survivor(world: World) -> None:
    first, second = await held(world), await telegram(world)
    await join(world, first, second)
    third = await world.open(address="dana-elsewhere")
    async with world.works.begin() as work:
        await takeover.take_over(work, third, world.ana)
        assert isinstance(await merges.merge(work, third, first, world.ana), merges.Merged)
    assert (await write_there(world, "still here", key="t-5")).conversation_id == third
    assert {(await world.conversation(each)).merged_into for each in (first, second)} == {third}


async def test_a_conversation_ends_with_a_code_that_there_is_and_the_note_that_it_asks_for(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        kept = await outcome_codes.add(work, world.max, "moved_away", "Moved away", "已搬走", needs_note=True)
        assert isinstance(kept, outcome_codes.Kept)
    async with world.works.begin() as work:
        close = takeover.close
        assert await close(work, conversation_id, world.ana, "nonsense") == takeover.NoSuchOutcome()
        assert await close(work, conversation_id, world.ana, "moved_away") == takeover.NeedsNote()
        assert await close(work, conversation_id, world.ana, "moved_away", "To Spain.") == Closed("moved_away")
    [note] = await world.rows(Note)
    assert (note.kind, note.text) == ("closed", "To Spain.")


async def test_an_archived_outcome_is_chosen_no_more_and_one_always_stays(world: World) -> None:
    async with world.works.begin() as work:
        codes = await outcome_codes.choosable(work.session)
        assert {code.code for code in codes} >= {"agreed", "no_agreement", "wrong_party", "other"}
        for code in codes[:-1]:
            assert await outcome_codes.archive(work, world.max, code.id, archived=True) == outcome_codes.Kept(code.id)
        last = await outcome_codes.archive(work, world.max, codes[-1].id, archived=True)
        assert last == outcome_codes.Wrong("outcome.last")
        assert await outcome_codes.find(work.session, codes[0].code) is None


@pytest.mark.parametrize(
    ("code", "names", "wrong"),
    [
        ("Merged!", ("A", "B"), "outcome.code"),
        ("merged", ("A", "B"), "outcome.code"),
        ("agreed", ("A", "B"), "outcome.taken"),
        ("fine", ("A", " "), "outcome.names"),
    ],
)
async def test_a_code_that_would_confuse_is_not_kept(
    world: World, code: str, names: tuple[str, str], wrong: str
) -> None:
    async with world.works.begin() as work:
        assert await outcome_codes.add(work, world.max, code, *names, needs_note=False) == outcome_codes.Wrong(wrong)


async def test_a_note_tells_whom_it_names_and_nobody_else(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        await notes.add(work, conversation_id, world.ana, "@ben and @SUE, see mail@max.example; not me @ana, @nobody")
    told = {(row.user_id, row.kind) for row in await world.rows(AgentNotice)}
    assert told == {(world.ben.id, "mention"), (world.sue.id, "mention")}
    [trail] = await world.rows(Audit, action="noted")
    assert trail.data["mentions"] == ["ben", "sue"]


async def test_only_ones_own_notices_are_seen(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        await notes.add(work, conversation_id, world.ana, "@ben @sue look")
    newest = max(row.id for row in await world.rows(AgentNotice))
    async with world.works.begin() as work:
        assert await notices.seen(work, world.ben, newest) == 1
        assert await notices.seen(work, world.ben, newest) == 0
    seen = {row.user_id: row.seen_at for row in await world.rows(AgentNotice)}
    assert seen[world.ben.id] is not None
    assert seen[world.sue.id] is None


async def back(world: World, conversation_id: int, **orders: Any) -> None:
    async with world.works.begin() as work:
        assert isinstance(
            await takeover.hand_back(work, conversation_id, world.ana, "Go on.", **orders), takeover.HandedBack
        )


async def test_the_assistant_offers_no_discount_when_it_was_told_not_to(world: World) -> None:
    conversation_id = await held(world)
    await back(world, conversation_id, orders=("no_discount", "no_means"))
    memory = remembered(await world.conversation(conversation_id))
    assert (orders_of(memory), memory.means_declined) == (("no_discount", "no_means"), True)
    await world.tell(conversation_id, "I could settle for 1900 today", "request_discount", entities=(dollars("1900"),))
    await world.tell(conversation_id, "what else can you do?", "ask_other_options")
    offers = await world.rows(OfferRow, conversation_id=conversation_id)
    assert offers
    assert not any(offer_from_json(row.body).discount for row in offers)
    [trail] = await world.rows(Audit, action="handed_back")
    assert trail.data["orders"] == ["no_discount", "no_means"]


async def test_the_assistant_that_may_only_answer_questions_passes_terms_on_to_a_person(world: World) -> None:
    conversation_id = await held(world)
    await back(world, conversation_id, orders=("answer_only",))
    answered = await world.tell(conversation_id, "how much is it?", "ask_balance")
    assert answered.decision is not None
    assert (answered.decision.kind, answered.holder) == ("answer", "bot")
    asked = await world.tell(conversation_id, "can I pay in parts?", "request_instalments")
    assert asked.holder == "queue"
    assert asked.decision is not None
    assert "order:answer_only" in asked.decision.because
    assert await world.rows(OfferRow, conversation_id=conversation_id) == []


async def test_the_assistant_starts_from_the_terms_that_were_talked_over(world: World) -> None:
    conversation_id = await held(world)
    first = date(2026, 12, 15)
    discussed = Ask(instalment=Money.of("240", "USD"), frequency=Frequency.MONTH, first_due=first)
    await back(world, conversation_id, discussed=discussed)
    await world.tell(conversation_id, "so how about the instalments?", "request_instalments")
    offers = await world.rows(OfferRow, conversation_id=conversation_id)
    assert offers
    memory = remembered(await world.conversation(conversation_id))
    assert memory.ask.instalment == Money.of("240", "USD")
    lines = [offer.schedule.lines[0] for offer in (*memory.offers, *((memory.draft,) if memory.draft else ()))]
    assert (first, Money.of("240", "USD")) in [(line.due, line.amount) for line in lines]


async def test_orders_stand_until_the_next_hand_back(world: World) -> None:
    conversation_id = await held(world)
    await back(world, conversation_id, orders=("answer_only",))
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    await back(world, conversation_id)
    assert orders_of(remembered(await world.conversation(conversation_id))) == ()


async def test_nothing_that_is_unsaid_stays_unsent_because_of_a_message_for_later(
    world: World, clock: FixedClock
) -> None:
    """Rows of the outbox made by a message for later are like any other: the holder and hours are looked at again."""
    conversation_id = await held(world)
    await later(world, conversation_id, "Shall we go on tomorrow?", clock.now() + EVENING)
    clock.advance(EVENING)
    await send_due(world)
    [row] = await world.rows(Outbox, author="agent")
    assert (row.state, row.reply_to is not None, row.due_at) == ("due", True, clock.now().astimezone(UTC))
