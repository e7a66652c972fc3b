"""Rows of worked examples that rank offers by what they are worth today."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.errors import InvalidInput
from core.plans.value import ExpectedPayment, expected_present_value, kept_monthly
from parley.vectors.values import number

Row = dict[str, Any]
_NUMBER = r"(\d+(?:\.\d+)?)"


def npv_row(row: Row, _siblings: dict[str, Row]) -> Row:
    """The expected present value of each offer, which says itself in its name what it is, and the best of them."""
    rate, balance = Decimal(str(row["discount_rate_pct"])) / 100, Decimal(str(row["balance"]))
    values = {
        str(offer["name"]): expected_present_value(_payments(str(offer["name"]), balance), rate)
        for offer in row["offers"]
    }
    best = max(values, key=lambda name: values[name])
    return {"best": best, "offers": [{"name": name, "expected_npv": number(value)} for name, value in values.items()]}


def _payments(name: str, balance: Decimal) -> tuple[ExpectedPayment, ...]:
    start = re.search(rf"(?:accept|start)?\s*p\s*=\s*{_NUMBER}", name)
    chance = Decimal(start[1]) if start else Decimal(1)
    if series := re.search(rf"(\d+)\s*[x×]\s*{_NUMBER}", name):
        survival = re.search(rf"survival\s*{_NUMBER}", name)
        return kept_monthly(
            Decimal(series[2]), int(series[1]), chance, Decimal(survival[1]) if survival else Decimal(1)
        )
    if share := re.search(rf"{_NUMBER}\s*%", name):
        months = re.search(r"in (\d+) months?", name)
        years = Fraction(int(months[1]), 12) if months else Fraction(0)
        return (ExpectedPayment(balance * Decimal(share[1]) / 100, years, chance),)
    raise InvalidInput("The offer does not say what is paid.", name=name)
