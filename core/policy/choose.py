"""Which rule of a policy version applies to a case."""

from core.policy.ceilings import under_ceilings
from core.policy.limits import Grant, PolicyVersion, Rule


def select(version: PolicyVersion, market: str, product: str | None) -> Grant | None:
    """The product's rule, else the market's own; None when the version has no rule for the market.

    None grants nothing: a market that nobody wrote limits for is refused, never given another market's.
    """
    rule = _rule(version, market, product) or _rule(version, market, None)
    if rule is None:
        return None
    return Grant(limits=under_ceilings(rule.limits, market), rule=rule.id, version=version.number)


def market_of(grant: Grant) -> str:
    """The market that the grant's rule belongs to."""
    return grant.rule.partition("/")[0]


def _rule(version: PolicyVersion, market: str, product: str | None) -> Rule | None:
    return next((rule for rule in version.rules if rule.market == market and rule.product == product), None)
