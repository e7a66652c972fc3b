"""A plan that starts low, in the person's own words: “100 for three months, then 300”, “前三个月每月100，之后300”."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.calendar import Frequency
from core.dialogue.rest import of_rest
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import DatedStep
from core.plans import PERIODS_PER_YEAR, Step

_EN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS: Mapping[str, int] = (
    {word: number for number, word in enumerate(_EN, 1)}
    | {word: number for number, word in enumerate("一二三四五六七八九十", 1)}
    | {"a couple of": 2, "couple of": 2, "a": 1, "两": 2, "十一": 11, "十二": 12}
)
_LENGTH = re.compile(
    rf"\b(?P<en>\d{{1,2}}|a couple of|couple of|(?<=for )a(?= (?:year|month|week|fortnight)\b)|{'|'.join(_EN)})\s+"
    r"(?:more\s+|monthly\s+|weekly\s+)?"
    r"(?P<unit>month|week|fortnight|year|payment|instal+ment|time)s?\b"
    r"|(?P<half>半年|\bhalf a year\b)|(?P<one>\bfirst month\b|第一个月|首月)"
    r"|(?<!第)(?P<zh>\d{1,2}|十[一二]|[一二两三四五六七八九十])\s*(?:个?(?P<week>星期|周|礼拜)|(?P<times>期|次|笔)|(?P<month>个月)|(?P<year>年))",
    re.IGNORECASE,
)
THEN = re.compile(
    r"\b(?:then|after(?:wards?| that| which)?|later|followed by|go(?:ing)? up|up to|from then|thereafter|from month)\b"
    r"|然后|之后|后面|以后|后来|接着|再往后|往后|再(?!少|低|便宜)|涨到|加到|从第",
    re.IGNORECASE,
)
FREQUENCIES: Mapping[str, Frequency] = {
    "week": Frequency.WEEK,
    "fortnight": Frequency.FORTNIGHT,
    "four_weeks": Frequency.FOUR_WEEKS,
    "month": Frequency.MONTH,
}
_UNITS = {"week": 52, "fortnight": 26, "month": 12, "year": 1}


@dataclass(frozen=True, slots=True)
class Stepped:
    """The lower (or higher) instalments that come first, the one that all later ones are, and what is paid before.

    `dated` are those that a date ends, `ends` the dates as they were said.
    """

    steps: tuple[Step, ...]
    then: Money
    frequency: Frequency
    down: Money | None = None
    dated: tuple[DatedStep, ...] = ()
    ends: tuple[Entity, ...] = ()


def steps_of(understanding: Understanding, text: str, currency: str) -> Stepped | None:
    """The step plan that the words describe; None where every sum has no length of its own, or nothing comes then."""
    said = _in(understanding, currency)
    if len(said) == len(("later", "first")) and _BUT_FIRST.search(text, said[0].end, said[1].start):
        return _turned_round(said, text, currency)
    found = _read(said, text, currency)
    if found is None and understanding.says("pay_part_now") and len(said) > 2:
        found = _read(said[1:], text, currency, since=said[0].end)
        down = Money.of(str(said[0].value), currency)
        return None if found is None else Stepped(found.steps, found.then, found.frequency, down)
    return found


_BUT_FIRST = re.compile(
    r"(?:\b(?:but|except|only)\b|但|不过|只是|就是).*(?:\bfirst\b|前|头)", re.IGNORECASE | re.DOTALL
)


def _turned_round(said: Sequence[Entity], text: str, currency: str) -> Stepped | None:
    """The later sum first: “500 a month, but 300 for the first three”, “每月五百，但前三个月只能还三百”."""
    length = _LENGTH.search(text, said[0].end, said[1].start) or _LENGTH.search(text, said[1].end)
    periods = {str(item.fields.get("period", "once")) for item in said} - {"once"}
    if length is None or len(periods) > 1:
        return None
    frequency = _frequency(periods, [length])
    then, first = (Money.of(str(item.value), currency) for item in said)
    if frequency is None or first.minor <= 0 or first == then:
        return None
    return Stepped((Step(_count(length, frequency), first),), then, frequency)


def _in(understanding: Understanding, currency: str) -> list[Entity]:
    """The sums said in this currency."""
    return [item for item in understanding.of_type("amount") if item.fields.get("currency", currency) == currency]


_LEFT_OPEN = re.compile(r"再说|以后|慢慢|看情况|\blater\b|\bsee\b|\bidk\b|\bdunno\b|\bknow\b", re.IGNORECASE)


def then_the_rest(understanding: Understanding, text: str, balance: Money) -> Stepped | None:
    """“10 weeks of 50, then the rest”: so many equal payments, and all that is left in the next one."""
    said, rest = _in(understanding, balance.currency), of_rest(text)
    if len(said) != 1 or rest is None or rest.start() < said[0].end or _LEFT_OPEN.search(text, rest.start()):
        return None
    length = _LENGTH.search(text, 0, said[0].start) or _LENGTH.search(text, said[0].end, rest.start())
    told_after = any(item.end > rest.start() for item in understanding.entities)
    frequency = None if length is None else _frequency({str(said[0].fields.get("period", "once"))} - {"once"}, [length])
    if length is None or frequency is None or told_after:
        return None
    each, count = Money.of(str(said[0].value), balance.currency), _count(length, frequency)
    left = balance - each * count
    if each.minor <= 0 or left.minor <= 0 or count < 2:
        return None
    return Stepped((Step(count, each),), left, frequency)


def _read(said: Sequence[Entity], text: str, currency: str, since: int = 0) -> Stepped | None:
    if len(said) < 2 or not THEN.search(text, said[-2].end):
        return None
    lengths = _lengths(said, text, since)
    periods = {str(item.fields.get("period", "once")) for item in said} - {"once"}
    if lengths is None or len(periods) > 1:
        return None
    frequency = _frequency(periods, lengths)
    if frequency is None:
        return None
    sums = [Money.of(str(item.value), currency) for item in said]
    if any(money.minor <= 0 for money in sums) or len(set(sums)) == 1:
        return None
    steps = tuple(Step(_count(each, frequency), money) for each, money in zip(lengths, sums, strict=False))
    return Stepped(steps, sums[-1], frequency)


def _lengths(said: Sequence[Entity], text: str, since: int) -> list[re.Match[str]] | None:
    """The length of each sum but the last, before the sum where the first one's is, else after it."""
    ends = [since, *(item.end for item in said)]
    before = [_LENGTH.search(text, ends[place], item.start) for place, item in enumerate(said[:-1])]
    after = [_LENGTH.search(text, item.end, said[place + 1].start) for place, item in enumerate(said[:-1])]
    found = [each for each in (before if before[0] else after) if each is not None]
    return found if len(found) == len(said) - 1 else None


def _frequency(periods: set[str], lengths: Sequence[re.Match[str]]) -> Frequency | None:
    """As the sums were said; else by what is counted: weeks by the week, everything else by the month."""
    if periods:
        return FREQUENCIES.get(next(iter(periods)))
    return FREQUENCIES.get(_unit(lengths[0]), Frequency.MONTH)


def _unit(length: re.Match[str]) -> str:
    """`week`, `fortnight`, `month`, `year`, or `times` where payments are counted."""
    told = length.groupdict()
    english = (told["unit"] or "").lower()
    if english:
        return english if english in _UNITS else "times"
    return next((name for name in ("week", "times", "year") if told[name]), "month")


def _count(length: re.Match[str], frequency: Frequency) -> int:
    """How many payments fall into it; at least one."""
    told, unit = length.groupdict(), _unit(length)
    word = (told["en"] or told["zh"] or "").lower()
    if told["half"] or told["one"]:
        word = "6" if told["half"] else "1"
    number = int(word) if word.isdigit() else _NUMBERS[word]
    if unit == "times":
        return max(number, 1)
    return max(number * PERIODS_PER_YEAR[frequency] // _UNITS[unit], 1)
