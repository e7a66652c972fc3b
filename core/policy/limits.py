"""The managers' limits as values: what the bot and the agents may grant, and which rule of which version says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal

from core.calendar import Frequency
from core.policy.selectors import SEGMENTS, Asker, Band, Bucket, RuleFacts, Segment, bucket_of

Market = Literal["cn", "us", "uk"]
Pace = Literal["early", "balanced", "patient"]


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
    rate charged during a plan, as a fraction; 0 stops it. `concession_pace`: whether discounts and waivers are on offer
    at once (`early`) or by steps (`core.policy.concessions`). `min_settlement_amount`: least sum of a settlement in one
    payment, and `min_first_payment_amount` of a plan's first payment; 0 leaves them to the shares.
    `max_broken_promises`: broken promises from which a person decides. `max_penalty_waiver_share`: most of the penalty
    for paying late that may be waived. `max_extensions`: how many payments of a plan may be moved to a later
    date, and how often the whole sum may be put off. `max_concessions`: how often the bot gives way in one conversation
    beyond its first step. `person_decides_above`: balance from which a person, and not the bot, grants time or a
    discount; 0 for none.

    The rest weighs what is recommended, and grants nothing. `affordable_share`: share of a month's surplus that an
    instalment which is recommended may take. `protected_minimum`: least that living costs a month are taken to be; half
    more for each dependant. `health_floor`: share of a month's surplus that a recommended plan leaves free.
    `discount_rate`: yearly rate at which later payments count for less. `keep_first` and `keep_each`: chance that the
    first payment of a plan that is easily paid comes, and of each later month that it comes after the one before.
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
    concession_pace: Pace = "early"
    min_settlement_amount: Decimal = Decimal(0)
    min_first_payment_amount: Decimal = Decimal(0)
    max_broken_promises: int = 2
    max_penalty_waiver_share: Decimal = Decimal(0)
    max_extensions: int = 3
    max_concessions: int = 3
    person_decides_above: Decimal = Decimal(0)
    affordable_share: Decimal = Decimal("0.9")
    protected_minimum: Decimal = Decimal(0)
    health_floor: Decimal = Decimal("0.4")
    discount_rate: Decimal = Decimal("0.08")
    keep_first: Decimal = Decimal("0.9")
    keep_each: Decimal = Decimal("0.97")


FIELDS = tuple(each.name for each in fields(Limits))
LONGEST_ID = 80
"""Characters of a rule's id, as offers and plans store it."""


STRICTEST = Limits(
    min_settlement_share=Decimal(1),
    min_settlement_share_instalments=Decimal(1),
    max_instalments=0,
    max_term_days=0,
    min_instalment=Decimal(0),
    min_first_payment_share=Decimal(1),
    max_days_to_first_payment=0,
    max_extension_days=0,
    max_fee_waiver_share=Decimal(0),
    max_interest_waiver_share=Decimal(0),
    frequencies=(),
    promise_max_days=0,
    promise_min_share=Decimal(1),
    concession_pace="patient",
    max_broken_promises=0,
    max_extensions=0,
    max_concessions=0,
    affordable_share=Decimal(0),
    health_floor=Decimal(1),
    keep_first=Decimal(0),
    keep_each=Decimal(0),
)
"""Allows no plan at all: what stands in a rule for the limits that it leaves to others."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Limits for the cases of a market that all of its selectors fit; a selector that is None fits every case.

    Those `left_out` come from less specific rules, and stand in `limits` as strict as can be: read them from `given`.
    """

    market: Market
    product: str | None
    limits: Limits
    creditor: str | None = None
    bucket: Bucket | None = None
    band: Band | None = None
    segment: Segment | None = None
    role: Asker | None = None
    left_out: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        strictest = {name: getattr(STRICTEST, name) for name in self.left_out}
        object.__setattr__(self, "limits", replace(self.limits, **strictest))

    @property
    def given(self) -> dict[str, Any]:
        """The limits that the rule gives itself, in the order of `Limits`."""
        return {name: getattr(self.limits, name) for name in FIELDS if name not in self.left_out}

    def giving(self, given: Mapping[str, Any]) -> "Rule":
        """A rule for the same cases that gives these limits and leaves the others out."""
        left_out = frozenset(name for name in FIELDS if name not in given)
        return replace(self, limits=replace(STRICTEST, **given), left_out=left_out)

    @property
    def is_full(self) -> bool:
        """Whether the rule gives every limit itself."""
        return not self.left_out

    @property
    def is_finer(self) -> bool:
        """Whether the rule names more than a market and a product."""
        return any(each is not None for each in (self.creditor, self.bucket, self.band, self.segment, self.role))

    @property
    def id(self) -> str:
        """Name shown wherever the rule is the reason: `cn`, `cn/credit_card`, `cn/credit_card/M2/10000-50000/hardship`.

        A creditor stands behind an `@`. What would be too long to store is cut and made unique by a digest.
        """
        creditor = None if self.creditor is None else "@" + self.creditor.replace("%", "%25").replace("/", "%2F")
        band = None if self.band is None else self.band.text
        parts = (self.market, self.product, creditor, self.bucket, band, self.segment, self.role)
        name = "/".join(part for part in parts if part is not None)
        if len(name) <= LONGEST_ID:
            return name
        digest = sha256(name.encode()).hexdigest()[:8]
        return f"{name[: LONGEST_ID - len(digest) - 1]}~{digest}"

    @property
    def precedence(self) -> tuple[int, ...]:
        """The greater goes first: role, then segment (the most protective first), creditor, bucket, band, product."""
        segment = 0 if self.segment is None else len(SEGMENTS) - SEGMENTS.index(self.segment)
        named = (self.creditor, self.bucket, self.band, self.product)
        return (int(self.role is not None), segment, *(int(each is not None) for each in named))

    def fits(self, facts: RuleFacts) -> bool:
        """Whether the rule is for such a case and asker."""
        bucket = None if facts.days_past_due is None else bucket_of(facts.days_past_due)
        return (
            self.market == facts.market
            and self.product in (None, facts.product)
            and self.creditor in (None, facts.creditor)
            and self.bucket in (None, bucket)
            and (self.band is None or (facts.balance is not None and self.band.holds(facts.balance)))
            and (self.segment is None or self.segment in facts.segments)
            and self.role in (None, facts.role)
        )

    def widens(self, other: "Rule") -> bool:
        """Whether this is another rule, and fits every case that the other one fits."""
        return (
            self.id != other.id
            and self.market == other.market
            and self.product in (None, other.product)
            and self.creditor in (None, other.creditor)
            and self.bucket in (None, other.bucket)
            and (self.band is None or (other.band is not None and self.band.contains(other.band)))
            and self.segment in (None, other.segment)
            and self.role in (None, other.role)
        )


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A published set of rules; `number` counts up from 1 and is stored with every offer, plan and approval."""

    number: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """The limits that apply to one case, with the most specific rule and the version that they come from.

    `sources` says for each field which rule gave it, or which legal ceiling; `facts` what the rules were chosen by.
    `held` names the fields that are held back for now and have more to give (`core.policy.concessions`).
    """

    limits: Limits
    rule: str
    version: int
    held: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    facts: RuleFacts | None = None

    def source(self, name: str) -> str:
        """Which rule, or legal ceiling, this field has its value from."""
        return self.sources.get(name, self.rule)


@dataclass(frozen=True, slots=True)
class Breach:
    """One way in which terms are outside the limits: which field, what was asked, what is allowed."""

    field: str
    asked: str
    allowed: str
    data: Mapping[str, str]
