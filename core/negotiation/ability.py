"""What a person can pay a month and still live on, and round sums that never pass it."""

from decimal import ROUND_FLOOR, Decimal

from core.calendar import Frequency
from core.money import Money, currency_exponent
from core.negotiation.types import CaseFacts, Finances
from core.plans import PERIODS_PER_YEAR

SURPLUS_SHARE = Decimal("0.9")
"""Share of the surplus that instalments may take (CALC-AFF, product default)."""


def affordability(finances: Finances, share: Decimal = SURPLUS_SHARE, protected: Money | None = None) -> Money | None:
    """The most to recommend a month: `share` of income less spending (never less than `protected` living costs).

    What the person called affordable themselves lowers it, never raises it. None while too little was told to say;
    zero where nothing is left.
    """
    told = finances.affordable
    if finances.income is None or finances.spending is None:
        return told
    spending = finances.spending if protected is None else max(finances.spending, protected)
    surplus = max(finances.income - spending, Money.zero(spending.currency)).share(share, ROUND_FLOOR)
    return surplus if told is None else min(told, surplus)


def able_to_pay(case: CaseFacts) -> Money | None:
    """What the case's person can pay a month, as far as they told it in the debt's currency."""
    told = case.finances
    sums = (told.income, told.spending, told.affordable)
    if any(money is not None and money.currency != case.currency for money in sums):
        return None
    return affordability(told)


def per_period(monthly: Money, frequency: Frequency) -> Money:
    """What a monthly sum comes to a period, rounded down."""
    return monthly.share(Decimal(12) / PERIODS_PER_YEAR[frequency], ROUND_FLOOR)


def whole_up(money: Money) -> Money:
    """The next whole major unit."""
    return _to_step(money, 10 ** currency_exponent(money.currency), up=True)


def round_up(money: Money) -> Money:
    """The next sum that is easy to say: whole units below 50, fives below 200, tens below 1,000, fifties above."""
    return _to_step(money, _step(money), up=True)


def round_down(money: Money) -> Money:
    """The last sum that is easy to say and not above this one."""
    return _to_step(money, _step(money), up=False)


def _step(money: Money) -> int:
    unit = int(10 ** currency_exponent(money.currency))
    for below, step in ((50, 1), (200, 5), (1000, 10)):
        if money.minor < below * unit:
            return step * unit
    return 50 * unit


def _to_step(money: Money, step: int, *, up: bool) -> Money:
    steps = -(-money.minor // step) if up else money.minor // step
    return Money(steps * step, money.currency)
