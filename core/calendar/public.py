"""Public holidays by name, and the weekend days that are worked instead of one (调休)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from core.calendar.business import calendar_of

MARKETS = ("cn", "us", "uk", "uk-sct", "uk-nir")


@lru_cache(maxsize=64)
def public_holidays(market: str, year: int, language: str = "en") -> Mapping[date, str]:
    """The year's public holidays with their names, in Chinese or English where the calendar has them.

    InvalidInput for a market whose calendar is not known.
    """
    names = {"zh": "zh_CN", "en": "en_US"}
    found = calendar_of(market, (year,), names.get(language))
    return dict(sorted((day, str(name)) for day, name in found.items()))


@lru_cache(maxsize=64)
def days_off(market: str, year: int) -> frozenset[date]:
    """The year's public holidays."""
    return frozenset(calendar_of(market, (year,), None))


@lru_cache(maxsize=64)
def worked_weekends(market: str, year: int) -> frozenset[date]:
    """Saturdays and Sundays of the year on which people work instead of a weekday."""
    return frozenset(getattr(calendar_of(market, (year,), None), "weekend_workdays", ()))
