"""English dates: "the 12th", "dec 12th 2026", "next friday", "in two weeks", "end of the month", "3 days ago"."""

import re
from collections.abc import Callable
from datetime import date

from nlu.entities import days
from nlu.entities.numerals import EN_SMALL, ORDINAL_WORD, ORDINALS, en_small
from nlu.entities.spans import Context, Scene

Read = Callable[[re.Match[str], Context, bool], tuple[date | None, str] | None]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary|urary|uray)?|feb(?:r?uary|urary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:e?m?ber|emeber)?)\b\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday|ensday|nsday)?|thu(?:r(?:s(?:day)?)?)?|thrusday|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)s?\b"
)
FULL_WEEKDAY = (
    r"(?:monday|tues(?:day)?|tue|weds|wednesday|wensday|wednsday|thur(?:s(?:day)?)?|thrusday|fri(?:day)?"
    r"|saturday|sunday)s?\b"
)
ORDINAL = rf"(?:\d{{1,2}}\s?(?:st|nd|rd|th)\b|{ORDINAL_WORD}\b)"
_NOT_THE_NTH = (
    r"(?!\s+(?:option|one\b|payment|instal|time\b|job|plan|offer|choice|month|week|day\b|mortgage|child"
    r"|kid|baby|loan|account|card"
    r"|letter|reminder|notice|person|call|party|floor|street|st\b|avenue|ave\b|birthday|year|grade|half"
    r"|part|thing|two|three|few"
    r"|class|hand|chance|email|message|text\b|charge|bill\b|deposit|suggestion|proposal|arrangement"
    r"|lot\b|attempt|try\b))"
)
_THE = r"(?:\bthe\s+)?"
_PAST = re.compile(
    r"(?<!get )(?<!gets )(?<!be )(?<!getting )\bpaid\b|\b(?:sent|made|transferred|was|were|did|didn'?t"
    r"|lost|missed|got|took"
    r"|received|went|died|passed|told|spoke|called|said|came|happened|bounced|failed|started|stopped"
    r"|left|moved|borrowed|signed"
    r"|closed|cancelled|canceled|filed|receipts?|redundant|sacked|quit|began|opened|stolen|robbed|burgled|broke"
    r"|shut|ended|dropped|flooded|already|since|had|posted|emailed|laid|fired|ago)\b"
)
_FUTURE = re.compile(
    r"\b(?:will|i'?ll|we'?ll|'ll|going to|gonna|can|could|would|get paid|gets paid|be paid|getting paid"
    r"|until|till|by|plan|hope"
    r"|want|should|might|expect|wait|from|able to)\b"
)
_CLAUSE = re.compile(
    r"[;!?。！？，\n]|[.,](?!\d)|\b(?:but|so|then|because)\b|\band\b(?=\s+(?:i|we|ill|i\'ll|will|can|could|would|my|he|she|they|then|next|the\s+rest|rest|now)\b)"
)
_CLEARED = re.compile(
    r"\b(?:off|split|spread|clear\w*|repay|repaid|settle\w*|finish\w*|done|sorted)\s+(?:(?:it|this|that"
    r"|everything|all|the\s+\w+)\s+){0,2}$"
)
_UNIT = {"d": "day", "w": "week", "f": "fortnight", "m": "month", "y": "year"}


def is_past(text: str, start: int, end: int) -> bool:
    """Whether the clause around these characters speaks of what has happened."""
    left = max((m.end() for m in _CLAUSE.finditer(text, max(0, start - 120), start)), default=max(0, start - 120))
    right = _CLAUSE.search(text, end)
    clause = text[left:start] + "\x00" + text[end : right.start() if right else len(text)]
    return bool(_PAST.search(clause)) and not _FUTURE.search(clause)


def month_number(text: str) -> int:
    return MONTHS.index(text[:3]) + 1


def weekday_number(text: str) -> int:
    return ("mo", "tu", "we", "th", "fr", "sa", "su").index(text[:2])


def ordinal_value(text: str) -> int:
    """The day that "12th", "12" or "twelfth" means."""
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else ORDINALS[re.sub(r"\s+", " ", text)]


