"""Lengths of time and numbers of instalments: 三个月, 半年, "for two weeks", 分12期, "six payments"."""

import re

from nlu.entities.numerals import EN_SMALL, SMALL_ZH, ZD, en_small, zh_small
from nlu.entities.spans import Scene
from nlu.entities.text import regex

_UNIT_ZH = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year"}
_DURATION_ZH = regex(
    rf"(?<![\d{ZD}十百第每.头])(?P<n>{SMALL_ZH}|半)(?:(?P<ge>个)(?P<mid>半)?)?多?(?P<u>天|星期|礼拜|周"
    rf"|月|年)(?P<half>半)?"
    r"(?!前|期|初|底|份|级|薪|供|租|息|利|化|终|龄|到晚|打|末|[一二三四五六日天](?![个天年]))"
)
_FEW_ZH = regex(r"[一二两三四五六七八九][二两三四五六七八九]个?(?:多)?(?:天|星期|礼拜|周|月|年)")
_NOT_DURATION_ZH = regex(
    r"(?:第|头|大|(?<![了都快])有|那|哪|每|[换改挑选找](?=$)|今|明|去|前|(?<![延推往])后|同|某|[这那哪](?=$)|逢|过(?=$)(?<!不过)|生|终)$"
)
_RATE_ZH = regex(
    r"^[^,，。]{0,3}(?:\d+|[一二两三四五六七八九十几]+)\s*(?:个|次|遍|通|趟)(?!月|星期|礼拜)|^(?:好几"
    r"|几)[次遍个通]|^(?:的话)?(?:要|得|该|大概|是|还|交|付|扣|就){0,3}(?:多少|几[百千])"
)
_AND_MONTHS_ZH = regex(rf"[零又]?(?P<m>{SMALL_ZH})个月")
_EARNS_ZH = regex(r"^(?:才|就|也|只|能|可以|大概|得|要){0,2}(?:挣|赚|花)")
_YEAR_ZH = regex(r"^(?:[借办买欠贷开逾那就春夏秋冬]|的(?!时间|贷款|期限))")
_AGE = regex(r"^(?:\s*|-)(?:old\b|of\s+age|olds?\b)|^-?olds?\b")

_DURATION_EN = regex(
    rf"\b(?P<n>half\s+an?|an?\s+couple(?:\s+of)?|couple(?:\s+of)?|another(?=\s+[a-z])(?!\s+(?:{EN_SMALL}"
    rf"|couple)\b)|an?|\d+\.5|{EN_SMALL}|(?=(?:year|month)\s+and\s+a\s+half))(?P<half>\s+and\s+a\s+half)?[\s-]*(?:more\s+|full\s+|whole\s+"
    rf"|extra\s+)?"
    r"(?P<u>days?|wee?ks?|wks?|fortnights?|months?|mnths?|mths?|mos?\b|years?|yrs?"
    r"|(?:working|business)\s+days?)\b(?:'s?)?(?P<tail>\s+and\s+a\s+half)?"
)
_NOT_DURATION_EN_BEFORE = regex(
    r"(?:\bonce|\btwice|\btimes|\bthrice|\bevery|\beach|\bper|\bdays?|\bhours?|\bhave|\bnice|\bgood"
    r"|\bwhat|\bsuch|\bonce\s+or\s+twice|\bof|\bwithout|\bcall\w*|\bhrs?"
    r"|\bin\s+the\s+last\s+payment)\s*$"
)
_NOT_DURATION_EN_AFTER = regex(
    r"^\s*(?:[-\s]*old\b|of\s+age\b|(?:a|per|each)\s+(?:week|month|year|day)\b|or\s+(?:two|three|so\s+ago)"
    r"|to\s+(?:remember|forget)|ago\b)"
)
_RATE_EN = regex(r"\b(?:days?|hours?|hrs|times|shifts?)\b[^.;!?]{0,30}\s$|\d\s+$")
_UNIT_EN = {"d": "day", "w": "week", "m": "month", "y": "year", "f": "fortnight"}

