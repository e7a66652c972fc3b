"""What was there before a migration is there after it, and what the migration adds is filled from it."""

import asyncio
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.clock import FixedClock
from core.live import InProcessNotices
from core.store import migrate
from core.store.tables import Policy, Reading
from core.work import Works, make_engine
from tests.integration.conftest import MONDAY_NOON_NEW_YORK

PUBLISHED = (
    "INSERT INTO policies (number, state, body, note, created_at, published_at) VALUES"
    " (:number, :state, '{\"number\": 1, \"rules\": []}', 'n', '2026-11-01 00:00:00', '2026-11-02 00:00:00')"
)
HEARD: dict[str, tuple[str, int, str]] = {
    '{"lang": "en", "intents": [{"name": "greet", "confidence": 0.93}], "fallback": false}': ("greet", 9300, "sure"),
    '{"lang": "zh", "intents": [{"name": "affirm", "confidence": 0.55}], "fallback": false}': (
        "affirm",
        5500,
        "unsure",
    ),
    '{"lang": "en", "intents": [], "fallback": true}': ("", 0, "unsure"),
}
BEFORE = (
    "INSERT INTO creditors (id, name, phone, hours, time_zone, pay_ways) VALUES (1, 'Bank', '', '', 'UTC', '{}')",
    "INSERT INTO debtors (id, name, language, time_zone, facts) VALUES (1, 'Dana', 'en', 'UTC', '{}')",
    "INSERT INTO cases (id, creditor_id, debtor_id, reference, market, product, currency, principal, interest, fees,"
    " balance_as_of, due_date, contract, state, updated_at) VALUES (1, 1, 1, 'R', 'us', 'credit_card', 'USD', 1, 0, 0,"
    " '2026-11-01', '2026-10-01', '{}', 'open', '2026-11-01 00:00:00')",
    "INSERT INTO conversations (id, case_id, channel, address, holder, state, language, memory, opened_at, last_at,"
    " unread) VALUES (1, 1, 'web', 'a', 'bot', 'open', 'en', '{}', '2026-11-01 00:00:00', '2026-11-01 00:00:00', 0)",
)
MESSAGE = (
    "INSERT INTO messages (conversation_id, direction, author, channel, external_id, kind, text, buttons, at,"
    " understanding) VALUES (1, 'in', 'debtor', 'web', :name, :kind, 'x', '[]', '2026-11-01 00:00:00', :heard)"
)

SOMEBODY = (
    "INSERT INTO users (login, name, role, language, password_hash, active, created_at)"
    " VALUES (:login, 'N', :role, 'en', '', true, '2026-11-01 00:00:00')"
)
SIGNED_IN = (
    "INSERT INTO sessions (user_id, secret_hash, csrf, created_at, expires_at)"
    " SELECT id, login, 'c', '2026-11-01 00:00:00', '2026-11-02 00:00:00' FROM users WHERE login = :login"
)


async def test_what_was_read_before_readings_were_kept_is_listed_too(database_url: str) -> None:
    await asyncio.to_thread(command.upgrade, migrate.config(database_url), "0002")
    works = Works(make_engine(database_url), InProcessNotices(), FixedClock(MONDAY_NOON_NEW_YORK))
    async with works.begin() as work:
        for statement in BEFORE:
            await work.session.execute(text(statement))
        for number, heard in enumerate([*HEARD, None, "pressed"]):
            said: dict[str, Any] = {"name": f"m{number}", "kind": "text", "heard": heard}
            if heard == "pressed":
                said |= {"kind": "press", "heard": '{"lang": "en", "intents": [], "fallback": true}'}
            await work.session.execute(text(MESSAGE), said)
    await migrate.upgrade(database_url)
    async with works.read() as session:
        rows = (await session.scalars(select(Reading).order_by(Reading.id))).all()
    await works.dispose()
    assert [(row.intent, row.confidence, row.state) for row in rows] == list(HEARD.values())
    assert [row.lang for row in rows] == ["en", "zh", "en"]


