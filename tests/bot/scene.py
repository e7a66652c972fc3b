"""A small bank for the bot's tests: a debtor with a case, the default limits, links, and the bot running over them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from bot.app import BotOptions, BotServices, Telegram
from core.actions import limits, links
from core.clock import FixedClock
from core.dialogue.understanding import Intent, Understanding
from core.live import InProcessNotices
from core.store.tables import Case, Conversation, Creditor, Debtor, Message, Outbox, User
from core.work import Works, make_engine
from nlu.engine import Context, floor_only, merge

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""Noon of a Monday in New York; one in the morning of Tuesday in Shanghai."""

_MEANT = {
    "a month": "propose_amount",
    "每月": "propose_amount",
    "每个月": "propose_amount",
    "options": "ask_other_options",
    "方案": "ask_other_options",
    "owe": "ask_balance",
    "欠多少": "ask_balance",
}


class PhraseEngine:
    """Understands a few phrases besides what must never be missed; may be told to be slow or to fail."""

    name = "phrases"
    version = "1"

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fails = False

    def parse(self, text: str, context: Context) -> Understanding:
        """The floor's reading, and the phrases'."""
        self.heard.append(text)
        if self.fails:
            raise RuntimeError("the engine is down")
        known = floor_only(text, context)
        phrases = [Intent(intent, 0.9) for words, intent in _MEANT.items() if words in text.lower()]
        return Understanding(known.lang, merge(phrases, known.intents), known.entities, self.name, self.version)


@dataclass
class Bank:
    """`en` and `zh` are the ids of two cases: Dana Reyes, market us, USD 2,400; 王芳, market cn, CNY 9,600."""

    works: Works
    services: BotServices
    clock: FixedClock
    engine: PhraseEngine
    en: int
    zh: int
    telegram: Telegram | None = None
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def link(self, case_id: int, days: int = 14) -> str:
        """A code that opens the chat of this case."""
        async with self.works.begin() as work:
            return await links.issue(work, case_id, days)

    async def rows(self, table: type[Message] | type[Outbox] | type[Conversation]) -> list:  # type: ignore[type-arg]
        """Every row of a table, oldest first."""
        async with self.works.read() as session:
            return list((await session.scalars(select(table).order_by(table.id))).all())

    async def start(self) -> None:
        """Run the sender and the sweeper until the bank closes."""
        self.tasks.append(asyncio.create_task(self.services.run()))

    async def outbox_has(self, state: str) -> bool:
        """Whether a message of the outbox is in this state."""
        return state in [row.state for row in await self.rows(Outbox)]

    async def agent(self, login: str = "ana", name: str = "Ana Lopez") -> int:
        """The id of a new agent."""
        async with self.works.begin() as work:
            user = User(login=login, name=name, role="agent", password_hash="-", created_at=work.now)
            work.session.add(user)
            await work.session.flush()
            return user.id


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 40) -> None:
    """Wait until it is true; TimeoutError when it does not come to be."""
    async with asyncio.timeout(seconds):
        while True:
            if await true():
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def open_bank(
    url: str, folder: Path, public_url: str = "http://127.0.0.1:8010", embed_origins: tuple[str, ...] = ()
) -> AsyncIterator[Bank]:
    """A bank on this migrated database; at the end everything under way is finished and closed."""
    clock, notices, engine = FixedClock(NOON), InProcessNotices(), PhraseEngine()
    works = Works(make_engine(url), notices, clock)
    async with works.begin() as work:
        await limits.ensure_default(work)
        en, zh = await _cases(work)
    options = BotOptions(public_url=public_url, files_dir=folder / "attachments", embed_origins=embed_origins)
    bank = Bank(works, BotServices(works, notices, engine, clock, options=options), clock, engine, en, zh)
    try:
        yield bank
    finally:
        await bank.services.close()
        for task in bank.tasks:
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(task, 60)
        await works.dispose()


async def _cases(work) -> tuple[int, int]:
    harbour = Creditor(
        name="Harbour Bank", phone="+1 800 555 0199", time_zone="America/New_York",
        pay_ways={"en": "in the Harbour app, or at harbour.example/pay", "zh": "在 Harbour 应用内付款"},
    )  # fmt: skip
    linhai = Creditor(
        name="临海银行", phone="95500", time_zone="Asia/Shanghai",
        pay_ways={"zh": "在手机银行“还款”里付款", "en": "in the bank's app"},
    )  # fmt: skip
    dana = Debtor(
        name="Dana Reyes", language="en", time_zone="America/New_York",
        facts={"birth_date": "1990-04-12", "phone_last4": "4471", "account_last4": "8820"},
    )  # fmt: skip
    wang = Debtor(
        name="王芳", language="zh", time_zone="Asia/Shanghai",
        facts={"birth_date": "1988-09-03", "phone_last4": "6620", "account_last4": "3019"},
    )  # fmt: skip
    work.session.add_all([harbour, linhai, dana, wang])
    await work.session.flush()
    shared = {"product": "credit_card", "updated_at": work.now, "balance_as_of": date(2026, 11, 22)}
    english = Case(
        creditor_id=harbour.id, debtor_id=dana.id, reference="HB-1001", market="us", currency="USD",
        principal=210_000, interest=22_000, fees=8_000, due_date=date(2026, 9, 9), **shared,
    )  # fmt: skip
    chinese = Case(
        creditor_id=linhai.id, debtor_id=wang.id, reference="LH-2002", market="cn", currency="CNY",
        principal=880_000, interest=60_000, fees=20_000, due_date=date(2026, 9, 24), **shared,
    )  # fmt: skip
    work.session.add_all([english, chinese])
    await work.session.flush()
    return english.id, chinese.id
