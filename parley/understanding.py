"""The understanding of this installation: which engine, its model, and where both lie."""

from core.errors import InvalidInput
from core.settings import Settings
from nlu import cli_logic
from nlu.corpus import DATA_DIR, digest
from nlu.engine import Engine
from nlu.local.model import stored_hash


def engine_named(settings: Settings, name: str = "local") -> Engine:
    """The engine by name, trained first when it has no model of the present data."""
    return cli_logic.load_engine(
        name,
        model_path=settings.data_dir / "models" / "local.npz",
        cache_dir=settings.data_dir / "cache" / "nlu",
    )


def train(settings: Settings, name: str = "local", *, if_needed: bool = False) -> str:
    """Trains, and says in a line what came of it."""
    if name != "local":
        raise InvalidInput("This release understands with the engine local only.", engine=name)
    path = settings.data_dir / "models" / "local.npz"
    if if_needed and stored_hash(path) == digest(DATA_DIR):
        return f"The understanding is up to date ({path})."
    report = cli_logic.train_engine(model_path=path, cache_dir=settings.data_dir / "cache" / "nlu")
    return (
        f"Trained on {report.examples} messages in {report.seconds} s: version {report.version}, "
        f"first intent right in {report.cv_top:.1%} of cross-validated messages."
    )
