"""What who waits is told: true, seldom, kind; and when people are there is what their team says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.actions import assignment, queue_news, takeover
from core.clock import FixedClock
from core.store.tables import Debtor, HandoffRow, Message, Outbox, Team, TeamHoliday, User
from parley.dispatch import Dispatcher
from tests.integration.floor import Floor, open_floor
from tests.integration.world import World


@pytest.fixture
async def floor(world: World, clock: FixedClock) -> Floor:
    """A team of two of whom only Ana is there, with all that she can hold."""
    floor = await open_floor(world, clock)
    await floor.change(Team, floor.team_id, agent_capacity=1)
    await floor.there(world.ana)
    await floor.wait("first")
    assert await floor.give() is not None
    return floor


async def told(floor: Floor) -> list[str]:
    """All that the assistant has said in the order in which it was."""
    return [row.text for row in await floor.world.rows(Message, author="bot")]


async def tell(floor: Floor) -> int:
    """A round of news; how many were told something."""
    async with floor.works.read() as session:
        now = floor.clock.now()
        found = await queue_news.look(session, await assignment.staff_at(session, now), now)
    done = 0
    for conversation_id, news in found.items():
        async with floor.works.begin() as work:
            done += await queue_news.tell(work, conversation_id, news)
    return done


async def spoke(floor: Floor, name: str, **said: Any) -> int:
    """Somebody in the queue who wrote a moment ago."""
    conversation_id = await floor.wait(name, **said)
    async with floor.works.begin() as work:
        work.session.add(
            Message(
                conversation_id=conversation_id,
                direction="in",
                author="debtor",
                channel="web",
                external_id=f"spoke-{name}",
                text="a person please",
                at=work.now,
                answered_at=work.now,
            )
        )
    return conversation_id


async def test_after_a_minute_each_is_told_once_where_they_stand(floor: Floor) -> None:
    for name in ("a", "b", "c"):
        await spoke(floor, name)
    assert await tell(floor) == 0
    await floor.pass_(1, floor.world.ana)
    assert await tell(floor) == 3
    assert await told(floor) == [
        "You're next in line. A person will write to you here as soon as one is free.",
        "You're in line for a person, with about 1 person before you. They'll write to you here, so there's no need to "
        "wait by the screen.",
        "You're in line for a person, with about 2 people before you. They'll write to you here, so there's no need to "
        "wait by the screen.",
    ]
    await floor.pass_(5, floor.world.ana)
    assert await tell(floor) == 0
    sent = await floor.world.send_all()
    assert len(sent) == 3
    assert {row.reply_to is not None for row in await floor.world.rows(Outbox)} == {True}
    assert [row["news"] for row in await floor.audited("told_queue")] == ["person.next", "person.place", "person.place"]


async def test_the_minutes_are_those_that_others_lately_waited(floor: Floor) -> None:
    async with floor.works.begin() as work:
        for minutes in (1, 4, 7, 12):
            at = work.now - timedelta(minutes=30)
            work.session.add(
                HandoffRow(
                    conversation_id=1,
                    reason="limits",
                    priority="normal",
                    trigger="",
                    pack={},
                    at=at,
                    taken_at=at + timedelta(minutes=minutes),
                    taken_by=1,
                )
            )
    await spoke(floor, "a")
    await floor.pass_(1, floor.world.ana)
    await tell(floor)
    [said] = await told(floor)
    assert "roughly 10 minutes" in said


async def test_in_chinese_it_is_said_in_chinese(floor: Floor) -> None:
    waiting = await spoke(floor, "a")
    conversation = await floor.world.conversation(waiting)
    await floor.change(type(conversation), waiting, memory=conversation.memory | {"language": "zh"})
    await floor.pass_(1, floor.world.ana)
    await tell(floor)
    assert await told(floor) == ["下一位就轮到您了，有同事空下来就会在这里回复您。"]


async def test_a_long_queue_is_told_only_to_those_in_front(floor: Floor) -> None:
    for number in range(9):
        await spoke(floor, f"p{number}")
    await floor.pass_(1, floor.world.ana)
    assert await tell(floor) == 6


async def test_only_who_is_before_them_in_the_same_teams_counts(floor: Floor) -> None:
    async with floor.works.begin() as work:
        work.session.add(Team(name="Law", routing="manual", reasons=["legal"], created_at=work.now))
    await floor.change(Team, floor.team_id, reasons=["limits"])
    await spoke(floor, "lawyer", reason="legal")
    await spoke(floor, "a", reason="limits")
    await floor.pass_(1, floor.world.ana)
    assert await tell(floor) == 1
    assert (await told(floor))[0].startswith("You're next in line.")


async def test_where_nobody_who_could_help_is_there_no_place_is_promised(floor: Floor) -> None:
    await spoke(floor, "a", reason="hardship")
    await spoke(floor, "b", reason="self_harm")
    await floor.pass_(1, floor.world.ana)
    assert await tell(floor) == 0
    await floor.change(User, floor.world.ana.id, skills=[])
    await spoke(floor, "c")
    await floor.pass_(1, floor.world.ana)
    assert await tell(floor) == 0


async def test_long_after_their_last_words_nothing_more_is_told(floor: Floor) -> None:
    await spoke(floor, "a")
    await floor.pass_(121, floor.world.ana)
    assert await tell(floor) == 0


async def test_when_the_team_goes_home_who_still_waits_is_told_when_it_is_back_by_their_own_clock(
    floor: Floor,
) -> None:
    await floor.change(Debtor, floor.world.debtor_id, time_zone="America/Los_Angeles")
    await floor.change(Team, floor.team_id, hours="Mon-Fri 09:00-12:10", time_zone="America/New_York")
    waiting = await spoke(floor, "a")
    await floor.pass_(2, floor.world.ana)
    assert await tell(floor) == 1
    async with floor.works.begin() as work:
        work.session.add(TeamHoliday(team_id=floor.team_id, day=datetime(2026, 11, 24, tzinfo=UTC).date(), name="Off"))
    await floor.pass_(9, floor.world.ana)
    assert await tell(floor) == 1
    assert (await told(floor))[-1].startswith(
        "My colleagues are away right now. They're back on Wednesday, November 25 at 6:00 AM, your time"
    )
    assert await tell(floor) == 0
    assert (await floor.world.conversation(waiting)).queue_told == "opens"


async def test_at_the_hand_over_itself_the_hours_of_the_team_are_said(floor: Floor) -> None:
    await floor.change(Team, floor.team_id, hours="Tue 09:00-18:00", time_zone="Europe/London")
    conversation_id = await floor.world.open(address="dana")
    responded = await floor.world.tell(conversation_id, "a person please", "talk_to_human")
    assert responded.holder == "queue"
    said = (await told(floor))[-1]
    assert "They're back on Tuesday, November 24 at 4:00 AM, your time" in said
    await floor.pass_(2, floor.world.ana)
    assert await tell(floor) == 0
    async with floor.works.begin() as work:
        await takeover.take_over(work, conversation_id, floor.world.ana)
        await takeover.hand_back(work, conversation_id, floor.world.ana)
    assert (await floor.world.conversation(conversation_id)).queue_told is None


async def test_while_the_team_is_there_a_person_is_promised_soon(floor: Floor) -> None:
    conversation_id = await floor.world.open(address="dana")
    await floor.world.tell(conversation_id, "a person please", "talk_to_human")
    assert "They'll write to you right here as soon as they can" in (await told(floor))[-1]


async def test_the_worker_gives_out_takes_back_calls_and_tells(floor: Floor) -> None:
    dispatcher = Dispatcher(floor.works)
    ana, ben = floor.world.ana, floor.world.ben
    waiting = await spoke(floor, "a")
    await floor.there(ben)
    assert await dispatcher.round()
    assert (await floor.world.conversation(waiting)).agent_id == ben.id
    assert not await dispatcher.round()
    late = await spoke(floor, "b")
    await floor.pass_(1, ana, ben)
    assert await dispatcher.round()
    assert (await floor.world.conversation(late)).queue_told == "place"
    await floor.pass_(10, ana, ben)
    assert await dispatcher.round()
    assert {row["why"] for row in await floor.audited("given_up")} == {"no_reply"}
    await floor.pass_(25, ana, ben)
    while await dispatcher.round():
        pass
    assert len(await floor.audited("escalated")) == 3
