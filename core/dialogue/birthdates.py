"""Dates of birth as people write them: full dates with their year, in either order, in figures, names or characters."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<y>(?:19|20)\d{2}|'?\d{2})"
_DAY = r"(?P<d>\d{1,2})(?!\d)(?:st|nd|rd|th)?"
_ZH = "零〇一二三四五六七八九十"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<y>(?:19|20)\d{2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)",
        rf"(?P<y>[{_ZH}]{{4}}|[{_ZH}]{{2}}|\d{{4}}|\d{{2}})\s*年\s*(?P<m>\d{{1,2}}|[{_ZH}]{{1,2}})\s*月\s*(?P<d>\d{{1,2}}|[{_ZH}]{{1,3}})\s*[日号]?",
        rf"\b{_MONTH}\s*{_DAY}\s*,?\s*{_YEAR}(?!\d)",
        rf"(?<!\d){_DAY}\s*(?:of\s+)?{_MONTH}\s*,?\s*{_YEAR}(?!\d)",
        r"(?<![\d/.-])(?P<d>\d{1,2})\s*[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<y>(?:19|20)\d{2}|\d{2})(?![\d/.-])",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})\s+(?P<m>\d{1,2})\s+(?P<d>\d{1,2})(?!\d)",
        rf"(?P<m>\d{{1,2}}|[{_ZH}]{{1,2}})\s*月\s*(?P<d>\d{{1,2}}|[{_ZH}]{{1,3}})\s*[日号]?(?:生日?|出生)?(?:的)?[\s,，、]*(?:我是?)?(?P<y>[{_ZH}]{{4}}|[{_ZH}]{{2}}|\d{{4}}|\d{{2}})\s*年",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)",
        r"(?<!\d)(?P<d>\d{2})(?P<m>\d{2})(?P<y>(?:19|20)\d{2})(?!\d)",
        r"(?<!\d)(?P<y>\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)",
    )
)
_YOUNGEST = 10
"""Nobody who owes anything was born in the last years; a later date means something else."""


@dataclass(frozen=True, slots=True)
class BirthDate:
    """One date that was written; `days` are the readings that its order of day and month allows."""

    days: frozenset[date]
    start: int
    end: int


def birth_dates(text: str, today: date) -> tuple[BirthDate, ...]:
    """The dates of birth in a text, in the order of the forms; a stretch of text is read once."""
    found: list[BirthDate] = []
    for form in _FORMS:
        for match in form.finditer(text):
            taken = any(match.start() < other.end and other.start < match.end() for other in found)
            days = frozenset(_readings(match, today))
            if days and not taken:
                found.append(BirthDate(days, match.start(), match.end()))
    return tuple(found)


def tells(born: str, dates: Iterable[BirthDate]) -> bool:
    """Whether one of the dates can be read as this one (ISO)."""
    return any(date.fromisoformat(born) in written.days for written in dates)


def _readings(match: re.Match[str], today: date) -> Iterator[date]:
    parts = match.groupdict()
    year = _year(str(parts["y"]), today)
    day = _number(str(parts["d"]))
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else _number(str(parts["m"]))
    day_first = name is None and match.start("d") < match.start("m")
    for pair in ((month, day), (day, month)) if day_first else ((month, day),):
        try:
            read = date(year, *pair)
        except ValueError:
            continue
        if read.year <= today.year - _YOUNGEST:
            yield read


def _year(text: str, today: date) -> int:
    year = _number(text.strip("'"))
    if len(text.strip("'")) > 2:
        return year
    return 2000 + year if year <= (today.year - _YOUNGEST) % 100 else 1900 + year


def _number(text: str) -> int:
    """Figures, or Chinese ones: digit by digit for a year, with tens for a month or a day."""
    if text.isascii():
        return int(text)
    digits = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
    if "十" in text:
        tens, _, ones = text.partition("十")
        return digits.get(tens, 1) * 10 + digits.get(ones, 0)
    return int("".join(str(digits[char]) for char in text))
