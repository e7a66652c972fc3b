"""Working days of the markets: China with its make-up working days (调休), the US federal calendar, the UK's three.

Data come from the `holidays` package. China's year is set by a State Council notice each autumn; a year without one is
an estimate (`is_estimate`).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from core.errors import InvalidInput

_CALENDARS: dict[str, tuple[str, str | None]] = {
    "cn": ("CN", None),
    "us": ("US", None),
    "uk": ("GB", "ENG"),
    "uk-sct": ("GB", "SCT"),
    "uk-nir": ("GB", "NIR"),
}
_DAY = timedelta(days=1)
_NONE: frozenset[date] = frozenset()


class DayRule(StrEnum):
    """What becomes of a date that is no working day."""

    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"
    PRECEDING = "preceding"
    NONE = "none"


def calendar_of(market: str, years: Iterable[int], language: str | None = None) -> Any:
    """The public holidays of these years, as the `holidays` package has them; InvalidInput for an unknown market."""
    from holidays import country_holidays  # noqa: PLC0415  a fifth of a second, which a command without dates need not pay

    country, subdivision = _CALENDARS[_known(market)]
    return country_holidays(country, subdiv=subdivision, years=years, language=language)


def _load(market: str, years: Iterable[int]) -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the weekend days worked instead."""
    calendar = calendar_of(market, years)
    return frozenset(calendar), frozenset(getattr(calendar, "weekend_workdays", ()))


@lru_cache(maxsize=256)
def _days_off(market: str | None, year: int) -> frozenset[date]:
    """Every day of the year on which nobody works there: holidays, and weekends that are not worked instead."""
    holidays, made_up = (_NONE, _NONE) if market is None else _load(_known(market), (year,))
    ordinals = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    weekends = {day for day in map(date.fromordinal, ordinals) if day.weekday() >= 5}
    return frozenset((weekends | holidays) - made_up)


@cache
def _last_announced_year() -> int:
    return max(day.year for day in _load("cn", range(2025, 2045))[1])


def _known(market: str) -> str:
    if market not in _CALENDARS:
        raise InvalidInput("Give a market whose calendar is known.", market=market, known=sorted(_CALENDARS))
    return market


def is_estimate(market: str, year: int) -> bool:
    """Whether the year's calendar is an estimate, because China's State Council has not announced it yet."""
    return _known(market) == "cn" and year > _last_announced_year()


def is_business_day(market: str | None, day: date) -> bool:
    """Whether people work on `day` in `market` (cn, us, uk, uk-sct, uk-nir); None knows only weekends.

    InvalidInput for a market whose calendar is not known: nothing is assumed about it.
    """
    return day not in _days_off(market, day.year)


def next_business_day(market: str | None, day: date) -> date:
    """The first working day on or after `day`."""
    while not is_business_day(market, day):
        day += _DAY
    return day


def previous_business_day(market: str | None, day: date) -> date:
    """The last working day on or before `day`."""
    while not is_business_day(market, day):
        day -= _DAY
    return day


def add_business_days(market: str | None, day: date, count: int) -> date:
    """The `count`-th working day after `day` (`day` itself when 0, whatever day it is)."""
    for _ in range(count):
        day = next_business_day(market, day + _DAY)
    return day


def adjust(day: date, rule: DayRule, market: str | None = None) -> date:
    """Move a date that is no working day by the rule; modified following turns back rather than leave the month."""
    if rule is DayRule.NONE:
        return day
    if rule is DayRule.PRECEDING:
        return previous_business_day(market, day)
    following = next_business_day(market, day)
    if rule is DayRule.MODIFIED_FOLLOWING and following.month != day.month:
        return previous_business_day(market, day)
    return following


_adjusted = lru_cache(maxsize=8192)(adjust)
"""Plans that are searched for a person share their dates."""


def adjust_all(days: Iterable[date], rule: DayRule, market: str | None = None) -> tuple[date, ...]:
    """Adjust strictly increasing dates and keep them so: a date that would not come after the one before it moves on to
    the next working day."""
    adjusted: list[date] = []
    year, off = 0, _NONE
    for day in days:
        if day.year != year:
            year, off = day.year, _days_off(market, day.year)
        moved = _adjusted(day, rule, market) if day in off else day
        if adjusted and moved <= adjusted[-1]:
            moved = next_business_day(market, adjusted[-1] + _DAY)
        adjusted.append(moved)
    return tuple(adjusted)
