"""Contact hours, always in the debtor's local time."""

from datetime import datetime, timedelta

from core.compliance.parameters import IN_FORCE, MarketRules, RuleSet, Window

_SUNDAY = 6


def window_on(rules: MarketRules, local: datetime) -> Window:
    """The hours of that local day."""
    return rules.sunday if local.weekday() == _SUNDAY else rules.window


def within_hours(market: str, local_now: datetime, rule_set: RuleSet = IN_FORCE) -> bool:
    """Whether contact that was not asked for is allowed at this local time; never in a market without rules."""
    rules = rule_set.markets.get(market)
    if rules is None:
        return False
    window = window_on(rules, local_now)
    return window.opens <= local_now.timetz().replace(tzinfo=None) < window.closes


def next_opening(market: str, local_now: datetime, rule_set: RuleSet = IN_FORCE) -> datetime | None:
    """The next moment inside the hours (`local_now` itself when it is), or None for a market without rules."""
    rules = rule_set.markets.get(market)
    if rules is None:
        return None
    if within_hours(market, local_now, rule_set):
        return local_now
    day = local_now
    if local_now.time() >= window_on(rules, local_now).opens:
        day += timedelta(days=1)
    opens = window_on(rules, day).opens
    return day.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)
