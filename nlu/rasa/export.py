"""What Rasa trains on, made from our own training messages: `python -m nlu.rasa.export FOLDER [EPOCHS]`."""

import sys
from collections.abc import Iterable
from pathlib import Path

import yaml

from nlu.corpus import Example, digest, load
from nlu.normalise import fold
from nlu.rasa.ranking import JOIN

CONFIG = Path(__file__).parent / "config.yml"
MAX_CHARS = 500
"""Longest message that Rasa is asked to read, in code points: its time grows with the square of the length."""

_MARKUP = str.maketrans("[]{}()", "      ")


def spelled(text: str) -> str:
    """A message as Rasa is trained on it and asked about it: one spelling, one line, nothing that it takes for markup.

    A leading slash would make Rasa take the rest for the name of an intent, with full confidence.
    """
    return " ".join(fold(text).translate(_MARKUP).split()).lstrip("/ ")[:MAX_CHARS]


def label_of(names: Iterable[str]) -> str:
    """The one label of a set of intents, whatever their order."""
    return JOIN.join(sorted(set(names)))


def write_training_data(examples: Iterable[Example], path: Path) -> int:
    """Writes the examples as Rasa's YAML, each text once a label, and tells how many."""
    by_label: dict[str, dict[str, None]] = {}
    for example in examples:
        if text := spelled(example.text):
            by_label.setdefault(label_of(example.intents), {})[text] = None
    items = [
        {"intent": label, "examples": "".join(f"- {text}\n" for text in texts)}
        for label, texts in sorted(by_label.items())
    ]
    document = {"version": "3.1", "nlu": items}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10_000), "utf-8")
    return sum(len(texts) for texts in by_label.values())


def write_config(path: Path, *, epochs: int | None = None) -> int:
    """Writes the pipeline, with this many epochs where given, and tells how many DIET trains for."""
    config = yaml.safe_load(CONFIG.read_text("utf-8"))
    classifier = next(part for part in config["pipeline"] if part["name"] == "DIETClassifier")
    if epochs is not None:
        classifier["epochs"] = epochs
    path.write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    return int(classifier["epochs"])


def main(folder: Path, epochs: int | None = None) -> None:
    """Writes `nlu.yml`, `config.yml` and the model's name, `version`, of the package's data into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    count = write_training_data(load(), folder / "nlu.yml")
    run_for = write_config(folder / "config.yml", epochs=epochs)
    (folder / "version").write_text(f"rasa-{digest()}", "utf-8")
    sys.stdout.write(f"{count} messages and a pipeline of {run_for} epochs written to {folder}.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
