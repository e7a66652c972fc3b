"""The model of the release."""

from nlu.corpus import DATA_DIR, digest
from nlu.local.engine import LocalEngine
from nlu.local.model import stored_hash
from parley.understanding import SHIPPED


def test_the_shipped_model_is_trained_on_the_data_beside_it():
    assert stored_hash(SHIPPED) == digest(DATA_DIR), "Run: make ship-model"


def test_the_shipped_model_loads_and_is_small():
    assert LocalEngine.load(SHIPPED).version
    assert SHIPPED.stat().st_size < 40_000_000
