"""Training and test messages as they stand in their files, with the place of each, so that a person can mend it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.dialogue.understanding import Language
from core.errors import InvalidInput
from nlu.corpus import DATA_DIR, message_of


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a file: what it says, the labels it stands under, and where it is (lines count from 1)."""

    text: str
    intents: tuple[str, ...]
    lang: Language
    file: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def label(self) -> str:
        return "+".join(self.intents)


def read_messages(data_dir: Path = DATA_DIR) -> tuple[Message, ...]:
    """Every line of the training files in file order, whatever it is labelled. Raises InvalidInput for broken YAML."""
    found: list[Message] = []
    for lang in ("zh", "en"):
        language: Language = "zh" if lang == "zh" else "en"
        for path in sorted((data_dir / lang).glob("*.yml")):
            found += _read(path, language)
    return tuple(found)


def _read(path: Path, lang: Language) -> Iterator[Message]:
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise InvalidInput("Fix the YAML of this training file.", file=path.name, why=str(error)) from error
    items = _fields(root).get("nlu")
    if not isinstance(items, yaml.SequenceNode):
        raise InvalidInput("A training file holds a list under `nlu`.", file=path.name)
    for item in items.value:
        fields = _fields(item)
        if "intent" in fields and "examples" in fields:
            names = tuple(str(fields["intent"].value).split("+"))
            for line, text in _lines(fields["examples"]):
                yield Message(text, names, lang, f"{lang}/{path.name}", line)


def _fields(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _lines(examples: yaml.Node) -> Iterator[tuple[int, str]]:
    """Line and text of each message of an `examples` block or list."""
    if isinstance(examples, yaml.ScalarNode):
        for offset, line in enumerate(str(examples.value).splitlines()):
            if text := message_of(line):
                yield examples.start_mark.line + 2 + offset, text
        return
    for node in examples.value:
        scalar = _fields(node).get("text", node)
        if text := message_of(f"- {scalar.value}"):
            yield node.start_mark.line + 1, text


def read_tests(paths: Iterable[Path]) -> tuple[Message, ...]:
    """The messages of JSONL test files that carry intents; lines without them teach no label and cannot leak."""
    found: list[Message] = []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                data: Any = json.loads(line)
                if names := data.get("intents"):
                    lang: Language = "zh" if data.get("lang", "zh") == "zh" else "en"
                    found.append(Message(str(data["text"]), tuple(names), lang, path.name, number))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InvalidInput("Each line holds a text and its intents.", file=path.name, line=number) from error
    return tuple(found)
