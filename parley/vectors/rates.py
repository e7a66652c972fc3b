"""Rows of worked examples about rates: US APR, APRC, XIRR."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from core.plans.rates import (
    Flow,
    UnitFlow,
    effective_annual,
    effective_rate,
    irr,
    nominal_annual,
    us_actuarial,
    xirr,
)
from parley.vectors.rules import generated_payments
from parley.vectors.values import as_date, exact, number

Row = dict[str, Any]


def with_rate(row: Row, key: str, percent: Any) -> Row:
    """The shape of the row's `expected` with the rate in percent in each of its rate fields."""
    expected = row.get("expected") or {key: None}
    stated = ("decimals", "exact_decimals")
    return {name: value if name in stated else percent for name, value in expected.items()}


def us_actuarial_row(row: Row, _siblings: dict[str, Row]) -> Row:
    """Advances and payments in unit periods and fractions of one; the APR in percent."""
    flows: list[UnitFlow] = []
    for sign, name in ((-1, "advances"), (1, "payments")):
        for entry in row[name]:
            amount, part = sign * exact(entry["amount"]), exact(entry.get("f", 0))
            first, step = int(entry.get("t", 0)), int(entry.get("step", 1))
            flows += [(first + step * index, part, amount) for index in range(int(entry.get("count", 1)))]
    rate = us_actuarial(flows, exact(row["unit_periods_per_year"]))
    return with_rate(row, "apr_pct", number(100 * rate))


def aprc_row(row: Row, siblings: dict[str, Row]) -> Row:
    """Flows in months and days, years, calendar days or dates; the effective annual rate in percent."""
    flows = _signed_flows(row) if "cashflows" in row else _month_flows(row, siblings)
    return with_rate(row, "apr_pct", number(100 * effective_rate(flows)))


def _signed_flows(row: Row) -> list[Flow]:
    year = exact(row.get("days_in_year", 365))
    flows: list[Flow] = []
    start = min((as_date(flow["date"]) for flow in row["cashflows"] if "date" in flow), default=date.min)
    for flow in row["cashflows"]:
        if "t_years" in flow:
            time = exact(flow["t_years"])
        elif "month" in flow:
            time = exact(flow["month"]) / 12
        elif "date" in flow:
            time = (as_date(flow["date"]) - start).days / year
        else:
            time = exact(flow["day"]) / year
        flows.append((time, -exact(flow["amount"])))
    return flows


def _month_flows(row: Row, siblings: dict[str, Row]) -> list[Flow]:
    flows: list[Flow] = []
    for sign, name in ((-1, "advances"), (1, "payments")):
        for entry in row.get(name) or ():
            amount = sign * exact(entry["amount"])
            count, step = int(entry.get("count", 1)), exact(entry.get("step_months", 1))
            days = exact(entry.get("days", 0)) / exact(entry.get("days_in_year", 365))
            first = exact(entry.get("first_month", 0))
            flows += [((first + step * index) / 12 + days, amount) for index in range(count)]
    flows += [(Fraction(month, 12), amount) for month, amount in generated_payments(row, siblings)]
    return flows


def xirr_row(row: Row, _siblings: dict[str, Row]) -> Row:
    """Dated flows, days over 365; or evenly spaced ones (the IRR of a period). In percent."""
    flows = row["cashflows"]
    if all(isinstance(flow, dict) and "date" in flow for flow in flows):
        return with_rate(row, "xirr_pct", number(100 * xirr([(as_date(f["date"]), exact(f["amount"])) for f in flows])))
    rates = irr_rates([exact(flow["amount"] if isinstance(flow, dict) else flow) for flow in flows])
    return {name: rates[name] for name in row.get("expected") or {"irr_pct": None}}


def irr_rates(amounts: Sequence[Fraction]) -> Row:
    """The IRR of evenly spaced monthly flows, in percent: per period, nominal for a year, and effective."""
    monthly = irr(amounts)
    period, nominal, effective = (
        number(100 * rate) for rate in (monthly, nominal_annual(monthly), effective_annual(monthly))
    )
    return {
        "irr_pct": period,
        "irr_monthly_pct": period,
        "apr_nominal_x12_pct": nominal,
        "apr_pct": nominal,
        "ear_pct": effective,
    }
