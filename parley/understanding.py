"""The understanding of this installation: the model shipped with the release, or one trained here since.

What training needs is large, and loaded only to train.
"""

from pathlib import Path

from core.errors import InvalidInput
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


def engine_named(settings: Settings, name: str = "local") -> Engine:
    """The engine by name; its model is trained first when there is none of the present data."""
    ready = current_model(settings) if name == "local" else None
    if ready is not None:
        return LocalEngine.load(ready)
    from nlu import cli_logic

    return cli_logic.load_engine(name, model_path=model_path(settings), cache_dir=settings.data_dir / "cache" / "nlu")


def train(settings: Settings, name: str = "local", *, if_needed: bool = False) -> str:
    """Trains, and says in a line what came of it."""
    if name != "local":
        raise InvalidInput("This release understands with the engine local only.", engine=name)
    ready = current_model(settings) if if_needed else None
    if ready is not None:
        return f"The understanding is up to date ({ready.name})."
    from nlu import cli_logic

    report = cli_logic.train_engine(model_path=model_path(settings), cache_dir=settings.data_dir / "cache" / "nlu")
    return (
        f"Trained on {report.examples} messages in {report.seconds} s: version {report.version}, "
        f"first intent right in {report.cv_top:.1%} of cross-validated messages."
    )
