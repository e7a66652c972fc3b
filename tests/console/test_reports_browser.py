"""Reports in a real browser: charts are drawn, figures open their rows, files arrive; light, dark, both languages."""

import re
from datetime import date

import pytest
from playwright.async_api import Page, expect

from core.actions import payments
from core.money import Money
from tests.console.test_browser import Floor, fits, floor
from tests.console.test_reports import address
from tests.console.test_reports_counting import count_all

__all__ = ["floor"]

pytestmark = pytest.mark.browser


async def drawn(page: Page) -> int:
    """How many charts have something drawn in them."""
    return int(
        await page.evaluate(
            """() => [...document.querySelectorAll(".chart canvas")].filter((canvas) =>
                 canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)).length"""
        )
    )


async def test_a_manager_reads_a_report_opens_its_rows_and_takes_them_along(floor: Floor) -> None:
    async with floor.office.works.begin() as work:
        for person, amount in ((6, Money(120000, "CNY")), (0, Money(9900, "USD"))):
            await payments.record(work, floor.office.case_ids[person], amount, "P", date(2026, 11, 24))
    await count_all(floor.office.works)
    page = await floor.sit_down("max")
    for tab, charts in (("agreements", 3), ("money", 4), ("service", 3), ("care", 4)):
        await page.goto(f"{floor.address}{address(tab)}")
        await expect(page.locator(".chart [role=img]").first).to_be_visible()
        assert await drawn(page) == charts, tab
        await fits(page)
    await page.goto(f"{floor.address}{address('agreements')}")
    await page.locator(".cards").get_by_role("link", name="88.9%").click()
    await expect(page.get_by_text("8 rows")).to_be_visible()
    await fits(page)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Excel").click()
    assert (await downloading.value).suggested_filename == "right-party-2026-11-20-2026-11-24.xlsx"


async def test_reports_read_in_chinese_and_in_the_dark(floor: Floor) -> None:
    await count_all(floor.office.works)
    page = await floor.sit_down("sue", "zh", color_scheme="dark")
    await page.goto(f"{floor.address}{address('care')}")
    await expect(page.get_by_role("heading", name="报表")).to_be_visible()
    assert await drawn(page) > 0
    await fits(page)
    assert not re.search(r"[a-z]{4,}", await page.locator(".cards").inner_text())


async def test_without_scripts_the_tables_say_it_all(floor: Floor) -> None:
    await count_all(floor.office.works)
    page = await floor.sit_down("sue", java_script_enabled=False)
    await page.goto(f"{floor.address}{address('service')}")
    await expect(page.locator(".chart").first).to_be_hidden()
    await expect(page.get_by_role("table", name=None).first).to_be_visible()
    await expect(page.get_by_role("rowheader", name="Disputes the debt")).to_be_visible()
