"""How well an engine understands labelled messages: figures as one dictionary, and as a table to read."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from core.dialogue.understanding import INTENTS, ROUTES, Understanding
from core.errors import InvalidInput
from nlu.engine import Context, Engine

CRITICAL = ROUTES["comply"] | ROUTES["safety"] | ROUTES["escalate"]
"""Intents whose recall matters most: rights, danger, and what a person must look at."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One test message and what it means."""

    id: str
    text: str
    intents: tuple[str, ...]


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """The messages of a JSONL file of `{"id", "text", "intents"}`. Raises InvalidInput naming the line."""
    found: list[Labelled] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            item = Labelled(
                str(data.get("id", number)), str(data["text"]), tuple(str(name) for name in data["intents"])
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInput("Each line holds id, text and intents.", file=path.name, line=number) from error
        if unknown := set(item.intents) - INTENTS:
            raise InvalidInput(
                "Use only the intents of the label set.", line=number, intents=", ".join(sorted(unknown))
            )
        found.append(item)
    return tuple(found)


def evaluate(engine: Engine, messages: Sequence[Labelled], context: Context) -> dict[str, Any]:
    """Figures of one engine on these messages; times in milliseconds, shares in 0..1."""
    if not messages:
        raise InvalidInput("Give at least one labelled message.")
    engine.parse(messages[0].text, context)
    read: list[Understanding] = []
    times: list[float] = []
    for message in messages:
        started = time.perf_counter()
        read.append(engine.parse(message.text, context))
        times.append((time.perf_counter() - started) * 1000)
    pairs = [(set(message.intents), understood) for message, understood in zip(messages, read, strict=True)]
    per_intent = _per_intent((gold, set(understood.asserted)) for gold, understood in pairs)
    return {
        "engine": engine.name,
        "version": engine.version,
        "messages": len(messages),
        "top_intent": _share(bool(u.intents) and u.intents[0].name in gold for gold, u in pairs),
        "all_gold_asserted": _share(gold <= set(u.asserted) for gold, u in pairs),
        "fallback": _share(u.fallback for _, u in pairs),
        "multi_intent_recall": _share(name in u.asserted for gold, u in pairs if len(gold) > 1 for name in gold),
        "critical_recall": _recall(per_intent, CRITICAL),
        "critical_precision": _precision(per_intent, CRITICAL),
        "self_harm_recall": _recall(per_intent, {"self_harm"}),
        "self_harm_precision": _precision(per_intent, {"self_harm"}),
        "ece": _calibration_error(pairs),
        "confusions": _confusions(pairs),
        "latency_ms": {
            "p50": round(float(np.percentile(times, 50)), 2),
            "p99": round(float(np.percentile(times, 99)), 2),
        },
        "per_intent": {name: _scores(counts) for name, counts in sorted(per_intent.items())},
    }


def _share(outcomes: Iterable[bool]) -> float | None:
    known = list(outcomes)
    return round(sum(known) / len(known), 4) if known else None


def _per_intent(pairs: Iterable[tuple[set[str], set[str]]]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for gold, asserted in pairs:
        for name in gold | asserted:
            kind = "hit" if name in gold and name in asserted else "missed" if name in gold else "false"
            counts.setdefault(name, Counter())[kind] += 1
    return counts


def _recall(counts: Mapping[str, Counter[str]], names: Iterable[str]) -> float | None:
    hit = sum(counts[name]["hit"] for name in names if name in counts)
    gold = hit + sum(counts[name]["missed"] for name in names if name in counts)
    return round(hit / gold, 4) if gold else None


def _precision(counts: Mapping[str, Counter[str]], names: Iterable[str]) -> float | None:
    hit = sum(counts[name]["hit"] for name in names if name in counts)
    said = hit + sum(counts[name]["false"] for name in names if name in counts)
    return round(hit / said, 4) if said else None


def _scores(counts: Counter[str]) -> dict[str, Any]:
    single = {"x": counts}
    precision, recall = _precision(single, {"x"}), _recall(single, {"x"})
    both = (precision or 0) + (recall or 0)
    f1 = round(2 * (precision or 0) * (recall or 0) / both, 4) if both else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "support": counts["hit"] + counts["missed"]}


def _calibration_error(pairs: Sequence[tuple[set[str], Understanding]], bins: int = 10) -> float:
    """Expected calibration error of the first intent's confidence, equal-width bins."""
    tops = [(u.intents[0].confidence, u.intents[0].name in gold) for gold, u in pairs if u.intents]
    places = [min(int(confidence * bins), bins - 1) for confidence, _ in tops]
    gaps = 0.0
    for place in set(places):
        inside = [top for top, at in zip(tops, places, strict=True) if at == place]
        gaps += abs(sum(c for c, _ in inside) - sum(right for _, right in inside))
    return round(gaps / len(tops), 4) if tops else 0.0


def _confusions(pairs: Sequence[tuple[set[str], Understanding]]) -> list[dict[str, Any]]:
    """Gold intents that were missed against the first intent read instead, commonest first."""
    seen: Counter[tuple[str, str]] = Counter()
    for gold, understood in pairs:
        if understood.intents and understood.intents[0].name not in gold:
            seen.update((name, understood.intents[0].name) for name in gold)
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    return [{"gold": gold, "read": read, "count": count} for (gold, read), count in ranked]


def as_table(figures: Mapping[str, Any]) -> str:
    """The figures as text for a terminal: the summary, then each intent, then the commonest confusions."""
    console = Console(width=100, no_color=True)
    summary = Table("figure", "value", title=f"{figures['engine']} {figures['version']}")
    for key, value in figures.items():
        if not isinstance(value, (list, dict, str)):
            summary.add_row(key, "-" if value is None else str(value))
    summary.add_row("latency p50 / p99", f"{figures['latency_ms']['p50']} / {figures['latency_ms']['p99']} ms")
    intents = Table("intent", "precision", "recall", "f1", "support")
    for name, row in figures["per_intent"].items():
        intents.add_row(name, *("-" if value is None else str(value) for value in row.values()))
    confusions = Table("gold", "read as", "count", title="confusions")
    for row in figures["confusions"][:20]:
        confusions.add_row(row["gold"], row["read"], str(row["count"]))
    with console.capture() as capture:
        for table in (summary, intents, confusions):
            console.print(table)
    return capture.get()
