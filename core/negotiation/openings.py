"""The first offers: two or three that differ in kind, in round sums, never above what the person can pay."""

from collections.abc import Iterator
from dataclasses import replace

from core.calendar import Frequency
from core.money import Money
from core.negotiation.ability import able_to_pay, per_period, round_down, round_up, whole_up
from core.negotiation.dates import capacity, most_days_to_first, most_days_to_one, usual_date
from core.negotiation.reasons import because_of
from core.negotiation.types import Ask, CaseFacts, Offer
from core.negotiation.wish import Wish, build, buildable, check_offer, equal_level, instalments_needed
from core.policy import Grant, Limits, least_first_payment, least_instalment, least_settlement

_LENGTHS = (2, 3, 4, 6, 9, 12, 18, 24)
_GENTLE_TENTHS = 7
_LUMP_MONTHS = 2


def opening(case: CaseFacts, grant: Grant, ids: Iterator[str], *, instalments_only: bool = False) -> tuple[Offer, ...]:
    """A payment at once (with the discount that the limits allow), a shorter plan and a longer, gentler one.

    Where the person told what they can pay, no instalment is above it, and no payment at once above two months of it.
    `instalments_only` is for someone who said that they cannot pay at once. Empty when nothing allowed fits: a person
    must talk with them.
    """
    if not case.balance.total:
        return ()
    able = able_to_pay(case)
    wishes = [] if instalments_only else _lump(case, grant, able)
    wishes += _plans(case, grant, able)
    offers = []
    for wish in wishes:
        if not buildable(wish, case, grant):
            continue
        offer = build(wish, case, grant, "")
        if not check_offer(offer, grant, case.today):
            offers.append(replace(offer, id=next(ids), because=because_of(Ask(), offer, case, grant)))
    return tuple(offers)


def _lump(case: CaseFacts, grant: Grant, able: Money | None) -> list[Wish]:
    owed, limits = case.balance.total, grant.limits
    total = min(whole_up(least_settlement(limits, owed)), owed)
    if able is not None and total > able * _LUMP_MONTHS:
        return []
    days = most_days_to_one(limits, whole=total >= owed)
    return [Wish(total=total, first_due=usual_date(case, days), single=True)]


def _plans(case: CaseFacts, grant: Grant, able: Money | None) -> list[Wish]:
    limits = grant.limits
    frequency = _period(case, limits)
    if frequency is None:
        return []
    first = usual_date(case, most_days_to_first(limits))
    blank = Wish(total=case.balance.total, first_due=first, frequency=frequency)
    most = capacity(first, frequency, None, limits, case.today)
    if most < 2:
        return []
    if able is None:
        levels = _levels_by_length(blank, case, grant, most)
    else:
        levels = _levels_by_ability(blank, case, grant, most, per_period(able, frequency))
    wishes = (replace(blank, level=level) for level in dict.fromkeys(levels))
    sized = [replace(wish, count=instalments_needed(wish, case, grant, most)) for wish in wishes]
    return [wish for wish in sized if 2 <= wish.count <= most]


def _period(case: CaseFacts, limits: Limits) -> Frequency | None:
    """By the month; by the week where the person is paid by the week, or where months are not allowed."""
    weekly = case.finances.payday is not None and case.finances.payday.weekday is not None
    if weekly and Frequency.WEEK in limits.frequencies:
        return Frequency.WEEK
    return Frequency.MONTH if Frequency.MONTH in limits.frequencies else next(iter(limits.frequencies), None)


def _least(blank: Wish, grant: Grant) -> Money:
    share = least_first_payment(grant.limits, blank.total)
    return max(least_instalment(grant.limits, blank.total.currency), share)


def _levels_by_length(blank: Wish, case: CaseFacts, grant: Grant, most: int) -> list[Money]:
    """The levels of a plan of up to two years, and of one half as long."""
    least = _least(blank, grant)
    scale = 4 if blank.frequency is Frequency.WEEK else 1
    fits = [
        length
        for length in (length * scale for length in _LENGTHS)
        if length <= most and equal_level(blank, case, grant, length) >= least
    ]
    if not fits:
        return []
    gentle = fits[-1]
    short = max((length for length in fits if length * 2 <= gentle), default=gentle)
    return [round_up(equal_level(blank, case, grant, length)) for length in (short, gentle)]


def _levels_by_ability(blank: Wish, case: CaseFacts, grant: Grant, most: int, able: Money) -> list[Money]:
    """What the person can pay, rounded down, and a gentler level with room to spare."""
    least = max(_least(blank, grant), equal_level(blank, case, grant, most))
    if able < least:
        return []
    full = max(min(round_down(able), round_up(equal_level(blank, case, grant, 2))), least)
    gentle = max(round_down(Money(full.minor * _GENTLE_TENTHS // 10, full.currency)), least)
    rounded = whole_up(gentle)
    return [full, rounded if rounded <= full else gentle]
