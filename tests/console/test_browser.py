"""The console in a real Chromium: live, under its own content policy, and open to everyone's senses."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect

from core.store.tables import Conversation, Message
from tests.console.conftest import console_over
from tests.console.office import PASSWORD, Office
from tests.support.ports import free_port

pytestmark = pytest.mark.browser

TOM, DANA, WANG = 4, 0, 1
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@dataclass
class Floor:
    """The console on a port, and browsers of the people who use it. `complaints` are what browsers objected to."""

    office: Office
    browser: Browser
    address: str
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def sit_down(self, login: str, language: str = "en", size: dict[str, int] = WIDE, **options: Any) -> Page:
        """Someone signs in and sees the inbox in their language."""
        context = await self.browser.new_context(viewport=size, timezone_id="Europe/London", **options)  # type: ignore[arg-type]
        self.contexts.append(context)
        page = await context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(f"{self.address}/login")
        await page.fill("[name=login]", login)
        await page.fill("[name=password]", PASSWORD)
        await page.click(".login .primary")
        await page.wait_for_url(f"{self.address}/")
        other = page.locator(f"button[name=language][value={language}]")
        if await other.count():
            await other.click()
            await expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
        return page

    async def open(self, page: Page, person: int) -> None:
        """The page of one conversation, listening for changes."""
        async with page.expect_response(re.compile(r"/changes\?")):
            await page.goto(f"{self.address}/conversations/{self.office.talks[person]}")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)


@asynccontextmanager
async def served(app: FastAPI, port: int) -> AsyncIterator[None]:
    """The console on a port, until it is told to stop."""
    config = uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=20, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
            await asyncio.sleep(0.02)
    yield
    app.state.console.services.closing.set()
    server.should_exit = True
    with suppress(asyncio.CancelledError):
        await serving


@pytest.fixture
async def floor(office: Office, chromium: Browser) -> AsyncIterator[Floor]:
    """The console being served."""
    async with floor_of(office, chromium) as opened:
        yield opened


@asynccontextmanager
async def floor_of(office: Office, chromium: Browser) -> AsyncIterator[Floor]:
    """The console of an office being served; in the end no browser may have objected to anything."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with served(console_over(office.works, address), port):
        opened = Floor(office, chromium, address)
        yield opened
        for context in opened.contexts:
            await context.close()
    assert opened.complaints == []


async def fits(page: Page) -> None:
    """At both sizes nothing runs over the edge, and axe finds nothing."""
    for size in (WIDE, PHONE):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        results = await Axe().run(page)
        assert [f"{each['id']} {each['nodes'][0]['html'][:160]}" for each in results.response["violations"]] == []
    await page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})


