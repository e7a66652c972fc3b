"""The page of a version of the limits in a real browser: reviewed, rebased by hand, and open to everybody's eyes."""

import re

import pytest
from playwright.async_api import expect

from core.actions import limit_approvals, limit_drafts
from core.policy import DEFAULT_VERSION, version_to_json
from tests.console.test_browser import Floor, fits, floor

__all__ = ["floor"]

pytestmark = pytest.mark.browser


async def _drafted(floor: Floor, login: str, note: str, **changes: object) -> limit_drafts.Saved:
    """A draft that changes China's credit cards, put forward for review."""
    body = version_to_json(DEFAULT_VERSION)
    [rule] = [rule for rule in body["rules"] if (rule["market"], rule["product"]) == ("cn", "credit_card")]
    rule["limits"] |= changes
    actor = floor.office.team[login]
    async with floor.office.works.begin() as work:
        saved = await limit_drafts.save_draft(work, actor, body, note)
        assert isinstance(saved, limit_drafts.Saved)
        await limit_drafts.ask_review(work, actor, saved.draft_id, saved.revision)
    return saved


async def test_two_managers_change_the_same_limit_and_neither_loses_it_silently(floor: Floor) -> None:
    first = await _drafted(floor, "max", "Shorter before the holidays", max_instalments=36, promise_max_days=10)
    second = await _drafted(floor, "ada", "A year and a half, as agreed", max_instalments=18)
    async with floor.office.works.begin() as work:
        await limit_approvals.approve(work, floor.office.team["max"], second.draft_id, second.revision)
    ada = await floor.sit_down("ada", "zh")
    await ada.goto(f"{floor.address}/limits")
    await fits(ada)
    await ada.get_by_role("link", name="Max Weber 的草稿").click()
    await expect(ada.get_by_role("button", name="批准")).to_have_count(0)
    await fits(ada)
    await ada.get_by_label("需要修改之处").fill("和第2版冲突，请选择。")
    await ada.get_by_role("button", name="退回").click()
    max_ = await floor.sit_down("max")
    await max_.goto(f"{floor.address}/limits/versions/{first.draft_id}")
    await fits(max_)
    await max_.get_by_label(re.compile("This draft: 36")).check()
    await max_.get_by_role("button", name="Put the draft on version 2").click()
    await expect(max_.locator(".notice.good")).to_contain_text("Nothing of either is lost")
    await max_.get_by_role("button", name="Ask for review").click()
    await ada.reload()
    await ada.get_by_label("定时生效").check()
    await ada.get_by_label("日期和时间").fill("2026-12-01T09:00")
    await fits(ada)
    await ada.get_by_role("button", name="批准").click()
    await expect(ada.locator(".notice.good")).to_contain_text("将在设定的时间生效")
    await max_.goto(f"{floor.address}/limits")
    await expect(max_.get_by_role("link", name="Version 3")).to_be_visible()
