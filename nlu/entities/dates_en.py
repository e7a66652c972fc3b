"""English dates: "the 12th", "dec 12th 2026", "next friday", "in two weeks", "end of the month", "3 days ago"."""

import re
from collections.abc import Callable
from datetime import date

from nlu.entities import days
from nlu.entities.english import (
    CLEARED,
    FULL_WEEKDAY,
    GREW,
    MONTH,
    NO_SUCH_DAY,
    NOT_THE_NTH,
    ORDINAL,
    WEEKDAY,
    is_past,
    is_timeless,
    month_number,
    ordinal_value,
    weekday_number,
)
from nlu.entities.numerals import EN_SMALL, ORDINAL_WORD, en_small
from nlu.entities.spans import Context, Scene
from nlu.entities.text import regex

Read = Callable[[re.Match[str], Context, bool], days.Found]

_UNIT = {"d": "day", "w": "week", "f": "fortnight", "m": "month", "y": "year"}
_THE = r"(?:\bthe\s+)?"


def _day_of_month(match: re.Match[str], context: Context, past: bool) -> days.Found:
    month, day = month_number(match["m"]), ordinal_value(match["d"])
    if match["y"]:
        year = days.full_year(match["y"].strip("'"), context.today, birth=context.expecting == "birth_date")
        return days.safe_date(year, month, day), "day"
    return days.year_day(context.today, month, day, past=past), "day"


def _rel(text: str) -> int:
    return {"next": 1, "following": 1, "last": -1, "previous": -1, "month after next": 2}.get(text, 0)


def _rel_month_day(match: re.Match[str], context: Context, past: bool) -> days.Found:
    return days.in_month(days.shift_month(context.today, _rel(match["rel"])), ordinal_value(match["d"])), "day"


def _month_part(match: re.Match[str], context: Context, past: bool) -> days.Found:
    part = -1 if match["part"][0] in "el" else 15 if match["part"][0] in "mh" else 1
    if match["m"]:
        year = int(match["y"]) if match["y"] else None
        month = month_number(match["m"])
        first = days.safe_date(year, month, 1) if year else days.named_month(context.today, month, past=past)
    elif match["rel"]:
        first = days.shift_month(context.today, _rel(match["rel"]))
    else:
        return days.nearest_end(context.today, part, past=past), "day"
    return days.in_month(first, part), "day"


def _month_only(match: re.Match[str], context: Context, past: bool) -> days.Found:
    month = month_number(match["m"])
    if match["y"]:
        return days.safe_date(days.full_year(match["y"].strip("'"), context.today), month, 1), "month"
    if match["rel"]:
        year = context.today.year
        if match["rel"] == "last":
            return days.safe_date(year if month < context.today.month else year - 1, month, 1), "month"
        return days.named_month(context.today, month), "month"
    return days.named_month(context.today, month, past=past), "month"


def _weekday(match: re.Match[str], context: Context, past: bool) -> days.Found:
    today, weekday, rel = context.today, weekday_number(match["d"]), match["rel"] or ""
    if nth := match["nth"] or match["nth2"]:
        return days.next_month_day(today, ordinal_value(nth), past=past), "day"
    if match["after"] and "next" in match["after"]:
        return days.weekday_of_week(today, weekday, 2), "day"
    if match["after"]:
        coming = days.nearest_weekday(today, weekday)
        return (days.shift_days(coming, 7) if coming else None), "day"
    if rel == "last" or (past and not rel):
        return days.nearest_weekday(today, weekday, past=True), "day"
    if rel in ("next", "following"):
        return days.weekday_of_week(today, weekday, 1), "day"
    if rel == "this":
        return days.nearest_weekday(today, weekday, past=past, include_today=True), "day"
    return days.nearest_weekday(today, weekday), "day"


def _week_on(match: re.Match[str], context: Context, past: bool) -> days.Found:
    coming = days.nearest_weekday(context.today, weekday_number(match["d"] or match["d2"] or match["d3"]))
    weeks = (
        en_small(match["k"]) - 1
        if match["k"]
        else en_small(match["n"] or "a") * (2 if match["u"] == "fortnight" else 1)
    )
    return (days.shift_days(coming, 7 * weeks) if coming else None), "day"


