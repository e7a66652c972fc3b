"""Training messages: Rasa's YAML form in, labelled examples out."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.dialogue.understanding import INTENTS, Language
from core.errors import InvalidInput

DATA_DIR = Path(__file__).parent / "data"
"""The training data that ships with the package: `zh/*.yml` and `en/*.yml`."""

_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_ITEM = re.compile(r"^\s*-\s?")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message. Two intents mean that it says both."""

    text: str
    intents: tuple[str, ...]
    lang: Language


def load(data_dir: Path = DATA_DIR) -> tuple[Example, ...]:
    """Every example under `zh` and `en`, in file order, each text once a language with the union of its intents.

    Raises InvalidInput for a file that is not Rasa NLU YAML or names an unknown intent.
    """
    merged: dict[tuple[Language, str], dict[str, None]] = {}
    for lang in ("zh", "en"):
        language: Language = "zh" if lang == "zh" else "en"
        for path in sorted((data_dir / lang).glob("*.yml")):
            for names, text in _read(path):
                merged.setdefault((language, text), {}).update(dict.fromkeys(names))
    return tuple(Example(text, tuple(names), lang) for (lang, text), names in merged.items())


def digest(data_dir: Path = DATA_DIR) -> str:
    """A short hash of the data files: it changes when any of them does."""
    sha = hashlib.sha256()
    for path in sorted(data_dir.glob("*/*.yml")):
        sha.update(f"{path.parent.name}/{path.name}\0".encode())
        sha.update(path.read_bytes())
    return sha.hexdigest()[:16]


def _read(path: Path) -> list[tuple[tuple[str, ...], str]]:
    try:
        document: Any = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise InvalidInput("Fix the YAML of this training file.", file=path.name, why=str(error)) from error
    items = document.get("nlu") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise InvalidInput("A training file holds a list under `nlu`.", file=path.name)
    rows: list[tuple[tuple[str, ...], str]] = []
    for item in items:
        if "intent" not in item:
            continue
        names = tuple(str(item["intent"]).split("+"))
        if unknown := [name for name in names if name not in INTENTS]:
            raise InvalidInput("Use only the intents of the label set.", file=path.name, intents=", ".join(unknown))
        rows += [(names, text) for text in _texts(item.get("examples"))]
    return rows


def _texts(examples: object) -> list[str]:
    """The messages of an `examples` block: lines that open with a dash, annotations reduced to their words."""
    if isinstance(examples, str):
        lines = examples.splitlines()
    elif isinstance(examples, list):
        lines = [f"- {item['text'] if isinstance(item, dict) else item}" for item in examples]
    else:
        lines = []
    return [text for line in lines if (text := message_of(line))]


def message_of(line: str) -> str:
    """The message of one line of an `examples` block, annotations reduced to their words; empty without a dash."""
    return _ANNOTATION.sub(r"\1", _ITEM.sub("", line, count=1)).strip() if _ITEM.match(line) else ""
