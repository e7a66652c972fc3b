"""The servers that the tests start are the real ones, and each test gets an empty one."""

import pytest
import redis.asyncio
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from core.store import migrate


@pytest.mark.parametrize("round_", [1, 2])
async def test_each_test_gets_an_empty_database(database_url, round_):
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE debts (id INTEGER PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO debts VALUES (1)"))
    await engine.dispose()


@pytest.mark.parametrize("round_", [1, 2])
async def test_a_migrated_database_has_todays_schema(migrated_url, round_):
    await migrate.check(migrated_url)


async def test_postgresql_locks_rows_and_skips_locked_ones(pg_url):
    engine = create_async_engine(pg_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE due (id INTEGER PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO due VALUES (1), (2)"))
    claim = text("SELECT id FROM due ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
    async with engine.begin() as first, engine.begin() as second:
        assert [await first.scalar(claim), await second.scalar(claim)] == [1, 2]
    await engine.dispose()


@pytest.mark.parametrize("round_", [1, 2])
async def test_each_test_gets_an_empty_redis(redis_url, round_):
    async with redis.asyncio.from_url(redis_url) as client:
        assert await client.dbsize() == 0
        await client.set("seen", round_)


async def test_a_redis_of_its_own_can_be_stopped_and_started(redis_server):
    async with redis.asyncio.from_url(redis_server.url) as client:
        await client.ping()
        redis_server.stop()
        with pytest.raises(RedisConnectionError):
            await client.ping()
        redis_server.start()
        assert await client.ping()
