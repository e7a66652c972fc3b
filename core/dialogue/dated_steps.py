"""A plan whose first sum lasts until a date: “100 until March, then 300”, “三月之前每月100，之后300”.

Only a date that the calendar knows ends a step: “after the summer” is none, and the date is asked for. Until, before,
到 and 之前 leave the day itself, or the month, to the sum that follows; through, the end of, 为止 and 底 do not; after
and 之后 mean once the day or the month is over. Every date and sum is read back before anything is agreed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import Frequency, add_months
from core.dialogue.steps import FREQUENCIES, THEN, Stepped, steps_of
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import DatedStep

_UNTIL = re.compile(
    r"(?:\b(?:until|till?|before|(?:from )?now to)\s+(?:about\s+)?(?:the\s+)?|'til\s+|(?:直到|到|至|截[至止]到?))$",
    re.IGNORECASE,
)
_THROUGH = re.compile(
    r"\b(?:through(?:\s+to)?|thru|up to and including|until and including|until after)\s+(?:the\s+)?$", re.IGNORECASE
)
_FROM = re.compile(
    r"(?:\b(?:from|(?:starting|beginning)(?:\s+(?:from|in|on))?|as (?:of|from)|come)\s+(?:the\s+)?|[从自])$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\bafter\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE_ZH = re.compile(r"\s*(?:份)?(?:之前|以前|前(?!期|几|\s*[一二两三四五六七八九十\d]+\s*(?:个|期|次|周|笔)))")
_THROUGH_ZH = re.compile(r"\s*(?:份)?(?:为止|结束)")
_FROM_ZH = re.compile(r"\s*(?:份)?(?:起|开始)")
_AFTER_ZH = re.compile(r"\s*(?:份)?(?:之后|以后|过后|后)")
_LAST_DAY = re.compile(r"\bend\b|last day|month[\s-]?end|\beom\b|[底末尾]|最后一天", re.IGNORECASE)
_RISES = re.compile(
    r"\b(?:go(?:ing)?|mov(?:e|ing)|rais(?:e|ing)|increas(?:e|ing)|ris(?:e|ing)|step(?:ping)?|bump(?:ing)?)\b|\bup to\b"
    r"|涨|加到|提高|提到|增加|升到",
    re.IGNORECASE,
)
_UNTIL_THEN = re.compile(
    r"\b(?:until|till?|up to|before) then\b|\bbefore that\b|\bfor now\b|\bmeanwhile\b|\bin the meantime\b"
    r"|在?(?:那|这|此)?之前|现在|目前|眼下|暂时",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\b(?:after|once|when)\b|后", re.IGNORECASE)
_STARTS = re.compile(r"\b(?:start|begin)(?:ing)?\b|\bat first\b|\bfor now\b|先|起初|开始|现在|目前|暂时", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The day from which another sum is paid; `opens` where the words are of the sum that follows."""

    day: date
    opens: bool
    said: Entity


def steps_in(understanding: Understanding, text: str, currency: str, today: date) -> Stepped | None:
    """The step plan that the words describe, by lengths or by dates; None where they describe none."""
    return steps_of(understanding, text, currency) or _dated(understanding, text, currency, today)


def _dated(understanding: Understanding, text: str, currency: str, today: date) -> Stepped | None:
    said = [item for item in understanding.of_type("amount") if item.fields.get("currency", currency) == currency]
    turns = [turn for turn in _turns(understanding, text) if turn.day > today]
    if len(said) < 2 or understanding.says("already_paid"):
        return None
    if not turns:
        return _undated(said, understanding, text, currency)
    found = _turned_round(said, turns, understanding, text, currency) or _read(
        said, turns, understanding, text, currency
    )
    if found is None and understanding.says("pay_part_now") and len(said) > 2:
        rest = _read(said[1:], turns, understanding, text, currency, since=said[0].end)
        down = Money.of(str(said[0].value), currency)
        return None if rest is None else Stepped((), rest.then, rest.frequency, down, rest.dated, rest.ends)
    return found


def _read(  # noqa: PLR0917  what a plan is read from
    said: Sequence[Entity],
    turns: Sequence[_Turn],
    understanding: Understanding,
    text: str,
    currency: str,
    since: int = 0,
) -> Stepped | None:
    chosen = _between(said, turns, text, since)
    if chosen is None:
        return None
    days = [turn.day for turn in chosen]
    sums = [Money.of(str(item.value), currency) for item in said]
    if days != sorted(set(days)) or any(money.minor <= 0 for money in sums) or len(set(sums)) == 1:
        return None
    if chosen[0].opens and not _is_repeated(said, text):
        return None
    frequency = _frequency(_periods(said), understanding)
    if frequency is None:
        return None
    dated = tuple(DatedStep(day, money) for day, money in zip(days, sums, strict=False))
    return Stepped((), sums[-1], frequency, None, dated, tuple(turn.said for turn in chosen))


