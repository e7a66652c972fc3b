"""Facts that follow the audit trail: always what a count from nothing gives; and days as long as the local clock's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from console.queries.reports import tally
from console.queries.reports.measures import MEASURES
from console.queries.reports.scope import Period, Scope
from core.actions import attachments, payments, report_counting, report_facts, scheduled, takeover, upkeep
from core.compliance import Refused
from core.money import Money
from core.store.files import Kept
from core.store.tables import Case, ReportFact, ReportState, Team, TeamMember
from core.work import Works
from parley.reports import FactsKeeper
from tests.console.office import Office
from tests.console.test_reports_counting import count_all


async def facts(works: Works) -> list[dict[str, Any]]:
    """Every fact, without its id, in an order of its own."""
    async with works.read() as session:
        rows = (await session.scalars(select(ReportFact))).all()
    columns = [column.key for column in ReportFact.__table__.columns if column.key != "id"]
    told = [{column: getattr(row, column) for column in columns} for row in rows]
    return sorted(told, key=lambda fact: (fact["kind"], fact["ref"], fact["value"]))


async def follow(works: Works) -> None:
    """What the worker does, until nothing is left."""
    keeper = FactsKeeper(works)
    while await keeper.round():
        pass


async def test_following_what_happens_gives_what_counting_from_nothing_gives(office: Office) -> None:
    await follow(office.works)
    await office.take(0, "ana")
    await office.write(0, "ana", "Hello Dana, I am Ana. What would help you most?")
    async with office.works.begin() as work:
        await takeover.hand_back(work, office.talks[0], office.team["ana"], "Will think about it")
        await takeover.close(work, office.talks[8], office.team["li"], "hardship")
        await payments.record(work, office.case_ids[6], Money(20000, "CNY"), "P1", date(2026, 11, 24))
    office.clock.advance(timedelta(days=60))
    while True:
        async with office.works.begin() as work:
            if not await upkeep.run(work):
                break
    await office.tell(9, "I want to complain about all of this", "complaint")
    await follow(office.works)
    followed = await facts(office.works)
    await count_all(office.works)
    assert followed == await facts(office.works)
    kinds = {fact["kind"] for fact in followed}
    assert {"conversation", "handoff", "offer", "plan", "payment", "complaint"} <= kinds


async def test_words_refused_beside_a_file_and_words_withheld_later_are_counted_as_others_are(office: Office) -> None:
    talk, ana = office.talks[4], office.team["ana"]
    await office.take(4, "ana")
    kept = Kept("a" * 64, "pdf", 100, "", "clean")
    async with office.works.begin() as work:
        refused = await attachments.send_as_agent(work, talk, ana, kept, "Pay today or we will arrest you.", "k1")
        assert isinstance(refused, Refused)
        due = office.clock.now() + timedelta(hours=2)
        await scheduled.schedule(work, talk, ana, "How are you getting on?", due, "k2")
    office.clock.advance(timedelta(hours=2))
    await office.tell(4, "Stop writing to me", "stop_contact")
    async with office.works.begin() as work:
        await scheduled.send_due(work)
    await follow(office.works)
    rules = [fact["value"] for fact in await facts(office.works) if fact["kind"] == "refusal"]
    assert sorted(rules) == sorted(refused.rule_ids)


async def test_what_somebody_takes_up_counts_for_the_team_that_they_were_in_then(office: Office) -> None:
    async with office.works.begin() as work:
        team = Team(name="Harbour", created_at=office.clock.now())
        work.session.add(team)
        await work.session.flush()
        work.session.add(TeamMember(team_id=team.id, user_id=office.team["ana"].id))
    await office.take(0, "ana")
    async with office.works.begin() as work:
        await work.session.execute(delete(TeamMember))
    await follow(office.works)
    counted = {fact["team_id"] for fact in await facts(office.works) if fact["conversation_id"] == office.talks[0]}
    assert counted == {team.id}


async def test_a_count_that_fails_leaves_the_facts_and_their_place_as_they_were(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await follow(office.works)
    before = await facts(office.works)
    await office.take(0, "ana")
    with monkeypatch.context() as broken:
        broken.setattr(report_counting, "_seconds", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await follow(office.works)
    assert await facts(office.works) == before
    await follow(office.works)
    after = await facts(office.works)
    assert after != before
    await count_all(office.works)
    assert await facts(office.works) == after


async def test_a_conversation_stays_in_the_days_past_due_that_it_was_opened_in(office: Office) -> None:
    await count_all(office.works)
    before = await facts(office.works)
    async with office.works.begin() as work:
        await work.session.execute(update(Case).values(due_date=date(2024, 1, 1)))
    await count_all(office.works)
    assert await facts(office.works) == before


async def test_nothing_is_written_while_nothing_happens_and_all_is_counted(office: Office) -> None:
    await follow(office.works)
    (state,) = await office.rows(ReportState)
    assert (state.case_id, state.counted_at) == (None, office.clock.now())
    assert not await report_facts.follow(office.works)
    office.clock.advance(timedelta(minutes=5))
    await follow(office.works)
    assert (await office.rows(ReportState))[0].counted_at == office.clock.now()


@pytest.mark.parametrize(
    ("zone", "since", "until"),
    [
        ("America/New_York", date(2026, 10, 30), date(2026, 11, 4)),
        ("America/New_York", date(2027, 3, 12), date(2027, 3, 16)),
        ("Europe/London", date(2026, 3, 1), date(2026, 11, 30)),
        ("Australia/Lord_Howe", date(2026, 3, 30), date(2026, 10, 10)),
        ("Asia/Kolkata", date(2026, 10, 1), date(2026, 10, 9)),
    ],
)
async def test_a_fact_falls_on_the_day_that_the_local_clock_shows(
    works: Works, zone: str, since: date, until: date
) -> None:
    local, period = ZoneInfo(zone), Period(since, until, ZoneInfo(zone))
    begin, end = period.moments
    moments = [begin + timedelta(minutes=61 * step) for step in range(int((end - begin).total_seconds()) // 3660)]
    moments += [begin, end - timedelta(seconds=1)]
    async with works.begin() as work:
        work.session.add_all(_complaint(number, at) for number, at in enumerate(moments))
    async with works.read() as session:
        counted = await tally.days(session, Scope(period, {}), [MEASURES["complaints"]])
    expected = [0] * period.days
    for at in moments:
        expected[(at.astimezone(local).date() - since).days] += 1
    assert counted["complaints", ""] == expected
    assert sum(expected) == len(moments)


def _complaint(number: int, at: datetime) -> ReportFact:
    return ReportFact(
        kind="complaint",
        ref=number,
        at=at.astimezone(UTC),
        slot=int(at.timestamp()) // 900,
        case_id=1,
        creditor_id=1,
        market="us",
        language="en",
        bucket="M1",
        segment="other",
        marks=0,
    )
