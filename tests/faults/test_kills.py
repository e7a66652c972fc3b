"""A process killed at any moment: afterwards each message has its answer, once, and nothing was sent twice."""

import asyncio
import multiprocessing
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.actions import identity, inbound, limits
from core.actions.inbound import Arrival
from core.actions.portfolio import upsert
from core.clock import SystemClock
from core.live import InProcessNotices
from core.store import audit
from core.store.tables import Audit, Message, Outbox, Table
from core.work import Works, make_engine
from parley.script import stage
from parley.script.document import read
from tests.bot.scene import until
from tests.faults import victim
from tests.faults.victim import CHANNEL, Errand

pytestmark = [pytest.mark.faults, pytest.mark.slow]

KILLS = 10
PEOPLE = 6
SAID = ("how much do I owe?", "what are my options?", "how much do I owe?")
CASE = {
    "market": "uk", "lang": "en", "creditor": "Northgate Bank", "now": "2026-11-23T15:00:00+00:00",
    "case": {"reference": "NB-1", "product": "credit_card", "currency": "GBP", "days_past_due": 60,
             "balance": {"principal": "900.00"}, "debtor": {"name": "Tom Hughes"}},
}  # fmt: skip

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.victim"])


@dataclass
class Site:
    """A database with people whose identity is known, and what they are about to say."""

    works: Works
    errand: Errand

    async def rows(self, table: type[Table], **where: Any) -> list[Any]:
        async with self.works.read() as session:
            return list((await session.scalars(select(table).filter_by(**where).order_by(table.id))).all())

    @property
    def sent(self) -> list[int]:
        """What left, in order."""
        journal = self.errand.journal
        return [int(line) for line in journal.read_text().split()] if journal.exists() else []

    async def settled(self) -> bool:
        """Whether everything said is here and answered, and nothing is under way."""
        heard = [row for row in await self.rows(Message, direction="in") if row.kind == "text"]
        waits = {"due", "sending"} & {row.state for row in await self.rows(Outbox)}
        return len(heard) == len(self.errand.said) and all(row.answered_at for row in heard) and not waits

    async def finish(self) -> None:
        """One more process, this one left alone until it is done."""
        process = start(replace(self.errand, dies="", slow_s=0.0))
        try:
            await until(self.settled, seconds=60)
        finally:
            process.kill()
            process.join()

    async def assert_each_once(self) -> None:
        """Each message one answer; each reply sent once, or its fate unknown; the trail whole."""
        decided = Counter(row.data["message"] for row in await self.rows(Audit, action="decided"))
        heard = [row.id for row in await self.rows(Message, direction="in") if row.kind == "text"]
        assert decided == Counter(heard)
        replies = await self.rows(Outbox)
        assert {row.reply_to for row in replies} == set(heard)
        assert max(Counter(self.sent).values()) == 1
        assert {row.state for row in replies} <= {"sent", "unknown"}
        assert {row.id for row in replies if row.state == "sent"} <= set(self.sent)
        async with self.works.read() as session:
            assert isinstance(await audit.verify(session), audit.Intact)


def start(errand: Errand) -> Any:
    """The process, running."""
    process = _processes.Process(target=victim.main, args=(errand,), daemon=True)
    process.start()
    return process


@pytest.fixture
async def site(migrated_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    works = Works(make_engine(migrated_url), InProcessNotices(), SystemClock())
    async with works.begin() as work:
        await limits.ensure_default(work)
        await upsert(work, [stage.case_of(read(CASE))], "test")
    case_id = await stage.only_case(works)
    numbers = count(1)
    for person in range(PEOPLE):
        arrival = Arrival(channel=CHANNEL, external_id=f"start-{person}", address=f"p{person}", case_id=case_id)
        async with works.begin() as work:
            recorded = await inbound.record(work, replace(arrival, kind="start"))
            assert isinstance(recorded, inbound.Recorded)
            await identity.vouch(work, recorded.conversation_id, "the test says so")
            (await work.session.get_one(Message, recorded.message_id)).answered_at = work.now
    said = tuple((f"m{next(numbers)}", f"p{person}", text) for text in SAID for person in range(PEOPLE))
    yield Site(works, Errand(migrated_url, said, tmp_path / "journal", slow_s=0.02))
    await works.dispose()


async def test_killed_ten_times_at_random_everything_is_answered_once_and_nothing_sent_twice(site: Site) -> None:
    dice = random.Random(7)
    for _ in range(KILLS):
        process = start(site.errand)
        await asyncio.sleep(dice.uniform(0.1, 0.6))
        process.kill()
        process.join()
    await site.finish()
    await site.assert_each_once()


async def died(site: Site, moment: str) -> None:
    """The process has killed itself at this moment."""
    process = start(replace(site.errand, dies=moment))
    await asyncio.to_thread(process.join, 30)
    assert process.exitcode == -9


async def test_killed_between_recording_and_answering_the_message_is_answered_once(site: Site) -> None:
    await died(site, "reads")
    [first, *_] = [row for row in await site.rows(Message, direction="in") if row.kind == "text"]
    assert first.answered_at is None
    await site.finish()
    await site.assert_each_once()
    assert {row.state for row in await site.rows(Outbox)} == {"sent"}


@pytest.mark.parametrize(("moment", "left"), [("before", 0), ("after", 1)])
async def test_killed_while_sending_the_message_is_not_repeated_and_shown_as_unknown(
    site: Site, moment: str, left: int
) -> None:
    await died(site, moment)
    [claimed, *_] = [row for row in await site.rows(Outbox) if row.state == "sending"]
    assert len(site.sent) == left
    await site.finish()
    await site.assert_each_once()
    [unknown] = [row for row in await site.rows(Outbox, state="unknown") if row.id == claimed.id]
    assert site.sent.count(unknown.id) == left
    assert unknown.message_id in [row.data["message"] for row in await site.rows(Audit, action="fate_unknown")]
