"""Which rules of a policy version apply to a case, and which of them gives each limit."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.policy.ceilings import legal_ceilings, under_ceilings
from core.policy.limits import FIELDS, Grant, Limits, PolicyVersion, Rule
from core.policy.selectors import RuleFacts


def choose(version: PolicyVersion, facts: RuleFacts) -> Grant | None:
    """Each limit from the most specific fitting rule that gives it; None where some limit is given by none.

    None grants nothing: a market that nobody wrote limits for is refused, never given another market's. Legal ceilings
    hold whatever the rules say; a limit held down by one has it as its source.
    """
    fitting = by_precedence(rule for rule in version.rules if rule.fits(facts))
    given, sources = overlaid(fitting)
    if len(given) < len(FIELDS):
        return None
    limits = Limits(**given)
    lawful = under_ceilings(limits, facts.market)
    for name, ceiling in legal_ceilings(facts.market).items():
        if getattr(lawful, name) != getattr(limits, name):
            sources[name] = ceiling.rule
    return Grant(limits=lawful, rule=fitting[0].id, version=version.number, sources=sources, facts=facts)


def select(version: PolicyVersion, market: str, product: str | None) -> Grant | None:
    """What applies to a product of a market when nothing else is known: no finer rule does."""
    return choose(version, RuleFacts(market, product))


def inherited(version: PolicyVersion, rule: Rule) -> tuple[dict[str, Any], dict[str, str]]:
    """What the rule's cases are always given by wider rules, and by which: what it leaves out."""
    return overlaid(by_precedence(each for each in version.rules if each.widens(rule)))


def with_rule(version: PolicyVersion, rule: Rule) -> PolicyVersion:
    """The version with this rule put in place of the one for the same cases, or after the others."""
    if any(each.id == rule.id for each in version.rules):
        return replace(version, rules=tuple(rule if each.id == rule.id else each for each in version.rules))
    return replace(version, rules=(*version.rules, rule))


def without_rule(version: PolicyVersion, rule_id: str) -> PolicyVersion:
    """The version without the rule of this id."""
    return replace(version, rules=tuple(each for each in version.rules if each.id != rule_id))


def by_precedence(rules: Iterable[Rule]) -> list[Rule]:
    """The most specific first."""
    return sorted(rules, key=lambda rule: rule.precedence, reverse=True)


def overlaid(rules: Iterable[Rule]) -> tuple[dict[str, Any], dict[str, str]]:
    """Each limit as the first of the rules that gives it says, and that rule's id."""
    given: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for rule in rules:
        rule_id = rule.id
        for name, value in rule.given.items():
            if name not in given:
                given[name], sources[name] = value, rule_id
    return given, sources


def market_of(grant: Grant) -> str:
    """The market that the grant's rule belongs to."""
    return grant.rule.partition("/")[0]
