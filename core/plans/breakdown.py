"""A plan in full: where each payment goes, what is owed after it, and what the plan costs and saves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans.allocation import COSTS_INTEREST_PRINCIPAL, Order, allocate
from core.plans.apr import plan_apr_us, plan_aprc, plan_irr, plan_xirr
from core.plans.balance import Balance
from core.plans.rates import effective_annual, nominal_annual
from core.plans.schedule import PERIODS_PER_YEAR
from core.plans.terms import Schedule


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One payment: the interest of the plan in it, where the rest goes, and what is owed after it."""

    number: int
    due: date
    amount: Money
    interest: Money
    applied: Balance
    left: Balance


@dataclass(frozen=True, slots=True)
class Summary:
    """What a plan comes to. `saving` is what was given up less the interest of the plan (negative where it costs more).

    Rates are ratios: `apr` US actuarial, `aprc` EU and UK, `xirr` by days over 365, `irr` a period's, with the nominal
    and the effective annual rate that it makes; all are nothing for a plan without interest.
    """

    owed: Money
    waived: Money
    settles: Money
    interest: Money
    paid: Money
    saving: Money
    apr: Decimal
    aprc: Decimal
    xirr: Decimal
    irr: Decimal
    irr_nominal: Decimal
    irr_effective: Decimal


def detail(
    schedule: Schedule, settled: Balance, order: Order | None = COSTS_INTEREST_PRINCIPAL
) -> tuple[DetailLine, ...]:
    """Each payment with its allocation and the running balance; `settled` is what the plan settles, waivers taken off.

    A payment covers the plan's own interest first, and the rest goes to the balance in the order (pro rata when None).
    InvalidInput when the plan does not settle this balance.
    """
    zero = Money.zero(schedule.currency)
    if schedule.total - schedule.interest != settled.total:
        raise InvalidInput("The plan settles another sum.", plan=str(schedule.total), balance=str(settled.total))
    lines: list[DetailLine] = []
    left = settled
    for line in schedule.lines:
        interest = line.interest or zero
        part = allocate(line.amount - interest, left, order)
        left = part.left
        lines.append(DetailLine(line.number, line.due, line.amount, interest, part.applied, left))
    return tuple(lines)


def summarise(schedule: Schedule, owed: Money, on: date, frequency: Frequency) -> Summary:
    """What the plan agreed `on` this day comes to for a debt of `owed`, with its rates on what it settles.

    InvalidInput where the plan settles more than is owed.
    """
    settles = schedule.total - schedule.interest
    if settles > owed:
        raise InvalidInput("A plan settles no more than is owed.", settles=str(settles), owed=str(owed))
    starts = schedule.starts or on
    rates = [Decimal(0)] * 4
    if schedule.interest:
        rates = [
            plan_apr_us(schedule, settles, starts, frequency),
            plan_aprc(schedule, settles, starts),
            plan_xirr(schedule, settles, starts),
            plan_irr(schedule, settles),
        ]
    apr, aprc, yearly, irr = rates
    periods = PERIODS_PER_YEAR[frequency]
    waived = owed - settles
    paid = sum_money((line.amount for line in schedule.lines), schedule.currency)
    return Summary(
        owed, waived, settles, schedule.interest, paid, waived - schedule.interest,
        apr, aprc, yearly, irr, nominal_annual(irr, periods), effective_annual(irr, periods),
    )  # fmt: skip