def _turned_round(
    said: Sequence[Entity], turns: Sequence[_Turn], understanding: Understanding, text: str, currency: str
) -> Stepped | None:
    """The later sum first: “from March 300, until then 100”, “圣诞之后每月1000，现在先每月500”."""
    if len(said) != len(("later", "first")) or _UNTIL_THEN.search(text, said[0].end) is None:
        return None
    opening = [turn for turn in turns if turn.opens and turn.said.end <= said[0].start]
    then, first = (Money.of(str(item.value), currency) for item in said)
    frequency = _frequency(_periods(said), understanding)
    if len(opening) != 1 or frequency is None or not first < then or first.minor <= 0:
        return None
    return Stepped((), then, frequency, None, (DatedStep(opening[0].day, first),), (opening[0].said,))


def _undated(said: Sequence[Entity], understanding: Understanding, text: str, currency: str) -> Stepped | None:
    """A sum that rises to another one on a date that is not told: “start with 100 and go up to 200 after summer”."""
    if len(said) != len(("first", "later")) or understanding.of_type("date", "duration"):
        return None
    first, then = (Money.of(str(item.value), currency) for item in said)
    rises = bool(_RISES.search(text, said[0].end, said[1].start) and _STARTS.search(text, 0, said[1].start))
    if first > then and _ONCE.search(text, 0, said[0].start) and _UNTIL_THEN.search(text, said[0].end):
        first, then, rises = then, first, True
    frequency = _frequency(_periods(said), understanding)
    if not rises or frequency is None or not first < then or first.minor <= 0:
        return None
    return Stepped((), then, frequency, None, (DatedStep(None, first),))


def step_date(understanding: Understanding, text: str, today: date) -> date | None:
    """The first day of another sum, told alone in answer to when: “from March”, “after Christmas”, “三月之后”."""
    turns = [turn.day for turn in _turns(understanding, text) if turn.day > today]
    days = [date.fromisoformat(str(item.value)) for item in understanding.of_type("date")]
    return next((day for day in (*turns, *days) if day > today), None)


def _periods(said: Sequence[Entity]) -> set[str]:
    return {str(item.fields.get("period", "once")) for item in said} - {"once"}


def _between(said: Sequence[Entity], turns: Sequence[_Turn], text: str, since: int) -> list[_Turn] | None:
    """The turn after each sum but the last: told before it, after it, or after the sum that it leads to."""
    starts, ends = [item.start for item in said], [item.end for item in said]
    before = list(zip([since, *ends], starts[:-1], strict=False))
    middle = list(zip(ends, starts[1:], strict=False))
    behind = list(zip(ends[1:], [*starts[2:], len(text)], strict=True))
    then = THEN.search(text, ends[-2]) is not None
    ways: tuple[tuple[list[tuple[int, int]], Callable[[_Turn], bool]], ...] = (
        (before, lambda turn: not turn.opens and then),
        (middle, lambda turn: turn.opens or then),
        (behind, lambda turn: turn.opens),
    )
    for spans, fits in ways:
        found = [
            next((turn for turn in turns if left <= turn.said.start < right and fits(turn)), None)
            for left, right in spans
        ]
        chosen = [turn for turn in found if turn is not None]
        if len(chosen) == len(said) - 1:
            return chosen
    return None


def _is_repeated(said: Sequence[Entity], text: str) -> bool:
    """Whether the first sum is one of many: “500 now and 100 a month from March” pays it once."""
    return said[0].fields.get("period", "once") != "once" or (
        said[-1].fields.get("period", "once") == "once" and _RISES.search(text, said[0].end, said[-1].start) is not None
    )


def _frequency(periods: set[str], understanding: Understanding) -> Frequency | None:
    """As the sums were said, all in one rhythm; else as it was named apart; else by the month."""
    told = [str(item.value) for item in understanding.of_type("frequency")]
    if len(periods) > 1:
        return None
    return FREQUENCIES.get(next(iter(periods or told), "month"))


def _turns(understanding: Understanding, text: str) -> Iterator[_Turn]:
    for item in understanding.of_type("date"):
        day = date.fromisoformat(str(item.value))
        left, right = text[: item.start], text[item.end :]
        to_the_end = _LAST_DAY.search(text[item.start : item.end]) is not None
        over = day + timedelta(days=1) if to_the_end else _over(item, day)
        if _AFTER_ZH.match(right) or _AFTER.search(left):
            yield _Turn(over, opens=True, said=item)
        elif _FROM_ZH.match(right) or _FROM.search(left):
            yield _Turn(day, opens=True, said=item)
        elif _THROUGH_ZH.match(right) or _THROUGH.search(left):
            yield _Turn(over, opens=False, said=item)
        elif _BEFORE_ZH.match(right) or _UNTIL.search(left):
            yield _Turn(over if to_the_end else day, opens=False, said=item)


def _over(item: Entity, day: date) -> date:
    """The first day after what was said: a day, a week or a month."""
    match item.fields.get("grain", "day"):
        case "month":
            return add_months(day, 1)
        case "week":
            return day + timedelta(days=7)
    return day + timedelta(days=1)
