"""Who bargains for the creditor: Parley's negotiator as it stands, and three simple ways to compare it with.

Every strategy stays inside the limits of its grant and sees only `CaseFacts`: what is owed and what was told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from core.errors import InvalidInput
from core.money import Money
from core.negotiation import Answer, Ask, CaseFacts, Offer, answer, check_offer, opening
from core.negotiation.dates import capacity, most_days_to_first, most_days_to_one, usual_date
from core.negotiation.wish import Wish, build
from core.policy import Grant, least_instalment, least_total

MENU_MONTHS = (6, 12)


class Strategy(Protocol):
    """`opens` with offers (none: a person must talk with them) and `replies` to an ask (None: what was offered stands
    and nothing else). One that is `paced` gives way on cost by the steps that the limits set."""

    @property
    def name(self) -> str: ...

    @property
    def paced(self) -> bool: ...

    def opens(self, case: CaseFacts, grant: Grant, ids: Iterator[str]) -> tuple[Offer, ...]: ...

    def replies(
        self, ask: Ask, case: CaseFacts, grant: Grant, ids: Iterator[str], table: tuple[Offer, ...]
    ) -> Answer | None: ...


@dataclass(frozen=True, slots=True)
class Ours:
    """`core.negotiation`: two or three offers by what was told, and an answer to every counter-offer."""

    name: str = "ours"
    paced: bool = True

    def opens(self, case: CaseFacts, grant: Grant, ids: Iterator[str]) -> tuple[Offer, ...]:
        return opening(case, grant, ids)

    def replies(
        self, ask: Ask, case: CaseFacts, grant: Grant, ids: Iterator[str], table: tuple[Offer, ...]
    ) -> Answer | None:
        return answer(ask, case, grant, ids, table)


class _TakeItOrLeaveIt:
    def replies(
        self, ask: Ask, case: CaseFacts, grant: Grant, ids: Iterator[str], table: tuple[Offer, ...]
    ) -> Answer | None:
        """What was offered stands."""
        del ask, case, grant, ids, table
        return None


@dataclass(frozen=True, slots=True)
class Menu(_TakeItOrLeaveIt):
    """The same three offers for everybody: one payment with the discount allowed, six months, twelve months."""

    name: str = "menu"
    paced: bool = False

    def opens(self, case: CaseFacts, grant: Grant, ids: Iterator[str]) -> tuple[Offer, ...]:
        case = _unasked(case)
        first = usual_date(case, most_days_to_first(grant.limits))
        plans = (Wish(total=case.balance.total, first_due=first, count=count) for count in MENU_MONTHS)
        return _inside((_settlement(case, grant), *plans), case, grant, ids)


@dataclass(frozen=True, slots=True)
class AlwaysConcede(_TakeItOrLeaveIt):
    """The cheapest things that the limits allow, at once: the greatest discount, and the longest plan with its own."""

    name: str = "concede"
    paced: bool = False

    def opens(self, case: CaseFacts, grant: Grant, ids: Iterator[str]) -> tuple[Offer, ...]:
        case = _unasked(case)
        latest = case.today + timedelta(days=most_days_to_one(grant.limits, whole=False))
        lump = replace(_settlement(case, grant), first_due=latest)
        longest = next(iter(_inside(_longest_first(case, grant), case, grant, ids, most=1)), None)
        return (*_inside((lump,), case, grant, ids), *((longest,) if longest else ()))


@dataclass(frozen=True, slots=True)
class NeverConcede(_TakeItOrLeaveIt):
    """All of it in one payment, or nothing."""

    name: str = "never"
    paced: bool = False

    def opens(self, case: CaseFacts, grant: Grant, ids: Iterator[str]) -> tuple[Offer, ...]:
        case = _unasked(case)
        due = usual_date(case, most_days_to_one(grant.limits, whole=True))
        return _inside((Wish(total=case.balance.total, first_due=due, single=True),), case, grant, ids)


STRATEGIES: dict[str, Strategy] = {each.name: each for each in (Ours(), Menu(), AlwaysConcede(), NeverConcede())}


def _unasked(case: CaseFacts) -> CaseFacts:
    """The case without what was told of money, which these strategies do not heed."""
    return replace(case, finances=type(case.finances)())


def _settlement(case: CaseFacts, grant: Grant) -> Wish:
    total = least_total(case.balance.total, grant.limits.min_settlement_share)
    whole = total >= case.balance.total
    return Wish(total=total, first_due=usual_date(case, most_days_to_one(grant.limits, whole=whole)), single=True)


def _longest_first(case: CaseFacts, grant: Grant) -> Iterator[Wish]:
    """Equal instalments of the least total taken, from as late as may be, the greatest number first."""
    limits = grant.limits
    if not limits.frequencies:
        return
    total = least_total(case.balance.total, limits.min_settlement_share_instalments)
    first = case.today + timedelta(days=most_days_to_first(limits))
    blank = Wish(total=total, first_due=first)
    if blank.frequency not in limits.frequencies:
        blank = replace(blank, frequency=limits.frequencies[0])
    most = capacity(first, blank.frequency, None, limits, case.today)
    least = max(least_instalment(limits, case.currency), least_total(total, limits.min_first_payment_share))
    for count in range(min(most, total.minor // max(least, Money(1, case.currency)).minor), 1, -1):
        yield replace(blank, count=count)


def _inside(
    wishes: Iterable[Wish], case: CaseFacts, grant: Grant, ids: Iterator[str], most: int = 3
) -> tuple[Offer, ...]:
    """The wishes that are plans and inside the limits, in order, at most so many."""
    offers: list[Offer] = []
    for wish in wishes:
        if len(offers) == most:
            break
        try:
            offer = build(wish, case, grant)
        except InvalidInput:
            continue
        if not check_offer(offer, grant, case.today):
            offers.append(replace(offer, id=next(ids)))
    return tuple(offers)
