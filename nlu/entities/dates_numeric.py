"""Dates in figures: 2026-12-15, 12/15 in the market's order, 12.15前; dates of birth in every usual form."""

from datetime import date

from nlu.entities import days, english
from nlu.entities.dates_zh import DAY, MONTH
from nlu.entities.numerals import zh_small
from nlu.entities.spans import Context, Scene
from nlu.entities.text import regex

_ISO = regex(r"(?<![\d/.-])((?:19|20)\d{2})\s?([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d/-])")
_FULL = regex(r"(?<![\d/.-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\2\s?((?:19|20)?\d{2})(?![\d/-])")
_SHORT = regex(r"(?<![\d/.$£¥-])(\d{1,2})/(\d{1,2})(?![\d/%.]|\s*(?:of|off)\b|[期折成])")
_DOTTED_ZH = regex(
    r"(?<![\d/.$£¥-])(\d{1,2})[.-](\d{1,2})(?=号|日|(?:之|以)?前|(?:之|以)?后)"
    r"|(?<![\d/.$£¥月期次个周天还付给交-])(1[0-2]|[1-9])\.(3[01]|[12]\d|0?[1-9])(?=(?:先|再|就|能|可以|我)?[还付交给](?!万|[一两]?点|个))"
)
_DATE_WORD = regex(r"(?:\b(?:on|by|before|until|till|due|from|the|date)|[到在于是]|日期)\s*:?\s*$")
_FRACTIONS = {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5)}
_BARE_DAY = regex(rf"^\W*(?:the|on|号|就|那|那就)?\s*({DAY}|\d{{1,2}})\s*(?:吧|can|ok|please|pls|行吗|可以吗)?\W*$")

_BARE_PAIR = regex(r"^\W*(\d{1,2})[-./ ](\d{1,2})\W*$")
_BIRTH_COMPACT = regex(r"(?<!\d)(?:\d{8}|\d{6})(?!\d)")
_BIRTH_ZH = regex(rf"(?<!\d)(\d{{4}}|\d{{2}})年?(?:\s*)({MONTH})月\s*({DAY})[号日]?")
_BIRTH_SPACED = regex(r"(?<!\d)(\d{1,4})[ ./,-]+(\d{1,2})[ ./,-]+(\d{1,4})(?!\d)")


def month_comes_first(context: Context) -> bool:
    """US order for a dollar debt, Chinese order in Chinese; day first elsewhere."""
    return context.currency == "USD" or context.lang == "zh"


def _take(scene: Scene, found: date | None, start: int, end: int) -> None:
    if found and scene.is_free(start, end):
        scene.take("date", {"value": found.isoformat(), "grain": "day"}, start, end)


def find_numeric_dates(scene: Scene) -> None:
    """Take dates written in figures."""
    context, month_first = scene.context, month_comes_first(scene.context)
    for match in _ISO.finditer(scene.view):
        _take(scene, days.safe_date(int(match[1]), int(match[3]), int(match[4])), *match.span())
    for match in _FULL.finditer(scene.view):
        found = days.numeric_date(match[1], match[3], match[4], month_first=month_first, today=context.today)
        _take(scene, found, *match.span())
    for pattern in (_DOTTED_ZH, _SHORT):
        for match in pattern.finditer(scene.view):
            dated = bool(_DATE_WORD.search(scene.view[max(0, match.start() - 12) : match.start()]))
            month, day = (each for each in match.groups() if each is not None)
            if pattern is _SHORT and not dated and (int(month), int(day)) in _FRACTIONS:
                continue
            past = english.is_past(scene.view, *match.span())
            order = month_first or pattern is _DOTTED_ZH
            found = days.numeric_date(month, day, None, month_first=order, today=context.today, past=past)
            _take(scene, found, *match.span())


def find_bare_day(scene: Scene) -> None:
    """Asked for a date, a lone number from 1 to 31 is a day of the month."""
    if pair := _BARE_PAIR.match(scene.view):
        order, today = month_comes_first(scene.context), scene.context.today
        _take(
            scene, days.numeric_date(pair[1], pair[2], None, month_first=order, today=today), pair.start(1), pair.end(2)
        )
        return
    match = _BARE_DAY.match(scene.view)
    day = (zh_small(match[1]) or 0) if match else 0
    if match and 1 <= day <= 31:
        _take(scene, days.next_month_day(scene.context.today, day), match.start(1), match.end(1))


def find_birth_date(scene: Scene) -> None:
    """Asked for a date of birth: two-digit years lie in the past, bare digits are read in the market's order."""
    today = scene.context.today
    for match in _BIRTH_ZH.finditer(scene.view):
        year = days.full_year(match[1], today, birth=True)
        _take(scene, days.safe_date(year, zh_small(match[2]) or 0, zh_small(match[3]) or 0), *match.span())
    for match in _BIRTH_SPACED.finditer(scene.view):
        _take(scene, _birth(match[1], match[2], match[3], scene.context), *match.span())
    for match in _BIRTH_COMPACT.finditer(scene.view):
        _take(scene, _compact_birth(match[0], scene.context), *match.span())


def _birth(a: str, b: str, c: str, context: Context) -> date | None:
    if len(a) in (3, 4):
        return days.safe_date(int(a), int(b), int(c)) if len(c) <= 2 else None
    if len(c) not in (2, 4) or len(a) > 2:
        return _year_first(a, b, c, context)
    year = str(days.full_year(c, context.today, birth=True))
    found = days.numeric_date(a, b, year, month_first=month_comes_first(context), today=context.today)
    if context.lang == "zh" and len(c) == 2:
        return _year_first(a, b, c, context) or found
    return found or _year_first(a, b, c, context)


def _year_first(a: str, b: str, c: str, context: Context) -> date | None:
    return days.safe_date(days.full_year(a, context.today, birth=True), int(b), int(c)) if len(c) <= 2 else None


def _compact_birth(text: str, context: Context) -> date | None:
    wide = len(text) == 8
    year_first = text[:-4], text[-4:-2], text[-2:]
    year_last = text[4:], *((text[:2], text[2:4]) if month_comes_first(context) else (text[2:4], text[:2]))
    swapped = text[4:], text[:2], text[2:4]
    prefer_first = text[:2] in ("19", "20") if wide else context.currency == "CNY"
    orders = (year_first, year_last, swapped) if prefer_first else (year_last, swapped, year_first)
    for year, month, day in orders:
        found = days.safe_date(days.full_year(year, context.today, birth=True), int(month), int(day))
        if found and 1900 <= found.year <= context.today.year:
            return found
    return None