_COUNT_NOUN_ZH = r"(?:期(?!间|待|望|限|货|末|中)|次(?!性|数|日|月|要)|笔(?!钱|款)|回|个月供)"
_INSTALMENTS_ZH = (
    regex(
        rf"(?:分|拆|分成|拆成|分为|分作|改成|改为|做|办|弄)(?:成|个|到|为|作)?\s*(?P<n>{SMALL_ZH})\s*(?:期|次"
        rf"|笔|回|份)(?!性)"
    ),
    regex(rf"(?<![第前后上下头\d{ZD}十百每这])(?P<n>{SMALL_ZH})\s*期(?!间|待|望|限|货|末|中|工|的时候)"),
    regex(
        rf"(?<![第前后上下\d{ZD}十百每这])(?P<n>{SMALL_ZH})(?:次|笔|回)(?:还|付|结|给)(?:清|完|款|掉|行|可|吗|,"
        rf"|，|$)"
    ),
)
_LOTS_ZH = regex(
    rf"(?<![第前后上下\d{ZD}十百每这那借贷欠有了过])(?![一1][笔次回])(?P<n>{SMALL_ZH})[笔次回](?:,|，|\s)?(?:每?[次笔回])?(?=[$£€¥]?\d{{2}}|[{ZD}]+[百千万])"
)
_ONE_PERIOD_ZH = regex(rf"[一1]\s*期\s*(?=\d|[{ZD}])")
_PAID_ALREADY_ZH = regex(
    r"(?:已经?|都|早就|前面|之前)?[^,，。]{0,3}(?:还|付|交|扣|供)(?:了|过|完|掉)[^,，。]{0,4}$|(?:已还|已付"
    r"|已交)[^,，。]{0,3}$"
)
_STILL_ZH = regex(r"(?:剩|还有|还剩|差|余)[^,，。]{0,3}$")
_PAYMENTS = (
    r"(?:equal\s+|monthly\s+|weekly\s+|fortnightly\s+|bi-?weekly\s+|quarterly\s+|smaller\s+|small\s+"
    r"|more\s+|easy\s+|separate\s+|even\s+|remaining\s+)*"
    r"(?:payments?|inst?al+ments?|instal+s?\b|repayments?|parts|goes|chunks|pieces|lumps|portions)\b"
)
_INSTALMENTS_EN = (
    regex(rf"\b(?P<n>{EN_SMALL})[\s-]+{_PAYMENTS}(?!\s+behind)"),
    regex(r"(?<![\d.,])\b(?P<n>[2-9]|[1-5]\d|two|three|four|five|six|eight|ten|twelve)\s+of\s+(?=[$£€]\d|\d{3})"),
    regex(rf"\b(?P<n>{EN_SMALL})\s+lots\s+of\s+(?=[$£€¥]?\d|(?:{EN_SMALL}|a)\s+(?:hundred|thousand|grand|quid|bucks))"),
    regex(r"(?<![\d.,$£€¥])(?P<n>[2-9]|[1-5]\d|60)\s?[x×*]\s?(?=[$£€¥]?\d{2})"),
    regex(r"(?<=\d\d)\s?[x×*]\s?(?P<n>[2-9]|[1-5]\d|60)(?![\d.,])(?:\s?[期次])?"),
    regex(rf"\b(?:split|divide|do|break)\b[^.;!?\d]{{0,16}}?\b(?P<n>{EN_SMALL})\s+ways\b"),
    regex(
        rf"\b(?:split|divide|spread|break|broken|cut)\b[^.;!?\d]{{0,24}}\b(?:in|into|in\s+to|over|across|by"
        rf"|up)\s+(?P<n>{EN_SMALL})\b(?!\s*(?:months?|weeks?|days?|years?|fortnights?|mths?|%|k\b))"
    ),
    regex(
        rf"\b(?:spread|split|pay|clear|in)\b[^.;!?\d]{{0,24}}\b(?:over|across|in"
        rf"|into)\s+(?P<n>{EN_SMALL})\s+(?:times|goes|bits|halves)\b"
    ),
)
_PAID_ALREADY_EN = regex(
    r"\b(?:paid|made|done|cleared|taken|took|had|last|past|previous|missed|\d+\s+(?:out\s+)?of)\s+(?:the\s+|my\s+|already\s+|all\s+|the\s+first\s+|about\s+|my\s+first\s+)*$"
)
_BOTH_HALVES = regex(r"\bin\s+(?:two\s+)?halves\b")


