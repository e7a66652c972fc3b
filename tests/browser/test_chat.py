"""The web chat in a real browser: from the link to an agreed plan, on a phone and at a desk, in both languages."""

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import expect

from bot.app import create_webchat
from core.actions import replies, takeover
from core.actions.values import Actor
from core.store.tables import Conversation, Message, Outbox
from tests.bot.scene import open_bank
from tests.bot.serving import served
from tests.support.ports import free_port

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 860}}


@pytest.fixture
async def bank(migrated_sqlite_url, tmp_path):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with open_bank(migrated_sqlite_url, tmp_path, address, embed_origins=(address,)) as opened:
        application = FastAPI()
        application.include_router(create_webchat(opened.services))

        @application.get("/creditor")
        async def creditor(code: str) -> HTMLResponse:
            return HTMLResponse(f'<h1>Harbour</h1><script src="/widget.js" data-code="{code}"></script>')

        async with served(application, port):
            await opened.start()
            yield opened
            opened.services.closing.set()


@asynccontextmanager
async def visitor(chromium, **options):
    """A page in a browser of its own; what the console complains of fails the test."""
    context = await chromium.new_context(**({"locale": "en-US"} | options))
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    try:
        yield page
        assert complaints == []
    finally:
        await context.close()


async def url_of(bank, code: str) -> str:
    return f"{bank.services.options.public_url}/c/{code}"


async def arrive(page, bank, case: str = "en") -> str:
    """Open the chat of a case by a new link, and wait for the greeting."""
    url = await url_of(bank, await bank.link(getattr(bank, case)))
    await page.goto(url)
    await expect(page.locator(".from-bot")).to_have_count(2)
    return url


async def write(page, words: str) -> None:
    await page.locator("#text").fill(words)
    await page.keyboard.press("Enter")


async def verify(page, case: str = "en") -> None:
    facts = ("April 12, 1990", "4471") if case == "en" else ("1988年9月3日", "6620")
    for number, fact in enumerate(facts):
        await write(page, fact)
        await expect(page.locator(".from-bot")).to_have_count(3 + number)


async def texts(page) -> list[str]:
    found = await page.locator("#log .bubble").all_inner_texts()
    return [re.sub(r"\s+", " ", text) for text in found]


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "words",
    [
        ("en", "what are my options?", "$100.00", "Yes", "Open the agreement"),
        ("zh", "有什么方案？", "¥400.00", "可以", "查看和下载协议"),
    ],
)
async def test_from_the_link_to_an_agreed_plan(bank, chromium, screen, words):
    case, question, offer, yes, copy = words
    async with visitor(chromium, **screen) as page:
        await arrive(page, bank, case)
        await expect(page.locator("#label")).to_contain_text("AI")
        await verify(page, case)
        await write(page, question)
        await page.locator(".chip", has_text=offer).first.click()
        await page.locator(".chip", has_text=yes).first.click()
        link = page.get_by_role("link", name=copy)
        await expect(link).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.goto(await link.get_attribute("href"))
        await expect(page.get_by_role("row")).to_have_count(25)
        pdf = await page.context.request.get(f"{page.url}.pdf")
        assert (await pdf.body()).startswith(b"%PDF")


async def test_a_connection_lost_midway_loses_and_doubles_nothing(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank)
        await page.context.set_offline(True)
        await expect(page.locator("#banner")).to_be_visible()
        await write(page, "April 12, 1990")
        await asyncio.sleep(0.3)
        await page.context.set_offline(False)
        await expect(page.locator(".from-bot")).to_have_count(3)
        await expect(page.locator("#banner")).to_be_hidden()
        await expect(page.locator(".pending, .failed")).to_have_count(0)
        before = await texts(page)
        assert sum("April 12, 1990" in text for text in before) == 1
        await page.reload()
        await expect(page.locator("#log .bubble")).to_have_count(len(before))
        assert await texts(page) == before
    assert [row.text for row in await bank.rows(Message) if row.direction == "in"] == ["", "April 12, 1990"]


async def test_an_answer_whose_response_was_lost_is_repeated_and_taken_once(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank)
        cuts: list[object] = []

        async def cut(route):
            if cuts:
                await route.continue_()
                return
            cuts.append(await route.fetch())
            await route.abort("connectionreset")

        await page.route("**/messages", cut)
        await write(page, "hello")
        await expect(page.locator(".from-bot")).to_have_count(3)
        await asyncio.sleep(1)
        assert len([text for text in await texts(page) if "hello" in text]) == 1
    assert [row.text for row in await bank.rows(Message) if row.direction == "in"] == ["", "hello"]


async def test_a_pressed_button_is_still_named_after_a_reload(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank)
        await verify(page)
        await write(page, "what are my options?")
        await page.locator(".chip", has_text="$100.00").click()
        await expect(page.locator(".from-bot")).to_have_count(6)
        await page.reload()
        await expect(page.locator("#log .me").last).to_contain_text("$100.00 a month")


async def test_a_forwarded_link_tells_nothing_that_was_said(bank, chromium):
    async with visitor(chromium) as page:
        url = await arrive(page, bank)
        await verify(page)
    async with visitor(chromium) as stranger:
        await stranger.goto(url)
        await expect(stranger.locator(".from-bot")).to_have_count(2)
        assert not any("$" in text or "Dana" in text for text in await texts(stranger))
    assert len(await bank.rows(Conversation)) == 2


@pytest.mark.parametrize(("code", "status", "words"), [("nothing", 404, "没有找到对话"), (None, 410, "链接已失效")])
async def test_a_link_that_opens_nothing_says_so_in_both_languages(bank, chromium, code, status, words):
    if code is None:
        code = await bank.link(bank.en, days=1)
        bank.clock.advance(timedelta(days=2))
    async with visitor(chromium, **PHONE, locale="zh-CN") as page:
        answer = await page.goto(await url_of(bank, code))
        assert answer.status == status
        await expect(page.get_by_role("heading", name=words)).to_be_visible()
        await expect(page.locator("section")).to_have_count(2)


