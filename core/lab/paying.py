"""A year of payments: what the debtor pays of a plan, or without one, and what is left to live on."""

from dataclasses import dataclass, field, replace

from core.lab.debtor import MONTHS, Debtor
from core.lab.parameters import Parameters
from core.negotiation import Offer

DAYS = 365
Payment = tuple[int, int]
"""The day (0 is the day of the talk) and the sum in minor units."""


@dataclass(frozen=True, slots=True)
class Lived:
    """The year as it went. `below` are months with less than the protected minimum to live on, `stressed` instalments
    paid all the same. `left` is what the year's income left to live on after unforeseen expenses and what was paid.
    `kept` is None without a plan; `later` is what a plan still in force has due after the year."""

    payments: tuple[Payment, ...]
    later: tuple[Payment, ...]
    missed: int
    stressed: int
    below: int
    left: int
    kept: bool | None


def live(debtor: Debtor, offer: Offer | None, parameters: Parameters) -> Lived:
    """The year after a talk that ended with this offer agreed, or with none."""
    lines = [] if offer is None else _lines(debtor, offer)
    owed = debtor.case.balance.total.minor
    life = _Life(debtor, parameters, debtor.person.savings, owed, planned=offer is not None)
    for month in range(MONTHS):
        start, end = month * DAYS // MONTHS, (month + 1) * DAYS // MONTHS
        life.month(month, [line for line in lines if start <= line[0] < end])
    return Lived(
        payments=tuple(life.payments),
        later=() if life.broken else tuple(line for line in lines if line[0] >= DAYS),
        missed=life.missed,
        stressed=life.stressed,
        below=life.below,
        left=life.left,
        kept=None if offer is None else not life.broken,
    )


def below_unpaid(debtor: Debtor, parameters: Parameters) -> int:
    """The months below the protected minimum in which nothing at all was paid on the debt: no strategy's doing."""
    return live(debtor, None, replace(parameters, pays_unasked=0.0)).below


def _lines(debtor: Debtor, offer: Offer) -> list[Payment]:
    return [((line.due - debtor.case.today).days, line.amount.minor) for line in offer.schedule.lines]


@dataclass(slots=True)
class _Life:
    """What changes as the year goes by."""

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

    def month(self, month: int, due: list[Payment]) -> None:
        """What comes in, what is paid, and what is left to live on."""
        person, year = self.debtor.person, self.debtor.year
        arrived = year.income[month] - year.expense[month]
        spare, paid = arrived + self.savings - person.protected, 0
        if self.broken or not self.planned:
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
        week, willing = self.debtor.year.squeezes[day // 7], self.debtor.person.willingness
        if self._means_to(day // 7):
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

    def _means_to(self, week: int) -> bool:
        """Whether they remember, and still want to."""
        person, year, parameters = self.debtor.person, self.debtor.year, self.parameters
        if year.remembers[week] < parameters.forgets * (1 - person.organisation):
            return False
        commitment = parameters.commitment + (1 - parameters.commitment) * person.willingness
        return year.commits[week] < commitment - parameters.worn_by_stress * self.stressed

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
        if self.debtor.year.unasked[month] >= chance:
            return 0
        owed = self.owed - sum(amount for _, amount in self.payments)
        amount = min(int(max(spare, 0) * parameters.unasked_share), owed)
        if amount <= 0:
            return 0
        return self._pay(month * DAYS // MONTHS + 15, amount)

    def _pay(self, day: int, amount: int) -> int:
        self.payments.append((day, amount))
        return amount

    def _save(self, kept: int) -> None:
        """A part of what is left after all spending is saved; what living costs and does not arrive comes from
        savings."""
        person = self.debtor.person
        if kept >= person.spending:
            self.savings += int((kept - person.spending) * self.parameters.saves)
        elif kept < person.protected:
            self.savings -= min(self.savings, person.protected - kept)