async def test_who_needs_a_person_appears_in_the_queue_without_a_reload(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    async with page.expect_response(lambda each: "box=queue" in each.url and "hx-request" in each.request.headers):
        await page.goto(f"{floor.address}/?box=queue")
    await expect(page.get_by_text("Owen Price")).to_have_count(0)
    await page.wait_for_timeout(500)
    await floor.office.tell(9, "Can I talk to someone real?", "talk_to_human")
    await expect(page.get_by_role("link", name="Owen Price")).to_be_visible()
    await expect(page.get_by_role("link", name="Queue")).to_contain_text("6")


async def test_an_open_page_comes_back_by_itself_to_a_console_that_was_restarted(
    office: Office, chromium: Browser
) -> None:
    port = free_port()
    floor = Floor(office, chromium, f"http://127.0.0.1:{port}")
    async with served(console_over(office.works, floor.address), port):
        page = await floor.sit_down("ana")
        async with page.expect_response(re.compile("box=queue")):
            await page.goto(f"{floor.address}/?box=queue")
    await office.tell(9, "Can I talk to someone real?", "talk_to_human")
    async with served(console_over(office.works, floor.address), port):
        await expect(page.get_by_role("link", name="Owen Price")).to_be_visible()
        await page.context.close()


async def test_taking_over_answering_and_hearing_back_happen_on_one_page(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, DANA)
    await page.get_by_role("button", name="Take over").click()
    reply = page.get_by_label("Your reply")
    await reply.fill("Hello Dana, I am Ana.\nTake your time.")
    await reply.press("Control+Enter")
    await expect(page.locator(".message.agent .text")).to_contain_text("Take your time.")
    await expect(reply).to_have_value("")
    await expect(reply).to_be_focused()
    await floor.office.tell(DANA, "Thank you so much", "thanks")
    await expect(page.locator(".message.debtor .text").last).to_have_text("Thank you so much")


async def test_an_answer_asked_for_before_the_take_over_does_not_take_what_is_typed_after_it(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, DANA)
    asked, typed = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await typed.wait()
        await route.continue_()

    await page.route(re.compile(r"/changes\?"), late)
    await floor.office.tell(DANA, "Are you there?", "greet")
    async with asyncio.timeout(20):
        await asked.wait()
    await page.get_by_role("button", name="Take over").click()
    reply = page.get_by_label("Your reply")
    await reply.fill("Hello Dana, I am Ana.")
    async with page.expect_response(re.compile(r"/changes\?")):
        typed.set()
    await expect(page.locator(".message.debtor .text").last).to_have_text("Are you there?")
    await expect(reply).to_have_value("Hello Dana, I am Ana.")
    assert floor.complaints == []


async def test_what_is_being_typed_survives_what_arrives(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    reply = page.get_by_label("Your reply")
    await reply.press_sequentially("I am looking in", delay=10)
    note = page.get_by_label("New note")
    await note.fill("half a note")
    await page.get_by_text("Hand back").first.click()
    await page.get_by_role("textbox", name="Note for the team").first.fill("half a farewell")
    for number in range(3):
        await floor.office.tell(TOM, f"still here {number}", "greet")
        await expect(page.locator(".message.debtor .text").last).to_have_text(f"still here {number}")
    await expect(reply).to_have_value("I am looking in")
    await expect(note).to_have_value("half a note")
    await expect(page.get_by_role("textbox", name="Note for the team").first).to_have_value("half a farewell")
    await expect(page.get_by_role("textbox", name="Note for the team").first).to_be_visible()


async def test_a_double_click_sends_once(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    await page.get_by_label("Your reply").fill("Only once, please.")
    await page.get_by_role("button", name="Send", exact=True).dblclick()
    await expect(page.get_by_label("Your reply")).to_have_value("")
    await page.wait_for_timeout(300)
    assert len(await floor.office.rows(Message, text="Only once, please.")) == 1


async def test_a_refused_reply_offers_other_words_to_send(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    reply = page.get_by_label("Your reply")
    await reply.fill("We will take you to court")
    await page.get_by_role("button", name="Send", exact=True).click()
    alert = page.locator("#composer [role=alert]")
    await expect(alert).to_contain_text("UK-PRESS-2")
    await expect(reply).to_have_value("We will take you to court")
    await page.get_by_role("button", name="Use this wording").click()
    await expect(reply).to_have_value("If you would like, we can look at the options together.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(alert).to_have_count(0)
    await expect(page.locator(".message.agent .text").last).to_contain_text("options together")


async def test_the_second_of_two_agents_sees_at_once_who_was_first(floor: Floor) -> None:
    ana, li = await floor.sit_down("ana"), await floor.sit_down("li", "zh")
    await floor.open(ana, DANA)
    await floor.open(li, DANA)
    await ana.get_by_role("button", name="Take over").click()
    await expect(li.locator(".holder")).to_have_text(re.compile("由Ana Costa负责"))
    await expect(li.get_by_role("button", name="接手")).to_have_count(0)


async def test_of_two_agents_who_press_at_the_same_moment_one_holds_it_and_the_other_is_told_who(floor: Floor) -> None:
    seats = {login: await floor.sit_down(login) for login in ("ana", "li")}
    both = asyncio.Barrier(2)

    async def together(route: Route) -> None:
        await both.wait()
        await route.continue_()

    for page in seats.values():
        await floor.open(page, DANA)
        await page.route(re.compile("/take$"), together)
    async with asyncio.timeout(20):
        await asyncio.gather(*(page.get_by_role("button", name="Take over").click() for page in seats.values()))
        while not (held := await floor.office.rows(Conversation, id=floor.office.talks[DANA], holder="agent")):  # noqa: ASYNC110  the row has no event to wait for
            await asyncio.sleep(0.05)
    first = next(login for login in seats if floor.office.team[login].id == held[0].agent_id)
    second = "li" if first == "ana" else "ana"
    await expect(seats[first].get_by_label("Your reply")).to_be_focused()
    told = f"{floor.office.team[first].name} took this conversation over first"
    await expect(seats[second].get_by_role("alert")).to_contain_text(told)
    await expect(seats[second].get_by_label("Your reply")).to_have_count(0)
    await floor.office.tell(DANA, "Is anybody there?", "talk_to_human")
    await expect(seats[second].get_by_text("Is anybody there?")).to_be_visible()
    await expect(seats[second].get_by_role("alert")).to_contain_text(told)


async def test_a_pause_is_offered_even_where_the_news_of_the_end_came_before_the_answer(floor: Floor) -> None:
    page = await floor.sit_down("li")
    await floor.open(page, WANG)
    await page.get_by_role("button", name="Take over").click()
    await expect(page.get_by_label("Your reply")).to_be_focused()

    async def late(route: Route) -> None:
        async with page.expect_response(re.compile(r"/changes\?")):
            answer = await route.fetch()
        await expect(page.locator("#composer .locked")).to_be_visible()
        await route.fulfill(response=answer)

    await page.route(re.compile("/close$"), late)
    await page.locator("summary", has_text=re.compile("^Close$")).click()
    await page.get_by_label("How did it end?").select_option("hardship")
    await page.get_by_role("button", name="Close the conversation").click()
    await expect(page.get_by_role("button", name="Take a pause")).to_be_visible()


async def test_who_went_on_to_another_field_is_not_called_back_by_the_answer(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    gone_on = asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await gone_on.wait()
        await route.fulfill(response=answer)

    await page.route(re.compile("/reply$"), late)
    reply = page.get_by_label("Your reply")
    await reply.fill("Hello Tom, I am Ana.")
    await reply.press("Control+Enter")
    await page.locator("#note-text").click()
    gone_on.set()
    await expect(reply).to_have_value("")
    await expect(page.locator("#note-text")).to_be_focused()


async def test_the_desk_counts_while_one_types_and_an_approval_comes_back(floor: Floor) -> None:
    ana, max_ = await floor.sit_down("ana"), await floor.sit_down("max")
    await floor.open(ana, TOM)
    await ana.get_by_role("radio", name="One payment").check()
    await ana.get_by_label("Settle for").fill("900")
    await expect(ana.locator("#desk-preview")).to_contain_text("Inside the limits")
    await ana.get_by_label("Settle for").fill("500")
    await expect(ana.locator("#desk-preview")).to_contain_text("Who may allow it: Manager")
    await expect(ana.get_by_role("button", name="Send as an offer")).to_be_hidden()
    await ana.get_by_label("Why it should be allowed").fill("It is all there is.")
    async with max_.expect_response(re.compile("/approvals")):
        await max_.goto(f"{floor.address}/approvals")
    await ana.get_by_role("button", name="Ask for approval").click()
    await expect(ana.locator("#desk")).to_contain_text("Asked for approval")
    asked = max_.locator(".request", has_text="It is all there is.")
    await expect(asked).to_be_visible()
    await asked.get_by_label("Your answer to the agent").fill("Agreed.")
    await asked.get_by_role("button", name="Approve and send").click()
    await expect(ana.locator("#pack")).to_contain_text("Agreed.")
    await expect(ana.locator(".message.agent").last).to_contain_text("500.00")


async def test_a_private_note_is_kept_and_its_field_emptied(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    await page.get_by_label("New note").fill("Prefers mornings.")
    await page.get_by_role("button", name="Keep the note").click()
    await expect(page.locator("#notes-list")).to_contain_text("Prefers mornings.")
    await expect(page.get_by_label("New note")).to_have_value("")


async def test_everything_is_within_reach_of_the_keyboard(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await page.goto(f"{floor.address}/?box=queue")
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('.stretched')"):
            break
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("/conversations/"))
    await page.get_by_role("button", name="Take over").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Your reply")).to_be_focused()


async def test_a_finer_rule_is_chosen_filled_in_and_saved_by_hand(floor: Floor) -> None:
    page = await floor.sit_down("max")
    await page.goto(f"{floor.address}/limits")
    await page.get_by_role("link", name="Add a finer rule").nth(1).click()
    await page.get_by_label("Days past due").select_option("M1")
    await page.get_by_label("Who the person is").select_option("hardship")
    await page.get_by_label("From, included").fill("1,000")
    await page.get_by_role("button", name="Go on to its limits").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Balance from 1,000")
    async with page.expect_response(re.compile("/limits/check")):
        await page.get_by_label("Most instalments").fill("9999999999999")
    await expect(page.get_by_text("Give a plain number.")).to_be_visible()
    async with page.expect_response(re.compile("/limits/check")):
        await page.get_by_label("Most instalments").fill("30")
    await expect(page.get_by_text("Give a plain number.")).to_be_hidden()
    await page.get_by_label("What changes, and why").fill("More room for those in hardship")
    await page.get_by_role("button", name="Save in my draft").click()
    await page.wait_for_url(re.compile(r"/limits/versions/\d+"))
    await expect(page.locator("main")).to_contain_text("1–30 days past due · Balance from 1,000 · People in hardship")


async def test_why_a_limit_is_what_it_is_opens_beside_the_case(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    why = page.locator("details.why")
    await why.locator("summary").click()
    await expect(why.get_by_role("row", name="Most instalments")).to_contain_text("United Kingdom · Credit card")
    assert (await Axe().run(page)).response["violations"] == []
