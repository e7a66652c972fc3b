"""What `parley nlu` runs: parse lines, train, evaluate; the command line only wires these."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from core.dialogue.understanding import Language
from core.errors import InvalidInput
from nlu.corpus import DATA_DIR, digest, load
from nlu.engine import Context, Engine, floor_only
from nlu.evaluation import evaluate, read_labelled
from nlu.local.engine import LocalEngine
from nlu.local.training import Report, ensure_model, train
from nlu.normalise import language_of

MODEL_PATH = Path("var/models/local.npz")
CACHE_DIR = Path("var/cache/nlu")


def load_engine(
    name: str = "local", *, data_dir: Path = DATA_DIR, model_path: Path = MODEL_PATH, cache_dir: Path = CACHE_DIR
) -> Engine:
    """The engine of this name, its model trained first where it is missing or its data have changed."""
    if name != "local":
        raise InvalidInput("This engine is not installed; use local.", engine=name)
    return LocalEngine.load(ensure_model(data_dir, model_path, cache_dir))


def train_engine(*, data_dir: Path = DATA_DIR, model_path: Path = MODEL_PATH, cache_dir: Path = CACHE_DIR) -> Report:
    """Train the local engine on all the data, whether or not a model exists."""
    return train(load(data_dir), model_path, cache_dir, digest(data_dir))


def parse_lines(
    engine: Engine, lines: Iterable[str], now_default: datetime, currency_default: str | None = None
) -> Iterator[str]:
    """One JSON line out for each line in, in the form of the NLU contract; a line that cannot be read says why.

    `now_default` (aware) stands in for a missing `now`; a missing `currency` is CNY for Chinese and USD for English
    unless a default is given. Blank lines are skipped. A message that the engine fails on gets the floor's reading.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            identity, text, context = _read(line, now_default, currency_default)
        except (ValueError, TypeError) as error:
            yield json.dumps({"id": None, "error": f"line {number}: {error}"}, ensure_ascii=False)
            continue
        try:
            understood = engine.parse(text, context)
        except Exception:
            understood = floor_only(text, context)
        yield _to_line({"id": identity, **understood.to_json()})


def _to_line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _read(line: str, now_default: datetime, currency_default: str | None) -> tuple[Any, str, Context]:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise ValueError("not JSON") from error
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise ValueError("an object with a text is needed")
    now = now_default
    if data.get("now") is not None:
        now = datetime.fromisoformat(str(data["now"]))
        if now.tzinfo is None:
            raise ValueError("now needs its offset from UTC")
    lang: Language = language_of(data["text"], "zh")
    currency = str(data.get("currency") or currency_default or ("CNY" if lang == "zh" else "USD"))
    return data.get("id"), data["text"], Context(now, currency)


def evaluate_file(engine: Engine, path: Path, now: datetime, currency: str = "CNY") -> dict[str, Any]:
    """The figures of `nlu.evaluation.evaluate` on a JSONL file of labelled messages."""
    return evaluate(engine, read_labelled(path), Context(now, currency))
