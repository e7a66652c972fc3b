"""The answer to an ask: exactly that where the limits allow it, else the nearest plan inside and what differs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from core.errors import InvalidInput
from core.money import Money
from core.negotiation.ask import MOST_COUNTED, resolve
from core.negotiation.dates import periods_in
from core.negotiation.fit import fitted
from core.negotiation.reasons import because_of
from core.negotiation.types import Accepted, Answer, Ask, CaseFacts, Nearest, Offer, Unclear
from core.negotiation.wish import Wish, build, check_offer
from core.policy import Breach, Grant, Payment, Proposal, breach, check, least_instalment

_GRAVEST_FIRST = (
    "person_decides_above",
    "count",
    "min_settlement_share",
    "min_settlement_amount",
    "min_settlement_share_instalments",
    "max_fee_waiver_share",
    "max_interest_waiver_share",
    "max_penalty_waiver_share",
    "min_instalment",
    "max_instalments",
    "max_term_days",
    "max_extension_days",
    "max_extensions",
    "max_days_to_first_payment",
    "first_due",
    "frequencies",
    "plan_interest",
    "min_first_payment_share",
    "min_first_payment_amount",
)


def answer(ask: Ask, case: CaseFacts, grant: Grant, ids: Iterator[str], table: tuple[Offer, ...] = ()) -> Answer:
    """Accepted with exactly the numbers asked for, Nearest with what differs, or Unclear when too little was said.

    `table` holds the offers that stand: what the ask leaves out is taken from the one that it is about. An id is taken
    from `ids` only when an offer is made.
    """
    wish = resolve(ask, case, grant, table)
    if isinstance(wish, Unclear):
        return wish
    if not case.balance.total:
        return Unclear("amount")
    breaches = breaches_of(wish, ask, case, grant)
    offer = fitted(wish, case, grant) if breaches else build(wish, case, grant)
    made = replace(offer, id=next(ids), because=because_of(ask, offer, case, grant, breaches))
    return Nearest(made, breaches) if breaches else Accepted(made)


def adjust_offer(offer: Offer, ask: Ask, case: CaseFacts, grant: Grant, ids: Iterator[str]) -> Answer:
    """The answer to an ask that changes this offer: a date alone keeps its sums, a number alone keeps its date."""
    return answer(ask, case, grant, ids, (offer,))


def manual_offer(
    ask: Ask, case: CaseFacts, grant: Grant, ids: Iterator[str], table: tuple[Offer, ...] = ()
) -> tuple[Offer, tuple[Breach, ...]]:
    """Exactly the terms that an agent enters, with every way in which they are outside the limits, for an approver.

    InvalidInput when the terms are no plan: too little said, nothing to pay, or more instalments than can be counted.
    """
    wish = resolve(ask, case, grant, table)
    if isinstance(wish, Unclear):
        raise InvalidInput("Say more about the plan.", missing=wish.missing)
    if not wish.single and wish.count > MOST_COUNTED:
        raise InvalidInput("No plan has so many instalments.", most=MOST_COUNTED)
    offer = build(wish, case, grant)
    found = breaches_of(wish, ask, case, grant)
    return replace(offer, id=next(ids), because=because_of(ask, offer, case, grant, found)), found


def breaches_of(wish: Wish, ask: Ask, case: CaseFacts, grant: Grant) -> tuple[Breach, ...]:
    """Every way in which a wish is outside the limits, one that no plan could be included, what a person
    asked for by name before what follows from it."""
    try:
        if not wish.single and not 1 <= wish.count <= MOST_COUNTED:
            raise InvalidInput("No plan has so many instalments.")
        found = check_offer(build(wish, case, grant), grant, case.today)
    except InvalidInput:
        found = _unbuildable(wish, case, grant)
    every = (*found, *_mismatch(wish, ask, case, grant), *_no_discount(wish, ask, case, grant))
    return tuple(sorted(every, key=lambda each: _GRAVEST_FIRST.index(each.field)))


def _unbuildable(wish: Wish, case: CaseFacts, grant: Grant) -> tuple[Breach, ...]:
    limits, today = grant.limits, case.today
    nothing = wish.total.minor <= 0
    found: list[Breach] = [*check(_one_payment(wish, case), grant, today)] if nothing else []
    if wish.first_due < today and not nothing:
        found.append(_past(grant, wish.first_due, today))
    if wish.count > limits.max_instalments and (wish.level is None or wish.level.minor > 0):
        found.append(breach(grant, "max_instalments", str(wish.count), str(limits.max_instalments)))
    if wish.count < 1:
        found.append(breach(grant, "count", str(wish.count), "1"))
    if 0 < wish.rest.minor < wish.count:
        found.append(breach(grant, "count", str(wish.count), str(wish.rest.minor)))
    least = least_instalment(limits, case.currency)
    if wish.level is not None and wish.level < least:
        found.append(breach(grant, "min_instalment", wish.level.to_text(), least.to_text(), currency=least.currency))
    if not found:
        first = wish.down_due or today
        found.append(breach(grant, "first_due", wish.first_due.isoformat(), first.isoformat(), bound="earliest"))
    return tuple(found)


def _past(grant: Grant, day: date, today: date) -> Breach:
    return breach(grant, "max_days_to_first_payment", day.isoformat(), today.isoformat(), bound="earliest")


def _one_payment(wish: Wish, case: CaseFacts) -> Proposal:
    return Proposal(
        owed=case.balance.total,
        interest=case.balance.interest,
        fees=case.balance.fees,
        total=wish.total,
        payments=(Payment(wish.first_due, wish.total),),
        waived_interest=wish.waived_interest,
        waived_fees=wish.waived_fees,
        penalty=case.balance.penalty,
        waived_penalty=wish.waived_penalty,
    )


def _mismatch(wish: Wish, ask: Ask, case: CaseFacts, grant: Grant) -> tuple[Breach, ...]:
    """An amount and a number that do not come to the sum: the amount is kept, and the number is said to differ."""
    asked = ask.count
    if asked is None and ask.term_days is not None:
        asked = periods_in(ask.term_days, wish.frequency)
    if ask.instalment is None or asked is None or wish.single or asked == wish.count:
        return ()
    said = Money(ask.instalment.minor * asked, case.currency)
    if ask.at_most and said >= wish.rest:
        return ()
    return (breach(grant, "count", str(asked), str(wish.count), said=said.to_text(), rest=wish.rest.to_text()),)


def _no_discount(wish: Wish, ask: Ask, case: CaseFacts, grant: Grant) -> tuple[Breach, ...]:
    """A discount asked for with no figure, where none is allowed."""
    if not ask.discount or ask.total is not None or ask.share is not None or wish.total < case.balance.total:
        return ()
    field = "min_settlement_share" if wish.single else "min_settlement_share_instalments"
    return (breach(grant, field, "0", format(getattr(grant.limits, field), "f"), open="1"),)
