"""Sums with days of their own (“5,000 on the 15th, the rest on January 15”), and the day by which all shall be paid."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise

from core.calendar import Frequency, due_dates
from core.dialogue.rest import of_rest, speaks_of_rest
from core.dialogue.said import money_of
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.ask import LIFETIME, MOST_COUNTED
from core.negotiation.types import Ask
from core.plans import Step

_RHYTHMS = (Frequency.WEEK, Frequency.FORTNIGHT, Frequency.MONTH)


def on_days(understanding: Understanding, text: str, *, balance: Money, today: date) -> Ask | None:
    """All of it in sums that each have a day: instalments of these sums, in the rhythm that comes nearest to the days.
    None where the sums and the days do not pair, or do not come to what is owed."""
    told = [item for item in understanding.entities if item.type in ("amount", "date")]
    told.sort(key=lambda item: item.start)
    told = [item for item in told if not _is_said_again(item, told, text)]
    sums = [item for item in told if item.type == "amount"]
    days = [date.fromisoformat(str(item.value)) for item in told if item.type == "date"]
    repeated = any(item.fields.get("period", "once") != "once" for item in sums)
    alternate = all(left.type != right.type for left, right in pairwise(told[: 2 * len(sums)]))
    if len(days) < 2 or not sums or repeated or not alternate or days != sorted(set(days)) or days[0] <= today:
        return None
    if days[-1] - today > LIFETIME:
        return None
    paid = [money_of(item, balance.currency) for item in sums]
    rest = balance - sum(paid[1:], start=paid[0])
    if len(days) == len(paid) + 1 and rest.minor > 0 and speaks_of_rest(text):
        paid.append(rest)
    elif rest.minor != 0:
        return _in_rhythm(days, paid) if rest.minor > 0 and not speaks_of_rest(text) else None
    if len(days) != len(paid) or any(money.minor <= 0 for money in paid):
        return None
    steps = tuple(Step(len(list(alike)), money) for money, alike in groupby(paid[:-1]))
    return Ask(first_due=days[0], frequency=_rhythm(days), steps=steps, instalment=paid[-1])


_THEN = re.compile(r"\s*(?:dollars|bucks|quid|块|元)?\s*(?:(?:then|at that point)\b|那时|到时)", re.IGNORECASE)


def _is_said_again(item: Entity, told: Sequence[Entity], text: str) -> bool:
    """“My sister lends me 600 on Tuesday, so 600 then”: the second sum is the first one."""
    again = any(each.type == "amount" and each.start < item.start and each.value == item.value for each in told)
    return item.type == "amount" and again and bool(_THEN.match(text, item.end))


def _in_rhythm(days: Sequence[date], paid: Sequence[Money]) -> Ask | None:
    """“200 on Friday and 200 the Friday after” goes on like that: sums alike, and days in a rhythm."""
    if len(days) != len(paid) or len(set(paid)) > 1:
        return None
    rhythm = _rhythm(days)
    if list(due_dates(days[0], rhythm, len(days))) != list(days):
        return None
    return Ask(first_due=days[0], frequency=rhythm, instalment=paid[0])


def _rhythm(days: Sequence[date]) -> Frequency:
    """The one whose dates from the first day are the nearest to the days."""

    def apart(frequency: Frequency) -> int:
        dues = due_dates(days[0], frequency, len(days))
        return sum(abs((day - due).days) for day, due in zip(days, dues, strict=True))

    return min(_RHYTHMS, key=apart)


def day_of_part(understanding: Understanding, text: str, today: date) -> Entity | None:
    """The day of the part that is paid before the rest, where it is told with it: “half on Friday, the rest …”."""
    rest = of_rest(text)
    if rest is None:
        return None
    parts = [item for item in understanding.of_type("amount", "share") if item.start < rest.start()]
    days = [item for item in understanding.of_type("date") if item.start < rest.start()]
    if len(parts) != 1 or len(days) != 1 or days[0].fields.get("grain") == "month":
        return None
    return days[0] if date.fromisoformat(str(days[0].value)) > today else None


_DONE = (
    r"(?:done|finish\w*|clear\w*|pa(?:y|id|ying) (?:it |this |everything )?(?:all )?off|wrap\w*(?: it)? up|debt[- ]free"
    r"|pay (?:it|this|everything)(?: all)? back|settled|over with)"
)
_BY = r"(?:by|before|until|till?|no later than|ahead of|in time for)"
_BY_EN = re.compile(rf"\b{_BY}\s+(?:the\s+)?(?:end of\s+)?$", re.IGNORECASE)
_BEFORE_ZH = re.compile(r"^(?:之前|以前|前|之内|以内|内)")
_FIRST = re.compile(r"\b(?:first|start\w*|begin\w*)\b|首|第一|开始", re.IGNORECASE)
_DONE_EN = re.compile(rf"\b{_DONE}\b[^.;!?]{{0,25}}\b{_BY}\s+(?:the\s+)?(?:end of\s+)?$", re.IGNORECASE)
_DONE_ZH = re.compile(
    r"^(?:份|底|末|月底)*(?:之前|以前|之内|以内|前|内)?(?:就|能|要|想|必须|一定|争取|把|全部|全|都|它|钱|账|给|可以|得)*"
    r"(?:还[完清]|结清|清[掉账完]|了结)"
)
_FOR_HOW_LONG_EN = re.compile(rf"\b{_DONE}\b[^.;!?]{{0,15}}\b(?:in|over|within)\s+$", re.IGNORECASE)
_IN_ONE = re.compile(
    r"\b(?:one go|in full|lump|all at once|single payment|one payment)\b|一次|一笔|再还|[缓晚延]|宽限|推迟|以后|之后",
    re.IGNORECASE,
)
_FAR = timedelta(days=45)
"""A nearer day is one that a promise may reach."""
_USUAL = timedelta(days=14)
"""About when a first payment is due where no day is told."""


def done_by(understanding: Understanding, text: str, today: date) -> Entity | None:
    """The day, or the length, by which everything shall be paid: “cleared by March”, “9个月还完”. Of days only those
    that no promise reaches, unless instalments are spoken of."""
    if _IN_ONE.search(text):
        return None
    for item in understanding.of_type("date", "duration"):
        left, right = text[: item.start], text[item.end :]
        if item.type == "duration":
            if (_FOR_HOW_LONG_EN.search(left) or _DONE_ZH.match(right)) and item.fields.get("unit") != "day":
                return item
        elif _DONE_EN.search(left) or _DONE_ZH.match(right) or _holds_all(understanding, left, right):
            several = understanding.of_type("instalments", "frequency") or understanding.says("request_instalments")
            if several or date.fromisoformat(str(item.value)) - today > _FAR:
                return item
    return None


def _holds_all(understanding: Understanding, left: str, right: str) -> bool:
    """“Split it in 2 before Christmas”: several payments, all of them before the day."""
    several = any(int(item.value) > 1 for item in understanding.of_type("instalments"))
    return several and not _FIRST.search(left) and bool(_BY_EN.search(left) or _BEFORE_ZH.match(right))


def ending(ask: Ask, item: Entity, today: date) -> Ask:
    """The ask for a plan that is over by this day: as long as that, or, of several payments told, in a rhythm that fits
    before it."""
    end = date.fromisoformat(str(item.value))
    ask = replace(ask, first_due=None, until=None)
    if ask.count is None:
        return replace(ask, term_days=(end - today).days)
    if ask.frequency is not None or ask.count > MOST_COUNTED:
        return ask
    fits = (each for each in reversed(_RHYTHMS) if due_dates(today + _USUAL, each, ask.count)[-1] < end)
    return replace(ask, frequency=next(fits, Frequency.WEEK))
