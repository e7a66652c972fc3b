"""The engine `rasa` of this installation: asked where the settings say, or for one command started here."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from core.errors import InvalidInput
from core.settings import Settings
from nlu.corpus import DATA_DIR, digest, load
from nlu.engine import Engine
from nlu.rasa.client import RasaClient, Unavailable
from nlu.rasa.engine import RasaEngine
from nlu.rasa.environment import newest_model, rasa_command, serving
from nlu.rasa.environment import train as train_in
from nlu.rasa.ranking import Garbled

PATIENCE_S = 20.0
"""What a command waits for one message: nobody is kept waiting by it, and a late answer is better than another's."""


def connect(settings: Settings, fallback: Engine) -> RasaEngine:
    """The engine that asks the server of the settings. Raises InvalidInput without one; the server may be down."""
    if settings.rasa_url is None:
        raise InvalidInput("Set PARLEY_RASA_URL to where Rasa's server listens, such as http://127.0.0.1:5005.")
    return RasaEngine(_client(settings.rasa_url, settings.rasa_timeout_s), fallback)


@contextmanager
def for_a_command(settings: Settings, load_fallback: Callable[[], Engine]) -> Iterator[RasaEngine]:
    """The engine for as long as a command runs, over a server that answers: the one of the settings, else one of ours.

    Raises InvalidInput or NotFound saying what to do where there is none.
    """
    with _server(settings) as url:
        client = _client(url, PATIENCE_S)
        try:
            client.model()
        except (Unavailable, Garbled) as error:
            raise InvalidInput("No Rasa server with a model answers there.", url=url, why=str(error)) from error
        fallback = load_fallback()
        engine = RasaEngine(client, fallback)
        try:
            yield engine
        finally:
            engine.close()
            if instead := engine.health()["read"][fallback.name]:
                sys.stderr.write(f"Rasa failed on {instead} messages; {fallback.name} read them.\n")


def train(settings: Settings, *, if_needed: bool = False, epochs: int | None = None) -> str:
    """Has Rasa train on the present data, and says in a line what came of it."""
    folder = settings.data_dir / "models" / "rasa"
    version = digest(DATA_DIR)
    if if_needed and (folder / f"rasa-{version}.tar.gz").exists():
        return f"Rasa's model is up to date (rasa-{version}.tar.gz)."
    done = train_in(load(DATA_DIR), folder, version, epochs=epochs)
    return f"Rasa trained on {done.examples} messages for {done.epochs} epochs in {done.seconds:.0f} s: {done.model}."


@contextmanager
def _server(settings: Settings) -> Iterator[str]:
    if settings.rasa_url is not None:
        yield settings.rasa_url
        return
    rasa_command()
    with serving(newest_model(settings.data_dir / "models" / "rasa")) as server:
        yield server.url


def _client(url: str, timeout_s: float) -> RasaClient:
    try:
        if httpx.URL(url).scheme not in ("http", "https"):
            raise InvalidInput("PARLEY_RASA_URL begins with http:// or https://.", url=url)
        return RasaClient(url, timeout_s=timeout_s)
    except httpx.InvalidURL as error:
        raise InvalidInput("PARLEY_RASA_URL is no address.", url=url) from error
