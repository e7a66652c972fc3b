"""Chinese dates: 后天, 下周五, 月底, 下个月15号, 十二月五号, 三天后, 两个星期前, 明年一月."""

import re
from collections.abc import Callable
from datetime import date

from nlu.entities import days
from nlu.entities.numerals import SMALL_ZH, ZD, zh_small
from nlu.entities.spans import Context, Scene, clause_bounds

Read = Callable[[re.Match[str], Context, bool], days.Found]

MONTH = r"(?:元(?=月)|1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
DAY_MARK = r"(?:号|日)(?!楼|线|院|店|码|卡|机|方案|选|房|门|床|桌|柜|套|客服|员工|坐席|子|常|历|元)"
NOT_NUMBER = rf"(?<![\d{ZD}十百.第/])"
NOT_MEASURED = rf"(?![\d{ZD}十百千万亿个天年月期元块岁点分折次成%倍:.,kw]|号楼|\s*(?:块|元|usd|rmb))"
REL_MONTH = r"(?P<rel>这个?|本|当|下下个?|下个?|上上个?|上个?|次)月份?"
WEEK = r"(?:周|星期|礼拜)"
_REL = {"这": 0, "本": 0, "当": 0, "下": 1, "次": 1, "下下": 2, "上": -1, "上上": -2}
_YEARS = {"今": 0, "本": 0, "明": 1, "后": 2, "去": -1, "前": -2}
_PARTS = {"底": -1, "末": -1, "尾": -1, "最后一天": -1, "初": 1, "中": 15}
_DAYS = {"今": 0, "明": 1, "后": 2, "大后": 3, "昨": -1, "前": -2, "大前": -3, "听": 1, "寻": -1, "琴": -1}
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "个星期": "week", "个礼拜": "week",
          "个周": "week", "个月": "month", "月": "month", "年": "year"}  # fmt: skip
_HOLIDAYS = {
    "元旦": (1, 1),
    "国庆": (10, 1),
    "圣诞": (12, 25),
    "平安夜": (12, 24),
    "双十一": (11, 11),
    "双十二": (12, 12),
}

_PAST = re.compile(
    r"(?<!不)了(?!解|断|结)|[完清好过]啦|过(?!几|两|一|去)|已经|刚|早就|上次|以来|到现在|到今天|至今|就没|一直没"
    r"|的(?=$|[^\w\x00])|没(?:还|付|交|接到|收到)"
)
_SLIP = re.compile(r"(?:说|讲|写|打|记|弄|搞|看|输)错(?:字|日子|日期)?了")
"""“说错了，是15号” tells of a slip, and nothing of when."""
_FUTURE = re.compile(
    r"会|能|可以|可不可以|再|等|打算|准备|争取|之前|以前|前(?!天)|保证|一定|行不|行吗|要还|就还(?!完|清|过|了|掉)|才能|发了"
    r"|完了|就好"
)


_PLANS = re.compile(r"起|开始|到|还|改|扣|付|从|吧|行|给|转|后")


def is_past(text: str, start: int, end: int) -> bool:
    """Whether the clause around these characters speaks of what has happened."""
    left, right = clause_bounds(text, start, end)
    clause = text[left:start] + "\x00" + text[end:right]
    return bool(_PAST.search(_SLIP.sub("", clause))) and not _FUTURE.search(clause)


def is_timeless(text: str, start: int, end: int) -> bool:
    """Whether that clause tells neither what has happened nor what is to come."""
    left, right = clause_bounds(text, start, end)
    clause = text[left:start] + "\x00" + text[end:right]
    return not (_PAST.search(_SLIP.sub("", clause)) or _FUTURE.search(clause) or _PLANS.search(clause))


def month_number(text: str) -> int:
    """The number of a month; 元月 is January."""
    return 1 if text == "元" else zh_small(text) or 0


def _rel(text: str) -> int:
    return _REL[text.removesuffix("个")]


def _year(text: str | None, today: date) -> int | None:
    if not text:
        return None
    if text in _YEARS:
        return today.year + _YEARS[text]
    value = int(text) if text.isdigit() else zh_small(text)
    return None if value is None else days.full_year(str(value), today)


