"""Paydays that recur: 每月10号发工资, "I get paid on the 25th", "payday is Friday". A pay that comes once is a date."""

import re

from nlu.entities import english
from nlu.entities.dates_zh import DAY, WEEK
from nlu.entities.days import WEEKDAYS
from nlu.entities.numerals import ZD, zh_small
from nlu.entities.spans import Scene
from nlu.entities.text import regex

_WAGE = r"(?:工资|工钱|薪水|薪资|薪|钱|退休金|养老金|补贴|低保|奖学金|生活费)"
_PAYS = (
    rf"(?:发放?了?(?:的)?{_WAGE}|开(?:工资|薪|支)|出粮|领(?:到)?{_WAGE}|拿(?:到)?工资|到工资|来工资"
    rf"|打工资|结(?:工资|薪|工钱)"
    rf"|(?:工资|薪水|薪资|退休金|养老金|低保)(?:才|就|会|能)?(?:到账?|发|下来|进账|打卡|打过来|入账)"
    rf"|(?:才|会|就)?发(?=$|[，。,！!？?\s]))"
)
_ONCE_ZH = r"(?<!年)(?<!这个月)(?<!这月)(?<!本月)(?<!下个月)(?<!下月)(?<!上个月)(?<!上月)(?<!下个月的)(?<!月)"
_DAY_ZH = (
    rf"(?:每个?月的?|(?<![\d月]){_ONCE_ZH})(?:(?:月)?(?P<part>底|末|初|中|最后一天)|(?P<d>{DAY})(?:号|日))"
    rf"|(?:每个?(?:{WEEK})?的?|{_ONCE_ZH}(?<![这本下上个]))(?:{WEEK})(?P<w>[一二三四五六日天])"
    rf"|{_ONCE_ZH}(?P<end>月底|月末|月初|月中)"
)
_LINK_ZH = (
    r"(?:左右|前后|那天|的时候|以后|之后|才|会|能|都|就|要|我|我们|我这|公司|单位|厂里|工厂|老板|这边|那边"
    r"|给|准时|统一|是|\s|,|，){0,4}"
)
_WAGE_SUBJECT = (
    r"(?:发薪日?|发工资(?:的?(?:日子?|时间|那天))?|发薪的?(?:日子|时间)|工资日|出粮日?|工资卡?|薪水|薪资"
    r"|退休金|养老金|低保)"
)
_ZH = (
    regex(rf"(?:{_DAY_ZH}){_LINK_ZH}{_PAYS}"),
    regex(
        rf"{_WAGE_SUBJECT}(?:一般|都|都是|通常|固定|是|在|要到?|得到?|要等到?|得等到?|:"
        rf"|\s){{0,4}}(?:{_DAY_ZH})(?!之?前|就?(?:还|扣|付|交|转|打款))"
    ),
)
_BARE_ZH = (
    re.compile(
        rf"(?:发薪日?|工资日|发工资(?:的?日子?)?|出粮日?)(?:是|在|:|\s|每个?月){{0,3}}(?P<d>{DAY})(?![\d.,]|[百千万块元月年天个点号日次])"
    ),
    re.compile(rf"(?<![\d.月年周期拜{ZD}十百千万第])(?P<d>{DAY})\s?(?=发(?:工资|薪)|出粮|开支|到工资)"),
)
_PARTS = {"底": -1, "末": -1, "最后一天": -1, "月底": -1, "月末": -1, "初": 1, "月初": 1, "中": 15, "月中": 15}

