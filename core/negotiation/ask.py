"""What an ask means for this case: the person's own numbers kept, the rest taken from the table or from good custom."""

from bisect import bisect_left
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_CEILING

from core.calendar import Frequency, due_dates
from core.money import Money
from core.negotiation.ability import able_to_pay, per_period, round_down, whole_up
from core.negotiation.dates import after_payday, most_days_to_first, most_days_to_one, periods_in, usual_date
from core.negotiation.types import Ask, CaseFacts, Offer, Unclear
from core.negotiation.wish import Wish, as_wish, at_most_owed, instalments_needed, trimmed
from core.plans import PERIODS_PER_YEAR, Step
from core.policy import Grant, least_instalment, least_settlement, least_total

MOST_COUNTED = 1200
USUAL_COUNT = 12
_DOWN_WITHIN_DAYS = 14
LIFETIME = timedelta(days=36525)
"""What lies further off is no day that anybody means."""


def is_plan(ask: Ask) -> bool:
    """Whether the ask speaks of more than one payment."""
    told = (ask.instalment, ask.term_days, ask.down_payment, ask.frequency)
    return (ask.count is not None and ask.count != 1) or (ask.count is None and any(part is not None for part in told))


def reference(ask: Ask, table: tuple[Offer, ...]) -> Offer | None:
    """The offer on the table that the ask changes: the only one, else the first that is of the ask's kind."""
    if len(table) == 1:
        return table[0]
    single = not is_plan(ask) and (_names_total(ask) or ask.until is not None or ask.count == 1)
    alike = [offer for offer in table if (offer.kind != "instalments") == single]
    return next(iter(alike or table), None)


def resolve(ask: Ask, case: CaseFacts, grant: Grant, table: tuple[Offer, ...] = ()) -> Wish | Unclear:
    """The plan that the ask comes to, not yet checked; Unclear when too little was said for any,
    or in another currency, or of a date beyond a lifetime."""
    if ask.is_empty or not _in_currency(ask, case.currency):
        return Unclear("amount")
    if any(step.before is None for step in ask.dated_steps):
        return Unclear("step_date")
    named = (ask.first_due, ask.until, ask.down_due, *(step.before for step in ask.dated_steps))
    if any(day is not None and day > case.today + LIFETIME for day in named):
        return Unclear("date")
    base = reference(ask, table)
    standing = _standing(base, case) if base else None
    if _is_single(ask, standing):
        return _single(ask, case, grant, standing)
    if not is_plan(ask) and standing is None:
        return Unclear("amount")
    return _instalments(ask, case, grant, standing if standing and not standing.single else None, standing)


def _standing(offer: Offer, case: CaseFacts) -> Wish:
    """The shape of the offer on today's balance: what was no discount when it was made does not become one."""
    wish, owed = as_wish(offer), case.balance.total
    return wish if offer.discount else replace(wish, total=owed)


def _in_currency(ask: Ask, currency: str) -> bool:
    sums = (ask.instalment, ask.total, ask.down_payment, ask.waived_fees, ask.waived_interest, ask.waived_penalty)
    return all(money is None or money.currency == currency for money in sums)


def _names_total(ask: Ask) -> bool:
    return ask.total is not None or ask.share is not None or ask.discount


def _waives(ask: Ask) -> bool:
    named = (ask.waived_fees, ask.waived_interest, ask.waived_penalty)
    return ask.waive_fees or ask.waive_interest or ask.waive_penalty or any(named)


def _is_single(ask: Ask, standing: Wish | None) -> bool:
    if is_plan(ask):
        return False
    if ask.until is not None or ask.count == 1 or _names_total(ask):
        return True
    return standing.single if standing else _waives(ask)


def _priced(ask: Ask, case: CaseFacts, grant: Grant, standing: Wish | None, *, single: bool) -> Wish:
    """A wish with the total that the ask settles for, and what it waives by name; its date is for others to set."""
    owed, limits = case.balance.total, grant.limits
    blank = Wish(total=owed, first_due=case.today, single=single)
    if ask.total is not None:
        named = at_most_owed(
            replace(
                blank,
                waived_fees=ask.waived_fees,
                waived_interest=ask.waived_interest,
                waived_penalty=ask.waived_penalty,
            ),
            case.balance,
        )
        return replace(named, total=min(ask.total, named.total))
    if ask.share is not None:
        return replace(blank, total=min(owed.share(ask.share, ROUND_CEILING), owed))
    if ask.discount:
        least = least_settlement(limits, owed) if single else least_total(owed, limits.min_settlement_share_instalments)
        return replace(blank, total=min(whole_up(least), owed))
    balance = case.balance
    waiving = replace(
        blank,
        waived_fees=ask.waived_fees
        or (balance.fees if ask.waive_fees else (standing.waived_fees if standing else None)),
        waived_interest=ask.waived_interest
        or (balance.interest if ask.waive_interest else (standing.waived_interest if standing else None)),
        waived_penalty=ask.waived_penalty
        or (balance.penalty if ask.waive_penalty else (standing.waived_penalty if standing else None)),
    )
    if waiving.waives:
        return at_most_owed(waiving, balance)
    if standing and standing.total < owed and standing.single == single:
        return replace(blank, total=standing.total)
    return blank


def _single(ask: Ask, case: CaseFacts, grant: Grant, standing: Wish | None) -> Wish:
    wish = _priced(ask, case, grant, standing, single=True)
    whole = wish.total >= case.balance.total
    most = most_days_to_one(grant.limits, whole=whole)
    keep = standing.first_due if standing and standing.single and standing.first_due >= case.today else None
    named = ask.until or ask.first_due
    if named is None and ask.payday is not None:
        named = usual_date(case, most, ask.payday)
    extension = ask.until is not None or (standing is not None and standing.extension and not _names_total(ask))
    return replace(wish, first_due=named or keep or usual_date(case, most), extension=extension and whole)


