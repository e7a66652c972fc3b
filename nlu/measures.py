"""The measures of an evaluation, from gold labels and readings: pure functions, shares in 0..1, None without a case."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.dialogue.understanding import Entity, Understanding

Pairs = Sequence[tuple[set[str], Understanding]]
"""For each message the intents that it should read as, and how it was read."""

IDENTITY = ("value", "of", "day", "weekday", "unit", "part")
"""The fields besides the type that make two entities the same; currency, period, bound, grain and place do not."""


def share(outcomes: Iterable[bool]) -> float | None:
    """How many of the outcomes are true."""
    known = list(outcomes)
    return round(sum(known) / len(known), 4) if known else None


def per_intent(pairs: Pairs) -> dict[str, Counter[str]]:
    """For each intent how often it was hit, missed and falsely asserted."""
    counts: dict[str, Counter[str]] = {}
    for gold, understood in pairs:
        asserted = set(understood.asserted)
        for name in gold | asserted:
            kind = "hit" if name in gold and name in asserted else "missed" if name in gold else "false"
            counts.setdefault(name, Counter())[kind] += 1
    return counts


def recall(counts: Mapping[str, Counter[str]], names: Iterable[str]) -> float | None:
    """Hits among the gold labels of these names, counted together."""
    hit, missed = _sum(counts, names, "hit"), _sum(counts, names, "missed")
    return round(hit / (hit + missed), 4) if hit + missed else None


def precision(counts: Mapping[str, Counter[str]], names: Iterable[str]) -> float | None:
    """Hits among what was asserted of these names, counted together."""
    hit, false = _sum(counts, names, "hit"), _sum(counts, names, "false")
    return round(hit / (hit + false), 4) if hit + false else None


def _sum(counts: Mapping[str, Counter[str]], names: Iterable[str], kind: str) -> int:
    return sum(counts[name][kind] for name in set(names) if name in counts)


def scores(counts: Counter[str]) -> dict[str, Any]:
    """Precision, recall, F1 and support of one name."""
    single = {"x": counts}
    exact, found = precision(single, {"x"}), recall(single, {"x"})
    both = (exact or 0) + (found or 0)
    f1 = round(2 * (exact or 0) * (found or 0) / both, 4) if both else 0.0
    return {"precision": exact, "recall": found, "f1": f1, "support": counts["hit"] + counts["missed"]}


def macro_f1(counts: Mapping[str, Counter[str]]) -> float | None:
    """The mean F1 of the intents that some message means, each weighing the same."""
    rows = [row for row in map(scores, counts.values()) if row["support"]]
    return round(sum(row["f1"] for row in rows) / len(rows), 4) if rows else None


def calibration_error(pairs: Pairs, bins: int = 10) -> float:
    """Expected calibration error of the first intent's confidence, equal-width bins (Naeini et al. 2015)."""
    tops = [(u.intents[0].confidence, u.intents[0].name in gold) for gold, u in pairs if u.intents]
    places = [min(int(confidence * bins), bins - 1) for confidence, _ in tops]
    gaps = 0.0
    for place in set(places):
        inside = [top for top, at in zip(tops, places, strict=True) if at == place]
        gaps += abs(sum(c for c, _ in inside) - sum(right for _, right in inside))
    return round(gaps / len(tops), 4) if tops else 0.0


def rejection_auroc(pairs: Pairs) -> float | None:
    """Chance that a message out of scope looks more so than one in scope; ties count half.

    What a message looks like is its confidence of `out_of_scope` less that of its best other intent.
    """
    inside: list[float] = []
    outside: list[float] = []
    for gold, understood in pairs:
        (outside if "out_of_scope" in gold else inside).append(_strangeness(understood))
    if not inside or not outside:
        return None
    wins = sum((strange > usual) + 0.5 * (strange == usual) for strange in outside for usual in inside)
    return round(wins / (len(inside) * len(outside)), 4)


def _strangeness(understood: Understanding) -> float:
    best = {True: 0.0, False: 0.0}
    for intent in understood.intents:
        kind = intent.name == "out_of_scope"
        best[kind] = max(best[kind], intent.confidence)
    return best[True] - best[False]


def confusions(pairs: Pairs) -> list[dict[str, Any]]:
    """Gold intents that were missed against the first intent read instead, commonest first."""
    seen: Counter[tuple[str, str]] = Counter()
    for gold, understood in pairs:
        if understood.intents and understood.intents[0].name not in gold:
            seen.update((name, understood.intents[0].name) for name in gold)
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    return [{"gold": gold, "read": read, "count": count} for (gold, read), count in ranked]


def read_in_full(gold: Sequence[Mapping[str, Any]], found: Sequence[Entity]) -> list[bool]:
    """For each meant entity whether one was read with every field that is labelled, but for its place in the text."""
    left = [entity.to_json() for entity in found]
    outcomes = []
    for wanted in gold:
        fields = {name: wanted[name] for name in wanted if name not in ("start", "end")}
        same = next((data for data in left if fields.items() <= data.items()), None)
        if same is not None:
            left.remove(same)
        outcomes.append(same is not None)
    return outcomes


def entity_key(data: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes an entity the one that was meant: its type and value."""
    return (data["type"], *((field, data[field]) for field in IDENTITY if field in data))


def entity_scores(cases: Sequence[tuple[Sequence[Mapping[str, Any]], Sequence[Entity]]]) -> dict[str, Any]:
    """Entities by type and exact value: overall and for each type, and messages read with no error at all.

    `exact` is how many of the meant entities were read, `exact_in_full` how many with their currency, period, bound
    and grain too.
    """
    counts: dict[str, Counter[str]] = {}
    clean = []
    for gold, found in cases:
        wanted = Counter(entity_key(data) for data in gold)
        read = Counter(entity_key(entity.to_json()) for entity in found)
        for kind, keys in (("hit", wanted & read), ("missed", wanted - read), ("false", read - wanted)):
            for key, count in keys.items():
                counts.setdefault(key[0], Counter())[kind] += count
        clean.append(wanted == read)
    return {
        "messages": len(cases),
        "messages_exact": share(clean),
        "exact": recall(counts, counts),
        "exact_in_full": share(outcome for gold, found in cases for outcome in read_in_full(gold, found)),
        "precision": precision(counts, counts),
        "per_type": {name: scores(counts[name]) for name in sorted(counts)},
    }
