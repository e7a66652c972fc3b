"""Discounts and waivers: what a creditor gives up of each component, and what is left to pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.errors import InvalidInput
from core.money import Money
from core.plans.allocation import Order, spread_in_order
from core.plans.balance import Balance, Component

DEAREST_FIRST: Order = (
    Component.PENALTY, Component.FEES, Component.INTEREST, Component.COSTS, Component.PRINCIPAL,
)  # fmt: skip
"""What creditors give up before they touch the principal."""


@dataclass(frozen=True, slots=True)
class Waived:
    """What is given up by component, and what is left to settle."""

    waived: Balance
    left: Balance

    @property
    def share(self) -> Decimal:
        """The part of the whole that is given up, a ratio; nothing of a balance of nothing."""
        whole = self.waived.total + self.left.total
        return self.waived.total.share_of(whole) if whole else Decimal(0)


def waive(balance: Balance, amounts: Mapping[Component, Money]) -> Waived:
    """Give up these amounts; InvalidInput for more than a component holds, or less than nothing."""
    waived = Balance.of(amounts, balance.currency)
    return Waived(waived, balance - waived)


def waive_shares(balance: Balance, shares: Mapping[Component, Decimal]) -> Waived:
    """Give up a share of each component, a ratio from 0 to 1, rounded half-up to the minor unit."""
    for component, share in shares.items():
        if not 0 <= share <= 1:
            raise InvalidInput("A share lies between nothing and all.", component=component.value, share=str(share))
    owed = balance.by_component()
    return waive(balance, {component: owed[component].share(share) for component, share in shares.items()})


def discount(balance: Balance, amount: Money, order: Order = DEAREST_FIRST) -> Waived:
    """Give up one sum, component by component in this order; InvalidInput for more than is owed."""
    if amount > balance.total:
        raise InvalidInput("A discount is not more than what is owed.", discount=str(amount))
    return waive(balance, spread_in_order(amount, balance.by_component(), order))


def settle_for(balance: Balance, total: Money, order: Order = DEAREST_FIRST) -> Waived:
    """Give up what is owed beyond `total`, which settles the debt; InvalidInput when it is more than is owed."""
    if total > balance.total:
        raise InvalidInput("A settlement is not more than what is owed.", total=str(total))
    return discount(balance, balance.total - total, order)
