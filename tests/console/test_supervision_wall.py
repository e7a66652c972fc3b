"""The wall of live conversations: what it shows, in which order, and that looking at it changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from console.queries import wall
from console.queries.teams import people
from console.queries.wall import WallFilter
from core.staffing import TargetBook
from core.store.tables import Audit, Conversation, Table, Whisper
from core.store.teams import loads_of as loads_for_capacity
from tests.console.conftest import SignIn, words
from tests.console.office import Office
from tests.console.statements import statements

DANA, WANG, TOM, CHEN, ZHOU = 0, 1, 4, 6, 8


async def everything(office: Office) -> dict[str, list[Any]]:
    """Every row of every table, but who is signed in: that says nothing of where they look."""
    found: dict[str, list[Any]] = {}
    async with office.works.read() as session:
        for table in Table.metadata.sorted_tables:
            if table.name not in ("sessions", "users"):
                rows = await session.execute(select(table).order_by(*table.primary_key))
                found[table.name] = [tuple(row) for row in rows]
    return found


async def test_the_gravest_stands_first_with_its_reasons(sign_in: SignIn) -> None:
    page = words((await (await sign_in("sue")).get("/wall")).text)
    assert page.index("王建国") < page.index("Tom Hargreaves")
    assert "Distressed Grave risk" in page
    assert "Self-harm" in page


async def test_it_shows_the_assistants_the_queues_and_the_agents(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    for holder, person, other in (
        ("bot", "陈思远", "周婷"),
        ("queue", "Dana Reyes", "周婷"),
        ("agent", "周婷", "陈思远"),
    ):
        shown = (await sue.get(f"/wall?holder={holder}", part=True)).text
        assert person in shown
        assert other not in shown


async def test_the_list_is_part_of_the_page(sign_in: SignIn) -> None:
    sue = await sign_in("sue")
    whole, part = await sue.get("/wall"), await sue.get("/wall", part=True)
    assert "<html" not in part.text
    assert part.text.strip() in whole.text


@pytest.mark.parametrize(
    ("query", "person"),
    [
        ("risk=grave", "王建国"),
        ("mood=distressed", "王建国"),
        ("market=uk&holder=agent", "Tom Hargreaves"),
        ("language=zh&holder=agent", "周婷"),
        ("order=oldest", "Dana Reyes"),
    ],
)
async def test_it_is_filtered_and_ordered(sign_in: SignIn, query: str, person: str) -> None:
    shown = (await (await sign_in("sue")).get(f"/wall?{query}", part=True)).text
    assert person in shown


async def test_only_what_waits_too_long_is_late(sign_in: SignIn, office: Office) -> None:
    async with office.works.read() as session:
        now = office.clock.now()
        late = await wall.page(session, WallFilter(late=True, period="any"), now, TargetBook())
        later = now + timedelta(hours=1)
        more = await wall.page(session, WallFilter(late=True, period="any"), later, TargetBook())
    assert len(late.rows) < len(more.rows)
    assert all(row.waiting is not None and row.waiting.late(later) for row in more.rows)


async def test_the_first_reply_stops_its_clock(office: Office) -> None:
    async with office.works.read() as session:
        listed = await wall.page(session, WallFilter(period="any"), office.clock.now(), TargetBook())
    rows = {row.id: row for row in listed.rows}
    tom, dana = rows[office.talks[TOM]], rows[office.talks[DANA]]
    assert tom.first is not None
    assert tom.first.until is not None
    assert dana.first is not None
    assert dana.first.until is None
    assert rows[office.talks[CHEN]].first is None


async def test_pages_follow_each_other_in_every_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "PAGE", 3)
    for order in wall.ORDERS:
        found: list[int] = []
        after = None
        while True:
            async with office.works.read() as session:
                wanted = WallFilter(order=order, period="any")
                listed = await wall.page(session, wanted, office.clock.now(), TargetBook(), after)
            found += [row.id for row in listed.rows]
            after = listed.after
            if after is None:
                break
        assert len(found) == len(set(found)) == len(await office.rows(Conversation, state="open"))


async def test_the_workload_and_the_hard_cases_of_each_agent_are_seen(sign_in: SignIn, office: Office) -> None:
    async with office.works.begin() as work:
        tom = await work.session.get_one(Conversation, office.talks[TOM])
        tom.owed_since, tom.risk = office.clock.now(), 2
    loads = await loads_of(office)
    ana, li = loads["Ana Costa"], loads["李晓梅"]
    assert (ana.held, ana.hard, ana.hard_share, ana.owed, ana.oldest) == (1, 1, 1.0, 1, office.clock.now())
    assert (li.held, li.owed, li.oldest) == (1, 0, None)
    assert "Ada Novak" not in loads
    assert "Workload" in words((await (await sign_in("sue")).get("/wall")).text)


async def test_what_is_put_aside_counts_neither_for_the_wall_nor_for_the_capacity_of_its_agent(office: Office) -> None:
    async with office.works.begin() as work:
        talk = await work.session.get_one(Conversation, office.talks[TOM])
        talk.snoozed_until = office.clock.now() + timedelta(days=1)
    async with office.works.read() as session:
        everyone = {person.name: person.open for person in await people(session, office.clock.now())}
        counted = await loads_for_capacity(session)
    assert (await loads_of(office))["Ana Costa"].held == everyone["Ana Costa"] == 0
    assert office.team["ana"].id not in counted


async def loads_of(office: Office) -> dict[str, wall.Load]:
    async with office.works.read() as session:
        return {load.name: load for load in await wall.loads(session)}


@pytest.mark.parametrize("path", ["/wall", "/callbacks", "/complaints", "/quality", "/quality/mine", "/approvals"])
async def test_no_page_needs_more_than_eight_statements(path: str, sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    with statements(office.works) as seen:
        assert (await browser.get(path)).status_code == 200
    assert len(seen) <= 8, seen


async def test_a_supervisor_who_watches_leaves_no_trace_anywhere(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    await office.tell(TOM, "Are you still there?", "greet")
    before = await everything(office)
    unread = (await office.rows(Conversation, id=office.talks[TOM]))[0].unread
    assert unread > 0
    talk = f"/conversations/{office.talks[TOM]}"
    for path in (talk, f"{talk}/changes?seen=x", f"{talk}/whispers", f"{talk}/followups", "/wall", "/"):
        assert (await sue.get(path, part=path != talk)).status_code == 200
    assert await everything(office) == before


async def test_many_are_moved_at_once_and_their_agents_are_told_why(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    li = office.team["li"]
    chosen = [office.talks[TOM], office.talks[DANA]]
    done = await sue.post(
        "/wall/move",
        part=True,
        id=[str(each) for each in chosen],
        target="agent",
        agent_id=str(li.id),
        reason="Shift ends",
    )
    assert "Moved: 2." in words(done.text)
    talks = {row.id: row for row in await office.rows(Conversation)}
    assert {talks[each].agent_id for each in chosen} == {li.id}
    told = {(row.to_id, row.kind, row.text) for row in await office.rows(Whisper)}
    assert told == {(office.team["ana"].id, "moved", "Shift ends"), (li.id, "given", "Shift ends")}
    trail = await office.rows(Audit, action="reassigned")
    assert [row.data["reason"] for row in trail] == ["Shift ends"] * 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": "1", "target": "queue"}, "Say why"),
        ({"target": "queue", "reason": "x"}, "Choose the conversations"),
        ({"id": "1", "target": "moon", "reason": "x"}, "Choose where they go"),
        ({"id": "1", "target": "agent", "agent_id": "999", "reason": "x"}, "cannot hold"),
    ],
)
async def test_a_move_that_is_not_said_in_full_moves_nothing(
    sign_in: SignIn, office: Office, fields: dict[str, Any], said: str
) -> None:
    before = await office.rows(Audit, action="reassigned")
    answer = await (await sign_in("sue")).post("/wall/move", part=True, **fields)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert await office.rows(Audit, action="reassigned") == before


async def test_back_to_the_queue_it_waits_again_and_back_to_the_bot_it_is_answered(
    office: Office, sign_in: SignIn
) -> None:
    sue = await sign_in("sue")
    tom, zhou = office.talks[TOM], office.talks[ZHOU]
    await sue.post("/wall/move", part=True, id=str(tom), target="queue", reason="Needs another skill")
    await sue.post("/wall/move", part=True, id=str(zhou), target="bot", reason="Nothing left to settle")
    talks = {row.id: row for row in await office.rows(Conversation)}
    assert (talks[tom].holder, talks[tom].agent_id) == ("queue", None)
    assert talks[tom].waiting_since is not None
    assert talks[tom].gravity is not None
    assert (talks[zhou].holder, talks[zhou].agent_id) == ("bot", None)
