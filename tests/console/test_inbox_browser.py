"""The inbox in a real browser: it moves by itself and takes nothing away from who works in it."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from core.store.tables import Conversation
from tests.console.test_browser import Floor, fits, floor

__all__ = ["floor"]

pytestmark = pytest.mark.browser

OWEN = 9


async def test_what_arrives_in_a_filtered_list_leaves_filters_focus_and_what_is_being_chosen(floor: Floor) -> None:
    page = await floor.sit_down("sue")
    async with page.expect_response(re.compile("market=uk")):
        await page.goto(f"{floor.address}/?box=queue&market=uk")
    priya = page.get_by_role("link", name="Priya Nair")
    await expect(page.locator("#inbox [data-row]")).to_have_count(1)
    await page.get_by_text("Filter", exact=False).first.click()
    await page.get_by_label("Dispute", exact=True).first.check()
    await page.evaluate("document.querySelector('[data-open]').focus({ preventScroll: true })")
    await floor.office.tell(OWEN, "Can I talk to someone real?", "talk_to_human")
    await floor.office.tell(0, "Hello? Is anybody there?", "talk_to_human")
    await expect(page.get_by_role("link", name="Owen Price")).to_be_visible()
    await expect(page.get_by_role("link", name="Dana Reyes")).to_have_count(0)
    await expect(priya).to_be_focused()
    await expect(page.get_by_label("Dispute", exact=True).first).to_be_checked()
    assert page.url.endswith("/?box=queue&market=uk")


async def test_the_wait_counts_on_and_is_called_late_without_asking_the_server(floor: Floor) -> None:
    async with floor.office.works.begin() as work:
        (await work.session.get_one(Conversation, floor.office.talks[0])).waiting_since = work.now - timedelta(
            minutes=1
        )
    page = await floor.sit_down("ana")
    await page.clock.set_fixed_time(floor.office.clock.now())
    await page.goto(f"{floor.address}/?box=queue")
    wait = page.locator(f"#row-{floor.office.talks[0]} .wait")
    await expect(wait).to_contain_text("in time")
    await page.route(re.compile("box=queue"), lambda route: route.fulfill(status=204))
    await page.clock.set_fixed_time(floor.office.clock.now() + timedelta(minutes=30))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(wait.locator("time")).to_have_text("31 min")
    await expect(wait).to_have_class("wait late")
    await expect(wait.locator("[data-wait]")).to_have_text("late")


async def test_the_inbox_its_views_and_its_search_fit_and_are_open_to_everyones_senses(floor: Floor) -> None:
    for login, language, size in (("sue", "en", "light"), ("li", "zh", "dark")):
        page = await floor.sit_down(login, language, color_scheme=size)
        await page.goto(f"{floor.address}/?box=queue&market=uk&market=cn")
        await page.locator("#keep-view summary").click()
        await page.locator("#keep-view input[name=name]").fill("UK + CN")
        await page.locator("#keep-view form:last-of-type button").click()
        await expect(page.locator("#views .count")).to_have_text("3")
        await fits(page)
        await page.locator("#filters summary").click()
        await fits(page)
        for path in ("/views", "/search?q=please", "/search?q=人工", "/search"):
            await page.goto(floor.address + path)
            await fits(page)
