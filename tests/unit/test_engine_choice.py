"""One setting says who understands; a server that is missing is said in words that help."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from core.errors import InvalidInput, NotFound
from core.settings import Settings
from nlu.engine import Context
from nlu.local.engine import LocalEngine
from nlu.rasa import environment
from parley import understanding
from parley.cli import main
from parley.understanding import engine_for_command, engine_named, health_of
from tests.support.ports import free_port
from tests.support.stand_in import StandIn

CONTEXT = Context(datetime(2026, 11, 22, 10, tzinfo=UTC), "USD")


@pytest.fixture
def rasa_is_not_here(monkeypatch, tmp_path):
    """A machine on which nobody has run `make rasa`."""
    monkeypatch.setattr(environment, "HOME", tmp_path / ".venv-rasa")
    monkeypatch.delenv("PARLEY_RASA_URL", raising=False)


@pytest.fixture(autouse=True)
def a_local_engine(monkeypatch, tmp_path):
    """A local engine that loads at once."""
    monkeypatch.setattr(understanding, "current_model", lambda settings: tmp_path / "local.npz")
    monkeypatch.setattr(LocalEngine, "load", staticmethod(lambda path: StandIn()))


def nobody_listens() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_messages_are_understood_in_the_process_by_default():
    engine = engine_named(Settings(_env_file=None))
    assert health_of(engine) == {"engine": "local", "answering": "local", "version": engine.version}


def test_the_setting_switches_to_rasa_and_the_local_engine_stands_in_while_it_is_down():
    engine = engine_named(Settings(_env_file=None, nlu_engine="rasa", rasa_url=nobody_listens()))
    assert engine.name == "rasa"
    for _ in range(3):
        assert engine.parse("what do I owe in total", CONTEXT).engine == "local"
    health = health_of(engine)
    assert (health["engine"], health["answering"], health["circuit"]) == ("rasa", "local", "open")
    assert health["read"] == {"rasa": 0, "local": 3}


@pytest.mark.parametrize("url", [None, "rasa:5005", "ftp://rasa", "http://[::1", "localhost"])
def test_rasa_without_an_address_does_not_start(url):
    with pytest.raises(InvalidInput, match="PARLEY_RASA_URL"):
        engine_named(Settings(_env_file=None, nlu_engine="rasa", rasa_url=url))


def test_a_command_for_rasa_says_how_to_set_it_up(rasa_is_not_here, tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path, rasa_url=None)
    with pytest.raises(NotFound, match="make rasa"), engine_for_command(settings, "rasa"):
        pass


def test_a_command_for_rasa_does_not_pass_off_the_other_engines_reading_as_its_own(tmp_path):
    settings = Settings(_env_file=None, rasa_url=nobody_listens())
    with pytest.raises(InvalidInput, match="No Rasa server"), engine_for_command(settings, "rasa"):
        pass


def test_training_rasa_where_it_is_not_set_up_is_one_line_that_says_how(rasa_is_not_here, monkeypatch, tmp_path):
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path))
    done = CliRunner().invoke(main, ["nlu", "train", "--engine", "rasa"])
    assert done.exit_code == 2
    assert "make rasa" in done.output


def test_a_server_needs_a_model(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "rasa").touch()
    monkeypatch.setattr(environment, "HOME", tmp_path)
    settings = Settings(_env_file=None, data_dir=tmp_path, rasa_url=None)
    with pytest.raises(NotFound, match="parley nlu train --engine rasa"), engine_for_command(settings, "rasa"):
        pass
