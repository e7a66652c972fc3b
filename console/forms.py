"""What people type, as values; and what is wrong with it, by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.datastructures import FormData

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money
from core.negotiation import Ask, Payday
from core.negotiation.dates import after_payday
from core.policy import FIELDS, Limits, Problem, limits_to_json, merge
from core.policy.codec import CHOICE_FIELDS, COUNT_FIELDS, SHARE_FIELDS

MOST_PAYMENTS = 600
LAST_DAY = 31
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


@dataclass(frozen=True, slots=True)
class DeskForm:
    """The plan desk's fields as typed. `by` says what leads: `amount`, `count` or `once`. `payday` is a day of the
    month after which the first payment falls, on or after `first_due` where both are given."""

    by: str = "amount"
    amount: str = ""
    count: str = ""
    frequency: str = "month"
    first_due: str = ""
    payday: str = ""
    total: str = ""
    reason: str = ""

    @classmethod
    def read(cls, form: FormData) -> "DeskForm":
        """From a form."""
        return cls(
            by=text_of(form, "by", 10) or "amount",
            amount=text_of(form, "amount", 30),
            count=text_of(form, "count", 6),
            frequency=text_of(form, "frequency", 20) or "month",
            first_due=text_of(form, "first_due", 10),
            payday=text_of(form, "payday", 2),
            total=text_of(form, "total", 30),
            reason=text_of(form, "reason", 1000),
        )


@dataclass(frozen=True, slots=True)
class DeskAsk:
    """The terms asked for, or the sentence for each field that cannot be read."""

    ask: Ask | None
    problems: Mapping[str, str] = field(default_factory=dict)


def desk_ask(form: DeskForm, owed: Money, today: date | None = None) -> DeskAsk:
    """The form as an ask of the negotiator. `today` is the debtor's, and stands for the date where only a payday is
    given."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    _first_due(form, today, values, problems)
    if form.total:
        total = sum_of(form.total, owed.currency)
        if total is None or total > owed:
            problems["total"] = "desk.total"
        elif total < owed:
            values["total"] = total
    if form.by != "once":
        values["frequency"] = _frequency(form.frequency)
    _shape(form, owed, values, problems)
    return DeskAsk(None if problems else Ask(**values), problems)


def _first_due(form: DeskForm, today: date | None, values: dict[str, Any], problems: dict[str, str]) -> None:
    payday = int(form.payday) if form.payday.isascii() and form.payday.isdigit() else None
    if form.payday and (payday is None or not 1 <= payday <= LAST_DAY):
        problems["payday"] = "desk.payday"
        return
    try:
        day = date.fromisoformat(form.first_due)
    except ValueError:
        if payday is None or form.first_due or today is None:
            problems["first_due"] = "desk.date"
            return
        day = today + timedelta(days=1)
    values["first_due"] = day if payday is None else after_payday(Payday(payday), day)


def _shape(form: DeskForm, owed: Money, values: dict[str, Any], problems: dict[str, str]) -> None:
    if form.by == "amount":
        values["instalment"] = sum_of(form.amount, owed.currency)
        if values["instalment"] is None:
            problems["amount"] = "desk.amount"
    elif form.by == "count":
        if form.count.isascii() and form.count.isdigit() and 1 <= int(form.count) <= MOST_PAYMENTS:
            values["count"] = int(form.count)
        else:
            problems["count"] = "desk.count"
    elif "first_due" in values:
        values["until"] = values.pop("first_due")
        values["count"] = 1


def _frequency(value: str) -> Frequency:
    return Frequency(value) if value in {each.value for each in Frequency} else Frequency.MONTH


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
