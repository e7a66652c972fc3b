"""Payments that a worked example states as a rule in words: a small language of assignments, run month by month.

Clauses are separated by semicolons: `name=expression` (principal, interest, payment, balance; also `*=` and `+=`),
`months a-b: expression`, `month k clears balance`, `+x in months a,b,c,...`, and `as NN`, which takes over the rule of
the row whose id ends in that number. Payments are rounded to cents as they are paid; the balance is carried unrounded.
"""

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from core.errors import InvalidInput
from parley.vectors.values import exact, money_from

Row = dict[str, Any]
Names = dict[str, Fraction]

_LONGEST = 1200
_WIDE = Context(prec=50)
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., Fraction]] = {"min": min, "max": max}


_EC_EXAMPLES = {
    "12": "principal=min(900,balance); interest=balance*0.06/12",
    "13": "principal=P/n; interest=balance*0.06/12",
    "14": "principal=min(max(2%*balance,100),balance) + interest",
    "15": "balance*=1.005; payment=min(max(2%*balance,300),balance)",
}
"""Examples of EC/DG FISMA, "Examples for the calculation of the APR" (2015), that other examples are told by."""


@dataclass
class Rule:
    """What the clauses of a rule come to."""

    assignments: list[tuple[str, str, ast.expr]] = field(default_factory=list)
    first_month: int = 1
    last_month: int | None = None
    clears_at: int | None = None
    extras: dict[int, Fraction] = field(default_factory=dict)
    adds_interest: bool = False


def generated_payments(row: Row, siblings: dict[str, Row]) -> list[tuple[int, Fraction]]:
    """(month, amount) of each payment that the row's `generated_payments` rule makes; none when it has no such rule."""
    generated = row.get("generated_payments")
    if not generated:
        return []
    rule = _read(str(generated["rule"]), siblings)
    principal = sum((exact(entry["amount"]) for entry in row["advances"]), Fraction(0))
    count = generated.get("count")
    if count is None and rule.last_month is not None:
        count = rule.last_month - rule.first_month + 1
    if count is None:
        count = rule.clears_at
    return _run(rule, principal, None if count is None else int(count), _monthly_rate(row, rule, principal))


def evaluate(node: ast.expr, names: Names) -> Fraction:
    """The exact value of an arithmetic expression over names; powers that are not whole to fifty digits."""
    match node:
        case ast.Constant(value=int() | str() as value):
            return Fraction(value)
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluate(operand, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(evaluate(left, names), evaluate(right, names))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](evaluate(left, names), evaluate(right, names))
        case ast.Call(func=ast.Name(id=name), args=args) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(evaluate(arg, names) for arg in args))
    raise InvalidInput("The rule has an expression that cannot be read.", expression=ast.unparse(node))


def parse(text: str) -> ast.expr:
    """An expression with `^` for powers and `%` for hundredths, its decimals read exactly."""
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%", r"(\1/100)", text.replace("^", "**"))
    text = re.sub(r"\d+\.\d+", lambda match: f"'{match[0]}'", text)
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise InvalidInput("The rule has an expression that cannot be read.", expression=text) from None


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return Fraction(base**exponent.numerator)
    terms = [_WIDE.divide(Decimal(part.numerator), Decimal(part.denominator)) for part in (base, exponent)]
    return Fraction(_WIDE.power(*terms))


def _read(text: str, siblings: dict[str, Row]) -> Rule:
    rule = Rule()
    for clause in (part.strip() for part in text.split(";")):
        _read_clause(clause, rule, siblings)
    return rule


