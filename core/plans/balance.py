"""What is owed, by component."""

from dataclasses import dataclass

from core.errors import InvalidInput
from core.money import Money


@dataclass(frozen=True, slots=True)
class Balance:
    """Principal, interest and fees (with penalties and costs) outstanding, in one currency; none of them negative."""

    principal: Money
    interest: Money
    fees: Money

    def __post_init__(self) -> None:
        zero = Money.zero(self.principal.currency)
        for name in ("principal", "interest", "fees"):
            if getattr(self, name) < zero:
                raise InvalidInput("No component of a balance is negative.", component=name)

    @classmethod
    def of_principal(cls, principal: Money) -> "Balance":
        """A balance that is principal only."""
        zero = Money.zero(principal.currency)
        return cls(principal, zero, zero)

    @property
    def currency(self) -> str:
        """The ISO code all components share."""
        return self.principal.currency

    @property
    def total(self) -> Money:
        """All that is owed."""
        return self.principal + self.interest + self.fees
