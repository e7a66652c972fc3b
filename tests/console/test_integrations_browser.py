"""Keys, webhooks, the interface's description and the trail in a real Chromium."""

import re

import pytest
from playwright.async_api import ViewportSize, expect

from console.routes import audit as audit_routes
from core.actions import webhooks
from core.actions.webhooks import Answer
from core.store.tables import Webhook
from tests.console.test_browser import Floor, floor
from tests.console.test_front_browser import objections

__all__ = ["floor"]

pytestmark = pytest.mark.browser
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.mark.timeout(400)
async def test_a_key_and_a_webhook_are_made_by_hand_and_their_pages_shut_nobody_out(floor: Floor) -> None:
    page = await floor.sit_down("ada")
    await page.goto(f"{floor.address}/integrations")
    await page.get_by_label("Name").first.fill("Core banking")
    await page.get_by_label("cases:read").check()
    await page.get_by_role("button", name="Make the key").click()
    await expect(page.locator("code.whole")).to_have_text(re.compile("^parley_[0-9a-f]{8}_"))
    await page.get_by_label("Address").fill("https://example.com/hooks")
    await page.get_by_role("button", name="Add the webhook").click()
    await expect(page.locator("code.whole")).to_have_text(re.compile("^whsec_"))
    await page.get_by_role("button", name="Send a trial event").click()
    await expect(page.get_by_text("On its way").first).to_be_visible()
    [hook] = await floor.office.rows(Webhook)
    async with floor.office.works.begin() as work:
        [event] = await webhooks.claim(work)
        await webhooks.keep(work, event.id, Answer(500, "", 12))
    found: list[str] = []
    for language, scheme in (("en", "light"), ("zh", "dark")):
        await page.goto(f"{floor.address}/me")
        other = page.locator(f"button[name=language][value={language}]")
        if await other.count():
            await other.click()
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in ("/integrations", f"/integrations/webhooks/{hook.id}", "/api/v1/docs"):
            await page.goto(floor.address + path)
            await page.set_viewport_size(PHONE)
            wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{path} runs {wider} px off {PHONE['width']} px"] if wider > 0 else []
            await page.set_viewport_size(DESK)
            found += [f"{path} in {language}: {each}" for each in await objections(page)]
    assert not found, "\n".join(found)


async def test_the_chain_checks_itself_to_its_end_once_asked(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_routes, "CHECKED_AT_ONCE", 20)
    page = await floor.sit_down("otto")
    await page.goto(f"{floor.address}/audit")
    await page.get_by_role("link", name="Check the chain").click()
    await expect(page.locator("#chain")).to_contain_text("The chain is intact")
    assert page.url.endswith("/audit")
