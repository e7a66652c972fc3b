"""The understanding of this installation: the model shipped with the release, or one trained here since.

What training needs is large, and loaded only to train.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.settings import Settings
from nlu.corpus import DATA_DIR, digest
from nlu.engine import Engine
from nlu.local.engine import LocalEngine
from nlu.local.model import stored_hash

SHIPPED = DATA_DIR.parent / "local" / "shipped.npz"
"""The model of the release, trained on the data beside it; a test holds the two together."""


def model_path(settings: Settings) -> Path:
    """Where a model trained on this installation lies."""
    return settings.data_dir / "models" / "local.npz"


def current_model(settings: Settings) -> Path | None:
    """The model of the data as they are now: trained here, else shipped; None when neither is of these data."""
    data = digest(DATA_DIR)
    return next((path for path in (model_path(settings), SHIPPED) if stored_hash(path) == data), None)


def engine_named(settings: Settings, name: str | None = None) -> Engine:
    """The engine by name, else that of the settings; a local model of the present data is trained where there is none.

    Raises InvalidInput for `rasa` without its address.
    """
    if (name or settings.nlu_engine) == "rasa":
        from parley import rasa

        return rasa.connect(settings, engine_named(settings, "local"))
    ready = current_model(settings)
    if ready is not None:
        return LocalEngine.load(ready)
    from nlu import cli_logic

    return cli_logic.load_engine(model_path=model_path(settings), cache_dir=settings.data_dir / "cache" / "nlu")


def engine_over(settings: Settings, local: Engine) -> Engine:
    """The engine of the settings for a process that answers: `local`, or Rasa with `local` to fall back to."""
    if settings.nlu_engine == "rasa":
        from parley import rasa

        return rasa.connect(settings, local)
    return local


@contextmanager
def engine_for_command(settings: Settings, name: str | None = None) -> Iterator[Engine]:
    """The engine for as long as a command runs. Raises where `rasa` is wanted and no server can be had."""
    if (name or settings.nlu_engine) == "rasa":
        from parley import rasa

        with rasa.for_a_command(settings, lambda: engine_named(settings, "local")) as engine:
            yield engine
    else:
        yield engine_named(settings, "local")


def health_of(engine: Engine) -> dict[str, Any]:
    """Which engine answers; of one with a server also its circuit, and how many messages were read by which."""
    told = getattr(engine, "health", None)
    return told() if told is not None else {"engine": engine.name, "answering": engine.name, "version": engine.version}


def train(settings: Settings, name: str | None = None, *, if_needed: bool = False, epochs: int | None = None) -> str:
    """Trains, and says in a line what came of it; `epochs` is for Rasa alone."""
    if (name or settings.nlu_engine) == "rasa":
        from parley import rasa

        return rasa.train(settings, if_needed=if_needed, epochs=epochs)
    ready = current_model(settings) if if_needed else None
    if ready is not None:
        return f"The understanding is up to date ({ready.name})."
    from nlu import cli_logic

    report = cli_logic.train_engine(model_path=model_path(settings), cache_dir=settings.data_dir / "cache" / "nlu")
    return (
        f"Trained on {report.examples} messages in {report.seconds} s: version {report.version}, "
        f"first intent right in {report.first_right:.1%} of {report.kept_back} messages kept back."
    )