def _day_of_month(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str]:
    month, day = month_number(match["m"]), ordinal_value(match["d"])
    if match["y"]:
        year = days.full_year(match["y"].strip("'"), context.today, birth=context.expecting == "birth_date")
        return days.safe_date(year, month, day), "day"
    return days.year_day(context.today, month, day, past=past), "day"


def _rel(text: str) -> int:
    return {"next": 1, "following": 1, "last": -1, "previous": -1, "month after next": 2}.get(text, 0)


def _rel_month_day(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str]:
    return days.in_month(days.shift_month(context.today, _rel(match["rel"])), ordinal_value(match["d"])), "day"


def _month_part(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str] | None:
    part = -1 if match["part"][0] in "el" else 15 if match["part"][0] == "m" else 1
    if match["m"]:
        year = int(match["y"]) if match["y"] else None
        month = month_number(match["m"])
        first = days.safe_date(year, month, 1) if year else days.named_month(context.today, month, past=past)
    elif match["rel"]:
        first = days.shift_month(context.today, _rel(match["rel"]))
    else:
        return days.nearest_end(context.today, part, past=past), "day"
    return days.in_month(first, part), "day"


def _month_only(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str]:
    month = month_number(match["m"])
    if match["y"]:
        return days.safe_date(days.full_year(match["y"].strip("'"), context.today), month, 1), "month"
    if match["rel"]:
        year = context.today.year
        if match["rel"] == "last":
            return days.safe_date(year if month < context.today.month else year - 1, month, 1), "month"
        return days.named_month(context.today, month), "month"
    return days.named_month(context.today, month, past=past), "month"


def _weekday(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str]:
    today, weekday, rel = context.today, weekday_number(match["d"]), match["rel"] or ""
    if match["nth"]:
        return days.next_month_day(today, ordinal_value(match["nth"]), past=past), "day"
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


def _week_on(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str]:
    coming = days.nearest_weekday(context.today, weekday_number(match["d"] or match["d2"]))
    return (days.shift_days(coming, 7) if coming else None), "day"


def _weekday_of_week(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str]:
    return days.weekday_of_week(context.today, weekday_number(match["d"]), _rel(match["rel"])), "day"


