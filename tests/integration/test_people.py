"""Agents take over, write, offer, ask for approval, and hand back."""

import asyncio
from datetime import timedelta

import pytest

from core.actions import desk, notes, outbox, replies, takeover
from core.actions.beyond_limits import (
    AlreadyDecided,
    Approved,
    MayNotApprove,
    NeedsApproval,
    RefusedApproval,
    decide_approval,
)
from core.actions.desk import Offered
from core.actions.takeover import HandedBack, HoldCleared, NoSuchHold, Taken
from core.actions.values import Closed, HeldBy, NotHolder, Repeat, Sent
from core.calendar import Frequency
from core.clock import FixedClock
from core.compliance import Refused
from core.dialogue.flags import Flag
from core.errors import InvalidInput
from core.money import Money
from core.negotiation import Ask
from core.store import cases
from core.store.tables import Approval, Audit, HandoffRow, Message, Note, OfferRow, Outbox, Plan
from tests.integration.world import World, dollars

TWELVE_MONTHS = Ask(count=12, frequency=Frequency.MONTH)
HALF_OFF = Ask(total=Money(120000, "USD"))


async def test_of_two_agents_at_once_exactly_one_takes_over_and_the_other_learns_who(world: World) -> None:
    conversation_id = await world.open()

    async def take(actor: object) -> object:
        async with world.works.begin() as work:
            return await takeover.take_over(work, conversation_id, actor)  # type: ignore[arg-type]

    results = await asyncio.gather(take(world.ana), take(world.ben))
    [taken] = [result for result in results if isinstance(result, Taken)]
    [held] = [result for result in results if isinstance(result, HeldBy)]
    conversation = await world.conversation(conversation_id)
    assert taken.conversation_id == conversation_id
    assert conversation.agent_id in (world.ana.id, world.ben.id)
    assert held.name == ("Ana" if conversation.agent_id == world.ana.id else "Ben")


async def take(world: World, conversation_id: int) -> None:
    async with world.works.begin() as work:
        assert await takeover.take_over(work, conversation_id, world.ana) == Taken(conversation_id)


async def held(world: World, **memory: object) -> int:
    """A conversation that Ana holds, whose debtor has just written."""
    conversation_id = await world.open(**memory)  # type: ignore[arg-type]
    await take(world, conversation_id)
    await world.tell(conversation_id, "hello?", "greet")
    return conversation_id


async def test_taking_over_marks_the_hand_over_and_empties_the_queue(world: World) -> None:
    conversation_id = await world.open()
    await world.tell(conversation_id, "a person please", "talk_to_human")
    await world.tell(conversation_id, "hello?", "greet")
    assert (await world.conversation(conversation_id)).unread == 1
    await take(world, conversation_id)
    conversation = await world.conversation(conversation_id)
    assert (conversation.holder, conversation.unread, conversation.waiting_since) == ("agent", 0, None)
    assert (await world.rows(HandoffRow))[0].taken_by == world.ana.id


