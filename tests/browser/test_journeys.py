"""Journeys through the whole house in real browsers: the debtor on a phone, the team at desks, nothing faked."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, expect

from core.negotiation import offer_from_json
from core.store.tables import Approval, CaseFlag, Conversation, InstalmentRow, Message, OfferRow, Plan, Policy
from parley.demo.people import Person
from tests.bot.scene import until
from tests.browser.support.house import DANA, LIN, TOM, Debtor, House, Member, next_day_of_month, open_house

pytestmark = pytest.mark.browser

PEOPLE = {
    name: replace(kind, reference=f"J-{number}", name=f"{kind.name} {name}" if kind.language == "en" else kind.name)
    for number, (name, kind) in enumerate(
        {
            "Settles": DANA,
            "林": LIN,
            "Hardship": TOM,
            "Race": TOM,
            "Wording": DANA,
            "First": replace(TOM, product="store_card"),
            "Second": replace(TOM, product="store_card"),
            "Beyond": DANA,
            "Late": DANA,
            "Stranger": DANA,
            "Offline": DANA,
        }.items(),
        start=1,
    )
}


@pytest.fixture(scope="module")
async def opened(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(chromium, tmp_path_factory.mktemp("house"), tuple(PEOPLE.values())) as house:
        yield house


@pytest.fixture
async def house(opened: House) -> AsyncIterator[House]:
    """The house with nobody in it yet; whoever came leaves at the end."""
    yield opened
    await opened.leave()


def today(house: House, person: Person) -> date:
    return house.clock.now().astimezone(ZoneInfo(person.time_zone)).date()


@pytest.mark.parametrize(
    ("name", "says", "sums", "shown"),
    [
        ("林", ("每个月800，12号开始", "可以"), [800_00] * 20 + [600_00], "¥16,600.00"),
        ("Settles", ("200 a month from the 12th", "yes"), [200_00] * 6 + [45_40], "$1,245.40"),
    ],
    ids=["zh", "en"],
)
async def test_the_debtor_settles_to_exactly_the_plan_asked_for_and_opens_the_copy(
    house: House, name: str, says: tuple[str, ...], sums: list[int], shown: str
) -> None:
    person = PEOPLE[name]
    debtor = await house.debtor(person)
    for words in says:
        await debtor.say(words)
    link = debtor.page.get_by_role("link", name=re.compile("Open the agreement|查看和下载协议"))
    await debtor.page.goto(str(await link.get_attribute("href")))
    await expect(debtor.page.locator("body")).to_contain_text(shown)
    pdf = await debtor.page.context.request.get(f"{debtor.page.url}.pdf")
    assert (await pdf.body()).startswith(b"%PDF")
    [plan] = await house.rows(Plan, case_id=await house.case_of(person))
    lines = await house.rows(InstalmentRow, plan_id=plan.id)
    first = next_day_of_month(today(house, person), 12)
    assert [line.amount for line in lines] == sums
    assert [line.due.day for line in lines] == [12] * len(sums)
    [in_force] = await house.rows(Policy, state="in_force")
    assert (lines[0].due, plan.total, plan.policy_version) == (first, sum(sums), in_force.number)


async def test_a_hardship_reaches_a_person_who_agrees_a_plan_and_hands_back_to_a_bot_that_knows_it(
    house: House,
) -> None:
    person = PEOPLE["Hardship"]
    agent = await house.member("ana")
    async with agent.page.expect_response(re.compile("box=queue")):
        await agent.page.goto(f"{house.address}/?box=queue")
    debtor = await house.debtor(person)
    await debtor.say("i lost my job last month, i could maybe do 50 a month")
    await agent.page.get_by_role("link", name=person.name).click()
    await expect(agent.page.locator("#pack")).to_contain_text("lost my job")
    await agent.take()
    await expect(debtor.page.locator("#status")).to_have_text("Ana Torres is here")
    said = await debtor.bot.count()
    await agent.send("Hello Tom, I am Ana. Take your time.")
    await expect(debtor.agent).to_have_count(1)
    await debtor.write("thank you, how much do i owe?")
    await expect(agent.page.locator(".message.debtor .text").last).to_have_text("thank you, how much do i owe?")
    await agent.page.locator("#desk [name=amount]").fill("100")
    await expect(agent.page.locator("#desk-preview")).to_contain_text("£54.00")
    await expect(agent.page.locator("#desk-preview")).to_contain_text("Inside the limits")
    await agent.page.get_by_role("button", name="Send as an offer").click()
    await expect(agent.page.locator("#desk")).to_contain_text("The offer is on its way")
    await expect(debtor.agent).to_have_count(2)
    assert await debtor.bot.count() == said
    await debtor.press("Yes")
    [plan] = await house.rows(Plan, case_id=await house.case_of(person))
    assert plan.state == "active"
    await agent.page.get_by_text("Hand back").first.click()
    await agent.page.get_by_role("button", name="Hand back to the assistant").click()
    await expect(debtor.last).to_contain_text("where things stand")
    await debtor.say("when is my next payment?")
    await expect(debtor.last).to_contain_text("£100.00")


async def test_of_two_agents_at_once_one_takes_over_and_the_other_is_told_who(house: House) -> None:
    person = PEOPLE["Race"]
    debtor = await house.debtor(person)
    await debtor.say("can i talk to a real person please")
    ana, ben = await house.member("ana"), await house.member("ben")
    await ana.open(person.name)
    await ben.open(person.name)
    clicks = (seat.page.get_by_role("button", name="Take over").click(no_wait_after=True) for seat in (ana, ben))
    await asyncio.gather(*clicks, return_exceptions=True)
    [conversation] = await _held(house, person)
    winner, loser, name = (ana, ben, "Ana Torres") if conversation.agent_id == 1 else (ben, ana, "Ben Ito")
    await expect(winner.reply).to_be_visible()
    await expect(loser.page.locator(".holder")).to_contain_text(name)
    await expect(loser.reply).to_have_count(0)
    await expect(debtor.page.locator("#status")).to_have_text(f"{name} is here")


async def _held(house: House, person: Person) -> list[Conversation]:
    case_id = await house.case_of(person)
    found: list[Conversation] = []

    async def held() -> bool:
        found[:] = await house.rows(Conversation, case_id=case_id, holder="agent")
        return bool(found)

    await until(held)
    return found


async def _with_a_person(house: House, person: Person, login: str = "ana") -> tuple[Debtor, Member]:
    debtor = await house.debtor(person)
    await debtor.say("can i talk to a real person please")
    agent = await house.member(login)
    await agent.open(person.name)
    await agent.take()
    return debtor, agent


async def test_banned_words_are_refused_with_the_reason_and_the_text_stays(house: House) -> None:
    debtor, agent = await _with_a_person(house, PEOPLE["Wording"])
    await agent.send("Pay today or you will be arrested")
    await expect(agent.page.locator("#composer [role=alert]")).to_contain_text("US-FALSE")
    await expect(agent.reply).to_have_value("Pay today or you will be arrested")
    await agent.send("Hello, I am Ana.")
    await expect(debtor.agent).to_have_count(1)
    assert "arrested" not in " ".join(await debtor.transcript())


async def test_a_new_limit_rules_the_next_offer_and_the_running_offer_keeps_its_version(house: House) -> None:
    first, second = PEOPLE["First"], PEOPLE["Second"]
    running = await house.debtor(first)
    await running.say("200 a month from the 12th")
    manager = await house.member("max")
    await manager.page.goto(f"{house.address}/limits/edit?market=uk&product=store_card")
    await manager.page.locator("[name=max_instalments]").fill("6")
    await manager.page.get_by_label("What changes, and why").fill("Shorter plans for store cards.")
    await manager.page.get_by_role("button", name="Save in my draft").click()
    await manager.page.get_by_role("button", name="Ask for review").click()
    await expect(manager.page.locator("main")).to_contain_text("somebody else has to approve it")
    admin = await house.member("ada")
    await admin.page.goto(f"{house.address}/limits")
    await admin.page.get_by_role("link", name="Draft by").click()
    await admin.page.get_by_role("button", name="Approve").click()
    await expect(admin.page.locator(".notice.good")).to_contain_text("It is in force")
    later = await house.debtor(second)
    await later.say("200 a month from the 12th")
    [newer] = await _open_offers(house, second)
    assert newer.policy_version == 2
    assert len(offer_from_json(newer.body).schedule.lines) <= 6
    await running.say("yes")
    [plan] = await house.rows(Plan, case_id=await house.case_of(first))
    assert plan.policy_version == 1
    assert len(await house.rows(InstalmentRow, plan_id=plan.id)) == 19


async def _open_offers(house: House, person: Person) -> list[OfferRow]:
    return await house.rows(OfferRow, case_id=await house.case_of(person), state="open")


async def test_a_plan_beyond_the_limits_goes_by_approval_to_the_debtor_and_is_kept_with_it(house: House) -> None:
    person = PEOPLE["Beyond"]
    debtor, agent = await _with_a_person(house, person)
    await agent.page.locator("[name=by][value=once]").check(force=True)
    await agent.page.locator("#desk [name=total]").fill("500")
    await expect(agent.page.locator("#desk-preview")).to_contain_text("Who may allow it: Manager")
    await agent.page.get_by_label("Why it should be allowed").fill("It is all there is.")
    await agent.page.get_by_role("button", name="Ask for approval").click()
    await expect(agent.page.locator("#desk")).to_contain_text("Asked for approval")
    assert await debtor.agent.count() == 0
    manager = await house.member("max")
    await manager.page.goto(f"{house.address}/approvals")
    await manager.page.get_by_label("Your answer to the agent").fill("Agreed.")
    await manager.page.get_by_role("button", name="Approve and send").click()
    await expect(debtor.agent.last).to_contain_text("$500.00")
    await debtor.press("Yes")
    [plan] = await house.rows(Plan, case_id=await house.case_of(person))
    [approval] = await house.rows(Approval, case_id=plan.case_id)
    assert (plan.approval_id, plan.total, approval.state) == (approval.id, 500_00, "approved")


async def test_the_button_of_an_expired_offer_gets_a_kind_answer_and_what_stands_now(house: House) -> None:
    person = PEOPLE["Late"]
    debtor = await house.debtor(person)
    await debtor.say("what are my options?")
    house.clock.advance(timedelta(days=8))
    await debtor.page.locator(".chip").first.click()
    await expect(debtor.last).to_contain_text("no longer open")
    await expect(debtor.page.locator(".chip").first).to_be_visible()
    assert await house.rows(Plan, case_id=await house.case_of(person)) == []


async def test_a_wrong_person_is_let_go_and_told_nothing(house: House) -> None:
    person = PEOPLE["Stranger"]
    stranger = await house.debtor(person, verified=False)
    await stranger.say("wrong number, i'm not Dana")
    said = " ".join(await stranger.transcript())
    assert "$" not in said
    assert "owe" not in said
    assert "wrong_party" in [row.flag for row in await house.rows(CaseFlag, case_id=await house.case_of(person))]


async def test_a_server_that_goes_down_midway_loses_and_doubles_nothing(house: House) -> None:
    person = PEOPLE["Offline"]
    debtor = await house.debtor(person)
    await house.stop()
    await debtor.write("200 a month from the 12th")
    await expect(debtor.page.locator("#banner")).to_be_visible()
    await house.start()
    await expect(debtor.last).to_contain_text("$200.00")
    await expect(debtor.page.locator(".pending, .failed")).to_have_count(0)
    before = await debtor.transcript()
    await expect(debtor.page.locator("#log .me", has_text="200 a month")).to_have_count(1)
    await debtor.page.reload()
    await expect(debtor.page.locator("#log .bubble")).to_have_count(len(before))
    [conversation] = await house.rows(Conversation, case_id=await house.case_of(person))
    written = [row.text for row in await house.rows(Message, conversation_id=conversation.id, direction="in")]
    assert written.count("200 a month from the 12th") == 1
