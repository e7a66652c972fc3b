"""Keys, palette, calls and settings in a real Chromium; every page open to everyone's senses, whatever its size."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from console.routes import preferences
from core.actions import limits
from core.policy import DEFAULT_VERSION, version_to_json
from core.store.tables import Conversation
from tests.console.full_house import House
from tests.console.test_browser import TOM, Floor, floor, floor_of
from tests.console.visits import Walks

__all__ = ["floor"]

pytestmark = pytest.mark.browser

SIZES = {360: 740, 768: 1024, 1280: 800, 2560: 1300}
"""Widths of screens and their heights: a phone, a tablet, a desk, a wall."""

WRONG = "/limits/edit?market=cn&least=5&below=5"
FINER = "/limits/edit?market=cn&product=credit_card&bucket=M1&segment=hardship"
EVERYWHERE = os.environ.get("PARLEY_LOOKS") == "all"
"""Whether axe looks at each page in both schemes on a phone and on a wall too, as `make nightly` has it."""

LIES_BADLY = """(mostEm) => {
  const found = [];
  const wider = document.documentElement.scrollWidth - innerWidth;
  if (wider > 0) found.push(`runs ${wider} px off the screen`);
  const seen = (each) => each.checkVisibility() && each.getBoundingClientRect().height > 0;
  const meet = (one, other) => {
    const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    return across > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  };
  const main = document.getElementById("main");
  for (const head of document.querySelectorAll("header.side, main > .top")) {
    const others = head.matches(".side") ? [main] : [...main.children].filter((each) => each !== head);
    const over = others.filter((each) => seen(head) && seen(each) && meet(head, each));
    for (const each of over) found.push(`${each.tagName}#${each.id} ${each.className} lies over ${head.className}`);
  }
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, holds = node.parentElement;
    if (node.data.trim().length < 60 || !seen(holds) || holds.closest("pre, textarea, select, .words")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const widest = Math.max(...[...range.getClientRects()].map((each) => each.width));
    const em = Math.round(widest / parseFloat(getComputedStyle(holds).fontSize));
    if (em > mostEm) found.push(`a line of ${em} em: ${node.data.trim().slice(0, 60)}`);
  }
  return found;
}"""
MOST_EM = 62
"""As wide may a line of words be: about 120 letters, or 62 Chinese characters."""


async def pages(context: BrowserContext, floor: Floor, addresses: Sequence[str]) -> list[str]:
    """Those of the addresses that answer with a page of their own to who is signed in."""
    found = []
    for path in addresses:
        answer = await context.request.get(floor.address + path, max_redirects=0)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status == 200 and is_page and (await answer.text()).startswith("<!DOCTYPE"):
            found.append(path)
    return sorted(set(found))


async def look_at(page: Page, language: str, looked_at: Sequence[str]) -> list[str]:
    """What is wrong with the page that is open, on screens of each size."""
    found: list[str] = []
    path = page.url.split("/", 3)[3]
    for width, height in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        badly = await page.evaluate(LIES_BADLY, MOST_EM)
        found += [f"/{path} in {language}, {width} px: {each}" for each in badly]
        schemes = {1280: looked_at, 360: looked_at[:1]}.get(width, ())
        for scheme in looked_at if EVERYWHERE and width in (360, 2560) else schemes:
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"/{path} in {language}, {scheme}, {width} px: {each}" for each in await objections(page)]
    return found


async def objections(page: Page) -> list[str]:
    """What axe holds against the page as it is now."""
    results = await Axe().run(page)
    return [f"{each['id']} {each['nodes'][0]['html'][:160]}" for each in results.response["violations"]]


@pytest.fixture
async def lived_floor(full_house: House, chromium: Browser) -> AsyncIterator[Floor]:
    """The console of a house with something on every page, being served."""
    async with floor_of(full_house.office, chromium) as opened:
        yield opened


@pytest.mark.timeout(3600 if EVERYWHERE else 1500)
async def test_no_page_shuts_anyone_out_or_runs_off_a_screen_of_any_size(lived_floor: Floor, full_house: House) -> None:
    floor = lived_floor
    page = await floor.sit_down("ada", reduced_motion="reduce")
    known = Walks(full_house).addresses()
    addresses = [*await pages(page.context, floor, known), WRONG, FINER, "/nothing-here"]
    shown = {"/?box=all", "/approvals", "/limits", "/audit", "/users", "/me", "/teams/1", "/integrations/webhooks/1"}
    assert shown <= set(addresses)
    found: list[str] = []
    for locale in ("en-GB", "zh-CN"):
        context = await floor.browser.new_context(locale=locale)
        floor.contexts.append(context)
        stranger = await context.new_page()
        await stranger.goto(f"{floor.address}/login")
        found += await look_at(stranger, locale, ("light", "dark"))
    for language, looked_at in (("en", ("light", "dark")), ("zh", ("dark", "light"))):
        await page.goto(f"{floor.address}/me")
        other = page.locator(f"button[name=language][value={language}]")
        if await other.count():
            await other.click()
            await expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
        for path in addresses:
            await page.goto(floor.address + path)
            found += await look_at(page, language, looked_at)
    assert not found, "\n".join(found)


async def test_the_keyboard_alone_takes_answers_and_closes(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    keys = page.keyboard
    await page.goto(f"{floor.address}/?box=queue")
    await keys.press("j")
    await keys.press("j")
    await keys.press("k")
    chosen = await page.evaluate("document.activeElement.getAttribute('href')")
    await keys.press("Enter")
    await page.wait_for_url(re.compile(chosen))
    await keys.press("t")
    reply = page.locator("#reply-text")
    await expect(reply).to_be_focused()
    await keys.type("Hello, I am Ana. Take all the time that you need.")
    await keys.press("Control+Enter")
    await expect(page.locator(".message.agent .text").last).to_contain_text("Take all the time")
    await expect(reply).to_have_value("")
    await keys.press("Escape")
    await keys.press("n")
    await expect(page.locator("#note-text")).to_be_focused()
    await keys.type("e t b are letters here")
    await keys.press("Escape")
    await keys.press("e")
    await expect(page.locator("form[action$='/close'] select[name=outcome]")).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Tab")
    for _ in range(4):
        if await page.evaluate("document.activeElement.matches('button')"):
            break
        await keys.press("Tab")
    await keys.press("Enter")
    number = int(chosen.rpartition("/")[2])
    await expect(page.locator("#composer .locked")).to_be_visible()
    [row] = await floor.office.rows(Conversation, id=number)
    assert row.state == "closed"


async def test_the_keys_are_listed_and_go_where_they_say_and_can_be_switched_off(floor: Floor) -> None:
    page = await floor.sit_down("sue")
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    await expect(dialog.get_by_text("Hand back to the assistant")).to_be_visible()
    await expect(dialog.get_by_text("Approvals")).to_be_visible()
    await expect(dialog.get_by_text("Audit")).to_have_count(0)
    assert await objections(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await page.wait_for_url(re.compile("/approvals"))
    await page.goto(f"{floor.address}/me")
    await page.get_by_label("Letters as shortcuts").uncheck()
    await page.get_by_role("button", name="Keep these settings").click()
    await expect(page.get_by_text("Kept.")).to_be_visible()
    await page.keyboard.press("?")
    await expect(dialog).to_be_hidden()


async def test_the_palette_finds_pages_in_both_languages_and_what_can_be_done_here(floor: Floor) -> None:
    page = await floor.sit_down("sue")
    field = page.get_by_role("combobox", name="Find a page, an action, a person or a reference")
    for typed in ("aprv", "审批"):
        await page.keyboard.press("Control+k")
        await expect(field).to_be_focused()
        await field.fill(typed)
        first = page.get_by_role("option").first
        await expect(first).to_contain_text("Approvals")
        await expect(first).to_have_attribute("aria-selected", "true")
        assert await objections(page) == []
        await page.keyboard.press("Enter")
        await page.wait_for_url(re.compile("/approvals"))
        await page.goto(floor.address)
    await page.keyboard.press("Control+k")
    await field.fill("Dana R")
    await expect(page.get_by_role("option", name=re.compile("^Dana Reyes.*HB-20417.*Conversation"))).to_be_visible()
    await field.fill("take over")
    await expect(page.get_by_role("option", name=re.compile("^Take over Action"))).to_have_count(0)
    await page.keyboard.press("Escape")
    await floor.open(page, 0)
    await page.keyboard.press("Control+k")
    await field.fill("take over")
    await page.keyboard.press("Enter")
    await expect(page.locator("#reply-text")).to_be_visible()


NOTICES = """
  window.told = [];
  window.Notification = class extends EventTarget {
    static permission = "granted";
    constructor(title, options) { super(); window.told.push([title, options.body]); }
  };
