"""Supervision in a real browser: a whisper that no debtor sees, a take-over at once, a wall that lives."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.support.house import TOM, House, open_house
from tests.console.test_browser import Floor, fits, floor

__all__ = ["floor"]

pytestmark = pytest.mark.browser

WORDS = "Ask about the second job first"
TOMS, DANAS = 4, 0


@pytest.fixture
async def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The whole house with one debtor in it."""
    async with open_house(chromium, tmp_path_factory.mktemp("house"), (TOM,)) as opened:
        yield opened
        await opened.leave()


async def test_a_whisper_reaches_the_agent_at_once_and_never_the_debtor(house: House) -> None:
    debtor = await house.debtor(TOM)
    await debtor.write("I want to talk to a person")
    agent, manager = await house.member("ana"), await house.member("max")
    await agent.open(TOM.name)
    await agent.take()
    address = agent.page.url
    await manager.page.goto(address)
    await manager.page.get_by_label("Whisper to Ana Torres").fill(WORDS)
    await manager.page.get_by_role("button", name="Whisper").click()
    await expect(agent.page.locator("#whispers")).to_contain_text(WORDS)
    await expect(manager.page.get_by_label("Whisper to Ana Torres")).to_have_value("")
    await agent.send("Hello, this is Ana.")
    await expect(debtor.agent.last).to_contain_text("Hello, this is Ana.")
    await debtor.page.reload()
    await expect(debtor.agent.last).to_contain_text("Hello, this is Ana.")
    assert WORDS not in await debtor.page.content()
    await manager.page.get_by_text("Take over or move").click()
    await manager.page.locator("#whispers [name=target]").select_option("me")
    await manager.page.get_by_label("Why", exact=True).fill("I know him")
    await manager.page.get_by_role("button", name="Move").click()
    await expect(agent.reply).to_have_count(0)
    await expect(agent.page.locator("#whispers")).to_contain_text("I know him")
    assert "I know him" not in await debtor.page.content()


async def test_what_happens_appears_on_the_wall_and_the_chosen_stay_chosen(floor: Floor) -> None:
    page = await floor.sit_down("sue")
    async with page.expect_response(re.compile("/wall")):
        await page.goto(f"{floor.address}/wall")
    tom = page.get_by_label("Choose Tom Hargreaves")
    await tom.check()
    reason = page.get_by_label("Why", exact=True)
    await reason.fill("Ana goes home")
    await floor.office.tell(DANAS, "You are useless, I hate you all", "abusive", "distress")
    await expect(page.get_by_role("row", name=re.compile("Dana Reyes"))).to_contain_text("Distressed")
    await expect(tom).to_be_checked()
    await expect(reason).to_have_value("Ana goes home")
    await page.locator("#move [name=target]").select_option("agent")
    await page.locator("#move [name=agent_id]").select_option(label="李晓梅 (1)")
    await page.get_by_role("button", name="Move").click()
    await expect(page.get_by_text("Moved: 1.")).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("Tom Hargreaves"))).to_contain_text("李晓梅")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
async def test_no_page_of_supervision_shuts_anyone_out_or_runs_off_the_screen(
    floor: Floor, language: str, scheme: str
) -> None:
    page: Page = await floor.sit_down("max", language, color_scheme=scheme)
    for path in ("/wall", "/callbacks", "/complaints", "/complaints/1", "/quality", "/quality/card", "/quality/mine"):
        await page.goto(floor.address + path)
        await fits(page)
    await page.goto(f"{floor.address}/approvals")
    await page.get_by_role("group").first.click()
    await fits(page)
    await floor.open(page, TOMS)
    await expect(page.locator("#whispers form").first).to_be_visible()
    await fits(page)
