"""The lists of supervision over each kind of database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from console.queries import approvals, followups, quality, wall
from console.queries.targets import target_book
from console.queries.wall import WallFilter
from core.actions import quality as reviews
from core.actions import reassign
from core.actions.quality import Drawn, SampleOf
from core.actions.values import Actor
from core.staffing import TargetBook
from core.store.tables import Callback, Complaint, Conversation, Message, QualityReview, Team, User
from core.work import Works
from tests.console.office import MORNING
from tests.console.test_inbox import MANY, crowd

__all__ = ["crowd"]

SUE = Actor(1, "sue", "Sue Barnes", "supervisor")


@pytest.fixture
async def busy(crowd: Works) -> Works:
    """The crowd with two people of the team, who wrote in some of its conversations, and follow-ups in others."""
    async with crowd.begin() as work:
        for login, role in (("sue", "supervisor"), ("ana", "agent")):
            work.session.add(User(login=login, name=login, role=role, password_hash="x", created_at=MORNING))
            await work.session.flush()
        for number in range(1, MANY + 1):
            talk = await work.session.get_one(Conversation, number)
            talk.risk, talk.mood = number % 4, number % 3
        for number in range(1, 21):
            message = Message(conversation_id=number, direction="out", author="agent", agent_id=2, channel="web")
            message.text, message.at = "Hello", MORNING
            work.session.add(message)
            soon = MORNING + timedelta(minutes=number // 2)
            work.session.add(
                Callback(
                    conversation_id=number, case_id=number, source="agent", made_by=2, made_at=MORNING, due_at=soon
                )
            )
            work.session.add(
                Complaint(
                    number=f"C{number}",
                    conversation_id=number,
                    case_id=number,
                    market="us",
                    category="other",
                    received_at=MORNING,
                    rule="x",
                    acknowledge_by=soon,
                    answer_by=soon,
                    due_at=soon,
                )
            )
    return crowd


async def every_row(session: AsyncSession, wanted: WallFilter, now: datetime, book: TargetBook) -> list[wall.WallRow]:
    """The rows of every page."""
    found: list[wall.WallRow] = []
    after = None
    while True:
        listed = await wall.page(session, wanted, now, book, after)
        found += listed.rows
        after = listed.after
        if after is None:
            return found


@pytest.mark.parametrize("order", wall.ORDERS)
async def test_the_wall_has_every_conversation_once_in_its_order(busy: Works, order: wall.Order) -> None:
    async with busy.read() as session:
        found = await every_row(session, WallFilter(order=order, period="any"), MORNING, TargetBook())
    assert sorted(row.id for row in found) == list(range(1, MANY + 1))
    places = [
        {"risk": (-(row.id % 4), -row.last_at.timestamp()), "latest": (-row.last_at.timestamp(),), "oldest": (row.id,)}[
            order
        ]
        for row in found
    ]
    assert places == sorted(places)


async def test_totals_loads_and_filters_agree(busy: Works) -> None:
    later = MORNING + timedelta(hours=2)
    async with busy.read() as session:
        totals = await wall.totals(session, later, TargetBook())
        late = await wall.page(session, WallFilter(late=True, period="any"), later, TargetBook())
        high = await wall.page(session, WallFilter(risk="high", period="any"), later, TargetBook())
        loads = await wall.loads(session)
    assert (totals.queue, totals.late, totals.agents) == (MANY, MANY, 0)
    assert len(late.rows) == wall.PAGE
    assert {row.id % 4 for row in high.rows} == {2, 3}
    assert [(load.name, load.held) for load in loads] == [("ana", 0)]


async def test_each_team_s_targets_mean_the_same_in_the_list_and_in_its_rows(busy: Works) -> None:
    async with busy.begin() as work:
        for number in range(1, MANY + 1):
            talk = await work.session.get_one(Conversation, number)
            talk.priority = (None, "urgent", "high", "normal")[number % 4]
            talk.language = ("en", "zh-CN")[number % 2]
            talk.reason = (None, "dispute", "hardship")[number % 3]
            if number % 5 == 0:
                talk.holder, talk.agent_id, talk.owed_since = "agent", 2, talk.waiting_since
        teams = (
            {"name": "wide", "first_target": 20},
            {"name": "narrow", "languages": ["zh"], "reasons": ["dispute"], "first_target": 7, "reply_target": 3},
            {"name": "markets", "markets": ["us"], "languages": ["en"], "reply_minutes": 4},
            {"name": "off", "active": False, "creditors": [1], "languages": ["en"], "first_target": 1},
            {"name": "sent to", "markets": ["none"], "first_target": 2, "reply_target": 2},
        )
        for given in teams:
            work.session.add(Team(created_at=MORNING, **given))
        await work.session.flush()
        for number in (7, 10, 14):
            (await work.session.get_one(Conversation, number)).team_id = 5
    for minutes in (3, 6, 12, 25, 400):
        now = MORNING + timedelta(minutes=minutes)
        async with busy.read() as session:
            book = await target_book(session)
            late = await every_row(session, WallFilter(period="any", late=True), now, book)
            every = await every_row(session, WallFilter(period="any"), now, book)
            totals = await wall.totals(session, now, book)
        assert {row.id for row in late} == {
            row.id for row in every if row.waiting is not None and row.waiting.late(now)
        }
        assert totals.late == len(late)


async def test_follow_ups_are_listed_by_when_they_are_due(busy: Works) -> None:
    later = MORNING + timedelta(minutes=5)
    async with busy.read() as session:
        calls = await followups.callbacks(session, "due", later)
        mine = await followups.callbacks(session, "all", later, only_of=2)
        owed = await followups.complaints(session, "due", later)
    assert [row.due_at for row in calls.rows] == sorted(row.due_at for row in calls.rows)
    assert (len(calls.rows), len(mine.rows), len(owed.rows)) == (20, 20, 20)
    assert calls.late == owed.late == len([row for row in calls.rows if row.late(later)])


async def test_a_sample_is_drawn_marked_and_averaged(busy: Works) -> None:
    wish = SampleOf(starts=MORNING, ends=MORNING + timedelta(days=1), size=6, seed=5)
    async with busy.begin() as work:
        drawn = await reviews.draw_sample(work, SUE, wish)
        assert drawn == Drawn(1, 6, 20)
        lines = [line.id for line in await reviews.criteria(work)]
        first = (await work.session.get_one(QualityReview, 1)).id
        await reviews.review(work, first, SUE, dict.fromkeys(lines, 3), "")
    async with busy.read() as session:
        [average] = await quality.averages(session, MORNING)
        waiting = await quality.reviews(session, "waiting")
        done = await quality.reviews(session, "done")
        assert (await approvals.waiting(session, MORNING))[0] == []
    assert (average.share, average.reviews) == (0.75, 1)
    assert (len(waiting.rows), len(done.rows)) == (5, 1)


async def test_a_conversation_goes_to_an_agent_and_back_to_the_queue(busy: Works) -> None:
    async with busy.begin() as work:
        assert await reassign.reassign(work, 3, SUE, "agent", agent_id=2, reason="Skill") == reassign.Moved(3)
    async with busy.begin() as work:
        assert await reassign.reassign(work, 3, SUE, "queue", reason="Break") == reassign.Moved(3)
        talk = await work.session.get_one(Conversation, 3)
        assert (talk.holder, talk.agent_id) == ("queue", None)
