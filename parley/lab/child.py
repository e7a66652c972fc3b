"""A process that simulates one comparison: reads its task as JSON, tells how far it is, and at last the report."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from core.lab.codec import case_from_json, comparison_from_json
from core.lab.compared import compared
from core.lab.portfolio import Comparison, LiveCase, Pair, compare
from parley.lab.processes import pool

_BLOCK = 50
"""People in a piece of work: some tenths of a second."""

_NICE = 10
"""Whoever chats with the assistant on the same machine goes first."""


def main() -> None:
    """What `python -m parley.lab.child` does."""
    signal.signal(signal.SIGTERM, _stop)
    with suppress(OSError):
        os.nice(_NICE)
    task = json.loads(sys.stdin.read())
    comparison = comparison_from_json(task["comparison"])
    cases = [case_from_json(case) for case in task["cases"]]
    try:
        report = run(comparison, cases, int(task["processes"]), lambda done: _tell(done=done))
    except (ValueError, ArithmeticError, LookupError, TypeError) as error:
        _tell(failed=type(error).__name__)
        raise
    _tell(report=report)


def run(
    comparison: Comparison, cases: Sequence[LiveCase], processes: int, told: Callable[[int], None]
) -> dict[str, Any]:
    """The report of the comparison; `told` hears how many cases are done."""
    pairs: list[Pair] = []
    done = 0
    for many, found in _worked(comparison, _blocks(cases, comparison.draws), processes):
        pairs.extend(found)
        done += many
        told(done)
    return compared(comparison, pairs)


def _worked(
    comparison: Comparison, blocks: Sequence[Sequence[LiveCase]], processes: int
) -> Iterator[tuple[int, list[Pair]]]:
    if processes <= 1 or len(blocks) == 1:
        yield from ((len(block), compare(comparison, block)) for block in blocks)
        return
    with pool(processes) as workers:
        jobs = [(len(block), workers.submit(compare, comparison, block)) for block in blocks]
        for many, job in jobs:
            yield many, job.result()


def _blocks(cases: Sequence[LiveCase], draws: int) -> list[Sequence[LiveCase]]:
    size = max(1, _BLOCK // draws)
    return [cases[start : start + size] for start in range(0, len(cases), size)]


def _tell(**said: Any) -> None:
    print(json.dumps(said, ensure_ascii=False), flush=True)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