_DAY_EN = (
    rf"(?:the\s+)?(?:(?P<end>(?:last|final)\s+(?:working\s+|business\s+|bank\s+)?day"
    rf"|end)(?:\s+of\s+(?:the|each|every)\s+month)?"
    rf"|(?P<d>{english.ORDINAL}(?!\s+{english.FULL_WEEKDAY})|(?:(?<=\bon\s)|(?<=\bthe\s)|(?<=day\s)|(?<=day\sis\s)|(?<=days\s))\d{{1,2}}\b(?![.,/:]\d))(?:\s+of\s+(?:the|each"
    rf"|every)\s+month|\s+(?:each|every)\s+month)?"
    rf"|(?:every\s+(?:(?:other|second|2nd)\s+)?|each\s+|(?:the\s+)?(?:last|first|second|third|fourth|1st|2nd|3rd|4th)\s+(?=\w+\s+(?:of|in)\s+(?:the|each"
    rf"|every)\s+month))?(?P<w>{english.FULL_WEEKDAY}))"
    rf"(?!\s+(?:of\s+)?(?:next|this|last|{english.MONTH}|day\b|one\b)|\s+week)"
)
_SUBJECT_EN = (
    r"(?:(?:they|we|work|boss|job)\s+pays?\s+(?:us|me)|direct\s+deposit\s+(?:comes?|lands?|hits?|is|drops?)(?:\s+in)?"
    rf"|^paid(?=\s+on\s+the\s+{english.ORDINAL}\s+(?:and|of\s+(?:the|each|every)\s+month))|^(?:pay)?che(?:ck|que)s?\s+comes?"
    r"|(?:get|gets|getting|be|i'?m|am|is|are|we'?re|he's|she's|only)\s+paid"
    r"|(?:^|(?<=[.,;!?]\s))paid\s+(?:weekly|monthly|bi-?weekly|fortnightly|every)"
    r"|(?:^|(?<=[.,;!?]\s))paid(?=\s+(?:on\s+)?(?:\w+days\b|(?:the\s+)?last\s+\w+\s+of\s+(?:the|each|every)))"
    r"|\bget\s+(?:my|our|me)\s+(?:pay(?:\s?che(?:ck|que))?|che(?:ck|que)|wages?|salary|disability|ssd?i|social\s+security"
    r"|pension|benefits?|uc|universal\s+credit|pip|esa|jsa|unemployment|money)|pay\s?days?(?:'s)?|pay\s+date"
    r"|\b(?:my|our|his|her|the|me)\s+(?:pay|che(?:ck|que)|disability|money|income)\s+(?:comes?|lands?"
    r"|arrives?|is|are|gets?|goes|go|hits?|drops?|clears?)|\b(?:salary|wages?|pay\s?che(?:ck|que)s?"
    r"|pension|benefits?|universal\s+credit|uc|pip|social\s+security"
    r"|ssi|ssdi)\s+(?:comes?|lands?|arrives?|is|are|gets?|goes|go|hits?|drops?|clears?))"
)
_LINK_EN = (
    r"(?:\s+|,|:|isn'?t|is|in|on|by|paid|until|till|til|only|always|usually|every|each|month(?:ly)?"
    r"|week(?:ly)?|bi-?weekly|through|into"
    r"|my|account|bank|falls?|comes?|around|about|not|again|deposited|and\b|it'?s|moved|changed|shifted"
    r"|now|has|been|to|will|be|(?:twice|once)\s+a\s+month|semi-?monthly){0,8}"
)
_EN = (
    regex(rf"\b{_SUBJECT_EN}{_LINK_EN}\b{_DAY_EN}"),
    regex(
        rf"\b{_DAY_EN}\s+(?:is|when|which\s+is)\s+(?:when\s+|my\s+|our\s+|usually\s+)*(?:pay\s?day"
        rf"|i\s+get\s+paid|we\s+get\s+paid|i'?m\s+paid)"
    ),
    regex(rf"\b{_DAY_EN}\s+(?:is\s+)?(?:my\s+)?pay\s?day\b"),
)
_LOOSE_ZH = regex(_DAY_ZH)
_LOOSE_EN = regex(rf"\b{_DAY_EN}")
_LOOSE_BARE = regex(rf"^\W*(?:the\s+|on\s+)*({DAY}|\d{{1,2}})\W*$")
_AND_DAY = regex(
    rf"\s*(?:and|&|,|/|和|跟|、|还有)\s*(?:the\s+)?(?P<d>{english.ORDINAL}|{DAY}(?=号))号?(?!\s*(?:i|we|can|could|will|would|还|付)\b)"
)
_DAY_AND_ZH = regex(rf"(?<![\d{ZD}十])(?<![\d{ZD}十]月)(?P<d>{DAY})(?:号|日)?(?:和|跟|、|及)$")
_THIS_ONCE_ZH = regex(r"(?:这个?|本|下下?个?|上上?个?)月(?:(?![每起开])[\u4e00-\u9fff]){0,8}$")
_NEXT_EN = regex(r"\b(?:next|this|this\s+coming)\s+$")
_NTH = regex(r"\b(?:every\s+)?(?:first|second|third|fourth|1st|2nd|3rd|4th)\s+$")
_ONCE_EN = regex(r"\b(?:next|this|last)\s*$")
_QUICK = regex(
    r"发|薪|资|粮|支|金|结|低保|paid|pay|salary|wage|pension|benefit|credit|uc\b|social|ssi|ssdi|che|disab|deposit"
    r"|money|income|pip"
)


