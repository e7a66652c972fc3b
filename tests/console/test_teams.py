"""The pages on which managers set teams up, each setting with what it does; and the switch of who is there."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from console.filters import Wanted
from console.presence import Presence
from console.queries import inbox
from console.routes.live import changes
from core.actions import assignment, presence
from core.store.tables import Audit, Conversation, Team, TeamHoliday, TeamMember, User
from tests.console.conftest import SignIn, words
from tests.console.office import Office
from tests.console.statements import statements

FORM: dict[str, Any] = {
    "name": "Day team",
    "active": "yes",
    "routing": "least_loaded",
    "agent_capacity": "3",
    "capacity": "",
    "reply_minutes": "10",
    "escalate_minutes": "30",
    "hours_mon": "09:00-12:00, 13:00-18:00",
    "hours_tue": "09:00－18:00".replace("－", "–"),
    "time_zone": "Europe/London",
    "holidays_of": "uk",
}


async def team_of(office: Office) -> Any:
    [team] = await office.rows(Team)
    return team


async def test_a_manager_makes_a_team_and_finds_it_again_as_it_was_typed(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    assert "No team yet" in words((await browser.get("/teams")).text)
    members = [office.team["ana"].id, office.team["li"].id]
    answer = await browser.post(
        "/teams/new",
        **FORM,
        members=members,
        markets=["uk", "us"],
        languages=["en"],
        reasons=["hardship"],
        creditors=[1],
    )
    team = await team_of(office)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/teams/{team.id}?saved=true")
    assert team.hours == "Mon 09:00-12:00; Mon 13:00-18:00; Tue 09:00-18:00"
    assert (team.markets, team.languages, team.reasons, team.creditors) == (["uk", "us"], ["en"], ["hardship"], [1])
    assert [row.user_id for row in await office.rows(TeamMember)] == members
    page = (await browser.get(f"/teams/{team.id}?saved=true")).text
    assert "Saved. It holds from now on." in words(page)
    assert 'value="09:00-12:00, 13:00-18:00"' in page
    assert "Boxing Day" in words(page)
    listed = words((await browser.get("/teams")).text)
    assert "Day team There now" in listed
    assert "2 people" in listed


async def test_a_change_is_written_down_with_before_and_after_and_keeps_everyones_turn(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("max")
    ana, li = office.team["ana"].id, office.team["li"].id
    await browser.post("/teams/new", **FORM, members=[ana])
    team = await team_of(office)
    async with office.works.begin() as work:
        (await work.session.get_one(TeamMember, 1)).turn = 7
    await browser.post(f"/teams/{team.id}", **(FORM | {"routing": "round_robin"}), members=[ana, li])
    assert {row.user_id: row.turn for row in await office.rows(TeamMember)} == {ana: 7, li: 0}
    audited = await office.rows(Audit, action="saved_team")
    assert audited[-1].data["changed"] == {"routing": ["least_loaded", "round_robin"], "members": [[ana], [ana, li]]}
    await browser.post(f"/teams/{team.id}", **(FORM | {"routing": "round_robin"}), members=[ana, li])
    assert len(await office.rows(Audit, action="saved_team")) == len(audited)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"name": " "}, "Give the team a name"),
        ({"agent_capacity": "none"}, "from 1 to 100"),
        ({"agent_capacity": "0"}, "from 1 to 100"),
        ({"capacity": "many"}, "from 1 to 10,000"),
        ({"reply_minutes": ""}, "from 1 to 1,440"),
        ({"escalate_minutes": "9"}, "Supervisors are called after"),
        ({"first_target": "0"}, "from 1 to 1,440, or none"),
        ({"reply_target": "soon"}, "from 1 to 1,440, or none"),
        ({"first_target": "31"}, "Supervisors are called sooner than that"),
        ({"reply_target": "11"}, "Another is asked sooner than that"),
        ({"hours_wed": "18:00-09:00"}, "Give hours such as"),
        ({"hours_wed": "09:00-13:00, 12:00-18:00"}, "Give hours such as"),
        ({"hours_wed": "from nine"}, "Give hours such as"),
        ({"time_zone": "London"}, "Give a time zone"),
        ({"holidays_of": "mars"}, "Choose from the list"),
        ({"routing": "by lot"}, "Choose from the list"),
        ({"markets": "fr"}, "Choose from the list"),
        ({"creditors": "999"}, "Choose from the list"),
        ({"members": "999"}, "Choose from the list"),
    ],
)
async def test_what_cannot_be_right_is_named_beside_its_field_and_nothing_is_saved(
    sign_in: SignIn, office: Office, typed: dict[str, str], problem: str
) -> None:
    browser = await sign_in("max")
    answer = await browser.post("/teams/new", **(FORM | typed))
    assert answer.status_code == 422
    assert problem in words(answer.text)
    assert "Nothing was saved yet" in words(answer.text)
    assert await office.rows(Team) == []
    for name, value in typed.items():
        if value.strip() and name.startswith(("hours", "agent", "name", "time")):
            assert f'name="{name}" value="{value}"' in answer.text


async def test_two_teams_cannot_have_one_name(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    await browser.post("/teams/new", **FORM)
    answer = await browser.post("/teams/new", **(FORM | {"name": "DAY team"}))
    assert "Another team has this name" in words(answer.text)
    assert (await browser.get("/teams/99")).status_code == 404


async def test_a_day_off_is_added_named_and_taken_back(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    await browser.post("/teams/new", **FORM)
    team = await team_of(office)
    refused: tuple[tuple[dict[str, Any], str], ...] = (
        ({"day": "2026-11-22", "day_name": "Too late"}, "Give a date from today on"),
        ({"day": "soon", "day_name": "What?"}, "Give a date from today on"),
        ({"day": "2026-11-23", "day_name": ""}, "Say what the day is called"),
    )
    for fields, problem in refused:
        answer = await browser.post(f"/teams/{team.id}/days", **fields)
        assert answer.status_code == 422
        assert problem in words(answer.text)
    added = await browser.post(f"/teams/{team.id}/days", day="2026-11-23", day_name="Moving day")
    assert added.status_code == 303
    assert "Moving day" in (await browser.get(f"/teams/{team.id}")).text
    assert "There now" not in words((await browser.get("/teams")).text)
    again = await browser.post(f"/teams/{team.id}/days", day="2026-11-23", day_name="Again")
    assert "This day is there already" in words(again.text)
    [row] = await office.rows(TeamHoliday)
    await browser.post(f"/teams/{team.id}/days/{row.id}/remove")
    assert await office.rows(TeamHoliday) == []
    assert "There now" in words((await browser.get("/teams")).text)


async def test_skills_and_an_own_capacity_are_set_for_each(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    li = office.team["li"].id
    answer = await browser.post(f"/teams/people/{li}", skill=["zh", "hardship", "flying"], capacity="4")
    assert answer.headers["location"] == "/teams/people?saved=true"
    [user] = await office.rows(User, id=li)
    assert (user.skills, user.capacity) == (["zh", "hardship"], 4)
    for wrong in ("0", "101", "four"):
        refused = await browser.post(f"/teams/people/{li}", skill=["zh"], capacity=wrong)
        assert (refused.status_code, "from 1 to 100" in words(refused.text)) == (422, True)
    [user] = await office.rows(User, id=li)
    assert (user.skills, user.capacity) == (["zh", "hardship"], 4)
    assert (await browser.post("/teams/people/999", skill=["zh"])).status_code == 404


async def test_what_the_page_set_up_is_what_the_queue_goes_by(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    li = office.team["li"]
    await browser.post("/teams/new", **(FORM | {"hours_mon": "", "hours_tue": ""}), members=[li.id], markets=["cn"])
    await browser.post(f"/teams/people/{li.id}", skill=["zh", "dispute"], capacity="2")
    async with office.works.begin() as work:
        await presence.seen(work, [li.id])
    async with office.works.begin() as work:
        given = await assignment.give_next(work)
    assert given == assignment.Given(office.talks[1], office.team["max"].id), "in danger, and nobody else is there"
    async with office.works.begin() as work:
        given = await assignment.give_next(work)
    assert given == assignment.Given(office.talks[3], li.id)
    async with office.works.begin() as work:
        assert await assignment.give_next(work) is None


async def test_only_managers_set_teams_up(sign_in: SignIn) -> None:
    for login in ("ana", "sue"):
        assert (await (await sign_in(login)).get("/teams")).status_code == 403


async def test_who_is_there_is_switched_on_every_page_and_away_gives_up_who_waits(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    assert "Your status: Available" in words((await browser.get("/")).text)
    async with office.works.begin() as work:
        (await work.session.get_one(Conversation, office.talks[4])).owed_since = office.clock.now()
    answer = await browser.post("/presence", status="pause", next="/?box=queue")
    assert answer.headers["location"] == "/?box=queue"
    assert "Your status: Pausing" in words((await browser.get("/")).text)
    assert (await browser.post("/presence", status="gone")).status_code == 422
    await browser.post("/presence", status="away", next="https://evil.example/")
    [row] = await office.rows(Conversation, id=office.talks[4])
    assert row.holder == "queue"


async def test_signing_out_puts_who_waits_back_in_the_queue(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    async with office.works.begin() as work:
        (await work.session.get_one(Conversation, office.talks[4])).owed_since = office.clock.now()
    await browser.post("/logout")
    [row] = await office.rows(Conversation, id=office.talks[4])
    assert row.holder == "queue"


async def test_an_open_page_gives_a_sign_of_life_and_a_closed_one_no_longer(office: Office) -> None:
    ana, li = office.team["ana"].id, office.team["li"].id
    beats = Presence(office.works)

    async def seen(user_id: int) -> Any:
        [user] = await office.rows(User, id=user_id)
        return user.seen_at

    lines = [beats.attended(one, changes(office.works.notices, ("queue",), asyncio.Event())) for one in (ana, li)]
    for line in lines:
        assert await anext(line) == "event: queue\ndata: queue\n\n"
    began = office.clock.now()
    assert (await seen(ana), await seen(li)) == (began, began)
    office.clock.advance(timedelta(seconds=21))
    await lines[1].aclose()  # type: ignore[attr-defined]
    await office.works.notices.publish(["queue"])
    await anext(lines[0])
    waiting: asyncio.Task[str] = asyncio.create_task(anext(lines[0]))  # type: ignore[arg-type]
    await asyncio.sleep(0.05)
    assert (await seen(ana), await seen(li)) == (office.clock.now(), began)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_requests_alone_give_a_sign_of_life_now_and_then(office: Office) -> None:
    ana = office.team["ana"].id
    beats = Presence(office.works)
    await beats.asked(ana)
    assert (await office.rows(User, id=ana))[0].seen_at is None
    office.clock.advance(timedelta(seconds=46))
    await beats.asked(ana)
    assert (await office.rows(User, id=ana))[0].seen_at == office.clock.now()


async def test_supervisors_are_called_to_who_waited_too_long_and_see_it_on_the_wall(
    sign_in: SignIn, office: Office
) -> None:
    sue, ana = await sign_in("sue"), await sign_in("ana")
    after = (await sue.get("/me/alerts")).json()["after"].replace("+", "%2B")
    office.clock.advance(timedelta(minutes=1))
    async with office.works.begin() as work:
        (await work.session.get_one(Conversation, office.talks[3])).escalated_at = work.now
    [call] = (await sue.get(f"/me/alerts?after={after}")).json()["news"]
    assert call["title"] == "林秀梅 has waited too long"
    assert (await ana.get(f"/me/alerts?after={after}")).json()["news"] == []
    assert words((await sue.get("/wall")).text).count("Supervisors called") == 1
    listed = [words((await browser.get("/?box=queue")).text) for browser in (sue, ana)]
    assert ["林秀梅" in text for text in listed] == [True, True]
    assert [text.count("Supervisors called") for text in listed] == [1, 0]


async def test_the_page_of_a_team_needs_no_more_than_eight_statements(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    await browser.post("/teams/new", **FORM)
    team = await team_of(office)
    with statements(office.works) as seen:
        assert (await browser.get(f"/teams/{team.id}")).status_code == 200
    assert len(seen) <= 8


async def test_the_targets_of_a_team_change_what_the_wall_and_the_inbox_call_late(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("max")
    await browser.post("/teams/new", **FORM, languages=["en"], first_target="30", reply_target="10")
    team = await team_of(office)
    assert (team.first_target, team.reply_target) == (30, 10)
    async with office.works.begin() as work:
        talk = await work.session.get_one(Conversation, office.talks[4])
        talk.holder, talk.agent_id, talk.owed_since = "agent", office.team["ana"].id, work.now
        dana = await work.session.get_one(Conversation, office.talks[0])
        dana.holder, dana.waiting_since, dana.priority = "queue", work.now, "normal"
    office.clock.advance(timedelta(minutes=5))

    async def late() -> list[str]:
        shown = (await (await sign_in("max")).get("/wall?late=1&period=any", part=True)).text
        return [name for name in ("Tom Hargreaves", "Dana Reyes") if name in shown]

    async def waits() -> list[str]:
        async with office.works.read() as session:
            rows = (await inbox.page(session, Wanted("all"), 1, office.clock.now())).rows
        found = {row.name: row.waits.at(office.clock.now()) if row.waits else "" for row in rows}
        return [found["Tom Hargreaves"], found["Dana Reyes"]]

    assert (await late(), await waits()) == ([], ["fine", "fine"])
    await browser.post(f"/teams/{team.id}", **FORM, languages=["en"], first_target="4", reply_target="3")
    assert (await late(), await waits()) == (["Tom Hargreaves", "Dana Reyes"], ["late", "late"])
    await browser.post(f"/teams/{team.id}", **FORM, languages=["zh"], first_target="4", reply_target="3")
    assert (await late(), await waits()) == ([], ["fine", "fine"])
    page = (await browser.get(f"/teams/{team.id}")).text
    assert 'name="first_target" value="4"' in page