def _last_weekday_of_month(match: re.Match[str], context: Context, past: bool) -> days.Found:
    """“The last Friday of every month” is the next one that is a month's last; of a month that is named, its last."""
    months = [month_number(match["m"])] if match["m"] else None
    first = context.today.replace(day=1) if months is None else days.named_month(context.today, months[0], past=past)
    shift = _rel(match["rel"] or "") if months is None else 0
    for later in (0, 1):
        start = days.shift_month(first, shift + later) if first else None
        end = days.in_month(start, -1) if start else None
        if end is None:
            return None
        day = days.shift_days(end, -((end.weekday() - weekday_number(match["d"])) % 7))
        if day is not None and (day >= context.today or past or months or shift):
            return day, "day"
    return None


def _weekday_of_week(match: re.Match[str], context: Context, past: bool) -> days.Found:
    return days.weekday_of_week(context.today, weekday_number(match["d"]), _rel(match["rel"])), "day"


def _shift(match: re.Match[str], context: Context, past: bool) -> days.Found:
    unit = _UNIT[match["u"][0]]
    if unit in ("month", "year") and match[0].startswith("in") and CLEARED.search(match.string[: match.start()]):
        return None
    count = match["n"]
    if match[0].startswith("in") and (past or GREW.search(match.string[: match.start()])):
        return None
    if count.startswith("half"):
        return (days.shift_by(context.today, 6 * _sign(match), "month") if unit == "year" else None), "day"
    number = 2 if "couple" in count else en_small(count)
    if unit == "fortnight":
        number, unit = number * 2, "week"
    return days.shift_by(context.today, number * _sign(match), unit), "day"


def _holiday(text: str) -> tuple[int, int]:
    """Month and day."""
    if text[0] == "n":
        return (12, 31) if text.endswith("eve") else (1, 1)
    if text[0] in "cx":
        return 12, 24 if text.endswith("eve") else 25
    return {"b": (12, 26), "h": (10, 31), "v": (2, 14)}[text[0]]


def _sign(match: re.Match[str]) -> int:
    return -1 if "ago" in match[0] else 1


def _plain(shift: int) -> Read:
    return lambda match, context, past: (days.shift_days(context.today, shift), "day")


