"""How a script's `expect` key is held against what was played.

`expect.turns` is aligned with the script's turns (null: nothing is expected); each may give `kind`, `holder`, `silent`,
`says` and `not_says` (texts in the replies), `offers` (one mapping for each offer) and `most` (no instalment above it).
`expect.end` is a subset of the end state; `has_flags` is a subset of its flags. In offers and plans `count`, `amount`
and `first_due` stand for the instalments.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any


def unmet(expected: Mapping[str, Any], played: Mapping[str, Any]) -> list[str]:
    """Each expectation that was not met, as a sentence."""
    wanted, turns = expected.get("turns") or [], played["turns"]
    if len(wanted) != len(turns):
        return [f"{len(wanted)} turns are described, {len(turns)} were played"]
    found = [
        f"turn {number}: {problem}"
        for number, (want, turn) in enumerate(zip(wanted, turns, strict=True), 1)
        for problem in _turn(want or {}, turn)
    ]
    return [*found, *(f"end: {problem}" for problem in _end(expected.get("end") or {}, played["end"]))]


def _turn(want: Mapping[str, Any], turn: Mapping[str, Any]) -> Iterator[str]:
    text = "\n".join(reply["text"] for reply in turn.get("replies", ()))
    decision = turn.get("decision") or {}
    if "kind" in want and decision.get("kind") != want["kind"]:
        yield f"{decision.get('kind')} instead of {want['kind']}"
    if "holder" in want and turn.get("holder") != want["holder"]:
        yield f"held by {turn.get('holder')} instead of {want['holder']}"
    if turn.get("refused"):
        yield f"the review refused {turn['refused']}"
    if want.get("silent") and text:
        yield f"not silent: {text}"
    yield from (f"does not say {words!r}: {text}" for words in want.get("says", ()) if words not in text)
    yield from (f"says {words!r}: {text}" for words in want.get("not_says", ()) if words in text)
    yield from _offers(want, decision.get("offers") or [])


def _offers(want: Mapping[str, Any], offers: list[Mapping[str, Any]]) -> Iterator[str]:
    if "offers" in want:
        if len(want["offers"]) != len(offers):
            yield f"{len(offers)} offers instead of {len(want['offers'])}"
        for wanted, offer in zip(want["offers"], offers, strict=False):
            yield from _plan(wanted, offer)
    for offer in offers:
        sums = [Decimal(line["amount"]) for line in offer["instalments"]]
        if "most" in want and len(sums) > 1 and max(sums) > Decimal(want["most"]):
            yield f"an instalment of {max(sums)}, above {want['most']}"
        yield from _adds_up(offer)


def _plan(want: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[str]:
    lines = plan["instalments"]
    short = {"count": len(lines), "first_due": lines[0]["due"], "amount": lines[0]["amount"]} if lines else {}
    for name, value in want.items():
        got = short.get(name, plan.get(name))
        if got != value:
            yield f"{name} is {got} instead of {value}"


def _adds_up(plan: Mapping[str, Any]) -> Iterator[str]:
    paid = sum((Decimal(line["amount"]) for line in plan["instalments"]), Decimal(plan["down_payment"]))
    if paid != Decimal(plan["total"]):
        yield f"the payments come to {paid}, the total is {plan['total']}"


def _end(want: Mapping[str, Any], end: Mapping[str, Any]) -> Iterator[str]:
    for name, value in want.items():
        got = end.get(name)
        if name == "has_flags":
            missing = set(value) - set(end["flags"])
            if missing:
                yield f"flags {end['flags']} lack {sorted(missing)}"
        elif isinstance(value, Mapping) and isinstance(got, Mapping):
            yield from _plan(value, got) if name == "plan" else _same(name, value, got)
        elif got != value:
            yield f"{name} is {got} instead of {value}"
    if end.get("plan"):
        yield from _adds_up(end["plan"])


def _same(name: str, want: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    yield from (
        f"{name}.{key} is {got.get(key)} instead of {value}" for key, value in want.items() if got.get(key) != value
    )
