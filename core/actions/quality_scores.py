"""The arithmetic of quality reviews: which conversations are drawn, and what a score card comes to. Values in and out.

A score is in hundredths of a percent, so that it is exact, and so are averages of it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BEST = 4
"""The best mark; the worst is nothing."""
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent's part in a conversation, that may be drawn."""

    conversation_id: int
    agent_id: int
    hard: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """One line of a score card with its mark, None where it does not apply."""

    weight: int
    auto_fail: bool
    mark: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is in hundredths of a percent, None where no line applies; `failed` by a line that fails all."""

    value: int | None
    failed: bool


def draw(candidates: Iterable[Candidate], size: int, seed: int, hard_share: int) -> tuple[Candidate, ...]:
    """At most `size` candidates, by chance, of which `hard_share` percent are hard cases as far as there are so many.

    The same seed over the same candidates draws the same, in whatever order they come: each has a place of its own by
    the hash of the seed and its ids.
    """
    ordered = sorted(candidates, key=lambda each: _place(seed, each))
    hard = [each for each in ordered if each.hard]
    easy = [each for each in ordered if not each.hard]
    wanted = -(-size * hard_share // 100)
    first = hard[:wanted]
    rest = easy[: size - len(first)]
    more = hard[wanted : wanted + size - len(first) - len(rest)]
    return tuple(sorted((*first, *rest, *more), key=lambda each: _place(seed, each)))


def score(lines: Sequence[Marked]) -> Score:
    """The weighted share of the best marks over the lines that apply; nothing where a line that fails all has none."""
    counted = [line for line in lines if line.mark is not None]
    if any(line.auto_fail and line.mark == 0 for line in counted):
        return Score(0, failed=True)
    most = sum(line.weight for line in counted) * BEST
    if not most:
        return Score(None, failed=False)
    got = sum(line.weight * (line.mark or 0) for line in counted)
    return Score((2 * got * WHOLE + most) // (2 * most), failed=False)


def _place(seed: int, candidate: Candidate) -> bytes:
    named = f"{seed}:{candidate.conversation_id}:{candidate.agent_id}"
    return hashlib.sha256(named.encode()).digest()
