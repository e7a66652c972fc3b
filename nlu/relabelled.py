"""What people said that debtors' texts mean, as training messages: masked, each once, in Rasa's YAML form too."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from core.dialogue.understanding import INTENTS, Language
from core.store.readings import LabelledText
from nlu.corpus import Example
from nlu.masking import mask

HELD_IN = 5
"""One relabelled text in so many is never trained on: it is what models are compared on."""


def examples_of(labelled: Iterable[LabelledText]) -> tuple[Example, ...]:
    """The texts, masked and on one line; where two are alike the one written last says what they mean."""
    found: dict[tuple[Language, str], Example] = {}
    for each in labelled:
        lang: Language = "zh" if each.lang == "zh" else "en"
        text = " ".join(mask(each.text, lang, each.private, each.at, each.currency).split())
        intents = tuple(name for name in each.labels if name in INTENTS)
        if text and intents:
            found.pop((lang, text), None)
            found[lang, text] = Example(text, intents, lang)
    return tuple(found.values())


def is_held(example: Example) -> bool:
    """Whether the text is set aside for comparing models: by its hash, so that it always was and always will be."""
    return hashlib.sha256(f"{example.lang}\0{example.text}".encode()).digest()[0] % HELD_IN == 0


def digest_of(base: str, learnt: Iterable[Example]) -> str:
    """A short hash of the data behind a model: the base data's hash and the relabelled texts learnt from."""
    sha = hashlib.sha256(base.encode())
    for line in sorted(f"{each.lang}\0{'+'.join(each.intents)}\0{each.text}" for each in learnt):
        sha.update(f"\n{line}".encode())
    return sha.hexdigest()[:16]


def as_rasa_yaml(examples: Sequence[Example]) -> str:
    """The messages as an NLU file of Rasa 3: one entry for each language and set of intents."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in sorted(examples, key=lambda one: (one.lang, one.intents)):
        groups.setdefault((each.lang, "+".join(each.intents)), []).append(each.text)
    lines = ['version: "3.1"', "nlu:" if groups else "nlu: []"]
    for (lang, name), texts in groups.items():
        lines += [f"- intent: {name} # {lang}", "  examples: |"]
        lines += [f"    - {_unannotated(text)}" for text in texts]
    return "\n".join([*lines, ""])


def _unannotated(text: str) -> str:
    """The text without what Rasa would read as the mark of an entity, and without control characters."""
    printable = "".join(char for char in text if char.isprintable())
    return printable.replace("](", "] (").replace("]{", "] {").replace("][", "] [")


def to_json(examples: Iterable[Example]) -> str:
    """Examples as one JSON text."""
    return json.dumps([[each.text, list(each.intents), each.lang] for each in examples], ensure_ascii=False)


def from_json(text: str) -> tuple[Example, ...]:
    """Examples from `to_json`'s text."""
    return tuple(
        Example(words, tuple(intents), "zh" if lang == "zh" else "en") for words, intents, lang in json.loads(text)
    )
