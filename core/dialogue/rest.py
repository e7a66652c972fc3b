"""“Half now, the rest when I get paid”: what is left after a part paid at once, in one payment on the day named."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date

from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import Ask

_REST = re.compile(
    r"\b(?:rest|remainder|remaining|balance|other (?:half|part)|what'?s left|leftover)\b"
    r"|\bhalf\b.{1,40}\bhalf\b|剩|其余|余下|余款|尾款|另(?:外)?一半|一半.{1,20}一半",
    re.IGNORECASE | re.DOTALL,
)


def of_rest(text: str) -> re.Match[str] | None:
    """The words that tell of what is left after a part."""
    return _REST.search(text)


def speaks_of_rest(text: str) -> bool:
    """Whether the words tell of what is left after a part."""
    return of_rest(text) is not None


def with_rest(ask: Ask, understanding: Understanding, text: str, *, balance: Money, today: date) -> Ask:
    """The ask with its rest in one payment, where a part is paid now, the rest has a day, and no rhythm is named."""
    rest = None if ask.down_payment is None else balance - ask.down_payment
    rhythm = ask.instalment or ask.count or ask.term_days or ask.frequency or ask.steps
    if rest is None or rest.minor <= 0 or rhythm or not speaks_of_rest(text):
        return ask
    if understanding.says("request_instalments"):
        return ask
    days = [
        _last_of(entity) for entity in understanding.of_type("date") if not _is_of_part(entity, understanding, text)
    ]
    later = [day for day in days if day > today]
    if later:
        return replace(ask, instalment=rest, first_due=max(later))
    return replace(ask, instalment=rest, first_due=None) if ask.payday is not None else ask


def _is_of_part(day: Entity, understanding: Understanding, text: str) -> bool:
    """“2,000 this Friday, the rest later”: whether the day stands with the part, before the word of the rest."""
    rest = of_rest(text)
    sums = [entity.start for entity in understanding.of_type("amount", "share")]
    return rest is not None and day.start < rest.start() and any(day.start < at < rest.start() for at in sums)


def _last_of(entity: Entity) -> date:
    """The day; of a month that is named alone, its last."""
    day = date.fromisoformat(str(entity.value))
    if entity.fields.get("grain") != "month":
        return day
    return day.replace(day=monthrange(day.year, day.month)[1])
