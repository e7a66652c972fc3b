"""The filters of the inbox: what an address says is what is listed and counted."""

from datetime import timedelta

import pytest
from starlette.datastructures import QueryParams

from console.filters import CHOICES, Filters, Wanted
from console.queries import inbox
from console.waiting import clock
from core.staffing import Targets
from core.store.tables import Conversation, Team, TeamMember
from tests.console.conftest import SignIn, words
from tests.console.office import PEOPLE, Office


async def listed(office: Office, address: str, login: str = "sue") -> set[str]:
    """The names in a list."""
    async with office.works.read() as session:
        wanted = Wanted.read(address)
        page = await inbox.page(session, wanted, office.team[login].id, office.clock.now())
        counted = await inbox.counts(session, office.team[login].id, office.clock.now(), wanted)
    assert counted.found == len(page.rows)
    return {row.name for row in page.rows}


@pytest.mark.parametrize(
    ("address", "people"),
    [
        ("box=all&reason=self_harm", {1}),
        ("box=all&reason=self_harm&reason=dispute", {1, 3}),
        ("box=all&flag=dispute", {3}),
        ("box=all&flag=dispute&reason=self_harm", set()),
        ("box=all&market=uk", {2, 4, 9}),
        ("box=queue&market=uk", {2}),
        ("box=all&language=zh&holder=agent", {8}),
        ("box=all&bucket=M2&market=uk", {2, 4}),
        ("box=all&bucket=M1", {6, 9}),
        ("box=all&bucket=M4", {3, 8}),
        ("box=all&bucket=M0", set()),
        ("box=all&channel=telegram&holder=queue", {0, 3}),
        ("box=all&priority=urgent", {1}),
        ("box=all&holder=bot", {6, 9}),
        ("box=all&state=closed", set()),
        ("box=all&unread=yes&holder=agent", {4, 8}),
    ],
)
async def test_a_list_holds_exactly_what_its_address_says(address: str, people: set[int], office: Office) -> None:
    found = await listed(office, address)
    if "unread" in address:
        assert found <= {PEOPLE[person].name for person in people}
    else:
        assert found == {PEOPLE[person].name for person in people}


async def test_who_waited_longer_than_asked_is_listed_and_the_others_are_not(office: Office) -> None:
    everyone = await listed(office, "box=queue")
    async with office.works.begin() as work:
        (await work.session.get_one(Conversation, office.talks[0])).waiting_since = work.now - timedelta(minutes=500)
    assert await listed(office, "box=queue&waiting=499") == {"Dana Reyes"}
    assert await listed(office, "box=all&waiting=501") == set()
    office.clock.advance(timedelta(minutes=499))
    assert await listed(office, "box=queue&waiting=499") == everyone


async def test_what_is_snoozed_leaves_the_own_list_and_its_count_until_asked_for(office: Office) -> None:
    async with office.works.begin() as work:
        tom = await work.session.get_one(Conversation, office.talks[4])
        tom.snoozed_until = work.now + timedelta(hours=1)
    assert await listed(office, "box=mine", "ana") == set()
    assert await listed(office, "box=mine&snoozed=yes", "ana") == {"Tom Hargreaves"}
    async with office.works.read() as session:
        counts = await inbox.counts(session, office.team["ana"].id, office.clock.now())
    assert (counts.mine, counts.snoozed) == (0, 1)
    office.clock.advance(timedelta(hours=2))
    assert await listed(office, "box=mine", "ana") == {"Tom Hargreaves"}


async def test_the_list_of_a_team_holds_what_its_teams_were_given(office: Office) -> None:
    async with office.works.begin() as work:
        team = Team(name="Hardship", created_at=work.now)
        work.session.add(team)
        await work.session.flush()
        work.session.add(TeamMember(team_id=team.id, user_id=office.team["ana"].id))
        (await work.session.get_one(Conversation, office.talks[8])).team_id = team.id
    assert await listed(office, "box=team", "ana") == {"周婷"}
    assert await listed(office, "box=team", "li") == set()


async def test_a_filter_that_is_taken_off_leaves_the_others(sign_in: SignIn) -> None:
    sue = await sign_in("sue")
    page = await sue.get("/?box=all&market=uk&bucket=M2")
    assert 'href="/?box=all&amp;bucket=M2"' in page.text
    assert 'href="/?box=all&amp;market=uk"' in page.text
    assert "2 conversations" in words(page.text)


async def test_the_list_asks_for_itself_again_with_its_filters_and_its_place(sign_in: SignIn) -> None:
    sue = await sign_in("sue")
    text = (await sue.get("/?market=uk&waiting=5&box=all&after=WzEsMiwzXQ")).text
    assert 'hx-get="/?box=all&amp;market=uk&amp;waiting=5&amp;after=WzEsMiwzXQ"' in text


async def test_nothing_that_matches_says_so_and_leads_back(sign_in: SignIn) -> None:
    text = words((await (await sign_in("sue")).get("/?box=all&reason=identity_theft")).text)
    assert "Nothing matches these filters" in text


def test_an_address_reads_back_as_it_was_written_and_forgets_what_it_does_not_know() -> None:
    given = QueryParams("box=all&market=uk&market=xx&reason=legal&waiting=30&unread=yes&agent=3&nonsense=1&bucket=M9")
    wanted = Wanted("all", Filters.read(given))
    assert wanted.address == "box=all&reason=legal&market=uk&agent=3&waiting=30&unread=yes"
    assert Wanted.read(wanted.address) == wanted
    assert not Filters.read(QueryParams("waiting=0&waiting=-4&agent=x&agent=" + "9" * 40))
    every = "&".join(f"{name}={value}" for name, values in CHOICES.items() for value in values)
    read = Filters.read(QueryParams(every.replace("+", "%2B")))
    assert len(read.pairs()) == sum(len(values) for values in CHOICES.values())
    assert Wanted.read(Wanted("queue", read).address).filters == read


def test_the_clock_of_who_waits_follows_priority_in_the_queue_and_the_teams_targets(office: Office) -> None:
    since, usual = office.clock.now(), Targets()
    urgent, normal = clock(since, "queue", "urgent", usual), clock(since, "queue", None, usual)
    assert (urgent.late, normal.late) == (300, 1800)
    assert [urgent.at(since + timedelta(seconds=each)) for each in (0, 180, 300)] == ["fine", "soon", "late"]
    assert clock(since, "agent", "urgent", usual).late == 10 * 60
    ours = Targets(first_minutes=8, reply_minutes=45)
    assert (clock(since, "queue", "high", ours).late, clock(since, "agent", "high", ours).late) == (8 * 60, 45 * 60)
