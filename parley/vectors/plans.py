"""Rows of worked examples about instalments, allocation, due dates and day counts."""

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from core.calendar import LAST_DAY, DayRule, Frequency, adjust, adjust_all, due_dates, is_last_of_month
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans.allocation import Debt, allocate_debts, card_order, spread_in_order, spread_pro_rata
from core.plans.daycount import DayCount, days_between, year_fraction
from core.plans.interest import Line, annuity_level, annuity_lines, equal_principal_lines, flat_fee_lines
from parley.vectors.rates import irr_rates
from parley.vectors.values import amount, as_date, exact, money, number

Row = dict[str, Any]


def instalment_row(row: Row, _siblings: dict[str, Row]) -> Row:
    """A level, fee or zero-interest plan by its `type`; the answers that the row asks for."""
    kind = str(row["type"])
    computed = next((compute(row) for pattern, compute in _PLANS if re.search(pattern, kind)), None)
    if computed is None:
        raise InvalidInput("No rule computes instalments of this type.", type=kind)
    return {name: computed[name] for name in row.get("expected") or computed}


def _lines(lines: tuple[Line, ...]) -> Row:
    currency = lines[0][0].currency
    total = sum_money((payment for payment, _ in lines), currency)
    cost = amount(sum_money((interest for _, interest in lines), currency))
    first, last = amount(lines[0][0]), amount(lines[-1][0])
    payments = [amount(payment) for payment, _ in lines]
    return {
        "first_payment": first,
        "first": first,
        "level": first,
        "second_payment": payments[1] if len(payments) > 1 else first,
        "last_payment": last,
        "last": last,
        "final": last,
        "payments": payments,
        "instalments": payments,
        "total_interest": cost,
        "total_fee": cost,
        "interest": [amount(interest) for _, interest in lines],
        "count": len(lines),
        "sum": amount(total),
        "total": amount(total),
        "total_paid": amount(total),
    }


def _period_rate(row: Row) -> Fraction:
    periods = exact(row.get("periods_per_year", 12))
    if "effective_rate_pct" in row:
        base = Decimal(1) + Decimal(str(row["effective_rate_pct"])) / 100
        return Fraction(base ** (Decimal(1) / int(periods))) - 1
    return exact(row["nominal_rate_pct"]) / 100 / periods


def _annuity(row: Row) -> Row:
    rates, principal = [_period_rate(row)] * int(row["n"]), money(row["principal"], row)
    level = annuity_level(exact(row["principal"]), rates)
    computed = _lines(annuity_lines(principal, rates)) | {"instalment": number(level), "level": number(level)}
    if (after := row.get("k", row.get("after"))) is not None:
        balance = level / annuity_level(Fraction(1), rates[int(after) :]) if int(after) < len(rates) else Fraction(0)
        computed |= dict.fromkeys(("balance", "balance_after", "balloon", "payoff"), number(balance))
    return computed


def _equal_principal(row: Row) -> Row:
    """The schedule's counts and totals in cents; single payments unrounded, as the published tables carry them."""
    count, rate, principal = int(row["n"]), _period_rate(row), exact(row["principal"])
    computed = _lines(equal_principal_lines(money(row["principal"], row), [rate] * count))
    first, second, last = (number(principal / count * (1 + rate * left)) for left in (count, max(count - 1, 1), 1))
    computed |= dict.fromkeys(("first_payment", "first", "level", "instalment"), first)
    return computed | {"second_payment": second, "last_payment": last, "last": last, "final": last}


def _daily_interest(row: Row) -> Row:
    daily = exact(row["daily_rate_pct"]) / 100
    rates = [daily * (end - start) for start, end in pairwise([0, *row["due_days"]])]
    principal = money(row["principal"], row)
    exact_level = annuity_level(Fraction(principal.minor), rates)
    level = Money(1, principal.currency).share(exact_level, _rounding(row.get("level_rounding")))
    return _lines(annuity_lines(principal, rates, level, _rounding(row.get("interest_rounding"))))


