"""What would change, in a real browser: a manager drafts, simulates and sends for review; another one reads it."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from core.actions import limit_drafts, what_ifs
from core.policy import DEFAULT_VERSION, version_to_json
from parley.what_ifs import Simulator
from tests.console.test_browser import Floor, fits, floor

__all__ = ["floor"]

pytestmark = pytest.mark.browser


async def test_a_manager_drafts_simulates_and_sends_for_review_and_another_reads_the_figures(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_ifs, "FEWEST_PEOPLE", 150)
    max_ = await floor.sit_down("max")
    await max_.goto(f"{floor.address}/limits/edit?market=cn&product=credit_card")
    await max_.get_by_label("Most instalments").fill("6")
    await max_.get_by_label("What changes, and why").first.fill("Shorter plans")
    await max_.get_by_role("button", name="Save in my draft").click()
    section = max_.locator("#what-if")
    await fits(max_)
    await section.get_by_role("button", name="What would change").click()
    await expect(section.get_by_role("progressbar")).to_be_visible()
    await fits(max_)
    worker = asyncio.create_task(Simulator(floor.office.works, 1).run())
    try:
        await expect(section.get_by_text("Cases simulated")).to_be_visible(timeout=60_000)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    await expect(section.get_by_role("row", name=re.compile("China · Credit card Most instalments"))).to_be_visible()
    await expect(
        section.get_by_role("img", name=re.compile("Recovery and what people have left")).first
    ).to_be_visible()
    await fits(max_)
    await max_.get_by_role("button", name="Ask for review").click()
    await expect(max_.locator(".notice.good")).to_contain_text("Another manager sees it")
    ada = await floor.sit_down("ada", "zh")
    await ada.goto(f"{floor.address}/limits")
    await ada.get_by_role("link", name="Max Weber 的草稿").click()
    await expect(ada.locator("#what-if")).to_contain_text("Max Weber 于")
    await expect(ada.get_by_role("button", name="批准")).to_be_visible()
    await fits(ada)
    async with ada.expect_download() as downloading:
        await ada.get_by_role("link", name="导出CSV").click()
    download = await downloading.value
    assert download.suggested_filename.endswith(".csv")


async def test_a_draft_of_another_manager_appears_without_a_reload_and_typed_words_stay(floor: Floor) -> None:
    ada = await floor.sit_down("ada")
    async with ada.expect_response(re.compile("/limits$")):
        await ada.goto(f"{floor.address}/limits")
    await expect(ada.get_by_role("link", name="Draft by Max Weber")).to_have_count(0)
    works, actor = floor.office.works, floor.office.team["max"]
    async with works.begin() as work:
        body = version_to_json(DEFAULT_VERSION)
        body["rules"][0]["limits"] |= {"promise_max_days": 9}
        saved = await limit_drafts.save_draft(work, actor, body, "Nine days")
        assert isinstance(saved, limit_drafts.Saved)
    await expect(ada.get_by_role("link", name="Draft by Max Weber")).to_be_visible()
    async with works.begin() as work:
        await limit_drafts.ask_review(work, actor, saved.draft_id, saved.revision)
    await ada.get_by_role("link", name="Draft by Max Weber").click()
    why = ada.get_by_label("What should be put right")
    await why.fill("Nine days are few")
    async with ada.expect_response(re.compile("seen=")), works.begin() as work:
        work.notify("limits")
    await expect(why).to_have_value("Nine days are few")
    async with works.begin() as work:
        await limit_drafts.send_back(work, actor, saved.draft_id)
    await expect(why).to_have_count(0)
    await expect(ada.get_by_role("button", name="Approve")).to_have_count(0)
