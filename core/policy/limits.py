"""The managers' limits as values: what the bot and the agents may grant, and which rule of which version says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.calendar import Frequency

Market = Literal["cn", "us", "uk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may be granted. Shares are fractions of the balance (0 to 1), sums are in units of the case's currency.

    `min_settlement_share`: least share of the balance taken as a settlement in one payment; 1 means no discount.
    `min_settlement_share_instalments`: the same when the settlement is paid in instalments.
    `max_term_days`: days from the offer to the last due date. `min_first_payment_share`: least share of the plan's
    total paid by its first payment (down payment, or else first instalment). `max_days_to_first_payment`: days from the
    offer to the first payment. `max_extension_days`: days that the whole sum may be put off. `max_fee_waiver_share` and
    `max_interest_waiver_share`: most of the fees, and of the interest, that may be waived. `promise_max_days` and
    `promise_min_share`: how far ahead and how much of the balance a promise to pay must be. `plan_interest`: yearly
    rate charged during a plan, as a fraction; 0 stops it.
    """

    min_settlement_share: Decimal
    min_settlement_share_instalments: Decimal
    max_instalments: int
    max_term_days: int
    min_instalment: Decimal
    min_first_payment_share: Decimal
    max_days_to_first_payment: int
    max_extension_days: int
    max_fee_waiver_share: Decimal
    max_interest_waiver_share: Decimal
    frequencies: tuple[Frequency, ...]
    promise_max_days: int
    promise_min_share: Decimal
    plan_interest: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """Limits for one market, and for one product of it or for all (`product` None)."""

    market: Market
    product: str | None
    limits: Limits

    @property
    def id(self) -> str:
        """Name shown wherever the rule is the reason: `cn`, `cn/credit_card`."""
        return self.market if self.product is None else f"{self.market}/{self.product}"


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A published set of rules; `number` counts up from 1 and is stored with every offer, plan and approval."""

    number: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """The limits that apply to one case, with the rule and version that they come from."""

    limits: Limits
    rule: str
    version: int


@dataclass(frozen=True, slots=True)
class Breach:
    """One way in which terms are outside the limits: which field, what was asked, what is allowed."""

    field: str
    asked: str
    allowed: str
    data: Mapping[str, str]
