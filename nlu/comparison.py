"""Two models side by side on messages that neither was trained on: their figures, and what got better or worse."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from core.dialogue.understanding import Understanding
from nlu.corpus import Example
from nlu.engine import Context, Engine
from nlu.evaluation import Labelled, evaluate, read_labelled
from nlu.masking import plain

FIGURES = ("top_intent", "all_gold_asserted", "critical_recall", "critical_precision", "self_harm_recall", "ece")
MOST_INTENTS = 8
MOST_MESSAGES = 12


class _Remembering:
    """An engine that keeps what it read, in the order of the messages' first reading."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.read: dict[str, Understanding] = {}

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def version(self) -> str:
        return self._engine.version

    def parse(self, text: str, context: Context) -> Understanding:
        self.read[text] = self._engine.parse(plain(text), context)
        return self.read[text]


def held_messages(own: Sequence[Example] = (), learnt: Sequence[Example] = ()) -> tuple[Labelled, ...]:
    """What models are compared on: the messages kept with the release, and the relabelled ones set aside (`own`).

    Short ones that people say word for word, and that therefore stand in what was `learnt` from too, are left out.
    """
    seen = {example.text for example in learnt}
    kept = [
        Labelled(f"{name}-{message.id}", message.text, message.intents)
        for name in ("zh", "en", "harder_zh", "harder_en")
        for message in read_labelled(_held_file(name))
        if message.text not in seen
    ]
    known = seen | {message.text for message in kept}
    mine = [Labelled(f"own-{n}", each.text, each.intents) for n, each in enumerate(own) if each.text not in known]
    return (*kept, *mine)


def _held_file(name: str) -> Path:
    return Path(str(resources.files("nlu") / "held" / f"{name}.jsonl"))


def compare(before: Engine, after: Engine, messages: Sequence[Labelled], now: datetime) -> dict[str, Any]:
    """A report as JSON: the figures of both, the intents whose F1 moved most, messages read rightly by one of them."""
    context = Context(now, "CNY")
    old, new = _Remembering(before), _Remembering(after)
    figures = [evaluate(engine, messages, context) for engine in (old, new)]
    moved = _moved(figures[0]["per_intent"], figures[1]["per_intent"])
    return {
        "messages": len(messages),
        "own": sum(message.id.startswith("own-") for message in messages),
        "against": before.version,
        "before": {name: figures[0][name] for name in FIGURES},
        "after": {name: figures[1][name] for name in FIGURES},
        "better": [row for row in moved if row[2] > row[1]][:MOST_INTENTS],
        "worse": [row for row in reversed(moved) if row[2] < row[1]][:MOST_INTENTS],
        "mended": _changed(messages, old.read, new.read),
        "broken": _changed(messages, new.read, old.read, swap=True),
    }


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Intents whose F1 differs, with both, the greatest gain first."""
    names = sorted(before.keys() | after.keys())
    rows = [(name, _f1(before.get(name)), _f1(after.get(name))) for name in names]
    return sorted((row for row in rows if row[1] != row[2]), key=lambda row: row[1] - row[2])


def _f1(scores: Mapping[str, Any] | None) -> float:
    found = (scores or {}).get("f1")
    return float(found) if found is not None else 0.0


def _changed(
    messages: Sequence[Labelled],
    wrong: Mapping[str, Understanding],
    right: Mapping[str, Understanding],
    *,
    swap: bool = False,
) -> dict[str, Any]:
    """Messages whose likeliest intent one engine gets wrong and the other right, shown with both readings."""
    found = [
        message
        for message in messages
        if _top(wrong[message.text]) not in message.intents and _top(right[message.text]) in message.intents
    ]
    shown = [
        {
            "text": message.text,
            "gold": list(message.intents),
            "before": _top((right if swap else wrong)[message.text]),
            "after": _top((wrong if swap else right)[message.text]),
        }
        for message in sorted(found, key=lambda one: not one.id.startswith("own-"))[:MOST_MESSAGES]
    ]
    return {"count": len(found), "shown": shown}


def _top(read: Understanding) -> str:
    return read.intents[0].name if read.intents else ""
