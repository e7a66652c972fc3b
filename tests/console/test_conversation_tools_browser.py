"""What helps an agent write, in a real Chromium: typed, chosen by keyboard, put in place, and open to everyone."""

import re

import pytest
from playwright.async_api import expect

from core.store.tables import AgentNotice, ScheduledMessage
from tests.console.test_browser import Floor, fits, floor  # noqa: F401

pytestmark = pytest.mark.browser

TOM = 4


async def test_a_kept_reply_is_found_by_typing_and_lands_in_the_composer_to_be_edited(floor: Floor) -> None:  # noqa: F811
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    reply = page.get_by_label("Your reply")
    await reply.click()
    await reply.press_sequentially("/hel")
    await expect(page.locator(".options li").first).to_contain_text("/hello")
    await reply.press("Enter")
    await expect(reply).to_have_value(re.compile("^Hello Tom Hargreaves, I'm Ana Costa"))
    await expect(page.locator(".options")).to_have_count(0)
    await reply.press_sequentially(" Tom?")
    await expect(reply).to_have_value(re.compile(r"Tom\?$"))


async def test_a_suggestion_a_name_and_another_wording_are_put_in_place_with_one_press(floor: Floor) -> None:  # noqa: F811
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    reply = page.get_by_label("Your reply")
    await page.locator("#assist button.put").first.click()
    await expect(reply).to_have_value(re.compile("I have asked whether"))
    await reply.fill("You are a liar")
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.get_by_role("button", name="Use this wording").first.click()
    await expect(reply).to_have_value(re.compile("I understand that this is upsetting"))
    note = page.locator("#note-text")
    await note.click()
    await note.press_sequentially("Please look @su")
    await expect(page.get_by_role("option", name="@sue")).to_be_visible()
    await note.press("Tab")
    await expect(note).to_have_value("Please look @sue ")
    await page.get_by_role("button", name="Keep the note").click()
    await expect(page.locator(".mention")).to_have_text("@sue")
    assert len(await floor.office.rows(AgentNotice)) == 1


async def test_a_message_is_written_for_later_and_the_debtors_typing_is_seen(floor: Floor) -> None:  # noqa: F811
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    await floor.office.works.notices.publish((f"typing:{floor.office.talks[TOM]}:debtor",))
    await expect(page.locator("#typing")).to_have_text("Tom Hargreaves is typing…")
    await page.get_by_label("Your reply").fill("Shall we go on tomorrow?")
    await page.locator("details.later summary").click()
    await page.locator("#reply-due").fill("2026-11-24T10:00")
    await expect(page.locator("#reply-due-mine")).to_contain_text("for you")
    await page.get_by_role("button", name="Send it then").click()
    await expect(page.locator(".scheduled")).to_contain_text("Shall we go on tomorrow?")
    await expect(page.get_by_label("Your reply")).to_have_value("")
    assert [row.state for row in await floor.office.rows(ScheduledMessage)] == ["waiting"]
    await fits(page)
    for address in ("/replies", "/replies/new", "/outcomes", "/mentions"):
        manager = await floor.sit_down("max", "zh" if address == "/replies" else "en")
        await manager.goto(f"{floor.address}{address}")
        await fits(manager)
