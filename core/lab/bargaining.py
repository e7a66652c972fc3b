"""One talk: a strategy offers, the debtor accepts, asks for less, or leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

from core.calendar import Frequency
from core.lab.debtor import Debtor
from core.lab.parameters import Parameters
from core.lab.strategies import Strategy
from core.money import Money, currency_exponent
from core.negotiation import Accepted, Ask, Nearest, Offer
from core.plans import PERIODS_PER_YEAR
from core.policy import Grant, held_back

Outcome = Literal["agreed", "person", "left"]
MOST_INSISTING = 3
"""How often an ask beyond the limits is heard before a person is called in, as in conversations."""


@dataclass(frozen=True, slots=True)
class Talk:
    """How a talk ended: `agreed` to the offer, with a `person` called in, or `left` by the debtor; and after how many
    messages of theirs. `shown` is every offer that was made, in order."""

    outcome: Outcome
    offer: Offer | None
    rounds: int
    shown: tuple[Offer, ...] = ()


def negotiate(debtor: Debtor, strategy: Strategy, grant: Grant, parameters: Parameters) -> Talk:
    """The talk between the debtor and the strategy; it ends within the debtor's patience, or a round later when the
    last thing asked for is granted. What the limits hold back is given by a step with each message that asks again."""
    ids: Iterator[str] = (f"o{number}" for number in count(1))
    case, conceded = debtor.told_case, 0
    paced = held_back(grant, conceded) if strategy.paced else grant
    table = shown = strategy.opens(case, paced, ids)
    if not table:
        return Talk("person", None, 1)
    last = Ask()
    for round_, temper in enumerate(debtor.temper, 1):
        if temper < parameters.gives_up * (1 - debtor.person.willingness):
            return Talk("left", None, round_, shown)
        ask = _ask(debtor, round_)
        best = preferred(table, debtor)
        if best is not None and not (_haggles(debtor, round_) and _is_less(ask, table)):
            return Talk("agreed", best, round_, shown)
        if ask is None and not paced.held:
            return Talk("person", None, round_, shown)
        if paced.held and round_ > 1:
            conceded += 1
            paced = held_back(grant, conceded)
            again = strategy.opens(case, paced, ids)
            table, shown = (*table, *again), (*shown, *again)
        elif round_ >= MOST_INSISTING + conceded:
            return Talk("person", None, round_, shown)
        answered = None
        if ask is not None and ask != last:
            answered = strategy.replies(ask, case, paced, ids, table[-1:] if round_ > 1 else table)
            last = ask
        if isinstance(answered, Accepted | Nearest):
            table, shown = (*table, answered.offer), (*shown, answered.offer)
        if isinstance(answered, Accepted) and bearable(answered.offer, debtor):
            return Talk("agreed", answered.offer, round_ + 1, shown)
    best = preferred(table, debtor)
    rounds = len(debtor.temper)
    return Talk("left", None, rounds, shown) if best is None else Talk("agreed", best, rounds + 1, shown)


def monthly(offer: Offer) -> int:
    """The most that a plan takes a month, in minor units."""
    most = max(line.amount.minor for line in offer.schedule.lines)
    return -(-most * PERIODS_PER_YEAR[offer.terms.frequency] // 12)


def bearable(offer: Offer, debtor: Debtor) -> bool:
    """Whether the debtor believes that they can pay it: a plan from what they have each month, one payment from their
    savings and what they have until then."""
    person = debtor.person
    if offer.kind == "instalments":
        return monthly(offer) <= person.believed
    days = max((offer.schedule.first_due - debtor.case.today).days, 30)
    return offer.total.minor <= person.savings + person.believed * days // 30


def preferred(table: tuple[Offer, ...], debtor: Debtor) -> Offer | None:
    """Of what they can bear, the least in all; of plans for the same sum the shorter if they are the more willing, else
    the gentler."""
    keen = debtor.person.willingness > 0.5
    fits = [offer for offer in table if bearable(offer, debtor)]
    return min(
        fits,
        key=lambda offer: (offer.schedule.total.minor, len(offer.schedule.lines) * (1 if keen else -1)),
        default=None,
    )


def _is_less(ask: Ask | None, table: tuple[Offer, ...]) -> bool:
    """Whether they ask for less a month than every plan on offer takes: nobody bargains to pay more."""
    if ask is None or ask.instalment is None or ask.frequency is None:
        return False
    each_month = ask.instalment.minor * PERIODS_PER_YEAR[ask.frequency] // 12
    return all(each_month < monthly(offer) for offer in table if offer.kind == "instalments")


def _haggles(debtor: Debtor, round_: int) -> bool:
    return round_ == 1 and debtor.person.haggled_share is not None


def _ask(debtor: Debtor, round_: int) -> Ask | None:
    haggled = debtor.person.haggled_share
    return asked(debtor, haggled if round_ == 1 and haggled is not None else 1.0)


def asked(debtor: Debtor, share: float = 1.0) -> Ask | None:
    """What they ask for: all that they believe they can pay, or a share of it when they haggle; None where that is
    nothing."""
    person, currency = debtor.person, debtor.case.currency
    frequency = Frequency.MONTH if person.payday.weekday is None else Frequency.WEEK
    each = person.believed * share * 12 / PERIODS_PER_YEAR[frequency]
    unit = int(10 ** currency_exponent(currency))
    whole = int(each) // unit * unit
    if whole <= 0:
        return None
    return Ask(instalment=Money(whole, currency), frequency=frequency, payday=person.payday)
