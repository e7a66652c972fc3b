"""Where a payment goes: to which component of one debt, and to which of several debts.

Sources: 民法典 561 (costs, interest, principal; it names no penalty for paying late, which is taken after the interest
here), 信用卡业务监督管理办法 57 (cards: principal first from day 91), 民法典 560 (several debts).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TypeVar

from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans.balance import Balance, Component

K = TypeVar("K")
CARD_PRINCIPAL_FIRST_FROM_DAY = 91


Order = tuple[Component, ...]
_COSTS = (Component.COSTS, Component.FEES)
COSTS_INTEREST_PRINCIPAL: Order = (*_COSTS, Component.INTEREST, Component.PENALTY, Component.PRINCIPAL)
INTEREST_FEES_PRINCIPAL: Order = (
    Component.INTEREST, Component.FEES, Component.PENALTY, Component.COSTS, Component.PRINCIPAL,
)  # fmt: skip
PRINCIPAL_FIRST: Order = (
    Component.PRINCIPAL, Component.INTEREST, Component.FEES, Component.PENALTY, Component.COSTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Allocation:
    """A payment spread over a balance: what went to each component, what is still owed, what was over."""

    applied: Balance
    left: Balance
    surplus: Money


@dataclass(frozen=True, slots=True)
class Debt:
    """One of a debtor's several debts; `annual_rate` as a ratio, `security` how well it is secured (0 not at all)."""

    key: str
    balance: Money
    due: date
    annual_rate: Decimal = Decimal(0)
    security: Decimal = Decimal(0)


def card_order(overdue_days: int) -> Order:
    """Interest and fees before principal up to 90 days overdue, principal first from day 91 (China, credit cards)."""
    return PRINCIPAL_FIRST if overdue_days >= CARD_PRINCIPAL_FIRST_FROM_DAY else INTEREST_FEES_PRINCIPAL


def allocate(payment: Money, balance: Balance, order: Order | None = COSTS_INTEREST_PRINCIPAL) -> Allocation:
    """Spread a payment over a balance in the order given (a contract's own, say), or pro rata when it is None."""
    owed = balance.by_component()
    if order is not None and sorted(order) != sorted(owed):
        raise InvalidInput("An order names each component once.", order=[part.value for part in order])
    parts = spread_pro_rata(payment, owed) if order is None else spread_in_order(payment, owed, order)
    applied = Balance.of(parts, balance.currency)
    return Allocation(applied, balance - applied, payment - applied.total)


def contract_order(*first: Component) -> Order:
    """A contract's own order; the components that it leaves unsaid follow in the statutory one (民法典 561)."""
    return tuple(dict.fromkeys((*first, *COSTS_INTEREST_PRINCIPAL)))


def spread_in_order(payment: Money, owed: Mapping[K, Money], order: Iterable[K]) -> dict[K, Money]:
    """Fill each of `owed` in turn; never more than is owed there, never more than the payment in all."""
    _not_negative(payment)
    rest = payment
    parts = {key: Money.zero(payment.currency) for key in owed}
    for key in order:
        parts[key] = min(rest, owed[key])
        rest -= parts[key]
    return parts


def spread_pro_rata(payment: Money, owed: Mapping[K, Money]) -> dict[K, Money]:
    """Each in proportion to what is owed; minor units left by rounding down go to the largest fractions.

    Never more than is owed there, never more than the payment in all.
    """
    _not_negative(payment)
    whole = sum_money(owed.values(), payment.currency)
    if payment >= whole:
        return dict(owed)
    shares = {key: divmod(payment.minor * part.minor, whole.minor) for key, part in owed.items()}
    odd = payment.minor - sum(floor for floor, _ in shares.values())
    favoured = sorted(shares, key=lambda key: -shares[key][1])[:odd]
    return {key: Money(floor + (key in favoured), payment.currency) for key, (floor, _) in shares.items()}


def allocate_debts(payment: Money, debts: Sequence[Debt], on: date, designated: Sequence[str] = ()) -> dict[str, Money]:
    """Spread a payment over several debts by 民法典 560.

    First those the debtor named, in that order; then what is already due `on` the day, then the least secured, then the
    heavier burden (the higher rate), then the earlier due; pro rata among equals.
    """
    by_key = {debt.key: debt for debt in debts}
    unknown = [key for key in designated if key not in by_key]
    if unknown:
        raise InvalidInput("Name a debt of this debtor.", unknown=unknown)
    parts = spread_in_order(payment, {debt.key: debt.balance for debt in debts}, dict.fromkeys(designated))
    rest = payment - sum_money(parts.values(), payment.currency)

    def rank(debt: Debt) -> tuple[bool, Decimal, Decimal, date]:
        return (debt.due > on, debt.security, -debt.annual_rate, debt.due)

    others = sorted((debt for debt in debts if debt.key not in designated), key=rank)
    for _, equals in groupby(others, key=rank):
        filled = spread_pro_rata(rest, {debt.key: debt.balance for debt in equals})
        rest -= sum_money(filled.values(), payment.currency)
        parts |= filled
    return parts


def _not_negative(payment: Money) -> None:
    if payment < Money.zero(payment.currency):
        raise InvalidInput("A payment is not negative; take one back by its reversal.", payment=str(payment))
