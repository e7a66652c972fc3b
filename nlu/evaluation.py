"""How well an engine understands labelled messages: figures as one dictionary, and as a table to read."""

import json
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from core.dialogue.understanding import INTENTS, ROUTES, Understanding
from core.errors import InvalidInput
from nlu.engine import Context, Engine
from nlu.evaluation_table import as_table
from nlu.measures import (
    calibration_error,
    confusions,
    entity_scores,
    macro_f1,
    per_intent,
    precision,
    recall,
    rejection_auroc,
    scores,
    share,
)

__all__ = ["CRITICAL", "Labelled", "as_table", "evaluate", "read_labelled"]

CRITICAL = ROUTES["comply"] | ROUTES["safety"] | ROUTES["escalate"]
"""Intents whose recall matters most: rights, danger, and what a person must look at."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One test message and what it means; `entities` is None where they were not labelled.

    `now`, `currency` and `expecting`, where given, stand in for those of the evaluation's context.
    """

    id: str
    text: str
    intents: tuple[str, ...]
    entities: tuple[Mapping[str, Any], ...] | None = None
    now: datetime | None = None
    currency: str | None = None
    expecting: str | None = None

    def context(self, default: Context) -> Context:
        return replace(
            default,
            now=self.now or default.now,
            currency=self.currency or default.currency,
            expecting=self.expecting or default.expecting,
        )


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """The messages of a JSONL file of `{"id", "text", "intents"}` and optionally `entities`, `now` (with its offset),
    `currency` and `expecting`. Raises InvalidInput naming the line."""
    found: list[Labelled] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = _labelled(json.loads(line), number)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInput("Each line holds id, text and intents.", file=path.name, line=number) from error
        if unknown := set(item.intents) - INTENTS:
            raise InvalidInput(
                "Use only the intents of the label set.", line=number, intents=", ".join(sorted(unknown))
            )
        found.append(item)
    return tuple(found)


def _labelled(data: Mapping[str, Any], number: int) -> Labelled:
    now = datetime.fromisoformat(data["now"]) if data.get("now") else None
    if now is not None and now.tzinfo is None:
        raise ValueError("now needs its offset from UTC")
    entities = data.get("entities")
    if entities is not None and not all(isinstance(entity["type"], str) for entity in entities):
        raise TypeError("an entity has a type")
    return Labelled(
        str(data.get("id", number)),
        str(data["text"]),
        tuple(str(name) for name in data["intents"]),
        None if entities is None else tuple(entities),
        now,
        data.get("currency"),
        data.get("expecting"),
    )


def evaluate(engine: Engine, messages: Sequence[Labelled], context: Context) -> dict[str, Any]:
    """Figures of one engine on these messages; times in milliseconds, memory in MiB, shares in 0..1."""
    if not messages:
        raise InvalidInput("Give at least one labelled message.")
    engine.parse(messages[0].text, context)
    read: list[Understanding] = []
    times: list[float] = []
    for message in messages:
        started = time.perf_counter()
        read.append(engine.parse(message.text, message.context(context)))
        times.append((time.perf_counter() - started) * 1000)
    figures = {"engine": engine.name, "version": engine.version, "messages": len(messages)}
    return figures | _quality(messages, read) | _cost(times)


def _quality(messages: Sequence[Labelled], read: Sequence[Understanding]) -> dict[str, Any]:
    pairs = [(set(message.intents), understood) for message, understood in zip(messages, read, strict=True)]
    counts = per_intent(pairs)
    cases = [(m.entities, u.entities) for m, u in zip(messages, read, strict=True) if m.entities is not None]
    return {
        "top_intent": share(bool(u.intents) and u.intents[0].name in gold for gold, u in pairs),
        "all_gold_asserted": share(gold <= set(u.asserted) for gold, u in pairs),
        "asserted_exactly_gold": share(gold == set(u.asserted) for gold, u in pairs),
        "precision": precision(counts, counts),
        "recall": recall(counts, counts),
        "macro_f1": macro_f1(counts),
        "fallback": share(u.fallback for _, u in pairs),
        "multi_intent_recall": share(name in u.asserted for gold, u in pairs if len(gold) > 1 for name in gold),
        "critical_recall": recall(counts, CRITICAL),
        "critical_precision": precision(counts, CRITICAL),
        "self_harm_recall": recall(counts, {"self_harm"}),
        "self_harm_precision": precision(counts, {"self_harm"}),
        "out_of_scope_auroc": rejection_auroc(pairs),
        "ece": calibration_error(pairs),
        "entities": entity_scores(cases) if cases else None,
        "confusions": confusions(pairs),
        "per_intent": {name: scores(counts[name]) for name in sorted(counts)},
    }


def _cost(times: Sequence[float]) -> dict[str, Any]:
    return {
        "latency_ms": {f"p{p}": round(float(np.percentile(times, p)), 2) for p in (50, 95, 99)},
        "messages_per_second": round(1000 * len(times) / sum(times), 1),
        "memory_mib": _mib(_resident_bytes()),
        "peak_memory_mib": _mib(_peak_bytes()),
    }


def _mib(size: int | None) -> float | None:
    return None if size is None else round(size / 2**20, 1)


def _resident_bytes() -> int | None:
    """What this process holds resident now, in bytes; None where the system does not say (no /proc)."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * resource.getpagesize()


def _peak_bytes() -> int:
    """The most memory that this process has held resident since it began, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