_COUNT = rf"(?P<n>half an?|an?\s+couple(?:\s+of)?|a|an|couple(?:\s+of)?|{EN_SMALL})"
_SPAN = (
    rf"{_COUNT}\s*(?:more\s+)?(?P<u>days?|wee?ks?|wks?|fortnights?|months?|mnths?|mths?|years?"
    rf"|yrs?)(?:'s?)?(?:\s+time)?\b"
)
_YEAR = r"(?:(?:,\s*|\s+|\s+of\s+)(?P<y>'\d{2}|(?:19|20)\d{2})\b)?"
_IN_MONTH = r"(?P<rel>next|this|last|following)\s+month"
_MONEY_FOLLOWS = r"(?!\s*(?:[\d%]|,\d|\.\d|k\b|dollars?|bucks|quid|pounds?|usd|a\s+(?:week|month)|per\b|pm\b|pw\b|/))"
_RULES: tuple[tuple[re.Pattern[str], Read], ...] = (
    (
        regex(
            rf"(?:\b{WEEKDAY},?\s+)?{_THE}(?<![\d.,/$£¥])\b(?P<d>{ORDINAL}|\d{{1,2}})\s*(?:of\s+"
            rf"|day\s+of\s+)?(?P<m>{MONTH}){_YEAR}"
        ),
        _day_of_month,
    ),
    (
        regex(
            rf"(?:\b{WEEKDAY},?\s+)?\b(?P<m>{MONTH})\s*(?:the\s+)?(?P<d>{ORDINAL}"
            rf"|\d{{1,2}}(?![\d:])){_YEAR}{_MONEY_FOLLOWS}"
        ),
        _day_of_month,
    ),
    (regex(rf"{_THE}\b(?P<d>{ORDINAL}|\d{{1,2}})\s+(?:day\s+)?(?:of\s+)?{_IN_MONTH}\b"), _rel_month_day),
    (
        regex(rf"\b{_IN_MONTH},?\s+(?:(?:on|by|around)\s+)?(?:the\s+)?(?P<d>{ORDINAL}){NOT_THE_NTH}"),
        _rel_month_day,
    ),
    (
        regex(
            rf"{_THE}\b(?P<part>end|last\s+day|half\s?way\s+through|mid(?:dle)?|begin+ing|start(?=\s+of))[\s-]+(?:of\s+)?(?:(?:the|each|every)\s+)?"
            rf"(?:{_IN_MONTH}|(?P<m>{MONTH}){_YEAR}|month\b)"
        ),
        _month_part,
    ),
    (regex(r"\b(?P<part>eom|month[\s-]?end)\b(?P<m>)(?P<rel>)(?P<y>)"), _month_part),
    (
        regex(r"\b(?:end\s+of\s+(?:the|this|(?P<next>next))\s+week|eow)\b"),
        lambda m, c, p: (days.weekday_of_week(c.today, 6, 1 if m["next"] else 0), "day"),
    ),
    (
        regex(r"\bend\s+of\s+(?:the|this|next)\s+year\b|\byear[\s-]end\b"),
        lambda m, c, p: (date(c.today.year + ("next" in m[0]), 12, 31), "day"),
    ),
    (
        regex(
            rf"\b(?:in|after)\s+(?:another\s+|about\s+|around\s+|like\s+)?{_SPAN}(?!\s*(?:late|overdue"
            rf"|notice))"
        ),
        _shift,
    ),
    (
        regex(
            rf"\b(?:in\s+)?(?:about\s+|another\s+)?{_SPAN}(?:(?<=time)|\s+(?:from\s+(?:now|today)|later|ago"
            rf"|back)\b)"
        ),
        _shift,
    ),
    (
        regex(
            rf"(?<!\d )(?<!\dk )(?<!quid )(?<!bucks )(?<!every )\b(?P<n>a|one|two|three|2|3)\s+(?P<u>weeks?|fortnight)"
            rf"\s+(?:on|from)\s+(?P<d>{FULL_WEEKDAY})(?<!days)|\b(?P<k>two|three|2|3)\s+(?P<d3>{FULL_WEEKDAY})\s+from\s+now"
            rf"|\bthe\s+(?P<d2>{FULL_WEEKDAY})\s+after\b(?!\s+next)"
        ),
        _week_on,
    ),
    (
        regex(r"\b(?P<d>today|tomorrow)\s+week\b|\ba\s+week\s+(?:from\s+)?(?P<d2>tomorrow)\b"),
        lambda m, c, p: (days.shift_days(c.today, 7 if m["d"] == "today" else 8), "day"),
    ),
    (
        regex(
            rf"\b(?:the\s+)?last\s+(?P<d>{WEEKDAY})\s+(?:of|in)\s+(?:(?:(?:the|each|every|(?P<rel>next|this))\s+)?month\b"
            rf"|(?P<m>{MONTH}))"
        ),
        _last_weekday_of_month,
    ),
    (regex(rf"\b(?P<d>{WEEKDAY})\s+(?:of\s+)?(?P<rel>next|this|last)\s+week\b"), _weekday_of_week),
    (regex(rf"\b(?P<rel>next|this|last)\s+week,?\s+(?:on\s+)?(?P<d>{WEEKDAY})"), _weekday_of_week),
    (
        regex(
            rf"\b(?:(?P<rel>next|this|last|following|this\s+coming|coming|past)\s+)?(?P<d>{FULL_WEEKDAY}"
            rf"|(?:(?<=next )|(?<=this )|(?<=last )|(?<=on )|(?<=by )|(?<=until ))(?:mon|wed|thu|sat|sun)\b)"
            rf"(?!\s*(?:paper|roast))(?P<after>\s+(?:after\s+next"
            rf"|week)\b)?(?:,?\s+(?:the\s+(?P<nth>{ORDINAL})|(?P<nth2>\d{{1,2}}(?:st|nd|rd|th)\b)(?!\s+(?:{MONTH}|of))))?"
        ),
        _weekday,
    ),
    (regex(rf"{_THE}\bday\s+after\s+tomorrow\b"), _plain(2)),
    (regex(rf"{_THE}\bday\s+before\s+yesterday\b"), _plain(-2)),
    (regex(r"\ba\s+week\s+(?:from\s+)?(?:today|now)\b"), _plain(7)),
    (regex(r"\b(?:today|tonight|tonite|2day|this\s+(?:morning|afternoon|evening)\b)"), _plain(0)),
    (regex(r"\b(?:tom+or+ow|tomoz|tmrw|tmr|tomo|2mor+ow?|2moro)\b"), _plain(1)),
    (regex(r"\b(?:yesterday|yday|last\s+night)\b"), _plain(-1)),
    (regex(r"\bweek\s+after\s+next\b"), lambda m, c, p: (days.week_start(c.today, 2), "week")),
    (regex(r"\bmonth\s+after\s+next\b"), lambda m, c, p: (days.shift_month(c.today, 2), "month")),
    (
        regex(
            r"\b(?P<rel>next|this|last|following|coming)\s+weekend\b|\b(?:the|over\s+the)\s+weekend\b|\b(?:by|on"
            r"|at)\s+weekend\b"
        ),
        lambda m, c, p: (days.weekday_of_week(c.today, 5, _rel(m["rel"] or "")), "day"),
    ),
    (
        regex(r"\b(?P<rel>next|this|last|the\s+following|coming)\s+w(?:ee|e)k\b(?!')"),
        lambda m, c, p: (days.week_start(c.today, _rel(m["rel"].split()[-1])), "week"),
    ),
    (
        regex(r"\b(?P<rel>next|this|last|the\s+following|coming)\s+(?:month|mnth|mth|mounth)\b(?!')"),
        lambda m, c, p: (days.shift_month(c.today, _rel(m["rel"].split()[-1])), "month"),
    ),
    (
        regex(
            rf"{_THE}(?<![\d.,:$£¥])\b(?P<d>\d{{1,2}}\s?(?:st|nd|rd|th)\b){NOT_THE_NTH}(?:\s+of\s+(?:the|each"
            rf"|every)\s+month\b)?"
        ),
        lambda m, c, p: (days.next_month_day(c.today, ordinal_value(m["d"]), past=p), "day"),
    ),
    (
        regex(
            rf"\b(?:the\s+)?(?P<d>{ORDINAL_WORD})\s+of\s+(?:the|each|every)\s+month\b|\b(?:on|by|from|until|till"
            rf"|before|after|around)\s+the\s+(?P<d2>{ORDINAL_WORD})\b{NOT_THE_NTH}|\bthe\s+(?P<d3>(?!first"
            rf"|second|third){ORDINAL_WORD})\b{NOT_THE_NTH}"
        ),
        lambda m, c, p: (days.next_month_day(c.today, ordinal_value(m["d"] or m["d2"] or m["d3"]), past=p), "day"),
    ),
    (
        regex(
            rf"\b(?:(?P<rel>next|this|last)\s+)?(?P<m>(?!may|mar\b|march|sep\b|jan\b|dec\b"
            rf"|apr\b){MONTH}){_YEAR}"
        ),
        _month_only,
    ),
    (
        regex(
            rf"(?:(?<=\bin )|(?<=\bfrom )|(?<=\bby )|(?<=\bsince )|(?<=\buntil )|(?<=\btill )|(?<=\bof )"
            rf"|(?<=\bthrough )|(?<=\bthru )|(?<=\bfor )|(?<=\bthis )|(?<=\bnext )|(?<=\blast )|(?<=\bstarting )"
            rf"|(?<=\bbefore )|(?<=\bafter )|(?<=\band ))"
            rf"(?P<rel>)(?P<m>{MONTH}){_YEAR}(?!\s+(?:i|we|be|not|have)\b)"
        ),
        _month_only,
    ),
    (
        regex(rf"(?:(?<=\buntil )|(?<=\btill )|(?<=\bfrom ))(?P<rel>)(?P<m>(?!may\b){MONTH}){_YEAR}(?=\s+i\b)"),
        _month_only,
    ),
    (
        regex(
            r"\b(?:christmas(?!\s+(?:bonus|shopping|present|money|tree))(?:\s+(?:day|eve))?|xmas(?!\s+(?:bonus"
            r"|shopping|present))(?:\s+eve)?|(?<!in the )new\s+year'?s?(?:\s+(?:day|eve))?|boxing\s+day|hallowe'?en"
            r"|valentine'?s?(?:\s+day)?)\b"
        ),
        lambda m, c, p: (days.year_day(c.today, *_holiday(m[0]), past=p), "day"),
    ),
)
_LATIN = regex(r"[a-z]")


def find_dates(scene: Scene) -> None:
    """Take every English date in the scene; rules run from the most particular to the most general."""
    if not _LATIN.search(scene.view):
        return
    for match in NO_SUCH_DAY.finditer(scene.view):
        scene.mask(*match.span())
    days.take_dates(scene, _RULES, is_past, is_timeless)
