"""What an offer is worth: its expected present value, the chance that it is kept, and what it leaves to live on.

Model (CALC-NPV): the sum of p·sᵏ·payment/(1+r)^t. `p`, the chance that the first payment comes, and `s`, that each
later month is kept after the one before, start from the managers' `keep_first` and `keep_each`, and are lowered by what
is known of the plan and of nothing else: how much of the month's surplus it takes, how long it runs and how often it
falls due, how much comes first and how soon, whether it follows the payday, and promises broken before. Every weight
below is a judgement. They were not fitted to the lab by a search; the shape of the offers was looked at in it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from core.money import Money
from core.negotiation.ability import surplus_of
from core.negotiation.dates import is_after_payday
from core.negotiation.types import CaseFacts, Offer
from core.plans import PERIODS_PER_YEAR
from core.policy import Grant, Limits

EASY_STRAIN = Decimal("0.5")
"""Share of a surplus that a plan may take without being any harder to keep."""
MOST_STRAIN = Decimal(2)
"""More than this is no harder to keep."""
STRAIN_A_MONTH = Decimal("0.06")
"""What a plan that takes all of a surplus loses of the chance of each month, beside one that takes the easy share."""
ASSUMED_STRAIN = Decimal("0.75")
"""Where nothing was told: of a plan over `ASSUMED_MONTHS`; shorter ones strain more, longer ones less."""
ASSUMED_MONTHS = 18
OFF_PAYDAY = Decimal("0.97")
"""Factor on the first payment's chance where the payday is known and the due date does not follow it."""
WAIT_A_DAY = Decimal("0.001")
"""What each day of waiting for the first payment takes from its chance."""
MORE_OFTEN = Decimal("0.99")
"""Factor on each month's chance for every due date in it beside the first: one more to forget."""
BROKEN_FIRST, BROKEN_EACH = Decimal("0.85"), Decimal("0.99")
"""Factors for each promise broken before, on the first payment's chance and on each later month's."""
PAID_IN = Decimal("0.5")
"""What the share paid first takes off the chance that a later month is missed: half of it where all but all is paid."""

_CONTEXT = Context(prec=28)
_LEAST = Decimal("0.05")
_GRAIN = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFacts:
    """All that the chance of keeping may depend on.

    `strain`: the most that falls due a month, as a share of the month's surplus; `months` from the first payment to the
    last; `first_share` of the total paid first; `days_to_first`; `after_payday`: None
    where no payday is known; `broken`: promises broken before; `a_month`: how many payments fall due a month.
    """

    strain: Decimal
    months: int
    first_share: Decimal
    days_to_first: int
    after_payday: bool | None
    broken: int
    a_month: int = 1