def _read_clause(clause: str, rule: Rule, siblings: dict[str, Row]) -> None:
    if match := re.fullmatch(r"as (\S+?)(?:,\s*(.+))?", clause):
        other = _read(_rule_of(match[1], siblings), siblings)
        rule.__dict__.update(other.__dict__)
        if match[2]:
            _read_clause(match[2], rule, siblings)
    elif match := re.fullmatch(r"month (\d+) clears (?:the )?balance", clause):
        rule.clears_at = int(match[1])
    elif match := re.fullmatch(r"\+\s*([\d.]+) in months? ([\d, ]+?)(?:,?\s*(\.\.\.|…))?", clause):
        months = [int(part) for part in match[2].split(",") if part.strip()]
        rule.extras |= dict.fromkeys(_continued(months) if match[3] else months, exact(match[1]))
    elif match := re.fullmatch(r"months (\d+)\s*[-–]\s*(\d+):\s*(.+)", clause):
        rule.first_month, rule.last_month = int(match[1]), int(match[2])
        _assign_sum(match[3], rule)
    elif "rounded to" in clause:
        return
    elif match := re.fullmatch(r"(balance|principal|interest|payment)\s*([*+-]?)=\s*(.+)", clause):
        _assign(match[1], match[2], match[3], rule)
    else:
        _assign_sum(clause, rule)


def _rule_of(ending: str, siblings: dict[str, Row]) -> str:
    for key, row in siblings.items():
        if re.search(rf"(^|-){re.escape(ending)}$", key) and row.get("generated_payments"):
            return str(row["generated_payments"]["rule"])
    if ending in _EC_EXAMPLES:
        return _EC_EXAMPLES[ending]
    raise InvalidInput("The rule refers to a row that is not here.", row=ending)


def _continued(months: list[int]) -> list[int]:
    step = months[-1] - months[-2]
    return months + list(range(months[-1] + step, _LONGEST, step))


def _assign(name: str, operation: str, text: str, rule: Rule) -> None:
    if name == "principal" and (match := re.fullmatch(r"(.+?)\s*\+\s*interest", text)):
        rule.adds_interest = True
        text = match[1]
    rule.assignments.append((name, operation, parse(text)))


def _assign_sum(text: str, rule: Rule) -> None:
    """A bare sum is a payment: what is reckoned on the balance is interest, the rest principal."""
    parts: list[ast.expr] = []
    stack = [parse(text)]
    while stack:
        match stack.pop():
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                stack += [left, right]
            case part:
                parts.append(part)
    for part in parts:
        on_balance = any(isinstance(node, ast.Name) and node.id == "balance" for node in ast.walk(part))
        rule.assignments.append(("interest" if on_balance else "principal", "+", part))


def _monthly_rate(row: Row, rule: Rule, principal: Fraction) -> Fraction:
    """The month's rate where the rule says only `interest`: the row's, else the one its first payment implies."""
    loan = row.get("loan") or {}
    if "nominal_rate_pct" in loan:
        return exact(loan["nominal_rate_pct"]) / 1200
    first = row["generated_payments"].get("first")
    if not rule.adds_interest or first is None:
        return Fraction(0)
    names = _names(principal, principal, None, rule.first_month, Fraction(0))
    _step(rule, names)
    extra = rule.extras.get(rule.first_month, Fraction(0))
    return (exact(first) - extra - names["principal"]) / principal


def _names(balance: Fraction, principal: Fraction, count: int | None, month: int, rate: Fraction) -> Names:
    return {
        "balance": balance,
        "P": principal,
        "n": Fraction(count or 1),
        "month": Fraction(month),
        "k": Fraction(month),
        "interest": balance * rate,
        "principal": Fraction(0),
    }


def _step(rule: Rule, names: Names) -> None:
    for name, operation, expression in rule.assignments:
        value = evaluate(expression, names)
        if operation == "*":
            value = names[name] * value
        elif operation:
            value = names.get(name, Fraction(0)) + (value if operation == "+" else -value)
        names[name] = value


def _run(rule: Rule, principal: Fraction, count: int | None, rate: Fraction) -> list[tuple[int, Fraction]]:
    payments: list[tuple[int, Fraction]] = []
    balance = principal
    while balance > 0 and len(payments) < (count or _LONGEST):
        month = rule.first_month + len(payments)
        names = _names(balance, principal, count, month, rate)
        _step(rule, names)
        clears = month == rule.clears_at
        if "payment" in names:
            payment = names["balance"] if clears else names["payment"]
            balance = names["balance"] - payment
        else:
            repaid = balance if clears else names["principal"]
            payment, balance = repaid + names["interest"], balance - repaid
        payment += rule.extras.get(month, Fraction(0))
        payments.append((month, Fraction(money_from(payment).decimal)))
        if clears:
            break
    return payments
