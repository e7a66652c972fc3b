"""What a person can pay a month and still live on, and round sums that never pass it."""

from decimal import ROUND_FLOOR, Decimal

from core.calendar import Frequency
from core.money import Money, currency_exponent
from core.negotiation.types import CaseFacts, Finances
from core.plans import PERIODS_PER_YEAR
from core.policy import Grant, at_least

SURPLUS_SHARE = Decimal("0.9")
"""Share of the surplus that instalments may take (CALC-AFF, product default)."""
EACH_DEPENDANT = Decimal("0.5")
"""What each dependant adds to the protected minimum of one person (the higher weight of the modified OECD scale)."""


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


def able_to_pay(case: CaseFacts, grant: Grant) -> Money | None:
    """The most to recommend a month to the case's person, as far as they told it in the debt's currency."""
    if not _in_currency(case):
        return None
    return affordability(case.finances, grant.limits.affordable_share, protected(case, grant))


def surplus_of(case: CaseFacts, grant: Grant) -> Money | None:
    """What a month's income leaves after living costs, never less than nothing; None while too little was told."""
    told = case.finances
    if told.income is None or told.spending is None or not _in_currency(case):
        return None
    return max(told.income - max(told.spending, protected(case, grant)), Money.zero(case.currency))


def protected(case: CaseFacts, grant: Grant) -> Money:
    """The least that a month's living costs are taken to be, for a household of this size."""
    size = 1 + EACH_DEPENDANT * (case.finances.dependants or 0)
    return at_least(grant.limits.protected_minimum * size, case.currency)


def _in_currency(case: CaseFacts) -> bool:
    told = case.finances
    sums = (told.income, told.spending, told.affordable)
    return all(money is None or money.currency == case.currency for money in sums)


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