@dataclass(frozen=True, slots=True)
class Chances:
    """That the first payment comes, and that each later month is kept after the one before; ratios."""

    first: Decimal
    each: Decimal

    def kept(self, months: int) -> Decimal:
        """The chance that all is paid over so many months."""
        return (self.first * self.each**months).quantize(_GRAIN, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Worth:
    """`value`: the expected present value; `chance`: that all of it is paid; `health`: the share of a month's
    surplus that its heaviest month leaves free, None where that is not known; `strain`: the share that the offer takes,
    known or assumed."""

    value: Money
    chance: Decimal
    health: Decimal | None
    strain: Decimal

    @property
    def lines(self) -> tuple[str, ...]:
        """The figures as reasons of a decision."""
        health = "unknown" if self.health is None else format(self.health, "f")
        return (f"worth:value={self.value.to_text()} chance={self.chance} health={health}",)


def worth_of(offer: Offer, case: CaseFacts, grant: Grant) -> Worth:
    """The figures of an offer. Deterministic; nothing of the person counts but what `KeepFacts` names."""
    facts = keep_facts(offer, case, grant)
    chances = chances_of(facts, grant.limits)
    return Worth(
        value=_value(offer, case, chances, grant.limits.discount_rate),
        chance=chances.kept(facts.months),
        health=health_of(offer, case, grant),
        strain=facts.strain,
    )


def keep_facts(offer: Offer, case: CaseFacts, grant: Grant) -> KeepFacts:
    """What the chance of keeping this offer depends on."""
    lines, payday = offer.schedule.lines, case.finances.payday
    first = offer.schedule.first_due
    return KeepFacts(
        strain=strain_of(offer, case, grant),
        months=_months((offer.schedule.last_due - first).days),
        first_share=lines[0].amount.share_of(offer.schedule.total),
        days_to_first=max((first - case.today).days, 0),
        after_payday=None if payday is None else is_after_payday(payday, first),
        broken=case.broken_promises,
        a_month=max(round(PERIODS_PER_YEAR[offer.terms.frequency] / 12), 1) if len(lines) > 1 else 1,
    )


def chances_of(facts: KeepFacts, limits: Limits) -> Chances:
    """The chances of a plan with these facts: the managers', as far as it is easily paid."""
    hard = max(facts.strain - EASY_STRAIN, Decimal(0)) / (1 - EASY_STRAIN)
    first = limits.keep_first * (1 - WAIT_A_DAY * facts.days_to_first) * (1 - STRAIN_A_MONTH * hard)
    first *= BROKEN_FIRST**facts.broken * (OFF_PAYDAY if facts.after_payday is False else 1)
    each = (
        limits.keep_each * BROKEN_EACH**facts.broken * (1 - STRAIN_A_MONTH * hard) * MORE_OFTEN ** (facts.a_month - 1)
    )
    each += (1 - each) * PAID_IN * facts.first_share
    least = min(_LEAST, limits.keep_first, limits.keep_each)
    return Chances(_CONTEXT.plus(max(first, least)), _CONTEXT.plus(max(each, least)))


def health_of(offer: Offer, case: CaseFacts, grant: Grant) -> Decimal | None:
    """The share of a month's surplus that the plan's heaviest month leaves free; below nothing where it takes more.

    None where too little was told, and for one payment, which is not made from one month.
    """
    strain = known_strain(offer, case, grant) if offer.kind == "instalments" else None
    return None if strain is None else (1 - strain).quantize(_GRAIN, ROUND_FLOOR)


def monthly(offer: Offer, until: date | None = None) -> Money:
    """The most that the instalments due before `until` take a month, rounded up; a down payment is no monthly cost."""
    due = (line.amount.minor for line in offer.schedule.instalments if until is None or line.due < until)
    return Money(-(-max(due, default=0) * PERIODS_PER_YEAR[offer.terms.frequency] // 12), offer.total.currency)


def strain_of(offer: Offer, case: CaseFacts, grant: Grant) -> Decimal:
    """The share of a month's surplus that the offer takes: as told, else as assumed of a plan of its length.

    A sum that the person called affordable themselves, and nothing else told, is believed to be easy.
    """
    known = known_strain(offer, case, grant)
    if known is not None:
        return known
    if case.finances.affordable is not None and case.finances.recovers_on is None:
        return EASY_STRAIN
    return _assumed(_months((offer.schedule.last_due - offer.schedule.first_due).days))


def known_strain(offer: Offer, case: CaseFacts, grant: Grant) -> Decimal | None:
    """The same where it is known; of a plan that outlasts a thin time, only what falls due in that time can be."""
    surplus, until = surplus_of(case, grant), case.finances.recovers_on
    if surplus is None or (until is not None and offer.schedule.first_due >= until):
        return None
    if offer.kind == "instalments":
        need = monthly(offer, until)
    else:
        months = max((offer.schedule.first_due - case.today).days // 30, 1)
        need = Money(-(-offer.total.minor // months), case.currency)
    return min(need.share_of(surplus), MOST_STRAIN) if surplus else MOST_STRAIN


def _assumed(months: int) -> Decimal:
    return min(ASSUMED_STRAIN * ASSUMED_MONTHS / (months + 1), MOST_STRAIN)


def _months(days: int) -> int:
    """The nearest number of months of 30.4375 days."""
    return (32 * days + 487) // 974


def _value(offer: Offer, case: CaseFacts, chances: Chances, rate: Decimal) -> Money:
    """Each payment by its chance and by what waiting for it costs, to the minor unit."""
    first, total, kept, month = offer.schedule.first_due, Decimal(0), chances.first, 0
    for line in offer.schedule.lines:
        later = _months((line.due - first).days)
        if later > month:
            kept, month = _CONTEXT.multiply(kept, _CONTEXT.power(chances.each, later - month)), later
        wait = max((line.due - case.today).days, 0)
        total = _CONTEXT.fma(Decimal(line.amount.minor), _CONTEXT.multiply(kept, _discount(rate, wait)), total)
    return Money(int(total.to_integral_value(ROUND_HALF_UP)), offer.total.currency)


@lru_cache(maxsize=8192)
def _discount(rate: Decimal, days: int) -> Decimal:
    """What one unit in so many days is worth today at a yearly effective rate."""
    return _CONTEXT.power(_a_day(rate), days)


@lru_cache(maxsize=64)
def _a_day(rate: Decimal) -> Decimal:
    """The same for one day: whole powers of it are quick, the root is not."""
    return _CONTEXT.power(1 + rate, _CONTEXT.divide(Decimal(-1), Decimal(365)))