"""


async def until_told(page: Page, title: str) -> None:
    async with asyncio.timeout(20):
        while title not in str(await page.evaluate("window.told")):  # noqa: ASYNC110  the page has no event to wait for
            await asyncio.sleep(0.1)


async def test_what_comes_between_two_pages_calls_too_and_only_once(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preferences, "OVERLAP", timedelta(minutes=1))
    page = await floor.sit_down("ana")
    await page.add_init_script(NOTICES)
    async with page.expect_response(re.compile("/me/alerts")):
        await page.reload()
    await page.goto("about:blank")
    await floor.office.tell(TOM, "Are you there?", "greet")
    await page.goto(f"{floor.address}/me")
    await until_told(page, "Tom Hargreaves has written")
    async with page.expect_response(re.compile("/me/alerts")) as answer:
        await page.goto(floor.address)
    assert [each["title"] for each in (await (await answer.value).json())["news"]] == ["Tom Hargreaves has written"]
    await page.wait_for_timeout(300)
    assert await page.evaluate("window.told") == []


async def test_a_reply_and_a_hand_off_call_once_without_what_was_said(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await page.add_init_script(NOTICES)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/me/alerts" in request.url else None)
    async with page.expect_response(re.compile("/me/alerts")):
        await page.goto(f"{floor.address}/me")
    assert await page.evaluate("window.told") == []
    await floor.office.tell(TOM, "My secret worry", "greet")
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    for number in range(4):
        await floor.office.tell(9, f"A person, please {number}", "talk_to_human")
    await until_told(page, "Owen Price")
    await page.wait_for_timeout(2500)
    told: list[list[Any]] = await page.evaluate("window.told")
    assert [title for title, _ in told if title.startswith("Tom")] == ["Tom Hargreaves has written"]
    assert [title for title, _ in told if title.startswith("Owen")] == ["Owen Price needs a person"]
    assert "secret" not in str(told)
    assert len(asked) <= 6


async def test_a_page_comes_dark_and_large_from_its_first_byte(floor: Floor) -> None:
    page = await floor.sit_down("ana", color_scheme="light")
    await page.goto(f"{floor.address}/me")
    await page.get_by_role("radio", name="Dark").check()
    await page.get_by_role("radio", name="Largest").check()
    await page.get_by_role("button", name="Keep these settings").click()
    await page.wait_for_url(re.compile("kept"))
    html = await (await page.context.request.get(floor.address)).text()
    assert re.search(r'<html lang="en" data-theme="dark" data-text="largest"', html)
    await page.goto(floor.address)
    paper, size = await page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).fontSize]"
    )
    assert (paper, size) == ("rgb(17, 22, 28)", "19px")


async def test_new_limits_are_obeyed_by_the_next_offer_on_an_open_desk(floor: Floor) -> None:
    page = await floor.sit_down("ana")
    await floor.open(page, TOM)
    await page.get_by_role("radio", name="Number of payments").check()
    count = page.locator("#desk input[name=count]")
    await page.locator("#desk input[name=total]").fill("")
    await count.fill("3")
    preview = page.locator("#desk-preview")
    await expect(preview.locator("tbody tr")).to_have_count(3)
    await expect(preview).to_contain_text("Inside the limits")
    async with floor.office.works.begin() as work:
        published = await limits.publish_unreviewed(work, floor.office.team["max"], strict(), "Two payments only")
    assert isinstance(published, limits.Published)
    await page.get_by_role("button", name="Send as an offer").click()
    await expect(preview).to_contain_text("Outside the limits")
    await expect(preview).to_contain_text("3 asked, 2 allowed")
    await expect(page.locator("#desk")).not_to_contain_text("The offer is on its way")


def strict() -> dict[str, Any]:
    """The shipped limits, with plans of two payments at most."""
    body = version_to_json(DEFAULT_VERSION)
    for rule in body["rules"]:
        rule["limits"] |= {"max_instalments": 2}
    return body
