"""The whole house in one process, as it is served: web chat, console, sender, sweeper; people sit down at it."""

import asyncio
import csv
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from sqlalchemy import select

from bot.services import BotServices
from core.actions import links, users
from core.actions.portfolio import find_case
from core.clock import FixedClock
from core.settings import Settings
from core.store.tables import Table
from parley.demo.people import TO_BE, Person
from parley.portfolio.load import load
from parley.portfolio.sample import HEADERS
from parley.processes import Part, Process, application, process
from tests.bot.serving import served
from tests.support.model import lend_model
from tests.support.ports import free_port

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""10:00 in New York, 15:00 in London, 23:00 in Shanghai."""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PASSWORD = "a long password"
TEAM = (
    ("ana", "Ana Torres", "agent"),
    ("ben", "Ben Ito", "agent"),
    ("max", "Max Lindner", "manager"),
    ("ada", "Ada Osei", "admin"),
)
DANA, LIN, TOM = TO_BE[0], TO_BE[1], TO_BE[2]
"""12 days late in New York, 60 days late in Shanghai, 74 days late in London."""
ALL: frozenset[Part] = frozenset(("console", "bot", "worker"))


@dataclass
class House:
    """`address` is where everything is served; `stop` and `start` are a process that goes down and comes back."""

    running: Process
    clock: FixedClock
    browser: Browser
    port: int
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _serving: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bot(self) -> BotServices:
        """The debtor's side."""
        assert self.running.bot is not None
        return self.running.bot

    async def start(self) -> None:
        """Serve until `stop`."""
        self._serving = AsyncExitStack()
        self.bot.closing.clear()
        await self._serving.enter_async_context(served(application(self.running, set(ALL)), self.port))

    async def stop(self) -> None:
        """Serve no longer; open streams end."""
        self.bot.closing.set()
        await self._serving.aclose()

    async def rows(self, table: type[Table], **where: Any) -> list[Any]:
        """The rows of a table, oldest first."""
        async with self.running.works.read() as session:
            return list((await session.scalars(select(table).filter_by(**where).order_by(table.id))).all())

    async def case_of(self, person: Person) -> int:
        async with self.running.works.read() as session:
            return (await find_case(session, person.reference, None)).case_id

    async def debtor(self, person: Person, *, verified: bool = True) -> "Debtor":
        """The person on a phone, arrived by a new link, the identity check passed unless told."""
        case_id = await self.case_of(person)
        async with self.running.works.begin() as work:
            code = await links.issue(work, case_id, 14)
        page = await self._page(PHONE, locale="zh-CN" if person.language == "zh" else "en-GB")
        await page.goto(f"{self.address}/c/{code}")
        debtor = Debtor(page, person)
        await expect(debtor.bot).to_have_count(2)
        if verified:
            await debtor.say(person.birth_date)
            await debtor.say(person.phone[-4:])
        return debtor

    async def member(self, login: str) -> "Member":
        """Someone of the team at a desk, signed in."""
        page = await self._page(DESK, locale="en-GB")
        await page.goto(f"{self.address}/login")
        await page.fill("[name=login]", login)
        await page.fill("[name=password]", PASSWORD)
        await page.click(".login .primary")
        await page.wait_for_url(f"{self.address}/")
        return Member(page, self.address)

    async def leave(self) -> None:
        """Everybody closes their windows; what browsers objected to fails the test."""
        while self.contexts:
            await self.contexts.pop().close()
        objections, self.complaints[:] = list(self.complaints), []
        assert objections == []

    async def _page(self, screen: dict[str, Any], **options: Any) -> Page:
        context = await self.browser.new_context(**screen, **options)
        self.contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            self.complaints.append(message.text)


@dataclass
class Debtor:
    """A phone with the chat open."""

    page: Page
    person: Person

    @property
    def bot(self) -> Any:
        return self.page.locator(".from-bot")

    @property
    def agent(self) -> Any:
        return self.page.locator(".from-agent")

    @property
    def last(self) -> Any:
        """What the bot said last."""
        return self.bot.last

    async def write(self, words: str) -> None:
        """Send words without waiting for anything."""
        await self.page.locator("#text").fill(words)
        await self.page.keyboard.press("Enter")

    async def say(self, words: str) -> None:
        """Send words, and wait for the bot's answer."""
        before = await self.bot.count()
        await self.write(words)
        await expect(self.bot).not_to_have_count(before)
        await expect(self.page.locator("#typing")).to_be_hidden()

    async def press(self, label: str) -> None:
        """Press the newest button with these words, and wait for the bot's answer."""
        before = await self.bot.count()
        await self.page.locator(".chip", has_text=label).last.click()
        await expect(self.bot).not_to_have_count(before)

    async def transcript(self) -> list[str]:
        return await self.page.locator("#log .bubble").all_inner_texts()


@dataclass
class Member:
    """A desktop with the console open."""

    page: Page
    address: str

    async def open(self, name: str) -> None:
        """The queue's newest conversation of this debtor."""
        await self.page.goto(f"{self.address}/?box=queue")
        await self.page.get_by_role("link", name=name).last.click()
        await expect(self.page.locator("h1")).to_have_text(name)

    async def take(self) -> None:
        """Take over, and be able to write."""
        await self.page.get_by_role("button", name="Take over").click()
        await expect(self.reply).to_be_visible()

    @property
    def reply(self) -> Any:
        return self.page.locator("#reply-text")

    async def send(self, words: str) -> None:
        await self.reply.fill(words)
        await self.page.get_by_role("button", name="Send", exact=True).click()


@asynccontextmanager
async def open_house(browser: Browser, data_dir: Path, people: tuple[Person, ...]) -> AsyncIterator[House]:
    """A house with these people's cases, its limits the shipped ones."""
    port = free_port()
    settings = Settings(
        data_dir=data_dir,
        database_url=f"sqlite+aiosqlite:///{data_dir / 'parley.db'}",
        public_url=f"http://127.0.0.1:{port}",
        port=port,
        redis_url=None,
        telegram_token=None,
    )
    await asyncio.to_thread(lend_model, data_dir)
    clock = FixedClock(MONDAY)
    async with process(settings, set(ALL), clock) as running:
        await _furnish(running, data_dir, people)
        house = House(running, clock, browser, port)
        await house.start()
        jobs = asyncio.create_task(house.bot.run())
        try:
            yield house
        finally:
            await house.stop()
            await house.bot.close()
            jobs.cancel()
            with suppress(asyncio.CancelledError):
                await jobs


async def _furnish(running: Process, data_dir: Path, people: tuple[Person, ...]) -> None:
    for login, name, role in TEAM:
        async with running.works.begin() as work:
            await users.create(work, login, name, role, PASSWORD)
    path = data_dir / "portfolio.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(person.row() for person in people)
    outcome = await load(path, running.works)
    assert outcome.rejected == 0


def next_day_of_month(today: date, day: int) -> date:
    """The next date with this day of the month, today left out."""
    month = today.month - 1 + (day <= today.day)
    return date(today.year + month // 12, month % 12 + 1, day)
