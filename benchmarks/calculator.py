"""How fast plans are worked out: twelve-instalment schedules a second on one core, terms made anew for each.

Run it from the repository: `python -m benchmarks.calculator [--seconds 1.0]`. Figures are of this process's own CPU
time, the best of five rounds; the goals are 20,000 twelve-instalment schedules a second, and 5,000 candidate plans of 1
to 24 instalments within 150 ms. A processor shared with other work shows up to half as many: look at the load.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from core.calendar import DayRule, Frequency
from core.money import Money
from core.plans import DayCount, Method, Terms, build_schedule, plan_rate, solve_count, summarise
from core.plans.interest import Treatment

GOAL = 20_000
CANDIDATES, CANDIDATES_GOAL = 5_000, 0.150
ROUNDS = 5
COUNT = 12
FREQUENCIES = (Frequency.WEEK, Frequency.FORTNIGHT, Frequency.MONTH)
NOTHING = Money.zero("CNY")
FIRST_DUE, STARTS = date(2026, 1, 31), date(2025, 12, 31)


def machine() -> str:
    """The processor, its cores, the interpreter and the load beside this run."""
    facts = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if facts.exists():
        names = (line for line in facts.read_text(encoding="utf-8").splitlines() if line.startswith("model name"))
        model = next(names, model).split(":")[-1].strip()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{model}, {os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}, load {load}"
    )


def sums() -> Iterator[int]:
    """Sums that differ from one plan to the next, in minor units."""
    minor = 1_000_000
    while True:
        minor = 1_000_000 + (minor * 7919 + 104_729) % 3_000_000
        yield minor


def terms(minor: int, **more: object) -> Terms:
    """A year of monthly instalments at the month's end."""
    total, nothing = Money(minor, "CNY"), Money.zero("CNY")
    return Terms(total, nothing, None, Frequency.MONTH, COUNT, FIRST_DUE, starts=STARTS, **more)  # type: ignore[arg-type]


def rate_of(work: Callable[[int], object], seconds: float) -> float:
    """Calls a second of CPU time, the best of the rounds."""
    amounts = sums()
    best = 0.0
    for _ in range(ROUNDS):
        start, calls = time.process_time(), 0
        while (elapsed := time.process_time() - start) < seconds / ROUNDS:
            for _ in range(50):
                work(next(amounts))
            calls += 50
        best = max(best, calls / elapsed)
    return best


def candidates_time() -> float:
    """Seconds for the candidates that a person's sum may be spread over: number, frequency and first date vary."""
    start = time.process_time()
    for index in range(CANDIDATES):
        count, frequency = 1 + index % 24, FREQUENCIES[index % len(FREQUENCIES)]
        first = FIRST_DUE + timedelta(days=index % 31)
        build_schedule(Terms(Money(1_660_000 + index, "CNY"), NOTHING, None, frequency, count, first))
    return time.process_time() - start


def main() -> None:
    """Prints the machine, then one line a kind of work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="CPU time for each figure")
    seconds = parser.parse_args().seconds
    rate = plan_rate(Treatment.CONTINUING, Decimal("0.18"))
    level = Money(200_000, "CNY")
    built = build_schedule(terms(1_660_000, annual_rate=rate))
    kinds: list[tuple[str, bool, Callable[[int], object]]] = [
        ("interest stopped", True, lambda minor: build_schedule(terms(minor))),
        ("annuity, ACT/365", True, lambda minor: build_schedule(terms(minor, annual_rate=rate))),
        ("annuity, 30/360", True,
         lambda minor: build_schedule(terms(minor, annual_rate=rate, day_count=DayCount.D30_360))),
        ("equal principal", True,
         lambda minor: build_schedule(terms(minor, annual_rate=rate, method=Method.EQUAL_PRINCIPAL))),
        ("flat fee", True, lambda minor: build_schedule(terms(minor, annual_rate=rate, method=Method.FLAT_FEE))),
        ("annuity on China's working days", True,
         lambda minor: build_schedule(terms(minor, annual_rate=rate, rule=DayRule.FOLLOWING, market="cn"))),
        ("number solved for an amount", False, lambda minor: solve_count(terms(minor, annual_rate=rate), level)),
        ("all its rates (APR, APRC, IRR, XIRR)", False,
         lambda minor: summarise(built, Money(minor + 1_000_000, "CNY"), STARTS, Frequency.MONTH)),
    ]  # fmt: skip
    print(machine())
    for name, is_schedule, work in kinds:
        found = rate_of(work, seconds)
        verdict = ("  meets the goal" if found >= GOAL else f"  below the goal of {GOAL:,}") if is_schedule else ""
        print(f"{name:<38}{found:>10,.0f} a second{verdict}")
    fastest = min(candidates_time() for _ in range(ROUNDS))
    verdict = "meets the goal" if fastest < CANDIDATES_GOAL else f"over the goal of {1000 * CANDIDATES_GOAL:.0f} ms"
    print(f"{f'{CANDIDATES:,} candidate plans':<38}{1000 * fastest:>10,.0f} ms        {verdict}")


if __name__ == "__main__":
    main()
