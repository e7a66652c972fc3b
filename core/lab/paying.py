"""Years of payments: what the debtor pays of a plan, or without one, and what is left to live on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from core.lab.debtor import FIRST_MONTHS, MONTHS, Debtor
from core.lab.parameters import Parameters
from core.negotiation import Offer, Payday
from core.negotiation.dates import is_after_payday

DAYS = 365
_STARTS = tuple(month * DAYS // 12 for month in range(MONTHS + 1))
HORIZON = _STARTS[-1]
"""Days that a life is followed."""
Payment = tuple[int, int]
"""The day (0 is the day of the talk) and the sum in minor units."""


@dataclass(frozen=True, slots=True)
class Lived:
    """The years as they went. `below` are months with less than the protected minimum to live on, `below_first` those
    of the first year, `stressed` instalments paid all the same. `left` is what income left to live on after unforeseen
    expenses and what was paid. `kept` says whether a plan was in force, or paid, at the end of the first year, None
    without one; `later` is what a plan has due after the last of them."""

    payments: tuple[Payment, ...]
    later: tuple[Payment, ...]
    missed: int
    stressed: int
    below: int
    below_first: int
    left: int
    kept: bool | None


def live(debtor: Debtor, offer: Offer | None, parameters: Parameters) -> Lived:
    """The years after a talk that ended with this offer agreed, or with none."""
    lines = [] if offer is None else _lines(debtor, offer)
    due: defaultdict[int, list[Payment]] = defaultdict(list)
    for line in lines:
        due[_month_of(line[0])].append(line)
    owed = debtor.case.balance.total.minor
    life = _Life(debtor, parameters, debtor.person.savings, owed, planned=offer is not None)
    kept, below_first = True, 0
    for month in range(MONTHS):
        life.month(month, due.get(month, ()))
        if month == FIRST_MONTHS - 1:
            kept, below_first = not life.broken, life.below
    return Lived(
        payments=tuple(life.payments),
        later=() if life.broken else tuple(line for line in lines if line[0] >= HORIZON),
        missed=life.missed,
        stressed=life.stressed,
        below=life.below,
        below_first=below_first,
        left=life.left,
        kept=None if offer is None else kept,
    )


def unpaid(debtor: Debtor, parameters: Parameters) -> Lived:
    """The years in which nothing at all is paid on the debt: what they come to is no strategy's doing."""
    return live(debtor, None, replace(parameters, pays_unasked=0.0))


def _month_of(day: int) -> int:
    """The month, counted from 0, that the day is in."""
    month = day * 12 // DAYS
    return month + 1 if (month + 1) * DAYS // 12 <= day else month


@lru_cache(maxsize=32768)
def _follows(payday: Payday, day: int) -> bool:
    """Whether the day, as an ordinal, is one to three days after income arrives."""
    return is_after_payday(payday, date.fromordinal(day))


def _lines(debtor: Debtor, offer: Offer) -> list[Payment]:
    return [((line.due - debtor.case.today).days, line.amount.minor) for line in offer.schedule.lines]


@dataclass(slots=True)
class _Life:
    """What changes as the years go by."""

    debtor: Debtor
    parameters: Parameters
    savings: int
    owed: int
    planned: bool
    payments: list[Payment] = field(default_factory=list)
    arrears: int = 0
    unpaid: int = 0
    missed: int = 0
    stressed: int = 0
    below: int = 0
    left: int = 0
    broken: bool = False

    def month(self, month: int, due: Sequence[Payment]) -> None:
        """What comes in, what is paid, and what is left to live on."""
        years = self.debtor.years
        arrived = years.income[month] - years.expense[month]
        spare, paid = arrived + self.savings - self.debtor.person.protected, 0
        if (self.broken or not self.planned) and years.unasked[month] < self.parameters.pays_unasked:
            paid = self._unasked(month, spare)
        for day, amount in due:
            if self.broken:
                break
            paid += self._instalment(day, amount, spare - paid)
        self.below += spare < paid
        self.left += arrived - paid
        self._save(arrived - paid)

    def _instalment(self, day: int, amount: int, spare: int) -> int:
        """What is paid on the day that an instalment falls due."""
        week, willing = self.debtor.years.squeezes[day // 7], self.debtor.person.willingness
        if self._means_to(day):
            if amount <= spare:
                return self._pay(day, amount) + self._catch_up(day, spare - amount, week)
            if week < self.parameters.squeezes * willing:
                self.stressed += 1
                return self._pay(day, amount)
        self.missed += 1
        self.unpaid += 1
        self.arrears += amount
        self.broken = self.unpaid >= self.parameters.missed_to_break
        return 0

    def _means_to(self, day: int) -> bool:
        """Whether they remember, and still want to; less often on a day that does not follow their payday."""
        person, years, parameters, week = self.debtor.person, self.debtor.years, self.parameters, day // 7
        if years.remembers[week] < parameters.forgets * (1 - person.organisation):
            return False
        commitment = parameters.commitment + (1 - parameters.commitment) * person.willingness
        if not _follows(person.payday, self.debtor.case.today.toordinal() + day):
            commitment *= parameters.off_payday
        return years.commits[week] < commitment - parameters.worn_by_stress * self.stressed

    def _catch_up(self, day: int, spare: int, luck: float) -> int:
        """A missed instalment paid with the next one, where there is enough."""
        if not self.arrears or self.arrears > spare or luck >= self.parameters.catches_up:
            return 0
        late, self.arrears, self.unpaid = self.arrears, 0, 0
        return self._pay(day, late)

    def _unasked(self, month: int, spare: int) -> int:
        """What somebody pays without a plan, in the middle of the month."""
        parameters = self.parameters
        chance = parameters.pays_unasked * self.debtor.person.willingness * parameters.unasked_fades**month
        if self.debtor.years.unasked[month] >= chance:
            return 0
        owed = self.owed - sum(amount for _, amount in self.payments)
        amount = min(int(max(spare, 0) * parameters.unasked_share), owed)
        if amount <= 0:
            return 0
        return self._pay(_STARTS[month] + 15, amount)

    def _pay(self, day: int, amount: int) -> int:
        self.payments.append((day, amount))
        return amount

    def _save(self, kept: int) -> None:
        """A part of what is left after all spending is saved; what living costs and does not arrive comes from
        savings."""
        person = self.debtor.person
        over = kept - person.income + person.surplus
        if over >= 0:
            self.savings += int(over * self.parameters.saves)
        elif kept < person.protected:
            self.savings -= min(self.savings, person.protected - kept)
