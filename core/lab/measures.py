"""Figures of simulated cases: one seed's, and their mean and 95 % confidence interval over seeds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev

from core.lab.bargaining import Outcome, Talk, monthly
from core.lab.debtor import FIRST_MONTHS, MONTHS, Debtor
from core.lab.parameters import DEFAULTS, Parameters
from core.lab.paying import DAYS, HORIZON, Lived

GROUPS = ("language", "age")
BANDS = (0.0, 0.01, 0.03, 0.06, 0.15)
"""Bounds of a month's surplus as a share of what is owed: people between the same two have like means."""

RECOVERY_DAYS = (90, 180, DAYS)
_DAYS_A_MONTH = DAYS / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case with one strategy. Sums are minor units, discounted where they are present values.

    `below` are months below the protected minimum, `caused` those more than if nothing had been paid, `caused_first`
    the same of the first year, `stressed` the instalments paid although short. `above_means` says that the plan takes
    more a month than is left after spending, `band` how that compares with what they owe (`BANDS`), `groups` their
    language and age. `left` is what was left to live on after what was paid, beside the `protected` minimum of that
    time. `value_team` and `caused_team` are what they would be had a person taken up what was sent to the team.
    """

    owed: int
    outcome: Outcome
    rounds: int
    recovered: tuple[int, int, int]
    value: float
    value_team: float
    value_year: float
    kept: bool | None
    below: int
    caused: int
    caused_team: int
    caused_first: int
    missed: int
    stressed: int
    left: int
    protected: int
    discount: int
    above_means: bool
    band: int
    groups: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean over seeds and half the width of its 95 % confidence interval (Student's t); no width for one seed."""

    mean: float
    half: float | None

    @property
    def low(self) -> float:
        return self.mean - (self.half or 0)

    @property
    def high(self) -> float:
        return self.mean + (self.half or 0)


def result_of(
    debtor: Debtor,
    talk: Talk,
    lived: Lived,
    *,
    unpaid: Lived,
    rate: float,
    parameters: Parameters,
    helped: Lived | None = None,
) -> Result:
    """What one case came to; `rate` discounts a year, `unpaid` is the same life with nothing paid at all, `helped` the
    one after a talk with a person on the team, where they were sent to one."""
    agreed = talk.offer if talk.outcome == "agreed" else None
    plan = agreed is not None and agreed.kind == "instalments"
    first_year, value = _values(lived, rate, parameters)
    by_day = [sum(amount for day, amount in lived.payments if day < limit) for limit in RECOVERY_DAYS]
    return Result(
        owed=debtor.case.balance.total.minor,
        outcome=talk.outcome,
        rounds=talk.rounds,
        recovered=(by_day[0], by_day[1], by_day[2]),
        value=value,
        value_team=value if helped is None else _values(helped, rate, parameters)[1],
        value_year=first_year,
        kept=lived.kept,
        below=lived.below,
        caused=lived.below - unpaid.below,
        caused_team=(lived if helped is None else helped).below - unpaid.below,
        caused_first=lived.below_first - unpaid.below_first,
        missed=lived.missed,
        stressed=lived.stressed,
        left=lived.left,
        protected=debtor.person.protected * MONTHS,
        discount=agreed.discount.minor if agreed else 0,
        above_means=plan and agreed is not None and monthly(agreed) > max(debtor.person.surplus, 0),
        band=_band(debtor),
        groups=(debtor.person.language, debtor.person.age),
    )


def _values(lived: Lived, rate: float, parameters: Parameters) -> tuple[float, float]:
    """The present value of the first year, and of all."""
    worth = [(day, amount * (1 + rate) ** (-day / DAYS)) for day, amount in lived.payments]
    later = sum(
        amount * (1 + rate) ** (-day / DAYS) * parameters.kept_after ** ((day - HORIZON) / _DAYS_A_MONTH)
        for day, amount in lived.later
    )
    return sum(each for day, each in worth if day < DAYS), sum(each for _, each in worth) + later