def _instalments(ask: Ask, case: CaseFacts, grant: Grant, plan: Wish | None, standing: Wish | None) -> Wish | Unclear:
    frequency = ask.frequency or (plan.frequency if plan else Frequency.MONTH)
    wish = replace(_priced(ask, case, grant, plan, single=False), frequency=frequency)
    wish = _with_down(wish, ask, case, plan)
    if wish.down is not None and wish.down >= wish.total:
        return replace(wish, single=True, first_due=wish.down_due or case.today, down=None, down_due=None)
    wish = _with_date(wish, ask, case, grant, plan or standing)
    sized = _with_size(wish, ask, case, grant, plan)
    if isinstance(sized, Unclear):
        return sized
    whole = sized.level is not None and sized.level >= sized.total and not sized.steps
    if sized.down is None and (sized.count == 1 or whole):
        return replace(sized, single=True, level=None, count=1)
    return sized


def _with_down(wish: Wish, ask: Ask, case: CaseFacts, plan: Wish | None) -> Wish:
    """A down payment is due on its day; without one today, or on the day named when that is soon; one on the table
    keeps its day. Where the sum of the instalments is all that is left, the day named is that one's."""
    down = ask.down_payment
    if down is not None:
        in_two = ask.instalment is not None and down + ask.instalment == case.balance.total
        soon = not in_two and ask.first_due is not None and 0 <= (ask.first_due - case.today).days < _DOWN_WITHIN_DAYS
        due = ask.down_due or (ask.first_due if soon and ask.first_due else case.today)
        return replace(wish, down=down if down.minor > 0 else None, down_due=due if down.minor > 0 else None)
    if plan and plan.down is not None and plan.down_due is not None:
        return replace(wish, down=plan.down, down_due=max(plan.down_due, case.today))
    return wish


def _with_date(wish: Wish, ask: Ask, case: CaseFacts, grant: Grant, standing: Wish | None) -> Wish:
    most = most_days_to_first(grant.limits)
    named = ask.first_due or ask.until
    if named is not None and named != wish.down_due:
        return replace(wish, first_due=named, anchor_day=ask.anchor_day)
    if ask.payday is None and standing and standing.first_due >= case.today and ask.down_payment is None:
        return replace(wish, first_due=standing.first_due, anchor_day=standing.anchor_day)
    first = usual_date(case, most, ask.payday)
    if wish.down_due is None:
        return replace(wish, first_due=first)
    payday = ask.payday or case.finances.payday
    later = due_dates(wish.down_due, wish.frequency, 2)[1]
    return replace(wish, first_due=after_payday(payday, wish.down_due + timedelta(days=7)) if payday else later)


def _with_size(wish: Wish, ask: Ask, case: CaseFacts, grant: Grant, plan: Wish | None) -> Wish | Unclear:
    steps = (*_dated_steps(ask, wish), *ask.steps)
    if ask.instalment is not None:
        stepped = trimmed(replace(wish, level=ask.instalment, at_most=ask.at_most, steps=steps))
        return _levelled(stepped, case, grant)
    if ask.count is not None:
        return replace(wish, count=ask.count, steps=steps)
    if ask.term_days is not None:
        return replace(wish, count=periods_in(ask.term_days, wish.frequency))
    if plan is not None:
        return _like(wish, plan, case, grant)
    able = able_to_pay(case, grant)
    if able is not None:
        level = round_down(per_period(able, wish.frequency))
        if level.minor > 0:
            return _levelled(replace(wish, level=level, at_most=True), case, grant)
    if wish.down is not None:
        return replace(wish, count=USUAL_COUNT)
    return Unclear("amount")


def _dated_steps(ask: Ask, wish: Wish) -> tuple[Step, ...]:
    """The steps that dates end, counted on the plan's own due dates; one that none falls into is left out."""
    if not ask.dated_steps:
        return ()
    dues, steps, done = due_dates(wish.first_due, wish.frequency, MOST_COUNTED, wish.anchor_day), [], 0
    for step in ask.dated_steps:
        upto = bisect_left(dues, step.before or dues[0])
        if upto > done:
            steps.append(Step(upto - done, step.amount))
            done = upto
    return tuple(steps)


def _like(wish: Wish, plan: Wish, case: CaseFacts, grant: Grant) -> Wish:
    """As long as the plan on the table; the same level too where neither the period nor the down payment changes."""
    if wish.frequency == plan.frequency:
        if plan.level is not None and wish.down == plan.down:
            return _levelled(trimmed(replace(wish, level=plan.level, steps=plan.steps)), case, grant)
        steps = plan.steps if wish.rest == plan.rest else ()
        return replace(wish, count=plan.count, steps=steps)
    return replace(
        wish, count=max(1, round(plan.count * PERIODS_PER_YEAR[wish.frequency] / PERIODS_PER_YEAR[plan.frequency]))
    )


def _levelled(wish: Wish, case: CaseFacts, grant: Grant) -> Wish:
    """The count for the wish's level. A level that is only a ceiling comes down a little where the last instalment
    would else be below the least."""
    count = instalments_needed(wish, case, grant, MOST_COUNTED)
    wish = replace(wish, count=count)
    if (
        wish.steps
        or not wish.at_most
        or count < 2
        or count > MOST_COUNTED
        or wish.level is None
        or grant.limits.plan_interest
    ):
        return wish
    least = least_instalment(grant.limits, wish.total.currency)
    if wish.rest - wish.level * (count - 1) >= least:
        return wish
    even = whole_up(Money(-(-wish.rest.minor // count), wish.total.currency))
    if even > wish.level or even < least:
        return wish
    return replace(wish, level=even)