def find_instalments(scene: Scene) -> None:
    """Take how many periods are to be paid; those already paid are masked."""
    for pattern in (*_INSTALMENTS_ZH, _LOTS_ZH, *_INSTALMENTS_EN):
        for match in pattern.finditer(scene.view):
            if not scene.is_free(*match.span()) or _ONE_PERIOD_ZH.match(scene.view, match.start()):
                continue
            before = scene.view[max(0, match.start() - 24) : match.start()]
            text = match["n"]
            count = en_small(text) if text[0].isascii() and text[0].isalpha() else zh_small(text)
            start, end = match.span("n")[0], match.end()
            paid = (_PAID_ALREADY_ZH.search(before) and not _STILL_ZH.search(before)) or _PAID_ALREADY_EN.search(before)
            if paid or not count or (count == 1 and pattern is not _INSTALMENTS_ZH[1]):
                scene.mask(start, end)
            else:
                scene.take("instalments", {"value": count}, start, end)


def find_durations(scene: Scene) -> None:
    """Take lengths of time. Runs after dates, amounts with their periods, and rhythms have taken theirs."""
    for match in _FEW_ZH.finditer(scene.view):
        scene.mask(*match.span())
    for match in _DURATION_ZH.finditer(scene.view):
        _duration_zh(scene, match)
    for match in _DURATION_EN.finditer(scene.view):
        _duration_en(scene, match)


def _names_a_year(number: str, after: str) -> bool:
    """Whether two figures before 年 name a year, as in 18年借的, rather than count years."""
    return number.isdigit() and len(number) == 2 and bool(_YEAR_ZH.match(after))


def _duration_zh(scene: Scene, match: re.Match[str]) -> None:
    before, after = scene.view[max(0, match.start() - 3) : match.start()], scene.view[match.end() : match.end() + 8]
    count = zh_small(match["n"]) if match["n"] != "半" else 0
    unit = _UNIT_ZH[match["u"]]
    if (
        count is None
        or not scene.is_free(*match.span())
        or (match["u"] == "月" and not match["ge"] and match["n"] not in "俩仨")
    ):
        return
    if (match["u"] == "年" and (match["ge"] or count > 50)) or (match["u"] in "天周" and match["ge"]):
        return
    if _NOT_DURATION_ZH.search(before) or (count == 1 and _RATE_ZH.search(after)):
        return
    if (count == 1 and _EARNS_ZH.match(after)) or (unit == "year" and _names_a_year(match["n"], after)):
        return
    half = bool(match["mid"] or match["half"])
    if unit == "year" and (months := _AND_MONTHS_ZH.match(scene.view, match.end())):
        total = 12 * count + (6 if half else 0) + (zh_small(months["m"]) or 0)
        scene.take("duration", {"value": total, "unit": "month"}, match.start(), months.end())
        return
    _take_duration(scene, match, count, unit, half=half or match["n"] == "半")


def _duration_en(scene: Scene, match: re.Match[str]) -> None:
    before, after = scene.view[max(0, match.start() - 24) : match.start()], scene.view[match.end() : match.end() + 12]
    if not scene.is_free(*match.span()) or _NOT_DURATION_EN_AFTER.search(after):
        return
    if _RATE_EN.search(before):
        return
    text, unit = match["n"], _UNIT_EN["d" if match["u"].startswith(("working", "business")) else match["u"][0]]
    article = text in ("a", "an", "one")
    text = "a" if text == "another" else text
    plain = not re.search(r"more|full|whole|extra", match[0])
    if article and plain and (_NOT_DURATION_EN_BEFORE.search(before) or (text == "one" and unit == "day")):
        return
    if _NOT_DURATION_EN_BEFORE.search(before) and re.search(r"every|each|per|of", before):
        return
    half = bool(match["half"] or match["tail"]) or text.endswith(".5")
    count = (
        1
        if not text
        else 0
        if text.startswith("half")
        else 2
        if "couple" in text
        else en_small(text.removesuffix(".5"))
    )
    if unit == "fortnight":
        count, unit = count * 2, "week"
    _take_duration(scene, match, count, unit, half=half or text.startswith("half"))


def _take_duration(scene: Scene, match: re.Match[str], count: int, unit: str, *, half: bool) -> None:
    """So many of a unit, and a half where `half`: in months for years, in days for months, unknown for the rest."""
    halves = {"year": (12 * count + 6, "month"), "month": (30 * count + 15, "day")}
    if not half:
        scene.take("duration", {"value": count, "unit": unit}, *match.span())
    elif unit in halves:
        value, smaller = halves[unit]
        scene.take("duration", {"value": value, "unit": smaller}, *match.span())
