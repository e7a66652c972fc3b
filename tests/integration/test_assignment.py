"""The queue gives itself out, and nobody waits for ever, over each kind of database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.actions import assignment, presence, sessions, snoozes, takeover
from core.actions.accounts import Changed, StillHolding, set_active
from core.clock import FixedClock
from core.store.tables import Conversation, HandoffRow, Team, TeamHoliday, TeamMember, User
from core.work import Works
from tests.integration.floor import Floor, open_floor
from tests.integration.world import World, reading


@pytest.fixture
async def floor(world: World, clock: FixedClock) -> Floor:
    """A team of two that gives out by load; both speak English, Ben also knows hardship."""
    return await open_floor(world, clock)


async def test_the_gravest_is_given_out_first_then_who_waited_longest(floor: Floor) -> None:
    ana, ben = floor.world.ana, floor.world.ben
    late = await floor.wait("a", "not_understood")
    early = await floor.wait("b", "not_understood")
    grave = await floor.wait("c", "abusive")
    assert await floor.give() is None
    await floor.there(ana, ben)
    given = await floor.give_all()
    assert [conversation for conversation, _ in given] == [grave, late, early]
    assert {agent for _, agent in given} == {ana.id, ben.id}


async def test_an_assignment_is_written_down_with_its_reasons_and_rings(floor: Floor) -> None:
    waiting = await floor.wait("a")
    await floor.there(floor.world.ana)
    floor.clock.advance(timedelta(seconds=30))
    async with floor.works.begin() as work:
        assert await assignment.give_next(work) is not None
        assert {"queue", f"conversation:{waiting}", f"given:{floor.world.ana.id}"} <= set(work.notices)
    conversation = await floor.world.conversation(waiting)
    assert (conversation.holder, conversation.agent_id, conversation.unread) == ("agent", floor.world.ana.id, 1)
    assert (conversation.waiting_since, conversation.owed_since is None) == (None, False)
    [handoff] = await floor.world.rows(HandoffRow)
    assert (handoff.taken_by, handoff.taken_at) == (floor.world.ana.id, floor.clock.now())
    [told] = await floor.audited("assigned")
    assert (told["agent"], told["team"], told["waited_s"]) == (floor.world.ana.id, floor.team_id, 30)
    assert told["because"] == [f"team:{floor.team_id}", "least_loaded", "load:0/2"]


async def test_nobody_gets_more_than_they_can_hold_until_something_ends(floor: Floor) -> None:
    ana = floor.world.ana
    await floor.there(ana)
    waits = [await floor.wait(f"p{number}") for number in range(4)]
    assert [conversation for conversation, _ in await floor.give_all()] == waits[:2]
    await floor.reply(waits[0], ana)
    assert await floor.give() is None
    async with floor.works.begin() as work:
        await takeover.close(work, waits[0], ana, "other", "Called instead.")
    assert await floor.give_all() == [(waits[2], ana.id)]
    async with floor.works.begin() as work:
        await takeover.hand_back(work, waits[1], ana)
    assert await floor.give_all() == [(waits[3], ana.id)]
    late = await floor.wait("late")
    async with floor.works.begin() as work:
        await snoozes.snooze(work, waits[2], ana, None)
    assert await floor.give_all() == [(late, ana.id)]


async def test_a_persons_own_capacity_and_the_whole_teams_count_too(floor: Floor) -> None:
    ana, ben = floor.world.ana, floor.world.ben
    await floor.change(User, ana.id, capacity=1)
    await floor.change(User, ben.id, capacity=9)
    await floor.there(ana, ben)
    for number in range(9):
        await floor.wait(f"p{number}")
    await floor.change(Team, floor.team_id, capacity=5)
    given = [agent for _, agent in await floor.give_all()]
    assert (given.count(ana.id), given.count(ben.id)) == (1, 4)


async def test_in_turn_each_gets_the_same(floor: Floor) -> None:
    ana, ben = floor.world.ana, floor.world.ben
    await floor.change(Team, floor.team_id, routing="round_robin", agent_capacity=50)
    await floor.there(ana, ben)
    for number in range(7):
        await floor.wait(f"p{number}")
    given = [agent for _, agent in await floor.give_all()]
    assert given == [ana.id, ben.id, ana.id, ben.id, ana.id, ben.id, ana.id]


async def test_only_who_has_the_skills_is_given_one_and_it_holds_up_nobody(floor: Floor) -> None:
    ana, ben = floor.world.ana, floor.world.ben
    await floor.there(ana)
    hardship = await floor.wait("a", "hardship")
    chinese = await floor.wait("b", language="zh")
    plain = await floor.wait("c")
    assert await floor.give_all() == [(plain, ana.id)]
    await floor.there(ben)
    assert await floor.give_all() == [(hardship, ben.id)]
    await floor.change(User, ben.id, skills=["zh"])
    assert await floor.give_all() == [(chinese, ben.id)]


async def test_a_team_gives_out_only_what_it_serves_and_while_it_is_there(floor: Floor) -> None:
    ana = floor.world.ana
    await floor.there(ana)
    waiting = await floor.wait("a")
    for settings in (
        {"markets": ["cn"]},
        {"markets": [], "creditors": [999]},
        {"creditors": [], "reasons": ["legal"]},
        {"reasons": [], "languages": ["zh"]},
        {"languages": [], "routing": "manual"},
        {"routing": "least_loaded", "hours": "Mon-Fri 08:00-11:00", "time_zone": "America/New_York"},
        {"hours": "Mon-Fri 08:00-13:00", "time_zone": "Asia/Shanghai"},
        {"time_zone": "America/New_York", "active": False},
    ):
        await floor.change(Team, floor.team_id, **settings)
        assert await floor.give() is None, settings
    await floor.change(Team, floor.team_id, active=True)
    async with floor.works.begin() as work:
        work.session.add(TeamHoliday(team_id=floor.team_id, day=floor.clock.now().date(), name="Moving day"))
    assert await floor.give() is None
    floor.clock.advance(datetime(2026, 11, 26, 16, tzinfo=UTC) - floor.clock.now())
    await floor.there(ana)
    await floor.change(Team, floor.team_id, holidays_of="us")
    assert await floor.give() is None, "Thanksgiving"
    floor.clock.advance(timedelta(days=1))
    await floor.there(ana)
    assert await floor.give_all() == [(waiting, ana.id)]


async def test_what_was_sent_to_a_team_waits_for_that_team(floor: Floor) -> None:
    async with floor.works.begin() as work:
        other = Team(name="Night", routing="round_robin", created_at=work.now)
        work.session.add(other)
        await work.session.flush()
        work.session.add(TeamMember(team_id=other.id, user_id=floor.world.ben.id))
    await floor.there(floor.world.ana)
    waiting = await floor.wait("a", team_id=other.id)
    assert await floor.give() is None
    await floor.there(floor.world.ben)
    assert await floor.give_all() == [(waiting, floor.world.ben.id)]


@pytest.mark.parametrize("status", ["pause", "break", "away"])
async def test_only_who_is_available_and_lately_seen_is_given_anything(floor: Floor, status: str) -> None:
    ana = floor.world.ana
    await floor.there(ana)
    await floor.wait("a")
    async with floor.works.begin() as work:
        await presence.set_status(work, ana, status)
    assert await floor.give() is None
    async with floor.works.begin() as work:
        await presence.set_status(work, ana, "available")
        assert "queue" in work.notices
    floor.clock.advance(timedelta(seconds=91))
    assert await floor.give() is None
    async with floor.works.begin() as work:
        await presence.seen(work, [ana.id])
        assert "queue" in work.notices
    assert await floor.give() is not None


async def test_an_emergency_goes_to_whoever_can_help_at_once_and_else_to_a_supervisor(floor: Floor) -> None:
    ana, ben, sue = floor.world.ana, floor.world.ben, floor.world.sue
    await floor.change(Team, floor.team_id, hours="Sun 01:00-02:00", markets=["cn"])
    await floor.there(ana, ben)
    first, second = await floor.wait("a", "self_harm"), await floor.wait("b", "self_harm")
    third = await floor.wait("c", "self_harm")
    assert await floor.give_all() == [(first, ben.id), (second, ben.id), (third, ben.id)]
    async with floor.works.begin() as work:
        await presence.set_status(work, ben, "pause")
    fourth = await floor.wait("d", "self_harm")
    assert await floor.give() is None
    await floor.there(sue)
    assert await floor.give_all() == [(fourth, sue.id)]


async def test_an_agent_may_still_take_what_they_like_from_the_queue(floor: Floor) -> None:
    ana = floor.world.ana
    waits = [await floor.wait(f"p{number}", "legal", language="zh") for number in range(3)]
    for conversation_id in waits:
        async with floor.works.begin() as work:
            assert isinstance(await takeover.take_over(work, conversation_id, ana), takeover.Taken)
    await floor.there(ana)
    await floor.wait("q")
    assert await floor.give() is None


async def test_without_a_reply_in_time_another_is_asked_and_then_the_supervisors(floor: Floor) -> None:
    ana, ben = floor.world.ana, floor.world.ben
    await floor.there(ana)
    waiting = await floor.wait("a")
    await floor.give()
    await floor.pass_(9, ana, ben)
    assert await floor.unstick() == ([], [])
    await floor.pass_(1.5, ana, ben)
    assert await floor.unstick() == ([waiting], [])
    conversation = await floor.world.conversation(waiting)
    assert (conversation.holder, conversation.passed) == ("queue", [ana.id])
    assert conversation.waiting_since == conversation.owed_since
    assert await floor.give_all() == [(waiting, ben.id)]
    await floor.pass_(10, ana, ben)
    assert await floor.unstick() == ([waiting], [])
    assert await floor.give() is None, "both have let it go"
    await floor.pass_(10, ana, ben)
    assert await floor.unstick() == ([], [waiting])
    assert (await floor.world.conversation(waiting)).escalated_at == floor.clock.now()
    assert await floor.unstick() == ([], [])
    assert [(row["agent"], row["why"]) for row in await floor.audited("given_up")] == [
        (ana.id, "no_reply"),
        (ben.id, "no_reply"),
    ]
    assert await floor.audited("escalated") == [{"waited_min": 30, "holder": "queue"}]


async def test_a_reply_ends_the_wait_and_the_next_message_begins_another(floor: Floor) -> None:
    ana = floor.world.ana
    await floor.there(ana)
    waiting = await floor.wait("a", passed=[99], queue_told="place", escalated_at=floor.clock.now())
    await floor.give()
    await floor.reply(waiting, ana)
    conversation = await floor.world.conversation(waiting)
    assert (conversation.owed_since, conversation.escalated_at, conversation.queue_told) == (None, None, None)
    assert conversation.passed == []
    await floor.pass_(60, ana)
    assert await floor.unstick() == ([], [])
    message = await floor.world.say("Are you there?", address="a")
    await floor.world.answer(waiting, {message: reading()})
    assert (await floor.world.conversation(waiting)).owed_since == floor.clock.now()
    await floor.pass_(10, ana)
    assert await floor.unstick() == ([waiting], [])


async def test_the_hours_in_which_nobody_is_there_do_not_count(floor: Floor) -> None:
    ana = floor.world.ana
    await floor.change(Team, floor.team_id, hours="Mon-Fri 09:00-12:05", time_zone="America/New_York")
    await floor.there(ana)
    waiting = await floor.wait("a")
    await floor.give()
    await floor.pass_(60 * 20, ana)
    assert await floor.unstick() == ([], [])
    floor.clock.advance(datetime(2026, 11, 24, 14, 9, tzinfo=UTC) - floor.clock.now())
    await floor.there(ana)
    assert await floor.unstick() == ([], [])
    await floor.pass_(1, ana)
    assert await floor.unstick() == ([waiting], [])


async def test_an_agent_who_vanishes_gives_up_those_who_wait_and_keeps_the_others(floor: Floor) -> None:
    ana = floor.world.ana
    await floor.there(ana)
    answered, waiting = await floor.wait("a"), await floor.wait("b")
    await floor.there(ana)
    await floor.give_all()
    await floor.reply(answered, ana)
    await floor.pass_(1.5)
    assert await floor.unstick() == ([], [])
    await floor.pass_(0.1)
    assert await floor.unstick() == ([waiting], [])
    assert (await floor.world.conversation(answered)).agent_id == ana.id
    assert [row["why"] for row in await floor.audited("given_up")] == ["gone"]
    message = await floor.world.say("Hello?", address="a")
    await floor.world.answer(answered, {message: reading()})
    assert await floor.unstick() == ([answered], [])


async def test_who_signs_out_of_the_last_browser_leaves_the_desk_at_once(floor: Floor) -> None:
    ana = floor.world.ana
    async with floor.works.begin() as work:
        one, two = await sessions.start(work, ana), await sessions.start(work, ana)
    waiting = await floor.wait("a")
    await floor.give_all()
    async with floor.works.begin() as work:
        await sessions.end(work, one.secret)
    assert (await floor.world.conversation(waiting)).holder == "agent"
    async with floor.works.begin() as work:
        await sessions.end(work, two.secret)
        assert "queue" in work.notices
    assert (await floor.world.conversation(waiting)).holder == "queue"
    assert await floor.give() is None
    async with floor.works.begin() as work:
        await sessions.start(work, ana)
    assert await floor.give_all() == [(waiting, ana.id)]


async def test_who_goes_away_leaves_the_desk_and_who_only_pauses_does_not(floor: Floor) -> None:
    ana = floor.world.ana
    await floor.there(ana)
    waiting = await floor.wait("a")
    await floor.give_all()
    for status in ("pause", "break"):
        async with floor.works.begin() as work:
            assert await presence.set_status(work, ana, status) == 0
        assert await floor.unstick() == ([], [])
    async with floor.works.begin() as work:
        assert await presence.set_status(work, ana, "away") == 1
    assert (await floor.world.conversation(waiting)).holder == "queue"
    assert [row["after"] for row in await floor.audited("changed_status")] == ["pause", "break", "away"]


async def test_signing_in_makes_available_who_was_gone_but_not_who_only_pauses(floor: Floor) -> None:
    ana = floor.world.ana
    await floor.there(ana)
    async with floor.works.begin() as work:
        await presence.set_status(work, ana, "break")
    for minutes, status in ((0, "break"), (2, "available")):
        floor.clock.advance(timedelta(minutes=minutes))
        async with floor.works.begin() as work:
            await sessions.start(work, ana)
        async with floor.works.read() as session:
            assert await session.scalar(select(User.status).where(User.id == ana.id)) == status


async def test_a_closed_account_gives_up_who_waits_but_is_not_closed_over_what_waits_for_nobody(floor: Floor) -> None:
    ana, max_ = floor.world.ana, floor.world.max
    await floor.there(ana)
    first, second = await floor.wait("a"), await floor.wait("b")
    await floor.give_all()
    await floor.reply(first, ana)
    async with floor.works.begin() as work:
        assert await set_active(work, max_, ana.id, active=False) == StillHolding(1)
    assert (await floor.world.conversation(second)).agent_id == ana.id
    async with floor.works.begin() as work:
        await takeover.hand_back(work, first, ana)
    async with floor.works.begin() as work:
        assert isinstance(await set_active(work, max_, ana.id, active=False), Changed)
    assert (await floor.world.conversation(second)).holder == "queue"


async def test_what_a_person_without_a_team_holds_is_never_late_but_is_given_up_when_they_vanish(floor: Floor) -> None:
    await floor.change(Team, floor.team_id, active=False)
    waiting = await floor.wait("a")
    await floor.there(floor.world.ana)
    async with floor.works.begin() as work:
        await takeover.take_over(work, waiting, floor.world.ana)
    await floor.pass_(500, floor.world.ana)
    assert await floor.unstick() == ([], [])
    await floor.pass_(2)
    assert await floor.unstick() == ([waiting], [])


async def test_many_givers_at_once_give_each_once_and_nobody_too_many(floor: Floor, migrated_url: str) -> None:
    from core.live import InProcessNotices  # noqa: PLC0415
    from core.work import make_engine  # noqa: PLC0415

    ana, ben = floor.world.ana, floor.world.ben
    await floor.change(Team, floor.team_id, routing="round_robin", agent_capacity=4)
    await floor.there(ana, ben)
    waits = [await floor.wait(f"p{number}") for number in range(12)]
    processes = [Works(make_engine(migrated_url), InProcessNotices(), floor.clock) for _ in range(3)]

    async def drain(works: Works) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        while True:
            async with works.begin() as work:
                given = await assignment.give_next(work)
            if given is None:
                return found
            found.append((given.conversation_id, given.agent_id))

    async def claim() -> None:
        for conversation_id in waits[::-1][:3]:
            async with processes[0].begin() as work:
                await takeover.take_over(work, conversation_id, floor.world.sue)

    claiming = asyncio.create_task(claim())
    given = await asyncio.gather(*(drain(works) for works in processes))
    await claiming
    for works in processes:
        await works.dispose()
    every = [pair for pairs in given for pair in pairs]
    assert len({conversation for conversation, _ in every}) == len(every)
    by = [agent for _, agent in every]
    assert (by.count(ana.id), by.count(ben.id)) == (4, 4)
    rows = await floor.world.rows(Conversation)
    assert {row.agent_id for row in rows if row.id in waits[-3:]} <= {floor.world.sue.id, ana.id, ben.id, None}
    assert len(await floor.audited("assigned")) == 8
