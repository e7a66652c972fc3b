"""Two versions of the limits on the cases that there are: the same people and the same years under each."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import cast

from core.lab.bargaining import Talk, negotiate
from core.lab.debtor import Debtor, debtor_of
from core.lab.measures import Result, result_of
from core.lab.parameters import DEFAULTS, ECONOMIES, Parameters
from core.lab.paying import Lived, live, unpaid
from core.lab.strategies import STRATEGIES
from core.negotiation import CaseFacts, Offer
from core.plans import Balance
from core.policy import FIELDS, Grant, Market, PolicyVersion, RuleFacts, bucket_of, choose, diff

AGES = ((30, "18-29"), (45, "30-44"), (60, "45-59"))
OLDEST = "60+"
GROUPS = ("language", "age", "bucket", "product", "segment")
Changed = tuple[tuple[str, tuple[str, ...]], ...]
"""Rules, each with the limits that it gives otherwise than before."""

_OURS = STRATEGIES["ours"]
_ECONOMIES = {economy.currency: economy for economy in ECONOMIES.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCase:
    """A case of the portfolio: what its rules are chosen by, what is owed, and the debtor's local date.

    `key` names it, so that a case meets the same people in every run of a seed. `language` and `age` are the groups
    that outcomes are compared over, known to no rule; None where nothing is on file.
    """

    key: int
    facts: RuleFacts
    balance: Balance
    today: date
    broken_promises: int = 0
    language: str | None = None
    age: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The limits `before` and `after`; each case meets `draws` people, drawn from the `seed`."""

    before: PolicyVersion
    after: PolicyVersion
    seed: int = 1
    draws: int = 1
    rate: float = 0.08
    parameters: Parameters = DEFAULTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One person of one case under both. `changed` says what gives the case other limits; `other_offers` that the
    person saw other offers, `other_end` that the talk ended otherwise."""

    key: int
    currency: str
    before: Result
    after: Result
    groups: tuple[str, ...]
    changed: Changed = ()
    other_offers: bool = False
    other_end: bool = False


def age_band(born: date, today: date) -> str:
    """The band of age of someone born on this day."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return next((band for below, band in AGES if age < below), OLDEST)


def can_be_simulated(case: LiveCase) -> bool:
    """Whether there are people for the case's currency."""
    return case.balance.currency in _ECONOMIES


def compare(comparison: Comparison, cases: Sequence[LiveCase]) -> list[Pair]:
    """Every person of these cases under both versions; the same for the same seed, however cases are shared out."""
    touched = frozenset((each.rule, each.field) for each in diff(comparison.before, comparison.after))
    return [pair for case in cases for pair in _of_case(comparison, case, touched)]


def _of_case(comparison: Comparison, case: LiveCase, touched: AbstractSet[tuple[str, str]]) -> Iterator[Pair]:
    economy, facts = _ECONOMIES[case.balance.currency], case.facts
    known = CaseFacts(
        market=cast(Market, facts.market),
        product=facts.product or "",
        balance=case.balance,
        days_past_due=max(facts.days_past_due or 0, 0),
        today=case.today,
        broken_promises=case.broken_promises,
    )
    grants = choose(comparison.before, facts), choose(comparison.after, facts)
    changed = changed_limits(*grants, touched)
    for draw in range(comparison.draws):
        dice = Random(f"{comparison.seed}:{case.key}:{draw}")  # noqa: S311 - a simulation, not secrets
        debtor = debtor_of(dice, known, economy, comparison.parameters, language=case.language, age=case.age)
        yield _pair(comparison, case, debtor, grants, changed)


def _pair(
    comparison: Comparison,
    case: LiveCase,
    debtor: Debtor,
    grants: tuple[Grant | None, Grant | None],
    changed: Changed,
) -> Pair:
    nothing = unpaid(debtor, comparison.parameters)
    talk = _talk(debtor, grants[0], comparison.parameters)
    before = _result(comparison, debtor, talk, nothing)
    pair = Pair(
        key=case.key,
        currency=case.balance.currency,
        before=before,
        after=before,
        groups=groups_of(case, debtor),
        changed=changed,
    )
    if not changed:
        return pair
    other = _talk(debtor, grants[1], comparison.parameters)
    other_offers, other_end = seen(other.shown) != seen(talk.shown), _end(other) != _end(talk)
    if not other_end:
        return replace(pair, other_offers=other_offers)
    after = _result(comparison, debtor, other, nothing)
    return replace(pair, after=after, other_offers=other_offers, other_end=other_end)


def _talk(debtor: Debtor, grant: Grant | None, parameters: Parameters) -> Talk:
    """The talk with our negotiator; where nothing is granted a person is called in."""
    return Talk("person", None, 1) if grant is None else negotiate(debtor, _OURS, grant, parameters)


def _result(comparison: Comparison, debtor: Debtor, talk: Talk, nothing: Lived) -> Result:
    parameters = comparison.parameters
    lived = live(debtor, talk.offer if talk.outcome == "agreed" else None, parameters)
    return result_of(debtor, talk, lived, unpaid=nothing, rate=comparison.rate, parameters=parameters)


def _end(talk: Talk) -> tuple[object, ...]:
    return talk.outcome, talk.rounds, seen((talk.offer,) if talk.offer else ())


def seen(offers: Sequence[Offer]) -> tuple[tuple[object, ...], ...]:
    """What a person sees of offers: their kind, and each date and sum."""
    return tuple((each.kind, *((line.due, line.amount.minor) for line in each.schedule.lines)) for each in offers)


def changed_limits(before: Grant | None, after: Grant | None, touched: AbstractSet[tuple[str, str]]) -> Changed:
    """The limits of a case that differ, by the rule that made them so: of the `touched` (rule, limit) the one that
    gives the limit now, else the one that gave it before."""
    if before is None or after is None:
        found = after or before
        return () if found is None or before is after else ((found.rule, FIELDS),)
    rules: dict[str, list[str]] = {}
    for name in FIELDS:
        if getattr(before.limits, name) != getattr(after.limits, name):
            now, then = after.source(name), before.source(name)
            blamed = then if (now, name) not in touched and (then, name) in touched else now
            rules.setdefault(blamed, []).append(name)
    return tuple((rule, tuple(names)) for rule, names in rules.items())


def groups_of(case: LiveCase, debtor: Debtor) -> tuple[str, ...]:
    """The groups that a case counts in, in the order of `GROUPS`."""
    facts = case.facts
    segment = next(iter(sorted(facts.segments)), "")
    bucket = bucket_of(facts.days_past_due or 0)
    return debtor.person.language, debtor.person.age, bucket, facts.product or "", segment
