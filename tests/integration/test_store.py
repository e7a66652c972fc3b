"""The schema that migrations make, the unit of work, and the audit chain."""

import asyncio
import sys

import pytest
from sqlalchemy import update

from core.store import audit, migrate
from core.store.tables import Audit, Creditor
from core.work import Work, Works


async def test_the_migrated_schema_is_the_one_the_tables_describe(database_url: str) -> None:
    await migrate.upgrade(database_url)
    await migrate.check(database_url)


async def test_several_processes_may_migrate_at_once(database_url: str) -> None:
    program = "import asyncio, sys; from core.store.migrate import upgrade; asyncio.run(upgrade(sys.argv[1]))"
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, database_url) for _ in range(3)]
    assert [await process.wait() for process in started] == [0, 0, 0]
    await asyncio.gather(migrate.upgrade(database_url), migrate.upgrade(database_url))
    await migrate.check(database_url)


async def _fail(works: Works) -> None:
    async with works.begin() as work:
        work.session.add(Creditor(name="Harbour Bank"))
        await work.session.flush()
        work.notify("queue")
        raise RuntimeError


async def test_an_error_leaves_nothing_behind_and_rings_nobody(works: Works) -> None:
    async with works.notices.subscribe("queue") as heard:
        with pytest.raises(RuntimeError):
            await _fail(works)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(heard), 0.05)
    async with works.read() as session:
        assert await session.get(Creditor, 1) is None


async def test_notices_go_out_only_after_the_commit(works: Works) -> None:
    async with works.notices.subscribe("queue") as heard:
        async with works.begin() as work:
            work.session.add(Creditor(name="Harbour Bank"))
            work.notify("queue")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(heard), 0.02)
        assert await asyncio.wait_for(anext(heard), 20) == "queue"


async def test_a_doorbell_that_does_not_ring_undoes_nothing(works: Works) -> None:
    class Broken:
        async def publish(self, topics: object) -> None:
            raise ConnectionError

    works.notices = Broken()  # type: ignore[assignment]
    async with works.begin() as work:
        work.session.add(Creditor(name="Harbour Bank"))
        work.notify("queue")
    async with works.read() as session:
        assert await session.get(Creditor, 1) is not None


async def _said(work: Work, number: int) -> None:
    await audit.record(
        work.session,
        at=work.now,
        actor="bot",
        action="said",
        subject="message",
        subject_id=number,
        data={"text": "欠款", "number": number},
    )


async def test_the_audit_chain_holds_under_twenty_writers_at_once(works: Works) -> None:
    async def write(number: int) -> None:
        async with works.begin() as work:
            await _said(work, number)

    await asyncio.gather(*(write(number) for number in range(20)))
    async with works.read() as session:
        assert await audit.verify(session) == audit.Intact(20)


@pytest.mark.parametrize("changes", [{"actor": "nobody"}, {"data": {"text": "没有"}}, {"subject_id": 99}])
async def test_a_changed_row_breaks_the_audit_chain(works: Works, changes: dict[str, object]) -> None:
    async with works.begin() as work:
        for number in range(3):
            await _said(work, number)
    async with works.begin() as work:
        await work.session.execute(update(Audit).where(Audit.id == 2).values(**changes))
    async with works.read() as session:
        assert await audit.verify(session) == audit.Tampered(2)


async def test_a_removed_row_breaks_the_audit_chain(works: Works) -> None:
    async with works.begin() as work:
        for number in range(3):
            await _said(work, number)
    async with works.begin() as work:
        await work.session.delete(await work.session.get_one(Audit, 2))
    async with works.read() as session:
        assert await audit.verify(session) == audit.Tampered(3)
