"""Which of the offers is meant: 第二个, 方案二, 选2, 后面那个, "option b", "the second one", "the last one"."""

import re

from nlu.entities.english import ordinal_value
from nlu.entities.numerals import ORDINAL_WORD, ZD, zh_small
from nlu.entities.spans import Scene
from nlu.entities.text import regex

_N = rf"(?P<n>[1-9]|[{ZD[1:]}])"
_LETTER = r"(?P<l>[a-e])"
_NOT_UNIT = r"(?![\d.,]|[年月日号天期周点元块百千万十次]|个月|个星期)"
_RULES = (
    regex(rf"第{_N}(?:个|种|项|条|套|款)?(?:的)?(?:方案|选项|选择|办法|方式|计划|那个|档)"),
    regex(rf"第{_N}(?:个(?!月|星期|礼拜|人|问题|工作|孩子|电话|月供|原因|就是|是|年)|种(?!情况|原因)|套|款|项)"),
    regex(rf"(?:方案|选项|选择|计划|套餐)\s*(?:第)?(?:{_N}|(?P<l>[a-e])(?![a-z])){_NOT_UNIT}"),
    regex(rf"(?<![a-z\d])(?:(?P<l>[a-e])|{_N}号?)\s*(?:方案|选项|套餐|计划|那个方案|那个)(?!\s*[\d{ZD}])"),
    regex(
        rf"(?:选择?|挑|要|就)\s*第?(?:{_N}|(?P<l>[a-e])(?![a-z])){_NOT_UNIT}(?!个|[a-z])(?=号?(?:吧|好了|呗"
        rf"|可以|$|[,，。!！ ]))"
    ),
    regex(r"(?:按照?|选择?|就)\s*(?P<l>[a-e])(?=\s*(?:来|走|办|还|方案|款|套|档))"),
    regex(rf"(?:选|就)第?{_N}(?:个|种|号)(?!月|星期|礼拜)"),
    regex(
        r"(?P<last>最后(?:那|一|的)?一?[个种](?!月|星期|礼拜|问题|电话|工作)|最后那?个?(?:方案|选项)|后者|(?<![\d以之])后一[个种](?!月|星期|礼拜|问题|电话)"
        r"|(?:后|下)面(?:的)?(?:那|这)?[个种]|倒数第一个)"
    ),
    regex(
        r"(?P<first>前者|(?<![以之])前一[个种](?=方案|吧|可以|行|好|更|也|$|[,，。])|(?:前|上)面(?:的)?(?:那|这)[个种]|头一个(?!月))"
    ),
    regex(
        r"\b(?:option|opt|plan|offer|choice|number|choose|pick|select|package|proposal)\s*(?:no\.?|number"
        r"|#)?\s*(?:(?P<n>[1-9])|(?P<l>[a-e])|(?P<w>one|two|three|four|five))\b(?!\s*(?:reason|priority|thing|rule|problem|issue|[\d%/-]|[.,]\d"
        r"|couple|few|bit|lot|month|week|year|payments?|for|in\b|to\b|day|thousand|hundred|grand|k\b))"
    ),
    regex(
        r"\b(?:pick|choose|take|prefer|want)\s+the\s+(?P<o>first|second|third|fourth|fifth)\b(?=\s*(?:[.,!?]|$|please|pls|then"
        r"|thanks))"
    ),
    regex(r"(?<![\w])#\s?(?P<n>[1-9])(?!\d)"),
    regex(
        rf"\b(?:the\s+)?(?P<o>{ORDINAL_WORD}|\d(?:st|nd|rd|th))\s+(?:one|option|plan|offer|choice|proposal"
        rf"|suggestion|deal|arrangement)\b"
    ),
    regex(
        r"\b(?:the\s+)?(?P<last>last|(?<=the\s)final|bottom|latter)\s+(?:one|option|plan|offer|choice|proposal"
        r"|deal)\b(?!\s+(?:i|we|you)\s+(?:paid|made|sent|had|got|broke))|\bthe\s+(?P<last2>latter)\b"
    ),
    regex(
        r"\b(?:the\s+)?(?P<first>top|former)\s+(?:one|option|plan|offer|choice)\b"
        r"|\bthe\s+(?P<first2>former)\b"
    ),
)
_BARE = regex(
    rf"^\W*(?:(?:the|i'?ll|take|go|with|for|option|number|no|let'?s|yes|ok|好|那|就|我|选|要|嗯)\W*)*"
    rf"(?:第?{_N}|(?P<l>[a-e])|(?P<w>one|two|three|four|five)|(?P<o>{ORDINAL_WORD}|\d(?:st|nd|rd|th))"
    rf"|(?P<last>last|最后|bottom))"
    r"\s*(?:号|个|种|吧|one|please|pls|plz|thanks|then|ok|好了|行|可以|啊|呀|呢|谢谢)*\W*$"
)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


_OF_PAYMENTS_BEFORE = regex(
    r"(?:\b(?:move|push|change|shift|delay|reschedule|put|bring|set)\s+(?:back\s+)?(?:the\s+)?|\x00\s+for\s+(?:the\s+)?)$"
)
_OF_PAYMENTS_AFTER = regex(
    r"^\s*(?:(?:is|will\s+be|due|on|by|to|comes?\s+out|goes?\s+out)\s+)+\x00|^(?:改|挪|推|放|定|延)[到在至]"
)
_PICKS = regex(r"\b(?:take|choose|pick|want|prefer|like|go|option|yes)\b|选|要")


def _is_a_payment(scene: Scene, match: re.Match[str]) -> bool:
    """Whether "the second one" counts payments, since a day is set for it."""
    before, after = scene.view[: match.start()], scene.view[match.end() :]
    if _OF_PAYMENTS_BEFORE.search(before):
        return scene.has("date")
    if re.match(r"\s*[:,]?\s*\x00", after) and re.search(r"payment|instal|期|次还", scene.folded):
        return True
    return bool(_OF_PAYMENTS_AFTER.search(after)) and not _PICKS.search(before)


def find_choices(scene: Scene) -> None:
    """Take the offers picked by number, letter or place; asked to choose, a lone number or letter is one."""
    for pattern in _RULES:
        for match in pattern.finditer(scene.view):
            if scene.is_free(*match.span()) and not _is_a_payment(scene, match):
                _take(scene, match)
    if scene.context.expecting == "choice" and not scene.has("choice"):
        bare = _BARE.match(scene.view)
        if bare and scene.is_free(*bare.span()):
            _take(scene, bare)


def _take(scene: Scene, match: re.Match[str]) -> None:
    groups = {key: value for key, value in match.groupdict().items() if value}
    if "n" in groups:
        value = zh_small(groups["n"]) or 0
    elif "l" in groups:
        value = ord(groups["l"]) - ord("a") + 1
    elif "w" in groups:
        value = _WORDS[groups["w"]]
    elif "o" in groups:
        value = ordinal_value(groups["o"])
    else:
        value = -1 if groups.keys() & {"last", "last2"} else 1
    if value:
        scene.take("choice", {"value": value}, *match.span())
