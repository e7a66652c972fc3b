"""The words of a negotiation: what is known of the case, what was asked, what is offered, and the answer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.calendar import Frequency
from core.money import Money
from core.plans import Balance, Schedule, Step, Terms, settle_for
from core.policy.limits import Breach, Grant, Market
from core.policy.selectors import RuleFacts

OfferKind = Literal["full", "settlement", "instalments", "extension"]
"""`full`: all of it in one payment soon; `settlement`: less in one payment; `instalments`: a plan, with or without a
discount; `extension`: all of it in one payment at a later date."""


@dataclass(frozen=True, slots=True)
class Payday:
    """When income arrives: a day of the month (1 to 31, -1 the last) or a weekday (0 Monday to 6)."""

    day: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Finances:
    """What the person told of their money; None where they told nothing. Sums are a month's.

    `recovers_on`: from this local date on their income is back; what they can pay until then says nothing of later.
    """

    income: Money | None = None
    spending: Money | None = None
    dependants: int | None = None
    other_debts: int | None = None
    payday: Payday | None = None
    affordable: Money | None = None
    recovers_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """One debt as the negotiator sees it. `today` is the debtor's local date; `broken_promises` are this case's, and
    `extensions` is how often it was put off before: the whole sum, or a payment of one of its plans."""

    market: Market
    product: str
    balance: Balance
    days_past_due: int
    today: date
    finances: Finances = Finances()
    broken_promises: int = 0
    extensions: int = 0

    @property
    def currency(self) -> str:
        return self.balance.currency


@dataclass(frozen=True, slots=True)
class DatedStep:
    """Instalments of this amount for all that falls due before a local date; None where that was not said yet."""

    before: date | None
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the debtor (or an agent) asks for, as far as it was said. Everything else is None.

    `instalment` is the sum a period; `total` a sum to settle everything; `share` the share of the balance to pay
    (0.7 for 30 % off); `down_payment` a part paid now, or on `down_due`, and one of nothing takes it off the table;
    `until` puts the whole sum off to that date. `steps` are instalments of another sum that come first, before those of
    `instalment`; `dated_steps` the same where a date ends them. `anchor_day` is the day of the month that each payment
    falls on where it is not the first one's: 31 for the last of every month. `waive_fees` and its like ask for all of a
    component; `waived_fees` and its like name a sum.
    """

    instalment: Money | None = None
    at_most: bool = False
    frequency: Frequency | None = None
    count: int | None = None
    first_due: date | None = None
    anchor_day: int | None = None
    payday: Payday | None = None
    total: Money | None = None
    share: Decimal | None = None
    down_payment: Money | None = None
    until: date | None = None
    term_days: int | None = None
    waive_fees: bool = False
    waive_interest: bool = False
    waive_penalty: bool = False
    steps: tuple[Step, ...] = ()
    discount: bool = False
    waived_fees: Money | None = None
    waived_interest: Money | None = None
    waived_penalty: Money | None = None
    dated_steps: tuple[DatedStep, ...] = ()
    down_due: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == Ask()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Terms that the limits allow, worked out to each date and sum.

    `id` is unique in its conversation. `discount` is what of `balance.total` need not be paid, `waived_fees`,
    `waived_interest` and `waived_penalty` the parts of it that are waived by name. `apr` is in percent. `extensions` is
    how often the case had been put off before. `rule_facts` is what its limits
    were chosen by, so that it is looked at again by the same; None in offers from before limits were chosen so.
    """

    id: str
    kind: OfferKind
    terms: Terms
    schedule: Schedule
    balance: Balance
    discount: Money
    apr: Decimal
    rule: str
    policy_version: int
    because: tuple[str, ...] = ()
    waived_fees: Money | None = None
    waived_interest: Money | None = None
    rule_facts: RuleFacts | None = None
    waived_penalty: Money | None = None
    extensions: int = 0

    @property
    def total(self) -> Money:
        return self.terms.total

    @property
    def waived(self) -> Balance:
        """What is waived by name, by component."""
        nothing = Money.zero(self.balance.currency)
        fees, interest, penalty = self.waived_fees, self.waived_interest, self.waived_penalty
        return Balance(nothing, interest or nothing, fees or nothing, penalty)

    @property
    def settles(self) -> Balance:
        """What its payments settle, by component: what is waived by name stays out, and of any other discount the
        dearest component first."""
        return settle_for(self.balance - self.waived, self.total).left


@dataclass(frozen=True, slots=True)
class Accepted:
    """The ask is inside the limits; the offer is exactly what was asked."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class Nearest:
    """The ask is outside; the offer is the nearest plan inside, and each breach says what differs and why."""

    offer: Offer
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Too little was said to answer; `missing` names what to ask for."""

    missing: Literal["amount", "date", "count", "step_date"]


Answer = Accepted | Nearest | Unclear


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay `amount` by `due` (the debtor's local date)."""

    due: date
    amount: Money


@dataclass(frozen=True, slots=True)
class PromiseAccepted:
    promise: Promise
    grant: Grant


@dataclass(frozen=True, slots=True)
class PromiseOutside:
    """The promise is outside the limits; `nearest` is the closest promise inside."""

    nearest: Promise
    breaches: tuple[Breach, ...]