async def test_an_agents_words_reach_the_debtor_once_for_each_key(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        sent = await replies.reply_as_agent(work, conversation_id, world.ana, "Hello Dana, Ana here.", "key-1")
        again = await replies.reply_as_agent(work, conversation_id, world.ana, "Hello Dana, Ana here.", "key-1")
        other = await replies.reply_as_agent(work, conversation_id, world.ben, "Hi", "key-2")
    assert isinstance(sent, Sent)
    assert again == Repeat(sent.message_id, conversation_id)
    assert other == NotHolder("Ana")
    assert [delivery.text for delivery in await world.send_all()] == ["Hello Dana, Ana here."]


async def test_an_agents_threat_is_refused_with_the_rule_and_leaves_a_trace(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        refused = await replies.reply_as_agent(work, conversation_id, world.ana, "Pay today or we will sue you", "k")
    assert isinstance(refused, Refused)
    assert refused.rule_ids == ("US-FALSE-1",)
    assert await world.send_all() == []


async def test_an_agent_tells_no_debt_to_somebody_unidentified_until_they_have_checked(world: World) -> None:
    conversation_id = await held(world, verified=False)
    async with world.works.begin() as work:
        refused = await replies.reply_as_agent(work, conversation_id, world.ana, "You owe $2,400", "k1")
        assert isinstance(refused, Refused)
        assert refused.rule_ids == ("SAFE-ID-1",)
        await takeover.confirm_identity(work, conversation_id, world.ana, "called back on the number on file")
        sent = await replies.reply_as_agent(work, conversation_id, world.ana, "You owe $2,400", "k2")
        assert isinstance(sent, Sent)


async def test_an_agent_does_not_write_at_night_to_what_was_asked_in_the_afternoon(
    world: World, clock: FixedClock
) -> None:
    conversation_id = await held(world)
    clock.advance(timedelta(hours=10))
    async with world.works.begin() as work:
        refused = await replies.reply_as_agent(work, conversation_id, world.ana, "Hello Dana", "k")
    assert isinstance(refused, Refused)
    assert refused.rule_ids == ("US-TIME-1",)


async def test_an_offer_inside_the_limits_goes_out_and_a_yes_agrees_it_while_the_agent_holds(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        offered = await desk.propose(work, conversation_id, world.ana, TWELVE_MONTHS)
    assert isinstance(offered, Offered)
    agreed = await world.press(conversation_id, f"accept:{offered.offer.id}")
    assert len(agreed.reply_ids) == 1
    [plan] = await world.rows(Plan)
    assert (plan.total, plan.approval_id) == (240000, None)
    sent = await world.send_all()
    assert plan.public_id in sent[-1].text
    silent = await world.tell(conversation_id, "thanks", "thanks")
    assert silent.reply_ids == ()
    assert silent.decision is not None
    assert silent.decision.kind == "silent"


async def test_a_typed_yes_right_after_the_offer_agrees_it_and_a_later_one_does_not(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        await desk.propose(work, conversation_id, world.ana, TWELVE_MONTHS)
        await replies.reply_as_agent(work, conversation_id, world.ana, "Do you still live in Boston?", "k")
    await world.tell(conversation_id, "yes", "affirm")
    assert await world.rows(Plan) == []
    async with world.works.begin() as work:
        await desk.propose(work, conversation_id, world.ana, TWELVE_MONTHS)
    await world.tell(conversation_id, "yes, but 100 a month", "affirm", entities=(dollars("100.00", "month"),))
    assert await world.rows(Plan) == []
    async with world.works.begin() as work:
        await desk.propose(work, conversation_id, world.ana, TWELVE_MONTHS)
    await world.tell(conversation_id, "yes", "affirm")
    assert len(await world.rows(Plan)) == 1
    assert [row.state for row in await world.rows(OfferRow)] == ["replaced", "replaced", "accepted"]


async def test_a_no_to_an_agents_offer_is_kept_with_its_reason(world: World) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        offered = await desk.propose(work, conversation_id, world.ana, TWELVE_MONTHS)
    assert isinstance(offered, Offered)
    await world.tell(conversation_id, "no, too much", "deny")
    [row] = await world.rows(OfferRow)
    assert (row.state, row.reason) == ("refused", "no, too much")


async def _asked(world: World, conversation_id: int, ask: Ask = HALF_OFF) -> NeedsApproval:
    async with world.works.begin() as work:
        needs = await desk.propose(work, conversation_id, world.ana, ask, "lives on a small pension")
    assert isinstance(needs, NeedsApproval)
    return needs


async def test_an_offer_outside_the_limits_waits_for_somebody_who_may_allow_it(world: World) -> None:
    conversation_id = await held(world)
    needs = await _asked(world, conversation_id)
    assert [breach.field for breach in needs.breaches] == ["min_settlement_share"]
    assert await world.send_all() == []
    async with world.works.begin() as work:
        assert await decide_approval(work, needs.approval_id, world.ben, True) == MayNotApprove("agent")
        assert await decide_approval(work, needs.approval_id, world.sue, True) == MayNotApprove("supervisor")
        approved = await decide_approval(work, needs.approval_id, world.max, True, "agreed by phone")
        assert isinstance(approved, Approved)
        again = await decide_approval(work, needs.approval_id, world.max, False)
    assert again == AlreadyDecided("approved")
    await world.press(conversation_id, f"accept:{approved.offer.id}")
    [plan] = await world.rows(Plan)
    assert (plan.total, plan.discount, plan.approval_id) == (120000, 120000, needs.approval_id)


async def test_a_refused_approval_sends_nothing(world: World) -> None:
    conversation_id = await held(world)
    needs = await _asked(world, conversation_id)
    async with world.works.begin() as work:
        assert await decide_approval(work, needs.approval_id, world.max, False, "no") == RefusedApproval()
    assert await world.rows(OfferRow) == []
    assert [row.state for row in await world.rows(Approval)] == ["refused"]


async def test_asking_beyond_the_limits_needs_a_reason(world: World) -> None:
    conversation_id = await world.open()
    await take(world, conversation_id)
    async with world.works.begin() as work:
        refused = await desk.propose(work, conversation_id, world.ana, HALF_OFF)
    assert isinstance(refused, Refused)
    assert refused.rule_ids == ("REASON",)


async def test_a_preview_makes_nothing(world: World, clock: FixedClock) -> None:
    conversation_id = await world.open()
    async with world.works.read() as session:
        offer, breaches = await desk.preview(session, conversation_id, TWELVE_MONTHS, clock.now())
        assert (offer.total, breaches) == (Money(240000, "USD"), ())
        with pytest.raises(InvalidInput):
            await desk.preview(session, conversation_id, Ask(), clock.now())
    assert await world.rows(OfferRow) == []


async def test_the_bot_is_back_with_what_was_agreed_and_greets_once(world: World) -> None:
    conversation_id = await held(world, misses=2, expecting="amount")
    async with world.works.begin() as work:
        offered = await desk.propose(work, conversation_id, world.ana, TWELVE_MONTHS)
        assert isinstance(offered, Offered)
    await world.press(conversation_id, f"accept:{offered.offer.id}")
    async with world.works.begin() as work:
        assert await takeover.hand_back(work, conversation_id, world.ben) == NotHolder("Ana")
        assert await takeover.hand_back(work, conversation_id, world.ana, "all agreed") == HandedBack(conversation_id)
    conversation = await world.conversation(conversation_id)
    assert (conversation.holder, conversation.agent_id, conversation.reason) == ("bot", None, None)
    assert conversation.memory["phase"] == "agreed"
    assert (conversation.memory["misses"], conversation.memory["expecting"]) == (0, None)
    assert (await world.rows(Message, direction="out"))[-1].author == "bot"
    assert [note.text for note in await world.rows(Note)] == ["all agreed"]


async def test_a_closed_conversation_cannot_be_taken_until_the_debtor_writes_again(world: World) -> None:
    conversation_id = await world.open()
    await take(world, conversation_id)
    async with world.works.begin() as work:
        assert await takeover.close(work, conversation_id, world.ben, "done") == NotHolder("Ana")
        assert await takeover.close(work, conversation_id, world.ana, "done") == Closed("done")
        assert await takeover.take_over(work, conversation_id, world.ben) == Closed("done")
    await world.say("one more thing")
    async with world.works.begin() as work:
        assert await takeover.take_over(work, conversation_id, world.ben) == Taken(conversation_id)


async def test_notes_stay_with_the_team(world: World) -> None:
    conversation_id = await world.open()
    async with world.works.begin() as work:
        await notes.add(work, conversation_id, world.ana, " call back on Friday ")
        with pytest.raises(InvalidInput):
            await notes.add(work, conversation_id, world.ana, "  ")
    assert [note.text for note in await world.rows(Note)] == ["call back on Friday"]
    assert await world.rows(Outbox) == []


async def _flagged(world: World, conversation_id: int, *flags: Flag) -> None:
    async with world.works.begin() as work:
        await cases.add_flags(work.session, world.case_id, flags, None, work.now)


@pytest.mark.parametrize(("flag", "rule"), [("dispute", "US-DISP-1"), ("bankruptcy", "US-BK-1")])
async def test_an_agent_neither_asks_for_money_nor_offers_while_a_hold_stands(
    world: World, flag: Flag, rule: str
) -> None:
    conversation_id = await held(world)
    await _flagged(world, conversation_id, flag)
    async with world.works.begin() as work:
        asked = await replies.reply_as_agent(work, conversation_id, world.ana, "When can you pay?", "k1")
        offered = await desk.propose(work, conversation_id, world.ana, TWELVE_MONTHS)
        more = await desk.propose(work, conversation_id, world.ana, HALF_OFF, "lives on a small pension")
        said = await replies.reply_as_agent(work, conversation_id, world.ana, "What is the case number?", "k2")
    for refused in (asked, offered, more):
        assert isinstance(refused, Refused)
        assert refused.rule_ids == (rule,)
    assert isinstance(said, Sent)
    assert await world.rows(OfferRow) == []
    assert await world.rows(Approval) == []


async def test_handed_back_with_a_hold_the_bot_asks_for_nothing_and_passes_on_what_it_is_asked(world: World) -> None:
    conversation_id = await held(world)
    await _flagged(world, conversation_id, "dispute")
    before = len(await world.rows(Message, direction="out"))
    async with world.works.begin() as work:
        assert await takeover.hand_back(work, conversation_id, world.ana) == HandedBack(conversation_id)
    assert len(await world.rows(Message, direction="out")) == before
    asked = await world.tell(conversation_id, "200 a month?", "propose_amount", entities=(dollars("200.00", "month"),))
    assert asked.holder == "queue"
    assert await world.rows(OfferRow) == []


async def test_a_hold_that_the_holder_clears_lets_the_bot_go_on(world: World) -> None:
    conversation_id = await held(world)
    await _flagged(world, conversation_id, "dispute", "hardship")
    async with world.works.begin() as work:
        other = await takeover.clear_hold(work, conversation_id, world.ben, "dispute", "verified")
        assert other == NotHolder("Ana")
        with pytest.raises(InvalidInput):
            await takeover.clear_hold(work, conversation_id, world.ana, "dispute", " ")
        absent = await takeover.clear_hold(work, conversation_id, world.ana, "bankruptcy", "discharged")
        assert absent == NoSuchHold()
        no_hold = await takeover.clear_hold(work, conversation_id, world.ana, "hardship", "better now")
        assert no_hold == NoSuchHold()
        cleared = await takeover.clear_hold(work, conversation_id, world.ana, "dispute", "statement sent, agreed")
        assert cleared == HoldCleared("dispute")
        await takeover.hand_back(work, conversation_id, world.ana)
    [trace] = await world.rows(Audit, action="cleared_hold")
    assert (trace.actor, trace.data["flag"], trace.data["why"]) == ("ana", "dispute", "statement sent, agreed")
    asked = await world.tell(conversation_id, "what do i owe", "ask_balance")
    assert asked.holder == "bot"


async def test_who_oversees_may_clear_a_hold_for_self_harm_without_holding(world: World) -> None:
    conversation_id = await held(world)
    await _flagged(world, conversation_id, "self_harm", "dispute")
    async with world.works.begin() as work:
        assert await takeover.clear_hold(work, conversation_id, world.ben, "self_harm", "ok") == NotHolder("Ana")
        assert await takeover.clear_hold(work, conversation_id, world.sue, "dispute", "ok") == NotHolder("Ana")
        cleared = await takeover.clear_hold(work, conversation_id, world.sue, "self_harm", "spoke with her doctor")
    assert cleared == HoldCleared("self_harm")


async def test_an_agent_grants_nothing_in_words_and_names_only_sums_of_the_case(world: World) -> None:
    conversation_id = await held(world)
    await world.tell(conversation_id, "could you do $150 a month", "propose_amount")
    async with world.works.begin() as work:
        waived = await replies.reply_as_agent(
            work, conversation_id, world.ana, "I have waived it, you owe nothing.", "1"
        )
        other = await replies.reply_as_agent(work, conversation_id, world.ana, "Let us say $1,000 then.", "2")
        known = await replies.reply_as_agent(work, conversation_id, world.ana, "$150 of the $2,400, I see.", "3")
    for refused in (waived, other):
        assert isinstance(refused, Refused)
        assert refused.rule_ids == ("SAFE-INJ-1",)
    assert isinstance(known, Sent)


async def test_nothing_unasked_goes_to_an_address_that_is_gone_until_something_comes_from_it(
    world: World, clock: FixedClock
) -> None:
    conversation_id = await held(world)
    async with world.works.begin() as work:
        await replies.reply_as_agent(work, conversation_id, world.ana, "Hello Dana", "k1")
        [delivery] = await outbox.claim(work)
        await outbox.mark_gone(work, delivery.outbox_id, "blocked by the user")
    [trace] = await world.rows(Audit, action="address_gone")
    assert trace.data["why"] == "blocked by the user"
    clock.advance(timedelta(days=2))
    async with world.works.begin() as work:
        unasked = await replies.reply_as_agent(work, conversation_id, world.ana, "Hello again", "k2")
    assert isinstance(unasked, Refused)
    assert unasked.rule_ids == ("US-CEASE-1",)
    await world.say("i am back")
    clock.advance(timedelta(days=2))
    async with world.works.begin() as work:
        again = await replies.reply_as_agent(work, conversation_id, world.ana, "Hello again", "k3")
    assert isinstance(again, Sent)