def _month_day(match: re.Match[str], context: Context, past: bool) -> days.Found:
    month, day = month_number(match["m"]), zh_small(match["d"]) or 0
    year = _year(match["y"], context.today)
    if year is not None:
        return days.safe_date(year, month, day), "day"
    return days.year_day(context.today, month, day, past=past), "day"


def _month_part(match: re.Match[str], context: Context, past: bool) -> days.Found:
    year = _year(match["y"], context.today)
    month = month_number(match["m"])
    first = days.named_month(context.today, month, past=past) if year is None else days.safe_date(year, month, 1)
    return days.in_month(first, _PARTS[match["part"]]), "day"


def _month_only(match: re.Match[str], context: Context, past: bool) -> days.Found:
    year = _year(match["y"], context.today)
    month = month_number(match["m"])
    return (
        days.named_month(context.today, month, past=past) if year is None else days.safe_date(year, month, 1)
    ), "month"


def _rel_month_day(match: re.Match[str], context: Context, past: bool) -> days.Found:
    return days.in_month(days.shift_month(context.today, _rel(match["rel"])), zh_small(match["d"]) or 0), "day"


def _rel_month_part(match: re.Match[str], context: Context, past: bool) -> days.Found:
    return days.in_month(days.shift_month(context.today, _rel(match["rel"])), _PARTS[match["part"]]), "day"


def _bare_part(match: re.Match[str], context: Context, past: bool) -> days.Found:
    return days.nearest_end(context.today, _PARTS[match["part"]], past=past), "day"


def _week(match: re.Match[str], context: Context, past: bool) -> days.Found:
    rel, day = match["rel"], match["d"]
    if not day:
        return (days.week_start(context.today, _rel(rel)), "week") if rel else None
    weekday = (
        5 if day == "末" else 6 if day in "日天7" else "一二三四五六".find(day) if not day.isdigit() else int(day) - 1
    )
    if rel:
        return days.weekday_of_week(context.today, weekday, _rel(rel)), "day"
    return days.nearest_weekday(context.today, weekday, past=past, include_today=day == "末"), "day"


def _shifted(match: re.Match[str], context: Context, past: bool) -> days.Found:
    if match["u"] == "日" and match[0].endswith("日前") and not past:
        return None
    unit = _UNITS[match["u"].removeprefix("半").replace("个半", "个")]
    sign = -1 if match["way"] == "前" else 1
    half = match["n"] == "半"
    count = 0 if half else zh_small(match["n"])
    if count is None:
        return None
    day = days.shift_by(context.today, sign * count, unit)
    if day and (half or match["half"] or "个半" in match["u"]):
        day = days.shift_by(day, sign * 6, "month") if unit == "year" else days.shift_by(day, sign * 15, "day")
    return day, "day"


def _through(match: re.Match[str], context: Context, past: bool) -> days.Found:
    unit = _UNITS[match["u"]]
    if match["n"] == "半":
        count, unit = {"month": (15, "day"), "year": (6, "month")}.get(unit, (None, unit))
    else:
        count = zh_small(match["n"])
    return None if count is None else (days.shift_by(context.today, count, unit), "day")