def _rounding(words: object) -> str:
    text = str(words or "half").lower()
    for pattern, rounding in (
        (r"half.*even|bank", ROUND_HALF_EVEN),
        (r"half|nearest|away from zero", ROUND_HALF_UP),
        (r"down|floor|trunc", ROUND_DOWN),
        (r"up|ceil", ROUND_CEILING),
    ):
        if re.search(pattern, text):
            return rounding
    raise InvalidInput("Say which rounding: half away from zero, half even, down or up.", rounding=text)


def _flat_fee(row: Row) -> Row:
    principal = money(row["principal"], row)
    fee_rate = exact(row.get("fee_rate_per_period_pct", 0)) / 100
    lines = flat_fee_lines(principal, fee_rate, int(row["n"]))
    computed = _lines(lines) | {"flat_annual_pct": number(1200 * fee_rate)}
    computed["instalment"] = computed["first_payment"]
    if not fee_rate:
        return computed | dict.fromkeys(("irr_monthly_pct", "irr_pct", "apr_nominal_x12_pct", "apr_pct", "ear_pct"), 0)
    return computed | irr_rates([Fraction(-principal.minor), *(Fraction(payment.minor) for payment, _ in lines)])


_PLANS: tuple[tuple[str, Callable[[Row], Row]], ...] = (
    (r"equal_principal", _equal_principal),
    (r"daily", _daily_interest),
    (r"annuity|level|balloon|balance", _annuity),
    (r"flat|fee|zero|split", _flat_fee),
)


def allocation_row(row: Row, _siblings: dict[str, Row]) -> Row:
    """A payment over the components of one debt, or over several debts, by the rule named."""
    rule, payment = str(row.get("rule", "")).lower(), money(row["payment"], row)
    pro_rata = re.search(r"pro[ -]?rata|按比例", rule) is not None
    if "debts" in row:
        parts = _over_debts(row, payment, pro_rata)
    else:
        owed = {str(name): money(value, row) for name, value in row["balances"].items()}
        parts = spread_pro_rata(payment, owed) if pro_rata else spread_in_order(payment, owed, _order(row, rule, owed))
    surplus = payment - sum_money(parts.values(), payment.currency)
    return {name: amount(parts.get(name, surplus)) for name in row.get("expected") or parts}


def _over_debts(row: Row, payment: Money, pro_rata: bool) -> dict[str, Money]:
    debts = [_debt(entry, row) for entry in row["debts"]]
    if pro_rata and "560" not in str(row.get("rule")):
        return spread_pro_rata(payment, {debt.key: debt.balance for debt in debts})
    on = next((as_date(row[key]) for key in ("on", "as_of", "date", "payment_date") if key in row), None)
    named: Any = next((row[key] for key in ("designated", "designation", "choice") if row.get(key)), [])
    designated = [str(key) for key in named] if isinstance(named, list) else [str(named)]
    return allocate_debts(payment, debts, on or max(debt.due for debt in debts), designated)


def _debt(entry: Row, row: Row) -> Debt:
    secured = entry.get("security", entry.get("secured", 0))
    return Debt(
        key=str(entry["id"]),
        balance=money(entry["balance"], row),
        due=as_date(entry["due"]) if "due" in entry else date.min,
        annual_rate=Decimal(str(entry.get("rate_pct", 0))) / 100,
        security=Decimal(int(secured)) if isinstance(secured, bool) else Decimal(str(secured)),
    )


def _order(row: Row, rule: str, owed: dict[str, Money]) -> list[str]:
    if "order" in row:
        return [str(name) for name in row["order"]]
    others = [name for name in owed if name != "principal"]
    if re.search(r"alloc-2|card|信用卡", rule) and "overdue_days" in row:
        principal_first = card_order(int(row["overdue_days"]))[0] == "principal"
        return ["principal", *others] if principal_first else [*others, "principal"]
    if re.search(r"alloc-1|561|costs", rule):
        rank = {"costs": 0, "costs_of_recovery": 0, "fees": 1, "interest": 2, "penalty": 3, "principal": 4}
        return sorted(owed, key=lambda name: rank.get(name, 1))
    if "principal first" in rule:
        return ["principal", *others]
    named = [name for name in re.findall(r"[a-z_]+", rule) if name in owed]
    return list(dict.fromkeys([*named, *owed]))


