"""How long a debtor waits for the negotiator: the first offers, and the answer to an ask, over many cases and asks.

Run it from the repository: `python -m benchmarks.negotiation [--asks 5000]`. Cases and asks are drawn from a seed,
inside the limits and far outside them. Figures are this process's own CPU time. The nearest plan is worked out from the
limits, not looked for among thousands: the goal, 5,000 candidate plans searched in 150 ms, is met where the slowest
answer is faster than that.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from statistics import median, quantiles

from benchmarks.calculator import machine
from core.calendar import Frequency
from core.money import Money
from core.negotiation import Ask, CaseFacts, Payday, answer, opening
from core.plans import Balance
from core.policy import DEFAULT_VERSION, Grant, Market, select

TODAY = date(2026, 11, 23)
CURRENCIES: dict[Market, str] = {"cn": "CNY", "us": "USD", "uk": "GBP"}


def case_of(dice: Random) -> tuple[CaseFacts, Grant]:
    """A card debt of 50 to 500,000 in one of the markets, with its limits."""
    market = dice.choice(tuple(CURRENCIES))
    currency = CURRENCIES[market]
    owed = round(10 ** dice.uniform(1.7, 5.7) * 100)
    parts = (Money(owed - owed // 10, currency), Money(owed // 20, currency), Money(owed // 10 - owed // 20, currency))
    grant = select(DEFAULT_VERSION, market, "credit_card")
    assert grant is not None
    today = TODAY + timedelta(days=dice.randrange(365))
    return CaseFacts(
        market=market, product="credit_card", balance=Balance(*parts), days_past_due=75, today=today
    ), grant


def ask_of(dice: Random, case: CaseFacts) -> Ask:
    """An ask of one of the kinds that people make, from modest to absurd."""
    owed = case.balance.total
    part = owed.share(Decimal(str(round(10 ** dice.uniform(-3, 0.3), 6))))
    day = case.today + timedelta(days=dice.randrange(-30, 400))
    return dice.choice(
        (
            Ask(instalment=part, frequency=dice.choice(tuple(Frequency)), first_due=day),
            Ask(instalment=part, at_most=True, payday=Payday(day=dice.randrange(1, 32))),
            Ask(count=dice.randrange(1, 600), first_due=day),
            Ask(total=part, first_due=day),
            Ask(down_payment=part, count=dice.randrange(1, 60)),
            Ask(until=day),
            Ask(share=Decimal(dice.randrange(1, 100)) / 100, discount=True),
        )
    )


def ids() -> Iterator[str]:
    return (f"o{number}" for number in count(1))


def milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def row(name: str, times: list[float]) -> str:
    cuts = quantiles(times, n=100)
    return f"| {name} | {len(times):,} | {median(times):.2f} | {cuts[94]:.2f} | {cuts[98]:.2f} | {max(times):.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asks", type=int, default=5000)
    asked = parser.parse_args().asks
    dice, opened, answered = Random(7), [], []
    opening(*case_of(Random(1)), ids())
    for _ in range(asked):
        case, grant = case_of(dice)
        ask = ask_of(dice, case)
        opened.append(milliseconds(lambda case=case, grant=grant: opening(case, grant, ids())))
        answered.append(milliseconds(lambda ask=ask, case=case, grant=grant: answer(ask, case, grant, ids())))
    print(machine())
    print("| what | number | p50 ms | p95 ms | p99 ms | slowest ms |\n|---|---:|---:|---:|---:|---:|")
    print(row("first offers", opened))
    print(row("answer to an ask", answered))


if __name__ == "__main__":
    main()
