"""Thousands of random negotiations: nothing outside the limits, nothing unaffordable recommended, and all of them end.

`make nightly` runs 100,000; PARLEY_NEGOTIATIONS sets another number, PARLEY_NEGOTIATIONS_FROM the first seed.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest

from tests.adversaries.negotiations import negotiation

NUMBER = int(os.environ.get("PARLEY_NEGOTIATIONS", "200"))
FIRST = int(os.environ.get("PARLEY_NEGOTIATIONS_FROM", "0"))


@pytest.mark.timeout(0)
def test_every_negotiation_stays_inside_the_limits_and_ends(record_property: Callable[[str, object], None]) -> None:
    ends: Counter[str] = Counter()
    longest, offers = 0, 0
    for seed in range(FIRST, FIRST + NUMBER):
        ended = negotiation(seed)
        ends[ended.how] += 1
        longest, offers = max(longest, ended.messages), offers + ended.offers
    assert sum(ends.values()) == NUMBER
    figures = f"{dict(ends)}, {offers} offers, longest {longest} messages"
    record_property("negotiations", figures)
