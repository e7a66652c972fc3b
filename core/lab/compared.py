"""What two versions of the limits come to on a portfolio: figures with intervals, who sees other offers, and groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt
from typing import Any

from core.lab.measures import FIGURES, Estimate, Figure, Result, as_json
from core.lab.portfolio import GROUPS, Comparison, Pair
from core.policy import diff

SHOWN = (
    "recovery_90",
    "recovery_180",
    "recovery_365",
    "present_value",
    "agreed",
    "person",
    "kept",
    "rounds",
    "discount",
    "left_to_live",
    "months_below",
    "months_caused",
)
"""The figures that a comparison reports, in this order."""

GROUP_FIGURES: Mapping[str, Figure] = {
    "agreed": FIGURES["agreed"],
    "recovered": Figure(lambda found: found.recovered[2] / found.owed, lambda _: 1),
    "months_caused": FIGURES["months_caused"],
}
"""What groups are compared by: shares of their people, so that one large debt does not speak for all of a group."""

LEAST_IN_GROUP = 30
"""People in a group, or with debts of a currency, of which figures are given."""

PROTECTED = ("language", "age")
"""What nobody may be treated differently by."""

UNTESTED = frozenset(
    (
        "max_fee_waiver_share",
        "max_interest_waiver_share",
        "max_penalty_waiver_share",
        "max_extensions",
        "promise_max_days",
        "promise_min_share",
        "max_broken_promises",
    )
)
"""Limits that no simulated person asks anything about: nobody promises, or asks for a waiver by name."""

_NORMAL = 1.959964
"""The 97.5 % point of the normal distribution."""

_Errors = tuple[float | None, list[float]]


def compared(comparison: Comparison, pairs: Sequence[Pair]) -> dict[str, Any]:
    """The report of a comparison, as it is stored: `parts` by currency, since sums of two currencies do not mix."""
    currencies = sorted({pair.currency for pair in pairs})
    return {
        "seed": comparison.seed,
        "draws": comparison.draws,
        "rate": comparison.rate,
        "cases": len({pair.key for pair in pairs}),
        "people": len(pairs),
        "other": {
            "limits": _cases(pairs, lambda pair: bool(pair.changed)),
            "offers": _cases(pairs, lambda pair: pair.other_offers),
            "ends": _cases(pairs, lambda pair: pair.other_end),
        },
        "rules": _rules(comparison, pairs),
        "parts": [_part(currency, [pair for pair in pairs if pair.currency == currency]) for currency in currencies],
        "groups": _groups(pairs),
    }


def _cases(pairs: Iterable[Pair], test: Callable[[Pair], bool]) -> int:
    return len({pair.key for pair in pairs if test(pair)})


def _rules(comparison: Comparison, pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Each rule that differs: how many cases it gives other limits, and how many of those see other offers."""
    found: dict[str, dict[str, Any]] = {}
    reached: dict[str, tuple[set[int], set[int]]] = {}
    for change in diff(comparison.before, comparison.after):
        entry = found.setdefault(change.rule, {"rule": change.rule, "fields": [], "untested": []})
        entry["fields"].append(change.field)
        if change.field in UNTESTED:
            entry["untested"].append(change.field)
    for pair in pairs:
        for rule, _fields in pair.changed:
            limits, offers = reached.setdefault(rule, (set(), set()))
            limits.add(pair.key)
            if pair.other_offers:
                offers.add(pair.key)
    for rule, entry in found.items():
        limits, offers = reached.get(rule, (set(), set()))
        entry |= {"cases": len(limits), "offers": len(offers)}
    return sorted(found.values(), key=lambda entry: -int(entry["offers"]))


def _part(currency: str, pairs: Sequence[Pair]) -> dict[str, Any]:
    return {
        "currency": currency,
        "cases": len({pair.key for pair in pairs}),
        "owed": sum({pair.key: pair.before.owed for pair in pairs}.values()),
        "figures": {name: both(FIGURES[name], pairs) for name in SHOWN} if len(pairs) >= LEAST_IN_GROUP else {},
    }


