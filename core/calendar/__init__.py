"""Dates that money falls due on: months without drift, paydays, and working days of three markets."""

from core.calendar.business import (
    DayRule,
    add_business_days,
    adjust,
    adjust_all,
    is_business_day,
    is_estimate,
    next_business_day,
    previous_business_day,
)
from core.calendar.dates import (
    LAST_DAY,
    Frequency,
    add_months,
    deferred,
    due_dates,
    is_last_of_month,
    next_in_series,
    next_payday,
    on_day,
)

__all__ = [
    "LAST_DAY",
    "DayRule",
    "Frequency",
    "add_business_days",
    "add_months",
    "adjust",
    "adjust_all",
    "deferred",
    "due_dates",
    "is_business_day",
    "is_estimate",
    "is_last_of_month",
    "next_business_day",
    "next_in_series",
    "next_payday",
    "on_day",
    "previous_business_day",
]
