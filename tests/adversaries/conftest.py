"""The engine that conversations are understood with: the shipped model, loaded once."""

import pytest

from core.settings import Settings
from nlu.engine import Engine
from parley.understanding import engine_named


@pytest.fixture(scope="session")
def local_engine() -> Engine:
    """The in-process engine, as the command line makes it."""
    return engine_named(Settings())
