"""What differs between an ask and the nearest plan inside the limits, as words for the debtor."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.dialogue.decision import Say
from core.money import Money
from core.policy.limits import Breach, Limits


def difference(breach: Breach, currency: str, limits: Limits) -> Say:
    """One breach as a paragraph; sums as money, days and counts as numbers."""
    if breach.data.get("bound") == "earliest" and breach.field != "first_due":
        return Say("counter.date_past")
    if breach.data.get("open"):
        at_once = breach.field == "min_settlement_share_instalments" and limits.min_settlement_share < 1
        return Say("counter.no_discount_in_instalments" if at_once else "counter.no_discount")
    if breach.field in _NOTHING_OFF and not Decimal(breach.allowed):
        nothing_at_all = not any(getattr(limits, field) for field in _NOTHING_OFF)
        return Say("counter.no_waiver" if nothing_at_all else _NOTHING_OFF[breach.field])
    name = SAME_WORDS.get(breach.field, breach.field)
    key = f"counter.{name}.now" if breach.data.get("held") else f"counter.{name}"
    return Say(key, _params(breach, currency))


_NOTHING_OFF: Mapping[str, str] = {
    "max_fee_waiver_share": "counter.no_fee_waiver",
    "max_interest_waiver_share": "counter.no_interest_waiver",
    "max_penalty_waiver_share": "counter.no_penalty_waiver",
}
"""What is said of a part of the balance that nothing may come off, where something may come off another."""
SAME_WORDS: Mapping[str, str] = {
    "min_settlement_amount": "min_settlement_share",
    "min_first_payment_amount": "min_first_payment_share",
}
"""Fields that bound the same sum in another way; the debtor hears the sum."""

_SAME_CAUSE: Mapping[str, str] = {
    "min_instalment": "length",
    "max_instalments": "length",
    "max_term_days": "length",
    "count": "length",
    "min_settlement_share": "discount",
    "min_settlement_amount": "discount",
    "min_settlement_share_instalments": "discount",
}
"""Fields that one ask oversteps together; saying one of them is enough."""


def differences(breaches: tuple[Breach, ...], currency: str, limits: Limits, most: int = 2) -> tuple[Say, ...]:
    """The first differences, one for each cause; of waivers, each."""
    most = max(most, sum(breach.field in _NOTHING_OFF for breach in breaches))
    found: dict[str, Say] = {}
    for breach in breaches:
        found.setdefault(_SAME_CAUSE.get(breach.field, breach.field), difference(breach, currency, limits))
    return tuple({say.key: say for say in found.values()}.values())[:most]


def _params(breach: Breach, currency: str) -> Mapping[str, Any]:
    params: dict[str, Any] = {"asked": breach.asked, "allowed": breach.allowed}
    for name in ("asked_sum", "allowed_sum"):
        if name in breach.data:
            params[name] = Money.of(breach.data[name], currency)
    if breach.field == "min_instalment":
        params |= {"asked": Money.of(breach.asked, currency), "allowed": Money.of(breach.allowed, currency)}
    if breach.field == "first_due":
        params |= {"allowed": date.fromisoformat(breach.allowed)}
    return params
