"""The plan nearest to a wish that is inside the limits: the person's amount first, then their date, then the length."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money
from core.negotiation.ability import whole_up
from core.negotiation.dates import capacity, most_days_to_first, most_days_to_one, next_same_day
from core.negotiation.types import CaseFacts, Offer
from core.negotiation.wish import Wish, at_most_owed, build, check_offer, equal_level, instalments_needed, trimmed
from core.plans import PERIODS_PER_YEAR, Balance, Step
from core.policy import Grant, Limits, least_first_payment, least_instalment, least_settlement, least_total, most_waived

_DAY = timedelta(days=1)


def fitted(wish: Wish, case: CaseFacts, grant: Grant) -> Offer:
    """The nearest offer inside the limits (its id is empty): the whole sum today where no plan is."""
    for candidate in _candidates(wish, case, grant):
        try:
            offer = build(candidate, case, grant)
        except InvalidInput:
            continue
        if not check_offer(offer, grant, case.today):
            return offer
    return build(Wish(total=case.balance.total, first_due=case.today, single=True), case, grant)


def _candidates(wish: Wish, case: CaseFacts, grant: Grant) -> Iterator[Wish]:
    priced = _price(wish, case, grant)
    if not priced.single:
        framed = _frame(priced, case, grant)
        if framed is not None and framed.steps:
            yield from _with_steps(framed, case, grant)
            framed = replace(framed, steps=())
        if framed is not None:
            yield from _sized(framed, case, grant)
        priced = _price(replace(priced, single=True), case, grant)
    yield replace(priced, first_due=_single_date(priced, case, grant))


def _with_steps(framed: Wish, case: CaseFacts, grant: Grant) -> Iterator[Wish]:
    """The steps as they are, or raised to the least; the instalments after them raised until the last date fits."""
    if framed.level is None:
        yield framed
        return
    first, later = _least_level(framed, grant), least_instalment(grant.limits, framed.total.currency)
    steps = tuple(
        replace(step, amount=_at_least(step.amount, later if place else first))
        for place, step in enumerate(framed.steps)
    )
    wish = trimmed(replace(framed, steps=steps))
    most = capacity(wish.first_due, wish.frequency, wish.anchor_day, grant.limits, case.today)
    if not wish.steps or most <= wish.stepped or wish.level is None:
        return
    level = _at_least(wish.level, max(later, equal_level(wish, case, grant, most)))
    sized = replace(wish, level=level)
    yield replace(sized, count=instalments_needed(sized, case, grant, most))


def _at_least(asked: Money, least: Money) -> Money:
    return asked if asked >= least else whole_up(least)


def _sized(framed: Wish, case: CaseFacts, grant: Grant) -> Iterator[Wish]:
    """The nearest size, then equal instalments of any number, the nearest first; none where one payment is all."""
    best = _size(framed, case, grant)
    if best.count == 1 and best.down is None:
        return
    yield best
    most = capacity(best.first_due, best.frequency, best.anchor_day, grant.limits, case.today)
    counts = sorted(range(2, most + 1), key=lambda count: (abs(count - best.count), count))
    yield from (replace(best, level=None, count=count) for count in counts)


def _price(wish: Wish, case: CaseFacts, grant: Grant) -> Wish:
    """The total raised to the least that is taken, or what is waived lowered to the most that may be."""
    owed, limits = case.balance.total, grant.limits
    least = (
        least_settlement(limits, owed) if wish.single else least_total(owed, limits.min_settlement_share_instalments)
    )
    if wish.waives:
        waiving = at_most_owed(replace(wish, total=owed), _waivable(case.balance, limits))
        if wish.total + wish.named >= owed:
            return waiving
        return replace(waiving, total=min(max(wish.total, whole_up(least)), waiving.total))
    if least <= wish.total <= owed:
        return wish
    return replace(wish, total=min(whole_up(least), owed))


def _waivable(balance: Balance, limits: Limits) -> Balance:
    """The most of each component that may be waived by name."""
    return Balance(
        Money.zero(balance.currency),
        most_waived(balance.interest, limits.max_interest_waiver_share),
        most_waived(balance.fees, limits.max_fee_waiver_share),
        most_waived(balance.penalty, limits.max_penalty_waiver_share),
    )


def _single_date(wish: Wish, case: CaseFacts, grant: Grant) -> date:
    days = most_days_to_one(grant.limits, whole=wish.total >= case.balance.total)
    return min(next_same_day(wish.first_due, case.today), case.today + timedelta(days=days))


def _frame(wish: Wish, case: CaseFacts, grant: Grant) -> Wish | None:
    """The wish with an allowed period, dates and down payment; None where no instalments are allowed at all."""
    limits, today = grant.limits, case.today
    if not limits.frequencies:
        return None
    wish = _in_allowed_period(wish, grant)
    latest = today + timedelta(days=most_days_to_first(limits))
    if wish.down is None:
        return replace(wish, first_due=min(next_same_day(wish.first_due, today), latest))
    down = max(wish.down, whole_up(least_first_payment(limits, wish.total)))
    if down >= wish.total:
        return None
    down_due = min(max(wish.down_due or today, today), latest)
    first = max(next_same_day(wish.first_due, today), down_due + _DAY)
    last = today + timedelta(days=limits.max_term_days)
    return replace(wish, down=down, down_due=down_due, first_due=min(first, last)) if last > down_due else None


def _in_allowed_period(wish: Wish, grant: Grant) -> Wish:
    allowed = grant.limits.frequencies
    if wish.frequency in allowed:
        return wish
    new = Frequency.MONTH if Frequency.MONTH in allowed else allowed[0]
    ratio = PERIODS_PER_YEAR[new], PERIODS_PER_YEAR[wish.frequency]
    owed, level = wish.total.currency, wish.level and _by_period(wish.level, ratio)
    steps = tuple(
        Step(max(1, round(step.count * ratio[0] / ratio[1])), _at_least(_by_period(step.amount, ratio), Money(1, owed)))
        for step in wish.steps
    )
    count = max(1, round(wish.count * ratio[0] / ratio[1]))
    return replace(wish, frequency=new, level=level, count=count, steps=steps)


def _by_period(amount: Money, ratio: tuple[int, int]) -> Money:
    """What a sum in each of so many periods a year comes to in each of so many others, rounded down."""
    return Money(amount.minor * ratio[1] // ratio[0], amount.currency)


def _size(wish: Wish, case: CaseFacts, grant: Grant) -> Wish:
    if wish.level is None:
        return _by_count(wish, case, grant)
    return _by_level(_early_enough(wish, case, grant), wish.level, case, grant)


def _fits(wish: Wish, case: CaseFacts, grant: Grant) -> bool:
    most = capacity(wish.first_due, wish.frequency, wish.anchor_day, grant.limits, case.today)
    return instalments_needed(wish, case, grant, most) <= most


def _early_enough(wish: Wish, case: CaseFacts, grant: Grant) -> Wish:
    """The latest first date up to the one wished from which the level fits the term; as it was where none does."""
    if _fits(wish, case, grant):
        return wish
    earliest = case.today if wish.down_due is None else wish.down_due + _DAY
    if not _fits(replace(wish, first_due=earliest), case, grant):
        return wish
    while not _fits(wish, case, grant):
        wish = replace(wish, first_due=wish.first_due - _DAY)
    return wish


def _least_level(wish: Wish, grant: Grant) -> Money:
    """The least that every instalment but the last must be, whatever the number."""
    least = least_instalment(grant.limits, wish.total.currency)
    return least if wish.down else max(least, least_first_payment(grant.limits, wish.total))


def _by_level(wish: Wish, level: Money, case: CaseFacts, grant: Grant) -> Wish:
    most = max(1, capacity(wish.first_due, wish.frequency, wish.anchor_day, grant.limits, case.today))
    least = max(_least_level(wish, grant), equal_level(wish, case, grant, most))
    sized = replace(wish, level=_at_least(level, least))
    return replace(sized, count=instalments_needed(sized, case, grant, most))


def _by_count(wish: Wish, case: CaseFacts, grant: Grant) -> Wish:
    most = max(1, capacity(wish.first_due, wish.frequency, wish.anchor_day, grant.limits, case.today))
    least = _least_level(wish, grant)
    return replace(wish, count=max(1, min(wish.count, most, wish.rest.minor // least.minor)))
