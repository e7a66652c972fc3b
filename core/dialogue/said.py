"""What was said in so many words: sums, days, paydays and spans, read from the entities of a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.calendar import add_months, on_day
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import Payday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_PER_MONTH: Mapping[str, Decimal] = {
    "day": Decimal(30),
    "week": Decimal(52) / 12,
    "fortnight": Decimal(26) / 12,
    "month": Decimal(1),
    "quarter": Decimal(1) / 3,
    "year": Decimal(1) / 12,
}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that was said: in the case's currency, with its period (`once` or a contract period) and bound."""

    money: Money
    period: str
    bound: str

    @property
    def monthly(self) -> Money:
        """What it comes to a month; one said without a period is a month's."""
        return self.money.share(_PER_MONTH.get(self.period, Decimal(1)))


def money_of(entity: Entity, currency: str) -> Money:
    """The sum of an amount, as if it were said in this currency."""
    return Money.of(Decimal(str(entity.value)), currency, rounding=ROUND_HALF_UP)


def sums(understanding: Understanding, currency: str) -> tuple[Sum, ...]:
    """The sums said in the case's currency, in the order of the text; others are left out, never converted."""
    found = []
    for entity in understanding.of_type("amount"):
        if entity.fields.get("currency", currency) != currency:
            continue
        money = money_of(entity, currency)
        if money.minor > 0:
            found.append(Sum(money, str(entity.fields.get("period", "once")), str(entity.fields.get("bound", "exact"))))
    return tuple(found)


def monthly_sums(understanding: Understanding, currency: str) -> tuple[Money, ...]:
    """The sums said, by the month; one said without a period is a month's."""
    return tuple(item.monthly for item in sums(understanding, currency))


def payday(understanding: Understanding) -> Payday | None:
    """The payday that was said, if any."""
    for entity in understanding.of_type("payday"):
        if "day" in entity.fields:
            return Payday(day=int(entity.fields["day"]))
        if entity.fields.get("weekday") in WEEKDAYS:
            return Payday(weekday=WEEKDAYS.index(str(entity.fields["weekday"])))
    return None


def future_date(understanding: Understanding, today: date) -> date | None:
    """The first day said that is not past; where none was, a week or a month means its first day, or tomorrow in the
    current one. So “I am short this month, 200 from the 12th” is about the 12th."""
    dates = understanding.of_type("date")
    named = _day_of_named_month(dates)
    if named is not None and named >= today:
        return named
    for entity in sorted(dates, key=lambda entity: _vagueness(entity, today)):
        day = date.fromisoformat(str(entity.value))
        if day >= today:
            return day
        grain = entity.fields.get("grain")
        if (grain == "month" and (day.year, day.month) == (today.year, today.month)) or (
            grain == "week" and today - day < timedelta(days=7)
        ):
            return today + timedelta(days=1)
    return None


def _vagueness(entity: Entity, today: date) -> int:
    """A day goes before a month or a week to come, and that before the present one, which may only set the scene."""
    if entity.fields.get("grain", "day") == "day":
        return 0
    return 1 if date.fromisoformat(str(entity.value)) > today else 2


def _day_of_named_month(dates: tuple[Entity, ...]) -> date | None:
    """“Next month … the 20th”: a month and a day named apart are one date."""
    grains = [entity.fields.get("grain", "day") for entity in dates]
    if grains != ["month", "day"]:
        return None
    month, day = (date.fromisoformat(str(entity.value)) for entity in dates)
    return on_day(month.year, month.month, day.day)


def span_days(entity: Entity, today: date) -> int:
    """A duration in days, months counted on the calendar from `today`."""
    count = int(Decimal(str(entity.value)))
    match entity.fields.get("unit"):
        case "day":
            return count
        case "week":
            return count * 7
        case "year":
            return (add_months(today, 12 * count) - today).days
        case _:
            return (add_months(today, count) - today).days