def both(figure: Figure, pairs: Sequence[Pair]) -> dict[str, Any]:
    """A figure before and after, and how far they are apart, each with its 95 % interval over people (of a ratio, by
    linearisation). The people are the same, so the last one is narrow."""
    before = _errors(figure, [pair.before for pair in pairs])
    after = _errors(figure, [pair.after for pair in pairs])
    return {
        "before": as_json(_estimate(*before)),
        "after": as_json(_estimate(*after)),
        "gap": as_json(_estimate(*_less(after, before))),
    }


def _errors(figure: Figure, results: Sequence[Result]) -> _Errors:
    """A ratio of sums, and how much each person moves it."""
    parts, wholes = [figure.part(each) for each in results], [figure.whole(each) for each in results]
    whole = sum(wholes)
    if not results or not whole:
        return None, []
    ratio, mean = sum(parts) / whole, whole / len(results)
    return ratio, [(part - ratio * weight) / mean for part, weight in zip(parts, wholes, strict=True)]


def _less(one: _Errors, other: _Errors) -> _Errors:
    if one[0] is None or other[0] is None:
        return None, []
    return one[0] - other[0], [here - there for here, there in zip(one[1], other[1], strict=True)]


def _estimate(value: float | None, errors: Sequence[float]) -> Estimate | None:
    if value is None:
        return None
    many = len(errors)
    if many < 2:
        return Estimate(value, None)
    return Estimate(value, _NORMAL * sqrt(sum(error * error for error in errors) / (many * (many - 1))))


def _groups(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Every group large enough, with its figures; `apart`, of protected groups, is how much more its share of
    agreements grows than that of everybody else whose limits change alike."""
    rows = []
    for at, attribute in enumerate(GROUPS):
        names = sorted({pair.groups[at] for pair in pairs})
        for name in names if len(names) > 1 else []:
            inside = [pair for pair in pairs if pair.groups[at] == name]
            if len(inside) < LEAST_IN_GROUP:
                continue
            outside = [pair for pair in pairs if pair.groups[at] != name]
            rows.append(
                {
                    "attribute": attribute,
                    "group": name,
                    "cases": len({pair.key for pair in inside}),
                    "people": len(inside),
                    "offers": _cases(inside, lambda pair: pair.other_offers),
                    "figures": {key: both(figure, inside) for key, figure in GROUP_FIGURES.items()},
                    "apart": as_json(_apart(inside, outside)) if attribute in PROTECTED else None,
                }
            )
    return rows


def _apart(inside: Sequence[Pair], outside: Sequence[Pair]) -> Estimate | None:
    """How much more the one group agrees than before, less how much more the others do: the mean over those whose
    limits the same rules change, weighted by the group's people, so that where people live is no difference."""
    figure = GROUP_FIGURES["agreed"]
    others = _alike(outside)
    found = []
    for alike, pairs in _alike(inside).items():
        here, there = _change(figure, pairs), _change(figure, others.get(alike, ()))
        if here is not None and there is not None and here.half is not None and there.half is not None:
            found.append((len(pairs), here.mean - there.mean, here.half**2 + there.half**2))
    people = sum(many for many, _, _ in found)
    if not people:
        return None
    mean = sum(many * apart for many, apart, _ in found) / people
    return Estimate(mean, sqrt(sum(many**2 * squared for many, _, squared in found)) / people)


def _alike(pairs: Iterable[Pair]) -> dict[tuple[object, ...], list[Pair]]:
    """The people whose limits the same rules change, by currency and those rules."""
    found: dict[tuple[object, ...], list[Pair]] = {}
    for pair in pairs:
        found.setdefault((pair.currency, pair.changed), []).append(pair)
    return found


def _change(figure: Figure, pairs: Sequence[Pair]) -> Estimate | None:
    after = _errors(figure, [pair.after for pair in pairs])
    return _estimate(*_less(after, _errors(figure, [pair.before for pair in pairs])))
