"""Plans that may be worth offering: level ones of many lengths, and ones that start low while income is down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from core.calendar import Frequency, due_dates
from core.money import Money
from core.negotiation.ability import able_to_pay, per_period, round_down, round_up, surplus_of, whole_up
from core.negotiation.dates import after_payday, capacity, most_days_to_first, usual_date
from core.negotiation.types import CaseFacts
from core.negotiation.wish import Wish, equal_level, instalments_needed
from core.plans import PERIODS_PER_YEAR, Step
from core.policy import Grant, Limits, least_first_payment, least_instalment, least_total

_MONTHS = (2, 3, 6, 9, 12, 18, 24, 36, 48, 60)
_GENTLE = 7
"""Tenths of the heaviest healthy instalment that a gentler one takes."""


def discounted_wishes(case: CaseFacts, grant: Grant) -> Iterator[Wish]:
    """The same of the least that the limits take in instalments; none where they take nothing less than all of it."""
    owed = case.balance.total
    least = whole_up(least_total(owed, grant.limits.min_settlement_share_instalments))
    if least < owed:
        yield from plan_wishes(case, grant, least)


def plan_wishes(case: CaseFacts, grant: Grant, total: Money | None = None) -> Iterator[Wish]:
    """Level plans of whole sums, none above what the person can pay: by length, and by what they can pay. They come to
    all that is owed, or to the `total`."""
    able = able_to_pay(case, grant)
    for frequency in _periods(case, grant.limits):
        blank = _blank(case, grant, frequency)
        blank = blank if total is None else replace(blank, total=total)
        most = capacity(blank.first_due, frequency, None, grant.limits, case.today)
        if most < 2:
            continue
        ceiling = None if able is None else per_period(able, frequency)
        for level in dict.fromkeys(_levels(blank, case, grant, most, ceiling)):
            wish = replace(blank, level=level)
            sized = replace(wish, count=instalments_needed(wish, case, grant, most))
            if 2 <= sized.count <= most:
                yield sized


def step_wishes(case: CaseFacts, grant: Grant) -> Iterator[Wish]:
    """Plans that are low until income is back and level from then on; none where nothing is told of that."""
    back = case.finances.recovers_on
    frequency = next(iter(_periods(case, grant.limits)), None)
    if back is None or frequency is None:
        return
    blank = _blank(case, grant, frequency)
    most = capacity(blank.first_due, frequency, None, grant.limits, case.today)
    thin = sum(1 for due in due_dates(blank.first_due, frequency, max(most, 1)) if due < back)
    able, least = able_to_pay(case, grant), _least(blank, grant)
    low = whole_up(least) if able is None else max(round_down(per_period(able, frequency)), least)
    if not 0 < thin < most or (able is not None and low > per_period(able, frequency)):
        return
    rest = blank.total - low * thin
    for count in _lengths(frequency, most - thin):
        if rest.minor > count * low.minor:
            yield replace(blank, count=thin + count, steps=(Step(thin, low),))


def _blank(case: CaseFacts, grant: Grant, frequency: Frequency) -> Wish:
    return Wish(total=case.balance.total, first_due=_first(case, grant), frequency=frequency)


def _first(case: CaseFacts, grant: Grant) -> date:
    """The usual date, or the first after income is back where the limits let a plan wait for it."""
    most = most_days_to_first(grant.limits)
    usual, back = usual_date(case, most), case.finances.recovers_on
    latest = case.today + timedelta(days=max(most, 0))
    if back is None or usual >= back or back > latest:
        return usual
    payday = case.finances.payday
    return min(back if payday is None else after_payday(payday, back), latest)


def _periods(case: CaseFacts, limits: Limits) -> tuple[Frequency, ...]:
    """By the month, and by the week too where the person is paid by the week; the first that is allowed without one."""
    weekly = case.finances.payday is not None and case.finances.payday.weekday is not None
    wanted = (Frequency.MONTH, Frequency.WEEK) if weekly else (Frequency.MONTH,)
    return tuple(each for each in wanted if each in limits.frequencies) or limits.frequencies[:1]


def _least(blank: Wish, grant: Grant) -> Money:
    share = least_first_payment(grant.limits, blank.total)
    return max(least_instalment(grant.limits, blank.total.currency), share)


def _lengths(frequency: Frequency, most: int) -> list[int]:
    """The usual lengths in months as numbers of instalments, and the longest."""
    each = PERIODS_PER_YEAR[frequency]
    counts = dict.fromkeys(max(months * each // 12, 2) for months in _MONTHS)
    return [*(count for count in counts if count < most), *((most,) if most >= 2 else ())]


def _levels(blank: Wish, case: CaseFacts, grant: Grant, most: int, able: Money | None) -> Iterator[Money]:
    least = _least(blank, grant)
    lightest = max(least, equal_level(blank, case, grant, most))
    if able is not None and able < lightest:
        return
    for level in _by_length(blank, case, grant, most) if able is None else _by_ability(blank, case, grant, able):
        whole = max(level, whole_up(lightest))
        if able is None or whole <= able:
            yield whole
    if able is not None and whole_up(lightest) > able:
        yield lightest


def _by_length(blank: Wish, case: CaseFacts, grant: Grant, most: int) -> Iterator[Money]:
    for count in _lengths(blank.frequency, most):
        yield round_up(equal_level(blank, case, grant, count))


def _by_ability(blank: Wish, case: CaseFacts, grant: Grant, able: Money) -> Iterator[Money]:
    """All that they can pay, what leaves the health floor, and lighter ones."""
    surplus = surplus_of(case, grant)
    free = able if surplus is None else per_period(surplus.share(1 - grant.limits.health_floor), blank.frequency)
    shortest = round_up(equal_level(blank, case, grant, 2))
    level = min(able, free)
    yield min(round_down(able), shortest)
    for _ in range(3):
        yield min(round_down(level), shortest)
        level = Money(level.minor * _GENTLE // 10, level.currency)
    yield Money(1, able.currency)