def due_dates_row(row: Row, _siblings: dict[str, Row]) -> Any:
    """A series of due dates from `start`, or single dates moved off days that are no working days."""
    rule = str(row.get("rule", ""))
    if "dates" in row:
        day_rule, market = _day_rule(rule), _market(row, rule)
        return {"dates": {str(day): adjust(as_date(day), day_rule, market).isoformat() for day in row["dates"]}}
    wanted: list[Any] = row.get("expected") or row.get("right") or []
    start, frequency = as_date(row["start"]), _frequency(str(row.get("step", "monthly")))
    dates = due_dates(start, frequency, int(row.get("count", len(wanted))), _anchor(row, rule, start))
    moves = re.search(r"following|preceding", rule.lower()) is not None
    market = _market(row, rule if moves else "")
    if moves or market is not None:
        dates = adjust_all(dates, _day_rule(rule), market)
    series = [day.isoformat() for day in dates]
    return {"right": series} if "right" in row else series


def _frequency(step: str) -> Frequency:
    for pattern, frequency in (
        (r"semi|twice|half", Frequency.SEMI_MONTH),
        (r"fortnight|bi-?weekly|2[ -_]?week|every_two", Frequency.FORTNIGHT),
        (r"four|4|28", Frequency.FOUR_WEEKS),
        (r"quarter|3[ -_]?month", Frequency.QUARTER),
        (r"week", Frequency.WEEK),
        (r"month", Frequency.MONTH),
    ):
        if re.search(pattern, step.lower()):
            return frequency
    raise InvalidInput("Say how often: weekly, fortnightly, monthly and so on.", step=step)


def _anchor(row: Row, rule: str, start: date) -> int | None:
    if "anchor_day" in row:
        return int(row["anchor_day"])
    if (said := re.search(r"anchor(?: day)?[ :=]+(\d{1,2})\b", rule.lower())) and 1 <= int(said[1]) <= 31:
        return int(said[1])
    last_day_series = re.search(r"last[- ]day (series|to)|end[- ]of[- ]month|15th and last", rule.lower())
    return LAST_DAY if last_day_series and "anchor" not in rule and is_last_of_month(start) else None


def _day_rule(rule: str) -> DayRule:
    text = rule.lower()
    if "modified" in text:
        return DayRule.MODIFIED_FOLLOWING
    if "preceding" in text:
        return DayRule.PRECEDING
    return DayRule.NONE if re.search(r"\bnone\b|unadjusted|no adjust", text) else DayRule.FOLLOWING


def _market(row: Row, rule: str) -> str | None:
    if name := row.get("market", row.get("calendar")):
        return str(name).lower()
    patterns = (
        ("cn", r"\bchin|\bcn\b|调休"),
        ("uk-sct", r"scot"),
        ("uk-nir", r"northern ireland"),
        ("uk", r"\buk\b|england|british|britain"),
        ("us", r"\bus\b|united states|federal"),
    )
    return next((market for market, pattern in patterns if re.search(pattern, rule, re.IGNORECASE)), None)


_BASES = {
    "act": DayCount.ACT_365,
    "act_365": DayCount.ACT_365,
    "act_360": DayCount.ACT_360,
    "d30_360": DayCount.D30_360,
    "d30_360_us": DayCount.D30_360,
    "d30e_360": DayCount.D30E_360,
}


def day_count_row(row: Row, _siblings: dict[str, Row]) -> Row:
    """Days between two dates, or simple interest over them, on each basis that the row names."""
    start, end = as_date(row["start"]), as_date(row["end"])
    computed: Row = {}
    for name in row.get("expected") or row:
        basis = _BASES.get(name.removesuffix("_interest"))
        if basis is None:
            continue
        if name.endswith("_interest"):
            rate = exact(row["rate_pct"]) / 100
            computed[name] = number(exact(row["principal"]) * rate * year_fraction(start, end, basis))
        else:
            computed[name] = days_between(start, end, basis)
    return computed
