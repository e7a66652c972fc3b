"""What people type, as values; and what is wrong with it, by field."""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.datastructures import FormData

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money
from core.policy import FIELDS, Limits, Problem, limits_to_json, merge
from core.policy.codec import CHOICE_FIELDS, COUNT_FIELDS, SHARE_FIELDS

_SYMBOLS = re.compile(r"[\s¥￥$£,，]|元|块|CNY|USD|GBP|RMB", re.IGNORECASE)


def text_of(form: FormData, name: str, longest: int = 4096) -> str:
    """A field's text without blanks around it; empty where there is none or it is a file."""
    value = form.get(name, "")
    return value.strip()[:longest] if isinstance(value, str) else ""


def sum_of(text: str, currency: str) -> Money | None:
    """A sum above nothing as people type it ("1,250.50", "￥800"), or None."""
    try:
        amount = Money.of(_SYMBOLS.sub("", text), currency)
    except InvalidInput:
        return None
    return amount if amount.minor > 0 else None


def limits_form(limits: Limits) -> dict[str, Any]:
    """The limits as their form shows them: shares in percent, frequencies as a list."""
    shown = limits_to_json(limits)
    return {name: _percent(value) if name in SHARE_FIELDS else value for name, value in shown.items()}


def read_limits(form: FormData, base: Limits) -> tuple[Limits | None, tuple[Problem, ...], dict[str, Any]]:
    """The limits that the form describes, the fields that are no values, and what was typed."""
    given, problems, typed = read_given(form)
    return None if problems else _as_written(merge(base, given), base), problems, typed


def read_given(form: FormData, *, optional: bool = False) -> tuple[dict[str, Any], tuple[Problem, ...], dict[str, Any]]:
    """The limits that the form gives, as JSON writes them; the fields that are no values; and what was typed.

    Where they are `optional`, one that is empty is not given.
    """
    typed: dict[str, Any] = {}
    given: dict[str, Any] = {}
    problems: list[Problem] = []
    for name in FIELDS:
        value: Any
        if name == "frequencies":
            typed[name] = [value for value in form.getlist(name) if isinstance(value, str)]
            value = [each for each in typed[name] if each in {known.value for known in Frequency}]
        else:
            typed[name] = text_of(form, name, 30)
            value = typed[name]
        if optional and not value:
            continue
        if name in CHOICE_FIELDS:
            given |= {name: value} if value in CHOICE_FIELDS[name] else {}
            continue
        if name == "frequencies":
            given[name] = value
            continue
        number = _number(value)
        if number is None:
            problems.append(Problem(name, "limits.not_a_number", {}))
        elif name in COUNT_FIELDS and number != number.to_integral_value():
            problems.append(Problem(name, "limits.not_whole", {}))
        else:
            given[name] = format(number / 100 if name in SHARE_FIELDS else number, "f")
    return given, tuple(problems), typed


def _as_written(wanted: Limits, base: Limits) -> Limits:
    """The limits with `base`'s way of writing a number (0.90, 0.9) wherever it is the same number."""
    same = {name: getattr(base, name) for name in FIELDS if getattr(base, name) == getattr(wanted, name)}
    return replace(wanted, **same)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "").replace("，", "").replace("%", "").replace("％", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**12 else None


def _percent(value: str) -> str:
    return format((Decimal(value) * 100).normalize(), "f")
