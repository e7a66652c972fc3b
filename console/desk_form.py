"""The plan desk's form: what is typed, what is wrong with it, what it asks for, and what may be waived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from starlette.datastructures import FormData

from console.forms import sum_of, text_of
from core.calendar import Frequency
from core.money import Money, sum_money
from core.negotiation import Ask, Payday
from core.negotiation.dates import after_payday
from core.plans import Balance, Component, Step
from core.policy import Grant, most_waived

MOST_PAYMENTS = 600
LAST_DAY = 31
WAIVERS: Mapping[str, tuple[Component, str]] = {
    "waived_interest": (Component.INTEREST, "max_interest_waiver_share"),
    "waived_fees": (Component.FEES, "max_fee_waiver_share"),
    "waived_penalty": (Component.PENALTY, "max_penalty_waiver_share"),
}
"""The fields that waive a component, with the limit that says how much of it."""


@dataclass(frozen=True, slots=True)
class Waivable:
    """A component that something is owed of, and the most of it that may be waived without an approval."""

    name: str
    component: str
    owed: Money
    share: Decimal
    most: Money


@dataclass(frozen=True, slots=True)
class DeskForm:
    """The plan desk's fields as typed. `by` says what leads: `amount`, `count` or `once`. `payday` is a day of the
    month after which the first payment falls, on or after `first_due` where both are given. The first `first_count`
    payments are of `first_amount`. What is waived is a sum, or a share such as 50%."""

    by: str = "amount"
    amount: str = ""
    count: str = ""
    frequency: str = "month"
    first_due: str = ""
    payday: str = ""
    total: str = ""
    reason: str = ""
    first_count: str = ""
    first_amount: str = ""
    waived_fees: str = ""
    waived_interest: str = ""
    waived_penalty: str = ""

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
            first_count=text_of(form, "first_count", 6),
            first_amount=text_of(form, "first_amount", 30),
            waived_fees=text_of(form, "waived_fees", 30),
            waived_interest=text_of(form, "waived_interest", 30),
            waived_penalty=text_of(form, "waived_penalty", 30),
        )

    @property
    def says_more(self) -> bool:
        """Whether anything of the folded part is filled in."""
        return bool(self.first_count or self.first_amount or any(getattr(self, name) for name in WAIVERS))


@dataclass(frozen=True, slots=True)
class DeskAsk:
    """The terms asked for, or the sentence for each field that cannot be read."""

    ask: Ask | None
    problems: Mapping[str, str] = field(default_factory=dict)


def waivable(balance: Balance, grant: Grant | None) -> tuple[Waivable, ...]:
    """Each component that may be waived by name and that something is owed of; none where there are no limits."""
    if grant is None:
        return ()
    parts = balance.by_component()
    return tuple(
        Waivable(
            name, part.value, parts[part], getattr(grant.limits, limit),
            most_waived(parts[part], getattr(grant.limits, limit)),
        )
        for name, (part, limit) in WAIVERS.items()
        if parts[part]
    )  # fmt: skip


def suggested_terms(draft: Mapping[str, Any], lines: Sequence[Mapping[str, str]], currency: str) -> dict[str, str]:
    """The fields that a draft plan fills in, from its summary: lower first payments where its sums rise once."""
    waived = {f"waived_{part}": sum_ for part, sum_ in draft.get("waived", {}).items() if f"waived_{part}" in WAIVERS}
    named = sum_money((Money.of(sum_, currency) for sum_ in waived.values()), currency)
    total = draft["total"] if Money.of(draft["discount"], currency) > named else ""
    if len(lines) == 1:
        return {"by": "once", "total": total, **waived}
    runs = [(sum_, len(list(each))) for sum_, each in groupby(line["amount"] for line in lines)]
    rises = len(runs) > 1 and Money.of(runs[0][0], currency) < Money.of(runs[1][0], currency)
    if not rises or len(runs) > len(("first", "later", "last")):
        return {"by": "amount", "amount": runs[0][0], "total": total, **waived}
    first = {"first_amount": runs[0][0], "first_count": str(runs[0][1])}
    return {"by": "amount", "amount": runs[1][0], "total": total, **first, **waived}


def desk_ask(form: DeskForm, owed: Balance, today: date | None = None) -> DeskAsk:
    """The form as an ask of the negotiator. `today` is the debtor's, and stands for the date where only a payday is
    given."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    _first_due(form, today, values, problems)
    left = owed.total - _waived(form, owed, values, problems)
    if form.total:
        total = sum_of(form.total, owed.currency)
        if total is None or total > owed.total:
            problems["total"] = "desk.total"
        elif total > left:
            problems["total"] = "desk.total_waived"
        elif total < left:
            values["total"] = left = total
    if form.by != "once":
        values["frequency"] = _frequency(form.frequency)
    _shape(form, owed.currency, values, problems)
    if form.by != "once":
        _first_payments(form, left, values, problems)
    return DeskAsk(None if problems else Ask(**values), problems)


