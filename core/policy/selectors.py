"""What a rule is chosen by, beside its market: product, creditor, days past due, balance, segment, and who asks."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

Bucket = Literal["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7+"]
"""Days past due by thirties: M0 not yet due, M1 1 to 30 days, M2 31 to 60, …, M7+ 181 and more."""

Segment = Literal["vulnerable", "hardship", "broken_plan"]
"""What is known of the person, the most protective first: where a case is in several, the first one counts more."""

Asker = Literal["bot", "agent", "supervisor", "manager"]
"""Who makes the offer. What the debtor asks of the bot is asked by the bot."""

BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
SEGMENTS: tuple[Segment, ...] = get_args(Segment)
ASKERS: tuple[Asker, ...] = get_args(Asker)
SELECTORS = ("role", "segment", "creditor", "bucket", "band", "product")
"""In the order of precedence: a rule that names an earlier one counts more, whatever else the other rule names."""

_DAYS_IN_BUCKET = 30


def bucket_of(days_past_due: int) -> Bucket:
    """The bucket of a number of days past due; not above 0 is not yet due."""
    number = (max(days_past_due, 0) + _DAYS_IN_BUCKET - 1) // _DAYS_IN_BUCKET
    return BUCKETS[min(number, len(BUCKETS) - 1)]


@dataclass(frozen=True, slots=True)
class Band:
    """Balances from `least` (included) up to `below` (not included; None has no end), in units of the currency."""

    least: Decimal
    below: Decimal | None = None

    def holds(self, balance: Decimal) -> bool:
        """Whether a balance lies in the band."""
        return self.least <= balance and (self.below is None or balance < self.below)

    def overlaps(self, other: "Band") -> bool:
        """Whether some balance lies in both."""
        return (other.below is None or self.least < other.below) and (self.below is None or other.least < self.below)

    def contains(self, other: "Band") -> bool:
        """Whether every balance of the other lies in this one."""
        if self.below is not None and (other.below is None or other.below > self.below):
            return False
        return self.least <= other.least

    @property
    def text(self) -> str:
        """As rule ids write it: `10000-50000`, `50000-` without an end."""
        return f"{_plain(self.least)}-{'' if self.below is None else _plain(self.below)}"


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What is known of a case and of who asks. What is None matches only rules that leave it open.

    `days_past_due` counts to the debtor's local date, `balance` is in units of the case's currency.
    """

    market: str
    product: str | None = None
    creditor: str | None = None
    days_past_due: int | None = None
    balance: Decimal | None = None
    segments: AbstractSet[Segment] = frozenset()
    role: Asker | None = None


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
