"""Is a promise to pay inside the limits, and which is the nearest that is?"""

from datetime import date, timedelta

from core.money import Money
from core.negotiation.types import CaseFacts, Promise, PromiseAccepted, PromiseOutside
from core.policy import Grant, check_promise, least_total


def promise(due: date, amount: Money | None, case: CaseFacts, grant: Grant) -> PromiseAccepted | PromiseOutside:
    """A promise to pay `amount` (the whole balance when None, never more than it) by `due`, the debtor's local date.

    Outside the limits the nearest keeps the person's sum and day as far as it can.
    """
    owed = case.balance.total
    asked = owed if amount is None else min(amount, owed)
    breaches = check_promise(due, asked, owed, grant, case.today)
    if not breaches:
        return PromiseAccepted(Promise(due, asked), grant)
    latest = case.today + timedelta(days=grant.limits.promise_max_days)
    least = least_total(owed, grant.limits.promise_min_share)
    return PromiseOutside(Promise(min(max(due, case.today), latest), max(asked, least)), breaches)
