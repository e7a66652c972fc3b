"""The tests' browser starts and draws Chinese."""

import pytest

pytestmark = pytest.mark.browser


async def test_the_browser_shows_a_page_in_chinese(chromium):
    context = await chromium.new_context(locale="zh-CN")
    page = await context.new_page()
    await page.set_content("<h1>和谈</h1>")
    assert await page.get_by_role("heading").inner_text() == "和谈"
    await context.close()
