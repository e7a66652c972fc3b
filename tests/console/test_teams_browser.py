"""Teams set up in a real browser, on a telephone too, and the switch of who is there."""

import pytest
from playwright.async_api import expect

from tests.console.test_browser import Floor, fits, floor

__all__ = ["floor"]

pytestmark = pytest.mark.browser


async def test_a_manager_sets_a_team_up_and_an_agent_goes_on_a_break(floor: Floor) -> None:
    max_ = await floor.sit_down("max")
    await max_.goto(f"{floor.address}/teams")
    await fits(max_)
    await max_.get_by_role("main").get_by_role("link", name="New team").first.click()
    await max_.get_by_label("Name", exact=True).fill("Day team")
    await max_.get_by_label("Wednesday").fill("nine to five")
    await max_.get_by_role("button", name="Save the team").click()
    await expect(max_.get_by_text("Give hours such as")).to_be_visible()
    await fits(max_)
    await max_.get_by_label("Wednesday").fill("09:00-12:00, 13:00-17:00")
    await max_.get_by_label("Ana Costa").check()
    await max_.get_by_role("button", name="Save the team").click()
    await expect(max_.locator(".notice.good")).to_be_visible()
    await fits(max_)
    await max_.goto(f"{floor.address}/teams/people")
    await fits(max_)
    ana = await floor.sit_down("ana", "zh")
    await ana.goto(floor.address)
    await ana.locator(".status summary").click()
    await fits(ana)
    await ana.get_by_role("button", name="休息中").click()
    await expect(ana.locator(".status summary")).to_contain_text("休息中")
