"""One simulated debtor: the case as it is known, the truth behind it, and the years to come."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from core.lab.parameters import ECONOMIES, Economy, Parameters
from core.money import Money, currency_exponent
from core.negotiation import CaseFacts, Finances, Payday
from core.plans import Balance
from core.policy import Market

T = TypeVar("T")
MONTHS = 60
"""How long a life is followed: as long as a plan may run by law (article 70 in China), so that what a plan brings and
what it costs the person are counted over the same time."""
WEEKS = 262
"""Weeks that the due dates of those months fall in."""
FIRST_MONTHS, FIRST_WEEKS = 12, 54
"""The first year is drawn before the talk, the rest after it."""
_PAYDAYS = (1, 5, 10, 15, 20, 25, 28, -1)
_SAID_ROUNDLY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is true of a debtor, known to no strategy unless `told`. Sums are minor units, a month's where they recur.

    `surplus` is income less all spending and may be negative; `protected` is the least to live on; `believed` what they
    think that they can pay a month. `language` and `age` are groups that outcomes are compared over.
    """

    income: int
    surplus: int
    protected: int
    savings: int
    believed: int
    dependants: int
    other_debts: int
    payday: Payday
    told: Finances
    willingness: float
    organisation: float
    patience: int
    haggled_share: float | None
    language: str
    age: str

    @property
    def spending(self) -> int:
        return self.income - self.surplus