def _shift(match: re.Match[str], context: Context, past: bool) -> tuple[date | None, str] | None:
    unit = _UNIT[match["u"][0]]
    if unit in ("month", "year") and match[0].startswith("in") and _CLEARED.search(match.string[: match.start()]):
        return None
    count = match["n"]
    if count.startswith("half"):
        return (days.shift_by(context.today, 6 * _sign(match), "month") if unit == "year" else None), "day"
    number = 2 if "couple" in count else en_small(count)
    if unit == "fortnight":
        number, unit = number * 2, "week"
    return days.shift_by(context.today, number * _sign(match), unit), "day"


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
_MONEY_FOLLOWS = r"(?!\s*(?:[\d,%]|\.\d|k\b|dollars?|bucks|quid|pounds?|usd|a\s+(?:week|month)|per\b|pm\b|pw\b|/))"
_RULES: tuple[tuple[re.Pattern[str], Read], ...] = (
    (
        re.compile(
            rf"(?:\b{WEEKDAY},?\s+)?{_THE}(?<![\d.,/$£¥])\b(?P<d>{ORDINAL}|\d{{1,2}})\s*(?:of\s+"
            rf"|day\s+of\s+)?(?P<m>{MONTH}){_YEAR}"
        ),
        _day_of_month,
    ),
    (
        re.compile(
            rf"(?:\b{WEEKDAY},?\s+)?\b(?P<m>{MONTH})\s*(?:the\s+)?(?P<d>{ORDINAL}"
            rf"|\d{{1,2}}(?![\d:])){_YEAR}{_MONEY_FOLLOWS}"
        ),
        _day_of_month,
    ),
    (re.compile(rf"{_THE}\b(?P<d>{ORDINAL}|\d{{1,2}})\s+(?:day\s+)?(?:of\s+)?{_IN_MONTH}\b"), _rel_month_day),
    (
        re.compile(rf"\b{_IN_MONTH},?\s+(?:(?:on|by|around)\s+)?(?:the\s+)?(?P<d>{ORDINAL}){_NOT_THE_NTH}"),
        _rel_month_day,
    ),
    (
        re.compile(
            rf"{_THE}\b(?P<part>end|last\s+day|mid(?:dle)?|begin+ing|start)[\s-]+(?:of\s+|in\s+)?(?:the\s+)?"
            rf"(?:{_IN_MONTH}|(?P<m>{MONTH}){_YEAR}|month\b)"
        ),
        _month_part,
    ),
    (re.compile(r"\b(?P<part>eom|month[\s-]?end)\b(?P<m>)(?P<rel>)(?P<y>)"), _month_part),
    (
        re.compile(r"\bend\s+of\s+(?:the|this|next)\s+year\b|\byear[\s-]end\b"),
        lambda m, c, p: (date(c.today.year + ("next" in m[0]), 12, 31), "day"),
    ),
    (
        re.compile(
            rf"\b(?:in|after)\s+(?:another\s+|about\s+|around\s+|like\s+)?{_SPAN}(?!\s*(?:late|overdue"
            rf"|notice))"
        ),
        _shift,
    ),
    (
        re.compile(
            rf"\b(?:in\s+)?(?:about\s+|another\s+)?{_SPAN}(?:(?<=time)|\s+(?:from\s+(?:now|today)|later|ago"
            rf"|back)\b)"
        ),
        _shift,
    ),
    (
        re.compile(
            rf"\ba\s+week\s+(?:on|from)\s+(?P<d>{FULL_WEEKDAY})"
            rf"|\bthe\s+(?P<d2>{FULL_WEEKDAY})\s+after\b(?!\s+next)"
        ),
        _week_on,
    ),
    (
        re.compile(r"\b(?P<d>today|tomorrow)\s+week\b|\ba\s+week\s+(?:from\s+)?(?P<d2>tomorrow)\b"),
        lambda m, c, p: (days.shift_days(c.today, 7 if m["d"] == "today" else 8), "day"),
    ),
    (re.compile(rf"\b(?P<d>{WEEKDAY})\s+(?:of\s+)?(?P<rel>next|this|last)\s+week\b"), _weekday_of_week),
    (re.compile(rf"\b(?P<rel>next|this|last)\s+week,?\s+(?:on\s+)?(?P<d>{WEEKDAY})"), _weekday_of_week),
    (
        re.compile(
            rf"\b(?:(?P<rel>next|this|last|following|this\s+coming|coming|past)\s+)?(?P<d>{FULL_WEEKDAY}"
            rf"|(?:(?<=next )|(?<=this )|(?<=last )|(?<=on )|(?<=by )|(?<=until ))(?:mon|wed|thu|sat|sun)\b)"
            rf"(?!\s*(?:paper|roast))(?P<after>\s+(?:after\s+next"
            rf"|week)\b)?(?:,?\s+the\s+(?P<nth>{ORDINAL}))?"
        ),
        _weekday,
    ),
    (re.compile(rf"{_THE}\bday\s+after\s+tomorrow\b"), _plain(2)),
    (re.compile(rf"{_THE}\bday\s+before\s+yesterday\b"), _plain(-2)),
    (re.compile(r"\ba\s+week\s+(?:from\s+)?(?:today|now)\b"), _plain(7)),
    (re.compile(r"\b(?:today|tonight|tonite|2day|this\s+(?:morning|afternoon|evening)\b)"), _plain(0)),
    (re.compile(r"\b(?:tom+or+ow|tomoz|tmrw|tmr|tomo|2mor+ow?|2moro)\b"), _plain(1)),
    (re.compile(r"\b(?:yesterday|yday|last\s+night)\b"), _plain(-1)),
    (re.compile(r"\bweek\s+after\s+next\b"), lambda m, c, p: (days.week_start(c.today, 2), "week")),
    (re.compile(r"\bmonth\s+after\s+next\b"), lambda m, c, p: (days.shift_month(c.today, 2), "month")),
    (
        re.compile(
            r"\b(?P<rel>next|this|last|following|coming)\s+weekend\b|\b(?:the|over\s+the)\s+weekend\b|\b(?:by|on"
            r"|at)\s+weekend\b"
        ),
        lambda m, c, p: (days.weekday_of_week(c.today, 5, _rel(m["rel"] or "")), "day"),
    ),
    (
        re.compile(r"\b(?P<rel>next|this|last|the\s+following|coming)\s+w(?:ee|e)k\b(?!')"),
        lambda m, c, p: (days.week_start(c.today, _rel(m["rel"].split()[-1])), "week"),
    ),
    (
        re.compile(r"\b(?P<rel>next|this|last|the\s+following|coming)\s+(?:month|mnth|mth|mounth)\b(?!')"),
        lambda m, c, p: (days.shift_month(c.today, _rel(m["rel"].split()[-1])), "month"),
    ),
    (
        re.compile(
            rf"{_THE}(?<![\d.,:$£¥])\b(?P<d>\d{{1,2}}\s?(?:st|nd|rd|th)\b){_NOT_THE_NTH}(?:\s+of\s+(?:the|each"
            rf"|every)\s+month\b)?"
        ),
        lambda m, c, p: (days.next_month_day(c.today, ordinal_value(m["d"]), past=p), "day"),
    ),
    (
        re.compile(
            rf"\b(?:the\s+)?(?P<d>{ORDINAL_WORD})\s+of\s+(?:the|each|every)\s+month\b|\b(?:on|by|from|until|till"
            rf"|before|after|around)\s+the\s+(?P<d2>{ORDINAL_WORD})\b{_NOT_THE_NTH}|\bthe\s+(?P<d3>(?!first"
            rf"|second|third){ORDINAL_WORD})\b{_NOT_THE_NTH}"
        ),
        lambda m, c, p: (days.next_month_day(c.today, ordinal_value(m["d"] or m["d2"] or m["d3"]), past=p), "day"),
    ),
    (
        re.compile(
            rf"\b(?:(?P<rel>next|this|last)\s+)?(?P<m>(?!may|mar\b|march|sep\b|jan\b|dec\b"
            rf"|apr\b){MONTH}){_YEAR}"
        ),
        _month_only,
    ),
    (
        re.compile(
            rf"(?:(?<=\bin )|(?<=\bfrom )|(?<=\bby )|(?<=\bsince )|(?<=\buntil )|(?<=\btill )|(?<=\bof )"
            rf"|(?<=\bfor )|(?<=\bthis )|(?<=\bnext )|(?<=\blast )|(?<=\bstarting )|(?<=\bbefore )|(?<=\bafter )"
            rf"|(?<=\band ))"
            rf"(?P<rel>)(?P<m>{MONTH}){_YEAR}(?!\s+(?:i|we|be|not|have)\b)"
        ),
        _month_only,
    ),
    (
        re.compile(
            r"\b(?:christmas(?!\s+(?:bonus|shopping|present|money|tree))(?:\s+(?:day|eve))?|xmas(?!\s+(?:bonus"
            r"|shopping|present))|(?<!in the )new\s+year'?s?(?:\s+(?:day|eve))?)\b"
        ),
        lambda m, c, p: (
            days.year_day(
                c.today,
                *(
                    (12, 31)
                    if "year" in m[0] and "eve" in m[0]
                    else (1, 1)
                    if "year" in m[0]
                    else (12, 24)
                    if "eve" in m[0]
                    else (12, 25)
                ),
                past=p,
            ),
            "day",
        ),
    ),
)
_LATIN = re.compile(r"[a-z]")


_NO_SUCH_DAY = re.compile(
    r"\b(?:feb(?:ruary)?\s+(?:the\s+)?3[01]|(?:apr(?:il)?|june?|sept?(?:ember)?|nov(?:ember)?)\s+(?:the\s+)?31)"
    r"(?:st|th)?\b(?!\s*(?:dollars|bucks|quid|pounds))"
)


def find_dates(scene: Scene) -> None:
    """Take every English date in the scene; rules run from the most particular to the most general."""
    if not _LATIN.search(scene.view):
        return
    for match in _NO_SUCH_DAY.finditer(scene.view):
        scene.mask(*match.span())
    for pattern, read in _RULES:
        for match in pattern.finditer(scene.view):
            result = read(match, scene.context, is_past(scene.view, match.start(), match.end()))
            if result and result[0]:
                scene.take("date", {"value": result[0].isoformat(), "grain": result[1]}, match.start(), match.end())