async def test_a_penalty_goes_back_into_the_fees_where_it_has_no_column(database_url: str) -> None:
    await asyncio.to_thread(command.upgrade, migrate.config(database_url), "0004")
    works = Works(make_engine(database_url), InProcessNotices(), FixedClock(MONDAY_NOON_NEW_YORK))
    async with works.begin() as work:
        for statement in BEFORE[:3]:
            await work.session.execute(text(statement))
    await migrate.upgrade(database_url)
    async with works.begin() as work:
        assert (await work.session.scalars(text("SELECT penalty FROM cases"))).all() == [0]
        await work.session.execute(text("UPDATE cases SET penalty = 7, fees = 2"))
    await works.dispose()
    await asyncio.to_thread(command.downgrade, migrate.config(database_url), "0004")
    async with works.read() as session:
        assert (await session.scalars(text("SELECT fees FROM cases"))).all() == [9]
    await works.dispose()
    await migrate.upgrade(database_url)
    await migrate.check(database_url)


async def test_versions_published_before_drafts_were_kept_stand_in_their_line(database_url: str) -> None:
    await asyncio.to_thread(command.upgrade, migrate.config(database_url), "0003")
    works = Works(make_engine(database_url), InProcessNotices(), FixedClock(MONDAY_NOON_NEW_YORK))
    async with works.begin() as work:
        for number, state in ((1, "superseded"), (2, "in_force")):
            await work.session.execute(text(PUBLISHED), {"number": number, "state": state})
    await migrate.upgrade(database_url)
    async with works.read() as session:
        rows = (await session.scalars(select(Policy).order_by(Policy.number))).all()
    assert [(row.number, row.state, row.based_on, row.revision) for row in rows] == [
        (1, "superseded", None, 1),
        (2, "in_force", 1, 1),
    ]
    assert rows[1].starts_at == rows[1].published_at
    await works.dispose()
    await asyncio.to_thread(command.downgrade, migrate.config(database_url), "0003")
    await migrate.upgrade(database_url)
    await migrate.check(database_url)


async def test_new_roles_come_with_the_rows_that_refer_to_their_accounts_untouched(database_url: str) -> None:
    await asyncio.to_thread(command.upgrade, migrate.config(database_url), "0012")
    works = Works(make_engine(database_url), InProcessNotices(), FixedClock(MONDAY_NOON_NEW_YORK))
    async with works.begin() as work:
        for number, role in enumerate(("agent", "admin")):
            await work.session.execute(text(SOMEBODY), {"login": f"old{number}", "role": role})
        await work.session.execute(text(SIGNED_IN), {"login": "old0"})
    await works.dispose()
    await migrate.upgrade(database_url)
    async with works.begin() as work:
        for role in ("compliance", "auditor"):
            await work.session.execute(text(SOMEBODY), {"login": role, "role": role})
        await work.session.execute(text(SIGNED_IN), {"login": "auditor"})
    with pytest.raises(IntegrityError):
        async with works.begin() as work:
            await work.session.execute(text(SOMEBODY), {"login": "king", "role": "king"})
    await works.dispose()
    await asyncio.to_thread(command.downgrade, migrate.config(database_url), "0012")
    async with works.read() as session:
        rows = (await session.execute(text("SELECT login, role, active FROM users ORDER BY id"))).all()
        signed_in = (await session.scalars(text("SELECT count(*) FROM sessions"))).one()
    assert [(login, role, bool(active)) for login, role, active in rows] == [
        ("old0", "agent", True),
        ("old1", "admin", True),
        ("compliance", "agent", False),
        ("auditor", "agent", False),
    ]
    assert signed_in == 1
    with pytest.raises(IntegrityError):
        async with works.begin() as work:
            await work.session.execute(text(SOMEBODY), {"login": "late", "role": "auditor"})
    await works.dispose()
    await migrate.upgrade(database_url)
    await migrate.check(database_url)
