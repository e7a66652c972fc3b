"""`/healthz` says whether the work can be done, and who understands."""

import httpx
import pytest

from bot.services import BotServices
from core.settings import Settings
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
