"""Rasa itself: trained on a few of our messages, served by its own server, lost and found again."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from nlu.corpus import Example, load
from nlu.engine import Context
from nlu.local.engine import LocalEngine
from nlu.rasa.circuit import Circuit
from nlu.rasa.client import RasaClient
from nlu.rasa.engine import RasaEngine
from nlu.rasa.environment import Server, newest_model, serving, train
from parley import understanding
from parley.cli import main
from tests.support.ports import free_port
from tests.support.rasa import set_up_rasa
from tests.support.stand_in import StandIn

CONTEXT = Context(datetime(2026, 11, 22, 10, tzinfo=UTC), "CNY")
FEW = frozenset({"ask_balance", "request_instalments", "hardship_income", "promise_to_pay", "ask_how_to_pay"})
EACH = 24
EPOCHS = 20


def few_examples() -> list[Example]:
    """Some messages of each of five intents in each language, and those of ours that mean several of the five."""
    seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
    chosen = []
    for example in load():
        key = (example.lang, example.intents)
        if FEW.issuperset(example.intents) and seen[key] < EACH:
            seen[key] += 1
            chosen.append(example)
    return chosen


def knows_its_lessons(engine: RasaEngine, lessons: list[Example]) -> None:
    """Most of what it was taught, it reads with the right intent first, in both languages."""
    for lang in ("zh", "en"):
        asked = [lesson for lesson in lessons if lesson.lang == lang][::5]
        tops = [(lesson, engine.classify(lesson.text)) for lesson in asked]
        right = sum(bool(read) and read[0].name in lesson.intents for lesson, read in tops if read is not None)
        assert right >= 0.7 * len(asked), lang


def the_command_reads_with(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`parley nlu parse --engine rasa` over this server answers in the form of the contract."""
    monkeypatch.setenv("PARLEY_RASA_URL", server.url)
    monkeypatch.setattr(understanding, "current_model", lambda settings: tmp_path)
    monkeypatch.setattr(LocalEngine, "load", staticmethod(lambda path: StandIn()))
    line = '{"id": "m1", "text": "每个月还500行不行", "now": "2026-11-22T10:00:00+08:00", "currency": "CNY"}'
    done = CliRunner().invoke(main, ["nlu", "parse", "--engine", "rasa"], input=line)
    read = json.loads(done.stdout)
    assert set(read) == {"id", "lang", "intents", "entities", "fallback"}
    assert (read["id"], read["lang"]) == ("m1", "zh")
    assert ("500.00", "month") in [(e.get("value"), e.get("period")) for e in read["entities"]]
    assert read["intents"][0]["name"] in FEW


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_real_rasa_is_trained_served_missed_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_rasa()
    lessons = few_examples()
    trained = train(lessons, tmp_path / "models", "few", epochs=EPOCHS)
    assert trained.epochs == EPOCHS
    assert newest_model(tmp_path / "models") == trained.model
    now = [0.0]
    port = free_port()
    client = RasaClient(f"http://127.0.0.1:{port}", timeout_s=10)
    engine = RasaEngine(client, StandIn(), Circuit(failures=2, rest_s=15, clock=lambda: now[0]))
    with serving(trained.model, port=port) as server:
        knows_its_lessons(engine, lessons)
        assert engine.version == "rasa-few"
        assert engine.parse("/hardship_income", CONTEXT).intents[0].confidence < 1
        assert engine.health()["circuit"] == "closed"
        the_command_reads_with(server, monkeypatch, tmp_path)
    for _ in range(2):
        assert engine.parse("how much do I owe in total", CONTEXT).engine == "local"
    assert engine.health()["circuit"] == "open"
    with serving(trained.model, port=port):
        assert engine.parse("how much do I owe in total", CONTEXT).engine == "local"
        now[0] += 15
        assert engine.parse("how much do I owe in total", CONTEXT).engine == "rasa"
        assert engine.health()["answering"] == "rasa"
    client.close()