@dataclass(frozen=True, slots=True)
class Years:
    """What happens whatever is agreed: income and unforeseen expense by month, dice by week and month."""

    income: tuple[int, ...]
    expense: tuple[int, ...]
    remembers: tuple[float, ...]
    commits: tuple[float, ...]
    squeezes: tuple[float, ...]
    unasked: tuple[float, ...]

    def then(self, rest: "Years") -> "Years":
        """These and the rest after them."""
        return Years(*(getattr(self, each.name) + getattr(rest, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Debtor:
    """A case, the person and their years to come; `temper` are the dice of the talk, one a round."""

    case: CaseFacts
    person: Person
    years: Years
    temper: tuple[float, ...]

    @property
    def told_case(self) -> CaseFacts:
        """The case with what the person told of their money: all that a strategy may see."""
        return replace(self.case, finances=self.person.told)


def draw_debtor(dice: Random, market: Market, today: date, parameters: Parameters) -> Debtor:
    """A debtor of the market, drawn from the parameters; the same for dice in the same state."""
    economy = ECONOMIES[market]
    case = draw_case(dice, market, today, parameters)
    return debtor_of(dice, case, economy, parameters)


def draw_case(dice: Random, market: Market, today: date, parameters: Parameters) -> CaseFacts:
    """A card debt; `today` is the debtor's local date, spread over a month so that paydays are near and far."""
    economy = ECONOMIES[market]
    owed = _sum(economy.balance * dice.lognormvariate(0, economy.balance_spread), economy)
    interest, fees = owed.minor * parameters.interest_share, owed.minor * parameters.fees_share
    parts = [Money(round(part), economy.currency) for part in (interest, fees)]
    return CaseFacts(
        market=market,
        product="credit_card",
        balance=Balance(owed - parts[0] - parts[1], *parts),
        days_past_due=dice.randint(*parameters.days_past_due),
        today=today + timedelta(days=dice.randrange(28)),
    )


def debtor_of(
    dice: Random,
    case: CaseFacts,
    economy: Economy,
    parameters: Parameters,
    *,
    language: str | None = None,
    age: str | None = None,
) -> Debtor:
    """Someone who may owe this case; of the language and the band of age that are known."""
    person = _person(dice, economy, parameters, age)
    if language is not None:
        person = replace(person, language=language)
    first, out_of_work = _years(dice, person, parameters, months=FIRST_MONTHS, weeks=FIRST_WEEKS)
    temper = tuple(dice.random() for _ in range(person.patience))
    months, weeks = MONTHS - FIRST_MONTHS, WEEKS - FIRST_WEEKS
    rest, _ = _years(dice, person, parameters, months=months, weeks=weeks, out_of_work=out_of_work)
    return Debtor(case, person, first.then(rest), temper)


def _person(dice: Random, economy: Economy, parameters: Parameters, known: str | None) -> Person:
    age, factor = _weighted(dice, [((name, income), weight) for name, weight, income in parameters.ages])
    age, factor = next(((name, income) for name, _, income in parameters.ages if name == known), (age, factor))
    income = _sum(economy.income * factor * dice.lognormvariate(0, economy.income_spread), economy).minor
    left = min(
        max(dice.gauss(parameters.surplus_mean, parameters.surplus_spread), parameters.surplus_least),
        parameters.surplus_most,
    )
    surplus = round(income * left)
    dependants = _weighted(dice, parameters.dependants)
    essential = parameters.essential_share + parameters.essential_each_dependant * dependants
    willingness = dice.betavariate(*parameters.willingness)
    believed = max(surplus, 0) * dice.lognormvariate(0, parameters.misjudges) + parameters.hopes * willingness * income
    payday = _payday(dice, economy)
    tells = dice.random() < parameters.tells + parameters.tells_with_willingness * willingness
    return Person(
        income=income,
        surplus=surplus,
        protected=round((income - surplus) * min(essential, parameters.essential_most)),
        savings=round(income * _savings(dice, parameters)),
        believed=round(believed),
        dependants=dependants,
        other_debts=_weighted(dice, parameters.other_debts),
        payday=payday,
        told=_told(income, surplus, dependants, payday, economy) if tells else Finances(),
        willingness=willingness,
        organisation=dice.betavariate(*parameters.organisation),
        patience=_weighted(dice, parameters.patience),
        haggled_share=_haggled(dice, parameters),
        language="zh" if dice.random() < economy.chinese else "en",
        age=age,
    )


def _told(income: int, surplus: int, dependants: int, payday: Payday, economy: Economy) -> Finances:
    """What they say of their money, in round sums."""
    step = _SAID_ROUNDLY * int(10 ** currency_exponent(economy.currency))
    said = [Money(round(sum_ / step) * step, economy.currency) for sum_ in (income, income - surplus)]
    return Finances(income=said[0], spending=said[1], dependants=dependants, payday=payday)


def _haggled(dice: Random, parameters: Parameters) -> float | None:
    haggles, share = dice.random() < parameters.haggles, dice.uniform(*parameters.haggled_share)
    return share if haggles else None


def _payday(dice: Random, economy: Economy) -> Payday:
    weekly, day = dice.random() < economy.weekly_paid, dice.choice(_PAYDAYS)
    return Payday(weekday=4) if weekly else Payday(day=day)


def _savings(dice: Random, parameters: Parameters) -> float:
    low, high = _weighted(dice, [((low, high), weight) for weight, low, high in parameters.savings_months])
    return dice.uniform(low, high)


def _years(
    dice: Random, person: Person, parameters: Parameters, *, months: int, weeks: int, out_of_work: int = 0
) -> tuple[Years, int]:
    """So many months and weeks, and how many months without work are still to come after them."""
    income, expense, roll = [], [], dice.random
    low, high = parameters.swing_size
    least, most = parameters.expense_size
    for _ in range(months):
        swing, size, sign, lost = roll(), low + (high - low) * roll(), roll(), roll()
        unforeseen, cost = roll(), least + (most - least) * roll()
        out_of_work = parameters.job_loss_months if lost < parameters.job_loss else max(out_of_work - 1, 0)
        factor = 1 + (size if sign < 0.5 else -size) if swing < 2 * parameters.swing else 1
        income.append(round(person.income * (parameters.job_loss_income if out_of_work else factor)))
        expense.append(round(person.income * cost) if unforeseen < parameters.expense else 0)

    def weekly() -> tuple[float, ...]:
        return tuple([roll() for _ in range(weeks)])

    unasked = tuple([roll() for _ in range(months)])
    return Years(tuple(income), tuple(expense), weekly(), weekly(), weekly(), unasked), out_of_work


def _sum(major: float, economy: Economy) -> Money:
    """At least one major unit, to the minor unit."""
    scale = 10 ** currency_exponent(economy.currency)
    return Money(max(round(major * scale), int(scale)), economy.currency)


def _weighted(dice: Random, choices: Sequence[tuple[T, float]]) -> T:
    return dice.choices([value for value, _ in choices], [weight for _, weight in choices])[0]
