"""`/healthz` says whether the work can be done, and who understands; `/metrics` counts, for who carries the token."""

from datetime import UTC, datetime

import httpx
import pytest

from bot.services import BotServices
from core.settings import Settings
from nlu.engine import Context, understand
from parley.installation import open_works
from parley.processes import Process, application
from parley.rasa import connect
from tests.support.ports import free_port
from tests.support.stand_in import StandIn


async def health(running: Process, parts):
    transport = httpx.ASGITransport(application(running, parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://parley") as client:
        answer = await client.get("/healthz")
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("parts", [{"bot"}, {"bot", "console"}], ids=["bot", "bot and console"])
async def test_a_rasa_that_is_down_shows_in_the_health_while_all_is_well(tmp_path, parts):
    url = f"http://127.0.0.1:{free_port()}"
    settings = Settings(_env_file=None, data_dir=tmp_path, nlu_engine="rasa", rasa_url=url)
    engine = connect(settings, StandIn())
    async with open_works(settings) as works:
        bot = BotServices(works, works.notices, engine, works.clock)
        running = Process(settings, works, bot, None)
        assert (await health(running, parts))["understanding"]["circuit"] == "closed"
        for _ in range(3):
            engine.classify("hello there")
        told = await health(running, parts)
    assert told["status"] == "ok"
    assert (told["understanding"]["engine"], told["understanding"]["answering"]) == ("rasa", "local")
    assert told["understanding"]["circuit"] == "open"


async def test_the_console_alone_understands_nothing_and_says_only_that_it_is_well(tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path)
    async with open_works(settings) as works:
        assert await health(Process(settings, works, None, None), {"console"}) == {"status": "ok"}


async def metrics(settings: Settings, **headers: str) -> httpx.Response:
    async with open_works(settings) as works:
        transport = httpx.ASGITransport(application(Process(settings, works, None, None), {"console"}))
        async with httpx.AsyncClient(transport=transport, base_url="http://parley") as client:
            return await client.get("/metrics", headers=headers)


async def test_metrics_tell_which_engine_answered_in_place_of_which(tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path, metrics_token="a token")
    engine = connect(Settings(rasa_url=f"http://127.0.0.1:{free_port()}"), StandIn())
    await understand(engine, "how much do I owe then", Context(datetime(2026, 11, 23, tzinfo=UTC), "GBP"))
    told = await metrics(settings, Authorization="Bearer a token")
    assert told.status_code == 200
    assert 'parley_understanding_seconds_count{answered="local",asked="rasa"}' in told.text


async def test_metrics_are_closed_without_the_token(tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path, metrics_token="a token")
    assert (await metrics(settings)).status_code == 401
    assert (await metrics(settings, Authorization="Bearer another")).status_code == 401
    assert (await metrics(Settings(_env_file=None, data_dir=tmp_path))).status_code != 200
