"""What a plan is: the terms agreed, and the schedule they come to."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property

from core.calendar import DayRule, Frequency
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans.daycount import DayCount
from core.plans.interest import Method


class Remainder(StrEnum):
    """Which instalment carries what rounding leaves over."""

    LAST = "last"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Step:
    """So many instalments of this amount, before the level ones: the lower first months of a step plan."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a plan.

    `total` is what settles the debt, after any discount and before interest during the plan. `count` instalments follow
    the down payment (zero money when there is none); no instalments at all when the down payment is the whole.
    `instalment` is the person's own level amount, the remainder falling on the last. `annual_rate` is a ratio (0.18 for
    18 %), running from `starts` (the down payment's date, or one period before the first instalment, when None).
    `market` and `rule` say what becomes of due dates that are no working days; a moved date costs no interest of its
    own unless `interest_on_moved_days`. `days_after` puts each date that many days after the payday `anchor_day`.
    `steps` come first, inside `count`; `balloon` is paid on top of the last instalment. `remainder` says where equal
    instalments leave what rounding left over; `rounding` rounds each line's interest, `level_rounding` the level of an
    annuity, both `decimal.ROUND_*`. InvalidInput for terms no plan can have.
    """

    total: Money
    down_payment: Money
    down_payment_due: date | None
    frequency: Frequency
    count: int
    first_due: date
    anchor_day: int | None = None
    annual_rate: Decimal = Decimal(0)
    whole_units: bool = False
    instalment: Money | None = None
    method: Method = Method.ANNUITY
    day_count: DayCount = DayCount.ACT_365
    starts: date | None = None
    rule: DayRule = DayRule.NONE
    market: str | None = None
    steps: tuple[Step, ...] = ()
    balloon: Money | None = None
    remainder: Remainder = Remainder.LAST
    rounding: str = ROUND_HALF_UP
    level_rounding: str = ROUND_HALF_UP
    days_after: int = 0
    interest_on_moved_days: bool = False

    def __post_init__(self) -> None:
        total, down = self.total.minor, self.down_payment.minor
        if total <= 0:
            raise InvalidInput("A plan is for more than nothing.", total=str(self.total))
        if self.rest.minor < 0 or down < 0:
            raise InvalidInput("The down payment lies between nothing and the whole.", amount=str(self.down_payment))
        if down and self.down_payment_due is None:
            raise InvalidInput("Say when the down payment is due.")
        if self.count < 0 or (self.count == 0) != (down == total):
            raise InvalidInput("Instalments and rest do not match: some of both, or none of both.", count=self.count)
        if self.annual_rate < 0:
            raise InvalidInput("Interest is not negative.", annual_rate=str(self.annual_rate))
        if self.steps or self.balloon is not None:
            self._check_shape(Money.zero(self.total.currency))

    def _check_shape(self, zero: Money) -> None:
        stepped = zero
        for step in self.steps:
            if step.count < 1 or step.amount <= zero:
                raise InvalidInput("A step is at least one instalment of more than nothing.", count=step.count)
            stepped += step.amount * step.count
        if sum(step.count for step in self.steps) >= self.count:
            raise InvalidInput("Steps come before at least one more instalment.", count=self.count)
        balloon = zero if self.balloon is None else self.balloon
        if not zero <= balloon <= self.rest - stepped:
            raise InvalidInput("Steps and balloon fit into what the instalments settle.", balloon=str(balloon))

    @property
    def rest(self) -> Money:
        """What the instalments settle: the total without the down payment."""
        return self.total - self.down_payment


@dataclass(frozen=True, slots=True, init=False)
class Instalment:
    """One payment: its number (from 1; 0 is the down payment), due date, amount, and the interest in the amount."""

    number: int
    due: date
    amount: Money
    interest: Money | None

    def __init__(self, number: int, due: date, amount: Money, interest: Money | None = None) -> None:
        _SET_NUMBER(self, number)
        _SET_DUE(self, due)
        _SET_AMOUNT(self, amount)
        _SET_INTEREST(self, interest)


_SET_NUMBER, _SET_DUE, _SET_AMOUNT, _SET_INTEREST = (
    Instalment.__dict__[name].__set__ for name in ("number", "due", "amount", "interest")
)
# As money is made: a slot's own setter takes half a frozen one's time.


@dataclass(frozen=True)
class Schedule:
    """The payments of a plan, their dates strictly increasing; the down payment, where there is one, comes first."""

    instalments: tuple[Instalment, ...]
    down_payment: Instalment | None
    currency: str
    starts: date | None = None

    @cached_property
    def lines(self) -> tuple[Instalment, ...]:
        """Every payment, the down payment included."""
        return self.instalments if self.down_payment is None else (self.down_payment, *self.instalments)

    @cached_property
    def total(self) -> Money:
        """All that is paid, interest during the plan included."""
        return sum_money((line.amount for line in self.lines), self.currency)

    @cached_property
    def interest(self) -> Money:
        """The interest during the plan."""
        return sum_money((line.interest for line in self.lines if line.interest is not None), self.currency)

    @property
    def first_due(self) -> date:
        """The date of the first payment."""
        return self.lines[0].due

    @property
    def last_due(self) -> date:
        """The date of the last payment."""
        return self.lines[-1].due
