"""The folded part of the plan desk in a real Chromium: by keyboard, live, and on a phone."""

import re

import pytest
from playwright.async_api import expect

from tests.console.test_browser import PHONE, TOM, Floor, fits, floor

__all__ = ["floor"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "more"), [("en", "More: waivers"), ("zh", "更多：减免")])
async def test_what_is_waived_and_paid_first_is_typed_by_keyboard_and_counted_at_once(
    floor: Floor, language: str, more: str
) -> None:
    page = await floor.sit_down("ana", language)
    await floor.open(page, TOM)
    desk, preview = page.locator("#desk"), page.locator("#desk-preview")
    await page.locator("#desk [name=by][value=amount]").check()
    await page.fill("#desk input[name=amount]", "100")
    await page.fill("#desk input[name=total]", "")
    summary = desk.locator("summary", has_text=re.compile(more))
    await summary.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("80%")
    await expect(preview).to_contain_text("£59.36")
    await expect(preview).to_have_class(re.compile("outside"))
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("50%")
    await expect(preview).to_have_class(re.compile("inside"))
    await page.fill("#desk input[name=first_count]", "3")
    await page.fill("#desk input[name=first_amount]", "60")
    await expect(preview).to_contain_text("3 × £60.00")
    await fits(page)
    await page.locator("#desk [name=by][value=once]").check()
    await expect(page.locator("#desk input[name=first_count]")).to_be_hidden()
    await expect(page.locator("#desk input[name=waived_fees]")).to_be_visible()


async def test_without_scripts_on_a_phone_the_offer_goes_out_as_it_was_typed(floor: Floor) -> None:
    page = await floor.sit_down("ana", size=PHONE, java_script_enabled=False)
    await page.goto(f"{floor.address}/conversations/{floor.office.talks[TOM]}")
    await page.locator("#desk [name=by][value=amount]").check()
    await page.fill("#desk input[name=amount]", "100")
    await page.fill("#desk input[name=total]", "")
    await page.locator("#desk details.more > summary").click()
    await page.fill("#desk input[name=waived_fees]", "13")
    await page.locator("#desk button.send").click()
    await expect(page.locator("#desk-waived_fees-problem")).to_be_visible()
    await page.fill("#desk input[name=waived_fees]", "12")
    await page.locator("#desk button.send").click()
    await expect(page.locator("#pack")).to_contain_text("Waived: Fees £12.00")