def find_paydays(scene: Scene) -> None:
    """Take every payday; asked for one, a bare day of the month or weekday is it."""
    if _QUICK.search(scene.view):
        for pattern in (*_ZH, *_EN, *_BARE_ZH):
            for match in pattern.finditer(scene.view):
                _read(scene, match)
    if scene.context.expecting == "payday" and not scene.has("payday"):
        for pattern in (_LOOSE_ZH, _LOOSE_EN):
            for match in pattern.finditer(scene.view):
                if not _ONCE_EN.search(scene.view[: match.start()]):
                    _read(scene, match)
        if not scene.has("payday") and (bare := _LOOSE_BARE.match(scene.view)):
            day = zh_small(bare[1]) or 0
            if 1 <= day <= 31:
                scene.take("payday", {"day": day}, bare.start(1), bare.end(1))


def _second_day(scene: Scene, end: int) -> None:
    """The other payday of a month that has two: "the 15th and the 30th", 10号和25号."""
    match = _AND_DAY.match(scene.view, end)
    if match:
        text = match["d"]
        day = english.ordinal_value(text) if text[-1].isalpha() and text[-1].isascii() else zh_small(text) or 0
        if 1 <= day <= 31 and scene.is_free(*match.span()):
            scene.take("payday", {"day": day}, match.start("d"), match.end())


def _read(scene: Scene, match: re.Match[str]) -> None:
    groups = match.groupdict()
    start, end = _day_span(match)
    before = scene.view[:start]
    if not scene.is_free(start, end) or _THIS_ONCE_ZH.search(before) or _NEXT_EN.search(before):
        return
    if groups.get("w"):
        name = groups["w"]
        weekday = "一二三四五六日天".find(name) if len(name) == 1 else english.weekday_number(name)
        scene.take("payday", {"weekday": WEEKDAYS[min(weekday, 6)]}, start, end)
        if nth := _NTH.search(scene.view, 0, start):
            scene.mask(*nth.span())
        return
    part = groups.get("part") or groups.get("end")
    if part:
        day = _PARTS.get(part, -1)
    else:
        text = groups["d"]
        day = (
            zh_small(text) if "\u3400" <= text[-1] <= "\u9fff" or text.isdigit() else english.ordinal_value(text)
        ) or 0
    if day != -1 and not 1 <= day <= 31:
        return
    scene.take("payday", {"day": day}, start, end)
    _second_day(scene, end)
    if first := _DAY_AND_ZH.search(scene.view[:start]):
        scene.take("payday", {"day": zh_small(first["d"]) or 1}, first.start("d"), first.end("d"))


def _day_span(match: re.Match[str]) -> tuple[int, int]:
    for group in ("d", "w", "part", "end"):
        if group in match.re.groupindex and match[group]:
            start, end = match.span(group)
            if end < len(match.string) and match.string[end] in "号日":
                end += 1
            return start, end
    return match.span()