_Y = rf"(?:(?P<y>[今明后去前本]|\d{{4}}|\d{{2}}|[{ZD}]{{4}})年(?:的)?\s*)?"
_N = rf"(?P<n>{SMALL_ZH}|半)"
_RULES: tuple[tuple[re.Pattern[str], Read], ...] = (
    (
        re.compile(rf"{NOT_NUMBER}{_Y}(?P<m>{MONTH})月(?:份的?)?\s*(?P<d>{DAY})(?:{DAY_MARK}|{NOT_MEASURED})"),
        _month_day,
    ),
    (re.compile(rf"{NOT_NUMBER}{_Y}(?P<m>{MONTH})月份?的?(?P<part>最后一天|[底末尾初中])旬?"), _month_part),
    (re.compile(rf"{REL_MONTH}的?[,，]?\s*(?P<d>{DAY})(?:{DAY_MARK}|{NOT_MEASURED})"), _rel_month_day),
    (re.compile(rf"{REL_MONTH}?的?(?:月)?(?P<part>[底末尾初中])(?<=月.|的.)旬?"), _rel_month_part),
    (re.compile(rf"{REL_MONTH}的?(?P<part>最后一天)"), _rel_month_part),
    (re.compile(r"每个?月的?(?P<part>最后一天)"), _bare_part),
    (
        re.compile(rf"{REL_MONTH}(?:(?![起每月前后了没不{ZD}十第])[\u4e00-\u9fff]){{1,8}}(?P<d>{DAY}){DAY_MARK}"),
        _rel_month_day,
    ),
    (re.compile(r"(?<!几个)(?<!个)(?<!几)月(?P<part>[底末初中])旬?(?!介)"), _bare_part),
    (
        re.compile(
            rf"(?P<rel>这个?|本|下下个?|下个?|上上个?|上个?)?(?<![半双]){WEEK}(?:内的?|的)?{WEEK}?"
            rf"(?P<d>[一二三四五六日天末]|[1-7](?!\d))?(?![次号期年]|[百千万块元毛]"
            rf"|十(?!\d?[{ZD}]?[号日]))"
        ),
        _week,
    ),
    (
        re.compile(
            rf"{NOT_NUMBER}(?P<n>{SMALL_ZH}|半)(?P<u>天|日|周|个?星期|个?礼拜|个半?月|(?<=[俩仨])月|年)(?P<half>半)?"
            r"(?:之|以)?(?P<way>后(?!天)|前(?!天|[一二两三\d]))"
        ),
        _shifted,
    ),
    (
        re.compile(
            rf"(?<![超不没经通还付交错度难])过(?P<n>{SMALL_ZH}|半)(?P<u>天|日|周|个星期|个礼拜|个月|年)(?!了|多)"
        ),
        _through,
    ),
    (re.compile(rf"{REL_MONTH}(?!\s*供)"), lambda m, c, p: (days.shift_month(c.today, _rel(m["rel"])), "month")),
    (
        re.compile(
            rf"(?<![每一两三四五六七八九几\d个]){NOT_NUMBER}{_Y}(?!(?<![从到年在等])一月(?:\d|[{ZD}十百千]|还|付"
            rf"|交|最|只|能|就|给|大概|几|顶))(?P<m>{MONTH})月份?(?![{ZD}\d]*(?:号|日|薪|供|嫂))"
        ),
        _month_only,
    ),
    (
        re.compile(
            r"(?<![以之今])(?P<w>大后|大前|今|明|后|昨|前|听|寻|琴)(?:(?<![听寻琴])天(?!天)|(?<!后)日(?!子|常)|(?<=后)日(?!子|常)|(?<![听寻琴])儿个?|(?=[晚早](?!上好|安))|(?<=[今明昨])(?<![说声证表申]明)(?=\x00))"
        ),
        lambda m, c, p: (days.shift_days(c.today, _DAYS[m["w"]]), "day"),
    ),
    (
        re.compile(rf"(?<![路街巷弄村镇栋院座])(?<!大道){NOT_NUMBER}(?P<d>{DAY}){DAY_MARK}"),
        lambda m, c, p: (days.next_month_day(c.today, zh_small(m["d"]) or 0, past=p), "day"),
    ),
    (
        re.compile(r"(?:(?P<y>今|明|去|本)(?:年的?)?)?年(?:底|末|尾)"),
        lambda m, c, p: (date(c.today.year + _YEARS.get(m["y"] or "今", 0), 12, 31), "day"),
    ),
    (
        re.compile(r"(?P<h>元旦|国庆|圣诞|平安夜|双十[一二])(?:节)?"),
        lambda m, c, p: (days.year_day(c.today, *_HOLIDAYS[m["h"]], past=p), "day"),
    ),
)
_HAN = re.compile(r"[\u3400-\u9fff]")


def find_dates(scene: Scene) -> None:
    """Take every Chinese date in the scene; rules run from the most particular to the most general."""
    if not _HAN.search(scene.view):
        return
    days.take_dates(scene, _RULES, is_past, is_timeless)