async def test_a_link_that_expires_midway_says_so_and_stops(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank)
        bank.clock.advance(timedelta(days=15))
        await write(page, "hello")
        await expect(page.locator("#banner")).to_contain_text("expired")
        await expect(page.locator("#text")).to_be_disabled()


async def ana(bank) -> Actor:
    return Actor(await bank.agent(), "ana", "Ana Lopez", "agent")


async def test_a_person_who_takes_over_is_shown_by_name_and_the_bot_is_silent(bank, chromium):
    async with visitor(chromium, **PHONE) as page:
        await arrive(page, bank)
        await verify(page)
        await page.locator("#person").click()
        await expect(page.locator(".note")).to_contain_text("colleague")
        actor = await ana(bank)
        (conversation,) = await bank.rows(Conversation)
        async with bank.works.begin() as work:
            await takeover.take_over(work, conversation.id, actor)
        await expect(page.locator("#status")).to_have_text("Ana Lopez is here")
        async with bank.works.begin() as work:
            await replies.reply_as_agent(work, conversation.id, actor, "Hello Dana, Ana here.", "key-1")
        await expect(page.locator(".from-agent .name")).to_have_text("Ana Lopez", timeout=8_000)
        bots = await page.locator(".from-bot").count()
        await write(page, "hello Ana")
        await asyncio.sleep(0.5)
        assert await page.locator(".from-bot").count() == bots


async def test_what_is_withheld_is_never_seen(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank)
        (conversation,) = await bank.rows(Conversation)
        async with bank.works.begin() as work:
            for state in ("withheld", "failed"):
                message = Message(
                    conversation_id=conversation.id, direction="out", author="bot", channel="web",
                    text=f"this was {state}", buttons=[], at=work.now,
                )  # fmt: skip
                work.session.add(message)
                await work.session.flush()
                work.session.add(
                    Outbox(
                        message_id=message.id, conversation_id=conversation.id, channel="web", state=state,
                        address=conversation.address, author="bot", clearance={}, due_at=work.now,
                    )
                )  # fmt: skip
            work.notify(f"conversation:{conversation.id}")
        await write(page, "hello")
        await expect(page.locator(".from-bot")).to_have_count(3)
        assert not any("this was" in text for text in await texts(page))


async def test_enter_while_an_input_method_composes_sends_nothing(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank, "zh")
        await page.locator("#text").fill("ni hao")
        await page.evaluate(
            """() => document.getElementById("text").dispatchEvent(
                new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
        )
        await expect(page.locator("#text")).to_have_value("ni hao")
        await expect(page.locator("#log .me")).to_have_count(0)


async def test_4096_characters_go_and_more_stay_in_the_box_with_a_hint(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank)
        await write(page, "a" * 4097)
        await expect(page.locator("#hint")).to_contain_text("4,096")
        assert len(await page.locator("#text").input_value()) == 4097
        await write(page, "a" * 4096)
        await expect(page.locator(".from-bot")).to_have_count(3)
    assert len((await bank.rows(Message))[-2].text) == 4096


async def test_a_picture_is_kept_for_the_agent_and_anything_else_refused_kindly(bank, chromium):
    async with visitor(chromium) as page:
        await arrive(page, bank)
        await verify(page)
        picture = {"name": "slip.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 100}
        await page.locator("#file").set_input_files(picture)
        await expect(page.locator(".from-bot").last).to_contain_text("kept it for my colleagues")
        await page.locator("#file").set_input_files({**picture, "buffer": b"<script>"})
        await expect(page.locator("#hint")).to_contain_text("can't take this file")
    (kept,) = [row.attachment for row in await bank.rows(Message) if row.attachment]
    assert bank.services.files.path(kept["digest"]).read_bytes().startswith(b"\x89PNG")
    assert kept["name"] == "slip.png"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_chat_the_copy_and_a_closed_door_are_accessible(bank, chromium, scheme):
    async with visitor(chromium, **PHONE, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True) as page:
        await arrive(page, bank)
        await verify(page)
        await write(page, "what are my options?")
        await page.locator(".chip", has_text="$100.00").click()
        await expect(page.locator(".from-bot")).to_have_count(6)
        await clean(page)
        await page.locator(".chip", has_text="Yes").click()
        await page.goto(await page.get_by_role("link", name="Open the agreement").get_attribute("href"))
        await clean(page)
        await page.goto(await url_of(bank, "nothing"))
        await clean(page)


async def clean(page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_the_widget_opens_the_chat_in_a_frame(bank, chromium):
    async with visitor(chromium, **DESK) as page:
        await page.goto(f"{bank.services.options.public_url}/creditor?code={await bank.link(bank.en)}")
        await page.get_by_role("button", name="Chat with us").click()
        frame = page.frame_locator("iframe")
        await expect(frame.locator(".from-bot")).to_have_count(2)
        await page.get_by_role("button", name="Close").click()
        await expect(page.locator("iframe")).to_be_hidden()


async def test_only_configured_pages_may_frame_the_chat(bank, chromium):
    async with visitor(chromium) as page:
        url = await url_of(bank, await bank.link(bank.en))
        alone = await page.context.request.get(url)
        framed = await page.context.request.get(f"{url}?embed=1")
        policy = alone.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert f"frame-ancestors 'self' {bank.services.options.public_url}" in framed.headers["content-security-policy"]
        assert "HttpOnly" in alone.headers["set-cookie"]
