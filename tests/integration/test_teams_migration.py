"""Who waited before waits were kept has waited since then afterwards, and nobody else."""

import asyncio

from alembic import command
from sqlalchemy import text

from core.clock import FixedClock
from core.live import InProcessNotices
from core.store import migrate
from core.work import Works, make_engine
from tests.integration.conftest import MONDAY_NOON_NEW_YORK
from tests.integration.test_migrations import BEFORE

USER = (
    "INSERT INTO users (id, login, name, role, language, password_hash, active, created_at) VALUES"
    " (:id, :login, 'A', 'agent', 'en', 'x', true, '2026-11-01 00:00:00')"
)
TALK = (
    "INSERT INTO conversations (case_id, channel, address, holder, agent_id, state, language, memory, opened_at,"
    " last_at, last_inbound_at, waiting_since, unread) VALUES (1, 'web', :name, :holder, :agent, :state, 'en', '{}',"
    " '2026-11-01 00:00:00', '2026-11-02 00:00:00', '2026-11-02 00:00:00', :waiting, :unread)"
)
TALKS = (
    ("queue", None, "open", "2026-11-01 09:00:00", 0),
    ("agent", 1, "open", None, 2),
    ("agent", 1, "open", None, 0),
    ("bot", None, "closed", None, 3),
)


async def test_who_waited_before_waits_on(database_url: str) -> None:
    await asyncio.to_thread(command.upgrade, migrate.config(database_url), "0007")
    works = Works(make_engine(database_url), InProcessNotices(), FixedClock(MONDAY_NOON_NEW_YORK))
    async with works.begin() as work:
        for statement in BEFORE[:3]:
            await work.session.execute(text(statement))
        for number, login in ((1, "ana"), (2, "ben")):
            await work.session.execute(text(USER), {"id": number, "login": login})
        for name, (holder, agent, state, waiting, unread) in enumerate(TALKS):
            said = {"holder": holder, "agent": agent, "state": state, "waiting": waiting, "unread": unread}
            await work.session.execute(text(TALK), {"name": f"t{name}", **said})
    await migrate.upgrade(database_url)
    async with works.read() as session:
        owed = (await session.scalars(text("SELECT owed_since FROM conversations ORDER BY address"))).all()
        seen = (await session.execute(text("SELECT status, seen_at FROM users ORDER BY id"))).all()
    await works.dispose()
    assert [str(each)[:19] if each else None for each in owed] == [
        "2026-11-01 09:00:00",
        "2026-11-02 00:00:00",
        None,
        None,
    ]
    assert [(status, at is not None) for status, at in seen] == [("available", True), ("available", False)]
