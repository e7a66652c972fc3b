"""The past of the demo: played once, through the real actions, so that every figure of the reports opens its rows."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.options import BotOptions
from core.actions import report_facts
from core.clock import FixedClock
from core.settings import Settings
from core.store.tables import Audit, Callback, Complaint, Conversation, Message, Outbox, Plan, Policy, QualityReview
from core.work import Works
from parley.demo.past.begin import begin
from parley.demo.past.play import play
from parley.demo.past.stories import DAYS
from parley.demo.people import PASSWORD
from parley.installation import open_works
from parley.understanding import engine_named
from tests.console.conftest import Browser, browser_on, console_over, words
from tests.support.model import lend_model

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TABS = ("agreements", "money", "service", "care")


@pytest.fixture(scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Works]:
    """Works on which the past has been played and counted."""
    folder: Path = tmp_path_factory.mktemp("demo")
    (folder / "demo").mkdir()
    settings = Settings(data_dir=folder, database_url=f"sqlite+aiosqlite:///{folder / 'parley.db'}", redis_url=None)
    lend_model(folder)
    team = await begin(settings, NOW)
    assert team is not None
    assert await begin(settings, NOW) is None
    async with open_works(settings, FixedClock(NOW)) as works:
        await play(works, engine_named(settings, "local"), BotOptions(), team, NOW, asyncio.Event())
        while await report_facts.follow(works):
            pass
        yield works


async def _count(works: Works, of: object, *where: object) -> int:
    async with works.read() as session:
        return await session.scalar(select(func.count()).select_from(of).where(*where)) or 0  # type: ignore[arg-type]


async def _manager(works: Works) -> Browser:
    browser = await browser_on(console_over(works))
    await browser.sign_in("max", PASSWORD)
    return browser


async def test_eight_weeks_of_conversations_have_happened_and_no_message_waits(lived: Works) -> None:
    assert await _count(lived, Conversation) >= 100
    assert await _count(lived, Message, Message.direction == "in", Message.answered_at.is_(None)) == 0
    assert await _count(lived, Outbox, Outbox.state != "sent") == 0
    async with lived.read() as session:
        opened: Sequence[datetime] = (await session.scalars(select(Conversation.opened_at))).all()
    assert (NOW - min(opened)).days > DAYS - 7
    assert max(opened) < NOW


async def test_nobody_of_the_past_waits_in_the_queue(lived: Works) -> None:
    async with lived.read() as session:
        held = await session.execute(select(Conversation.holder, func.count()).group_by(Conversation.holder))
        holders = dict(held.all())
    assert set(holders) == {"bot", "agent"}
    assert holders["agent"] >= 4


async def test_what_came_of_it_is_of_every_kind(lived: Works) -> None:
    for kind in ("active", "completed"):
        assert await _count(lived, Plan, Plan.state == kind), kind
    for action in (
        "payment_recorded", "promised", "promise_broken", "instalment_missed", "handed_back", "decided_approval",
        "refused", "accepted_offer", "whispered",
    ):  # fmt: skip
        assert await _count(lived, Audit, Audit.action == action), action
    for state in ("open", "acknowledged", "closed"):
        assert await _count(lived, Complaint, Complaint.state == state), state
    assert await _count(lived, Callback, Callback.state == "open")
    assert await _count(lived, QualityReview, QualityReview.state == "drawn")
    assert await _count(lived, QualityReview, QualityReview.state == "answered")
    assert await _count(lived, Policy, Policy.state.in_(("in_force", "superseded"))) == 2


@pytest.mark.parametrize("tab", TABS)
async def test_each_page_of_the_reports_has_figures_that_open_their_rows(lived: Works, tab: str) -> None:
    browser = await _manager(lived)
    page = await browser.get(f"/reports?tab={tab}&since=2026-09-28&until=2026-11-23")
    assert page.status_code == 200
    figures = re.findall(r'<a[^>]* href="(/reports/rows\?[^"]*)">([^<]+)</a>', page.text)
    told = [(path.replace("&amp;", "&"), text) for path, text in figures if text.strip() not in ("0", "0.0%")]
    assert len(told) >= 8
    for path, text in told[:6]:
        rows = await browser.get(path)
        assert rows.status_code == 200, path
        assert "<td" in rows.text, (path, text, words(rows.text)[:300])
