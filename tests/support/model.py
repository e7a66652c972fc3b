"""The trained understanding for houses that the tests open: made once, never again for each test."""

import shutil
from pathlib import Path

from core.settings import Settings
from parley.understanding import current_model, engine_named, model_path


def lend_model(data_dir: Path) -> None:
    """Put the model of this checkout into a data folder, so that nothing is trained there; trained here if it must."""
    settings = Settings()
    if current_model(settings) is None:
        engine_named(settings)
    there = model_path(Settings(data_dir=data_dir))
    there.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(current_model(settings) or model_path(settings), there)
