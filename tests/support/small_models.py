"""Small training data, and models trained on them in seconds, for tests of what is done with models."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from nlu.corpus import Example, digest, load
from nlu.local.model import Model
from nlu.local.training import train
from nlu.relabelled import as_rasa_yaml

FEW = ("ask_balance", "request_instalments", "hardship_income", "promise_to_pay", "out_of_scope", "self_harm")
EACH = 12


def few_examples() -> list[Example]:
    """A dozen messages of each of six intents, in each language."""
    counts: Counter[tuple[str, str]] = Counter()
    chosen = []
    for example in load():
        key = (example.lang, example.intents[0])
        if len(example.intents) == 1 and key[1] in FEW and counts[key] < EACH:
            counts[key] += 1
            chosen.append(example)
    return chosen


def write_data(folder: Path) -> Path:
    """The few messages as training data in a folder of their own."""
    for lang in ("zh", "en"):
        path = folder / lang / "few.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_rasa_yaml([each for each in few_examples() if each.lang == lang]), encoding="utf-8")
    return folder


def small_model(data: Path, out: Path, cache: Path) -> Path:
    """A model of these data."""
    train(load(data), out, cache, digest(data))
    return out


def another_model(path: Path, out: Path, data_hash: str) -> Path:
    """The same model under another version, as if it were of other data."""
    replace(Model.load(path), data_hash=data_hash).save(out)
    return out
