"""Many debtors, several strategies: the same people and the same years for each strategy."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from core.errors import InvalidInput
from core.lab.bargaining import negotiate
from core.lab.care import CURVE
from core.lab.debtor import draw_debtor
from core.lab.measures import (
    FIGURES,
    WITH_TEAM,
    Result,
    as_json,
    difference,
    estimate,
    figures_of,
    group_gaps,
    lead,
    result_of,
)
from core.lab.parameters import DEFAULTS, Parameters
from core.lab.paying import live, unpaid
from core.lab.strategies import STRATEGIES, Strategy
from core.lab.team import agreed_with_a_person
from core.negotiation import CaseFacts
from core.policy import DEFAULT_VERSION, Asker, Grant, Market, PolicyVersion, RuleFacts, choose

START = date(2026, 3, 2)
"""The first day of every simulated month of talks, so that a run says the same on any day."""

PRODUCT = "credit_card"
BLOCK = 100
_AGAINST = "ours"
_ALL: Mapping[str, Strategy] = STRATEGIES | CURVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is run: `seeds` runs of `cases` people, the seeds counting up from `first_seed`; `rate` discounts a year."""

    market: Market = "cn"
    strategies: tuple[str, ...] = tuple(STRATEGIES)
    seeds: int = 10
    cases: int = 1000
    first_seed: int = 1
    rate: float = 0.08
    parameters: Parameters = DEFAULTS
    version: PolicyVersion = DEFAULT_VERSION
    curve: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All that is simulated: the strategies, and ours with other weights where the `curve` is asked for."""
        return (*self.strategies, *CURVE) if self.curve else self.strategies

    @property
    def grant(self) -> Grant:
        """The limits of a case of which nothing more is known; InvalidInput for a market that they do not cover."""
        return self._chosen(RuleFacts(self.market, PRODUCT))

    def granted(self, case: CaseFacts, role: Asker = "bot") -> Grant:
        """The limits that every strategy obeys for this case: what its days past due and its balance choose; or those
        of an agent."""
        owed, days = case.balance.total.decimal, case.days_past_due
        return self._chosen(RuleFacts(self.market, PRODUCT, days_past_due=days, balance=owed, role=role))

    def _chosen(self, facts: RuleFacts) -> Grant:
        found = choose(self.version, facts)
        if found is None:
            raise InvalidInput("The limits have no rule for this market.", market=self.market)
        return found


@dataclass(frozen=True, slots=True)
class Block:
    """Some people of one seed."""

    seed: int
    first: int
    last: int


Results = dict[str, list[Result]]
"""By strategy."""


Worked = Callable[[Setting, Sequence[Block]], Iterable[tuple[Block, Results]]]
"""Simulates every block, in their order; whoever starts processes may do it in several at once."""


def in_turn(setting: Setting, blocks: Sequence[Block]) -> Iterable[tuple[Block, Results]]:
    """One block after the other."""
    return ((block, simulate(setting, block)) for block in blocks)


def run(setting: Setting, worked: Worked = in_turn, done: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """The figures of every strategy; `done` is told how many people more have been through all of them."""
    unknown = [name for name in setting.strategies if name not in STRATEGIES]
    if unknown:
        raise InvalidInput("There is no such strategy.", unknown=unknown, known=list(STRATEGIES))
    by_seed: dict[int, Results] = {}
    for block, results in worked(setting, _blocks(setting)):
        kept = by_seed.setdefault(block.seed, {name: [] for name in setting.names})
        for name, found in results.items():
            kept[name].extend(found)
        done(block.last - block.first)
    return report(setting, list(by_seed.values()))


def simulate(setting: Setting, block: Block) -> Results:
    """The people of a block with each strategy. Each person has dice of their own, told only the seed and their
    number, so that neither blocks nor processes change what comes out."""
    parameters = setting.parameters
    results: Results = {name: [] for name in setting.names}
    for number in range(block.first, block.last):
        dice = Random(f"{block.seed}:{number}")  # noqa: S311 - a simulation, not secrets
        debtor = draw_debtor(dice, setting.market, START, parameters)
        nothing = unpaid(debtor, parameters)
        grant = setting.granted(debtor.case)
        helped = live(debtor, agreed_with_a_person(debtor, setting.granted(debtor.case, "agent")), parameters)
        for name in setting.names:
            talk = negotiate(debtor, _ALL[name], grant, parameters)
            lived = live(debtor, talk.offer if talk.outcome == "agreed" else None, parameters)
            found = result_of(
                debtor,
                talk,
                lived,
                unpaid=nothing,
                rate=setting.rate,
                parameters=parameters,
                helped=helped if talk.outcome == "person" else None,
            )
            results[name].append(found)
    return results


def report(setting: Setting, by_seed: Sequence[Mapping[str, Sequence[Result]]]) -> dict[str, Any]:
    """The figures of all seeds: means, confidence intervals, how ours compares, and how groups differ."""
    handles = setting.parameters.team_handles
    every = {name: [figures_of(results[name], handles) for results in by_seed] for name in setting.names}
    figures = {name: every[name] for name in setting.strategies}
    return {
        "market": setting.market,
        "seeds": [setting.first_seed + at for at in range(setting.seeds)],
        "cases": setting.cases,
        "rate": setting.rate,
        "rule": setting.grant.rule,
        "policy_version": setting.grant.version,
        "strategies": {
            name: {figure: as_json(estimate(seed[figure] for seed in seeds)) for figure in (*FIGURES, *WITH_TEAM)}
            for name, seeds in figures.items()
        },
        "ours_against": _against(_AGAINST, figures),
        "curve": [_on_curve(name, every, figures) for name in setting.names if name not in figures],
        "groups": {name: _gaps([results[name] for results in by_seed]) for name in setting.strategies},
    }


_Figures = Mapping[str, Sequence[Mapping[str, float | None]]]
"""By strategy and seed."""


def _against(one: str, figures: _Figures) -> dict[str, Any]:
    """The one against each other strategy on the same people: value more, as a share; months below and caused, and
    recovery, as differences."""
    if one not in figures:
        return {}

    def column(name: str, figure: str) -> list[float | None]:
        return [seed[figure] for seed in figures[name]]

    return {
        name: {
            **{
                f"{figure}_more": as_json(lead(column(one, figure), column(name, figure)))
                for figure in ("present_value", "present_value_team")
            },
            **{
                figure: as_json(difference(column(one, figure), column(name, figure)))
                for figure in (
                    "recovery_365",
                    "agreed",
                    "months_below",
                    "months_caused",
                    "months_caused_year",
                    "months_caused_team",
                )
            },
        }
        for name in figures
        if name != one
    }


def _on_curve(name: str, every: _Figures, figures: _Figures) -> dict[str, Any]:
    """A point of the curve: its figures, and how it compares with the simple strategies."""
    simple = {other: seeds for other, seeds in figures.items() if other != _AGAINST}
    return {
        "name": name,
        **{
            figure: as_json(estimate(seed[figure] for seed in every[name]))
            for figure in ("present_value", "months_caused", "agreed", "person")
        },
        "against": _against(name, {**simple, name: every[name]}),
    }


def _gaps(by_seed: Sequence[Sequence[Result]]) -> list[dict[str, Any]]:
    seeds = [group_gaps(results) for results in by_seed]
    rows = []
    for key in dict.fromkeys(key for seed in seeds for key in seed):
        attribute, group, figure = key
        found = [seed.get(key, (None, None)) for seed in seeds]
        gap, like = (as_json(estimate(each[at] for each in found)) for at in (0, 1))
        rows.append({"attribute": attribute, "group": group, "figure": figure, "gap": gap, "gap_at_equal_means": like})
    return rows


def _blocks(setting: Setting) -> list[Block]:
    return [
        Block(setting.first_seed + at, first, min(first + BLOCK, setting.cases))
        for at in range(setting.seeds)
        for first in range(0, setting.cases, BLOCK)
    ]