Part = Callable[[Result], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio of two sums over cases."""

    part: Part
    whole: Part

    def __call__(self, results: Iterable[Result]) -> float | None:
        """The ratio; None where no case decides it."""
        found = list(results)
        return _ratio(sum(map(self.part, found)), sum(map(self.whole, found)))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _one(_: Result) -> int:
    return 1


def _owed(result: Result) -> int:
    return result.owed


def _agreed(result: Result) -> bool:
    return result.outcome == "agreed"


def _of_agreed(part: Part, whole: Part = _one) -> Figure:
    return Figure(
        lambda found: part(found) if _agreed(found) else 0, lambda found: whole(found) if _agreed(found) else 0
    )


def _months(part: Part) -> Figure:
    return Figure(part, lambda _: MONTHS)


FIGURES: dict[str, Figure] = {
    "recovery_90": Figure(lambda found: found.recovered[0], _owed),
    "recovery_180": Figure(lambda found: found.recovered[1], _owed),
    "recovery_365": Figure(lambda found: found.recovered[2], _owed),
    "present_value": Figure(lambda found: found.value, _owed),
    "present_value_year": Figure(lambda found: found.value_year, _owed),
    "agreed": Figure(_agreed, _one),
    "person": Figure(lambda found: found.outcome == "person", _one),
    "left": Figure(lambda found: found.outcome == "left", _one),
    "kept": _of_agreed(lambda found: found.kept is True),
    "above_means": _of_agreed(lambda found: found.above_means),
    "rounds": _of_agreed(lambda found: found.rounds),
    "discount": _of_agreed(lambda found: found.discount, _owed),
    "left_to_live": Figure(lambda found: found.left, lambda found: found.protected),
    "months_below": _months(lambda found: found.below),
    "months_caused": _months(lambda found: found.caused),
    "months_caused_year": Figure(lambda found: found.caused_first, lambda _: FIRST_MONTHS),
    "stressed": _months(lambda found: found.stressed),
}
"""Each figure of one seed's results; None where no case decides it. Money is a share of all that is owed, `kept`,
`above_means`, `rounds` and `discount` are of those who agreed, `left_to_live` is a share of the protected minimum, the
rest of all cases or of all their months."""

COMPARED = ("agreed", "person", "present_value", "discount", "months_caused")
"""The figures that groups are compared by."""


WITH_TEAM = {
    "present_value_team": ("present_value", Figure(lambda found: found.value_team, _owed)),
    "months_caused_team": ("months_caused", _months(lambda found: found.caused_team)),
}
"""Figures that credit the team, each with the one that it is beside: as if a person took up every case sent to one."""


def figures_of(results: Sequence[Result], handles: float = DEFAULTS.team_handles) -> dict[str, float | None]:
    """Every figure of these results; those with the team as far as it gets, which has time for `handles` of all cases
    and takes up as great a part of those that it is sent."""
    figures = {name: figure(results) for name, figure in FIGURES.items()}
    sent = figures["person"] or 0.0
    reached = min(handles / sent, 1.0) if sent else 0.0
    for name, (beside, figure) in WITH_TEAM.items():
        alone, helped = figures[beside], figure(results)
        figures[name] = None if alone is None or helped is None else alone + reached * (helped - alone)
    return figures


def group_gaps(results: Sequence[Result]) -> dict[tuple[str, str, str], tuple[float | None, float | None]]:
    """By attribute, group and figure: the group's figure less that of everybody else, as it is and at equal means.

    At equal means it is the mean of the gaps inside each band of surplus to debt, weighted by the group's people there.
    """
    gaps: dict[tuple[str, str, str], tuple[float | None, float | None]] = {}
    for at, attribute in enumerate(GROUPS):
        for group in sorted({result.groups[at] for result in results}):
            inside = [result for result in results if result.groups[at] == group]
            others = [result for result in results if result.groups[at] != group]
            for name in COMPARED:
                figure = FIGURES[name]
                gaps[attribute, group, name] = (
                    _gap(figure, inside, others),
                    _gap_at_equal_means(figure, inside, others),
                )
    return gaps


def _gap(figure: Figure, inside: Sequence[Result], others: Sequence[Result]) -> float | None:
    one, two = figure(inside), figure(others)
    return None if one is None or two is None else one - two


def _gap_at_equal_means(figure: Figure, inside: Sequence[Result], others: Sequence[Result]) -> float | None:
    found = []
    for band in range(len(BANDS) + 1):
        here = [result for result in inside if result.band == band]
        gap = _gap(figure, here, [result for result in others if result.band == band])
        if gap is not None:
            found.append((gap, len(here)))
    weight = sum(people for _, people in found)
    return sum(gap * people for gap, people in found) / weight if weight else None


def _band(debtor: Debtor) -> int:
    ratio = debtor.person.surplus / debtor.case.balance.total.minor
    return sum(ratio > bound for bound in BANDS)


def estimate(values: Iterable[float | None]) -> Estimate | None:
    """Over seeds; None where no seed has the figure."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    if len(known) == 1:
        return Estimate(known[0], None)
    return Estimate(mean(known), student(len(known) - 1) * stdev(known) / sqrt(len(known)))


def student(freedom: int) -> float:
    """The 97.5 % point of Student's t."""
    from scipy.stats import t  # noqa: PLC0415  a second to load, and only for intervals over seeds

    return float(t.ppf(0.975, freedom))


def lead(ours: Sequence[float | None], other: Sequence[float | None]) -> Estimate | None:
    """How much more the one has than the other, seed by seed, as a share of the other's."""
    pairs = [(one, two) for one, two in zip(ours, other, strict=True) if one is not None and two]
    return estimate(one / two - 1 for one, two in pairs)


def difference(ours: Sequence[float | None], other: Sequence[float | None]) -> Estimate | None:
    """The one less the other, seed by seed."""
    return estimate(one - two for one, two in zip(ours, other, strict=True) if one is not None and two is not None)


def as_json(found: Estimate | None) -> Mapping[str, float | None] | None:
    """`mean`, `low` and `high`, rounded to six places; bounds None for one seed."""
    if found is None:
        return None
    known = found.half is not None
    return {
        "mean": round(found.mean, 6),
        "low": round(found.low, 6) if known else None,
        "high": round(found.high, 6) if known else None,
    }