def _first_due(form: DeskForm, today: date | None, values: dict[str, Any], problems: dict[str, str]) -> None:
    payday = _whole(form.payday)
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


def _shape(form: DeskForm, currency: str, values: dict[str, Any], problems: dict[str, str]) -> None:
    if form.by == "amount":
        values["instalment"] = sum_of(form.amount, currency)
        if values["instalment"] is None:
            problems["amount"] = "desk.amount"
    elif form.by == "count":
        count = _whole(form.count)
        if count is not None and 1 <= count <= MOST_PAYMENTS:
            values["count"] = count
        else:
            problems["count"] = "desk.count"
    elif "first_due" in values:
        values["until"] = values.pop("first_due")
        values["count"] = 1


def _first_payments(form: DeskForm, left: Money, values: dict[str, Any], problems: dict[str, str]) -> None:
    """The first payments of another sum: both their number and their sum, and something left after them."""
    if not form.first_count and not form.first_amount:
        return
    count, amount = _whole(form.first_count), sum_of(form.first_amount, left.currency)
    if count is None or not 1 <= count < values.get("count", MOST_PAYMENTS):
        problems["first_count"] = "desk.first_count"
    if amount is None:
        problems["first_amount"] = "desk.amount"
    if count is None or amount is None or "first_count" in problems:
        return
    if amount * count >= left:
        problems["first_amount"] = "desk.first_whole"
    else:
        values["steps"] = (Step(count, amount),)


def _waived(form: DeskForm, owed: Balance, values: dict[str, Any], problems: dict[str, str]) -> Money:
    """All that is waived by name."""
    parts = owed.by_component()
    for name, (component, _) in WAIVERS.items():
        text = getattr(form, name)
        waived = _part_of(text, parts[component])
        if not text or (waived is not None and not waived):
            continue
        if waived is None or waived > parts[component]:
            problems[name] = "desk.waived"
        else:
            values[name] = waived
    return sum_money((values[name] for name in WAIVERS if name in values), owed.currency)


def _part_of(text: str, whole: Money) -> Money | None:
    """A sum as people type it, or a share of the whole rounded down as limits round it ("50%", "50 ％"); None for
    neither. Nothing is a sum here."""
    bare = text.replace(" ", "").replace("％", "%")
    if not bare.endswith("%"):
        return Money.zero(whole.currency) if bare.strip("0.,") == "" else sum_of(text, whole.currency)
    try:
        share = Decimal(bare.removesuffix("%")) / 100 if bare.isascii() else Decimal(-1)
    except InvalidOperation:
        return None
    return whole.share(share, ROUND_FLOOR) if share.is_finite() and 0 <= share <= 1 else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _frequency(value: str) -> Frequency:
    return Frequency(value) if value in {each.value for each in Frequency} else Frequency.MONTH
