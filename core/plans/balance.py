"""What is owed, by component."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.errors import InvalidInput
from core.money import Money


class Component(StrEnum):
    """A part of a balance: `penalty` is for paying late (违约金), `costs` those of recovery (实现债权的费用)."""

    FEES = "fees"
    INTEREST = "interest"
    PRINCIPAL = "principal"
    PENALTY = "penalty"
    COSTS = "costs"


@dataclass(frozen=True, slots=True, init=False)
class Balance:
    """What is outstanding by component, in one currency; none of them negative.

    `penalty` and `costs` are nothing where they are not told apart from the fees.
    """

    principal: Money
    interest: Money
    fees: Money
    penalty: Money
    costs: Money

    def __init__(
        self, principal: Money, interest: Money, fees: Money, penalty: Money | None = None, costs: Money | None = None
    ) -> None:
        zero = Money.zero(principal.currency)
        parts = {"principal": principal, "interest": interest, "fees": fees, "penalty": penalty, "costs": costs}
        for name, part in parts.items():
            amount = zero if part is None else part
            if amount < zero:
                raise InvalidInput("No component of a balance is negative.", component=name)
            object.__setattr__(self, name, amount)

    @classmethod
    def of_principal(cls, principal: Money) -> "Balance":
        """A balance that is principal only."""
        zero = Money.zero(principal.currency)
        return cls(principal, zero, zero)

    @classmethod
    def of(cls, parts: Mapping[Component, Money], currency: str) -> "Balance":
        """A balance of these components, the others being nothing."""
        zero = Money.zero(currency)
        return cls(**{component.value: parts.get(component, zero) for component in Component})

    def by_component(self) -> dict[Component, Money]:
        """Each component with what is owed on it, nothing included."""
        return {component: getattr(self, component.value) for component in Component}

    @property
    def currency(self) -> str:
        """The ISO code all components share."""
        return self.principal.currency

    @property
    def total(self) -> Money:
        """All that is owed."""
        minor = self.principal.minor + self.interest.minor + self.fees.minor + self.penalty.minor + self.costs.minor
        return Money(minor, self.currency)

    @property
    def charges(self) -> Money:
        """Fees, penalty and costs: what is owed beside principal and interest."""
        return self.fees + self.penalty + self.costs

    def __add__(self, other: "Balance") -> "Balance":
        mine, theirs = self.by_component(), other.by_component()
        return Balance.of({part: mine[part] + theirs[part] for part in Component}, self.currency)

    def __sub__(self, other: "Balance") -> "Balance":
        """InvalidInput where more is taken from a component than it holds."""
        mine, theirs = self.by_component(), other.by_component()
        return Balance.of({part: mine[part] - theirs[part] for part in Component}, self.currency)
