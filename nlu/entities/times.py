"""Clock times and parts of the day: 晚上八点, 下午3点半, "after 6pm", "half past five", "in the morning", "9 to 5"."""

import re

from core.dialogue.understanding import Entity
from nlu.entities.numerals import ZD, zh_small
from nlu.entities.spans import Scene
from nlu.entities.text import regex

_PARTS_ZH = {
    "早上": "morning", "早晨": "morning", "上午": "morning", "清晨": "morning", "清早": "morning", "一早": "morning",
    "大早": "morning", "早": "morning", "凌晨": "night", "中午": "noon", "正午": "noon", "午间": "noon",
    "下午": "afternoon",
    "午后": "afternoon", "傍晚": "evening", "晚上": "evening", "夜里": "evening", "夜晚": "evening", "半夜": "night",
    "深夜": "evening", "晚间": "evening", "晚": "evening", "大晚上": "evening",
}  # fmt: skip
_PART_ZH = (
    r"大晚上|早上|早晨|上午|清晨|清早|一早|大早|凌晨|中午|正午|午间|下午|午后|傍晚|晚上|夜里|夜晚|半夜|深夜"
    r"|晚间"
)
_HOUR_ZH = rf"(?:二十[一二三四]?|十[一二三四五六七八九]?|[{ZD}]|2[0-4]|1\d|0?\d)"
_MINUTE_ZH = rf"(?:半|[一三]刻钟?|整|[0-5]\d分?|\d分|[二三四五]?十[{ZD}]?分?|零[{ZD}]分?)"
_CLOCK_ZH = regex(
    rf"(?P<part>(?:{_PART_ZH}|(?<=[今明当每])[早晚]|(?<![最更太很趁提尽及过])(?:早(?=[七八九十]点)|晚(?=[六七八九十]点)))的?)?\s*(?<![{ZD}])(?P<h>{_HOUR_ZH})(?:点钟?|时(?!候|间"
    rf"|不时))(?P<m>{_MINUTE_ZH})?(?P<zhong>钟)?"
)
_CLOCK_CUE_BEFORE = regex(r"(?:到|至|-|~|在|等|是|约|打|下班|上班)\s*$")
_CLOCK_CUE_AFTER = regex(
    r"^\s*(?:之?[前后]|以[前后]|到|至|-|~|多|左右|开始|的时候|打|联系|找|给|再|下班|上班|行|可以|有空)"
)
_OFF_WORK = regex(r"下了?班(?:以?后)?\s*$")
_NOT_A_CLOCK = regex(r"[一有早晚少多快慢差低高点轻大小好便宜松]\s*$")
_WINDOW_START_ZH = regex(
    rf"(?P<part>{_PART_ZH}|(?<=[今明每])[早晚])的?(?P<h>{_HOUR_ZH})(?:点半?)?\s*(?:到|至|-"
    rf"|~)(?=(?:{_PART_ZH})?{_HOUR_ZH}点)"
)
_BARE_PART_ZH = regex(rf"(?:{_PART_ZH})(?!好|安)|(?<=[今明昨])[早晚](?!好|安|点)|(?<=\x00)[早晚](?![好安点些一])")

_AP = r"(?P<ap>a\.?m\b\.?|p\.?m\b\.?|[ap]\b)"
_CLOCK_EN = (
    regex(r"(?<![\d:.])(?P<h>[01]?\d|2[0-4])[:.](?P<m>[0-5]\d)\s*(?P<ap>a\.?m\b\.?|p\.?m\b\.?)"),
    regex(r"(?<![\d:])(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?![\d:])"),
    regex(r"(?<![\d:.$£¥,])(?P<h>1[0-2]|0?[1-9])(?P<m>)\s*(?P<ap>a\.?m\b\.?|p\.?m\b(?:\.(?!\d))?)"),
    regex(
        r"(?<![\d:.$£¥,])\b(?P<h>1[0-2]|[1-9])(?P<m>)\s*o'?\s?clock(?:\s+(?:in\s+the\s+)?(?P<ap>am\b|pm\b"
        r"|morning|afternoon|evening|night))?"
    ),
    regex(
        r"(?<![\d:.$£¥,])\b(?P<h>1[0-2]|[1-9])(?P<m>)\s+(?:in\s+the\s+|at\s+)(?P<ap>morning|afternoon|evening|night)\b"
    ),
)
_HOUR_WORDS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_WORD = "|".join(_HOUR_WORDS)
_WORDS_EN = regex(
    rf"\b(?:(?P<rel>half\s+past|half|(?:a\s+)?quarter\s+past|(?:a\s+)?quarter\s+to)\s+(?P<h>{_WORD}|1[0-2]|[1-9])"
    rf"|(?P<h2>{_WORD})\s*(?:o'?\s?clock|(?=[ap]\.?m\b)))\b\s*(?P<ap>[ap]\.?m\b\.?)?"
)
_NOON_TO = regex(r"\b(?:noon|midday)\s*(?:and|to|-|till?|until)\s*(?P<h>[1-9])(?![\d:]|\s*(?:days?|weeks?|k\b))")
_WINDOW_EN = regex(
    r"\b(?:(?P<cue>between|from|hours|available|free|call(?:\s+me)?|contact(?:\s+me)?)\s+)?(?P<h>1[0-2]"
    r"|[1-9])(?:[:.](?P<m>[0-5]\d))?\s*(?P<ap>am\b|pm\b)?"
    r"\s*(?:-|to|and|till|until|til)\s*(?P<h2>1[0-2]|[1-9])(?:[:.](?P<m2>[0-5]\d))?\s*(?P<ap2>am\b"
    r"|pm\b)?(?![\d%,/]|\s*(?:days?|weeks?|months?|years?|payments?|inst|hundred|grand|k\b|times))"
)
_CUED_EN = regex(
    r"\b(?:after|before|at|past|around|until|till|by|from)\s+(?P<h>1[0-2]|[1-9])(?![\d:%.,/]"
    r"|\s*(?:[a-z]*th\b|st\b|nd\b|rd\b|days?|weeks?|months?|years?|hours?|minutes?|mins?|per|payments?"
    r"|inst|a\s+(?:week|month|day)|dollars|pounds|quid|bucks|k\b|grand|hundred|times|of\b))"
)
_DAY_AT = regex(
    r"\b(?:tomorrow|tmrw|tmr|today|(?:mon|tues?|wednes|thurs?|fri|satur|sun)day)\s+at\s+(?P<h>1[0-2]|[1-9])\b(?![:.]\d"
    r"|\s*(?:%|k\b|quid|bucks|dollars|a\s+(?:week|month)))"
)
_ON_DAY = regex(r"\s*(?:tomorrow|tmrw|today|tonight|(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b")
_AT_DAY = regex(
    r"\b(?:at|around|about|by)\s+(?P<h>1[0-2]|[1-9])\s+(?=tonight\b|tomorrow\b|tmrw\b|today\b|this\s+(?:morning|afternoon|evening))"
)
_CONTACT = regex(
    r"\b(?:call|ring|phone|text|contact|reach|message|talk|speak|finish|work|free|available|home|shift"
    r"|hours)"
)
_NOON = regex(r"\b(?P<noon>noon(?:ish)?|midday|mid-day|lunch\s?time)\b|\b(?P<midnight>midnight)\b")
_PART_EN = regex(
    r"(?<!good )(?<!gud )\b(?:(?:in\s+the\s+|this\s+|every\s+|during\s+the\s+)?(?P<part>morning|mornin"
    r"|afternoon|evening|eve(?=s\b))s?"
    r"|tonight|tonite|(?:at|last)\s+night|nights)\b(?!\s+all\b)"
)


_GREETING_EN = regex(r"\W*(?:mornin|morning|afternoon|evening)\b(?:\s+(?:all|mate|team|sir|madam|there))?\s*[!,.]")


def find_times(scene: Scene) -> None:
    """Take clock times, then the parts of the day that no clock time makes precise. Runs before the dates are taken."""
    _find_zh(scene)
    _find_en(scene)


def _clock(scene: Scene, hour: int, minute: int, start: int, end: int) -> None:
    if scene.is_free(start, end) and 0 <= minute < 60 and 0 <= hour <= 24:
        scene.take("time", {"value": f"{hour % 24:02d}:{minute:02d}"}, start, end)


def _hour_in(part: str | None, hour: int) -> int:
    """The hour on a 24-hour clock; without a part, one to six are meant after noon."""
    if hour > 12:
        return hour
    if part in ("afternoon", "evening"):
        return 0 if part == "evening" and hour == 12 else hour + 12 if hour < 12 else 12
    if part == "noon":
        return hour + 12 if hour < 4 else hour
    if part == "night":
        return hour % 12
    if part == "morning":
        return hour
    return hour + 12 if 1 <= hour <= 6 else hour


def _find_zh(scene: Scene) -> None:
    carried: tuple[str | None, int] = (None, -99)
    for match in _WINDOW_START_ZH.finditer(scene.view):
        if "点" in match[0]:
            continue
        carried = _PARTS_ZH[match["part"]], match.end()
        _clock(scene, _hour_in(carried[0], zh_small(match["h"]) or 0), 0, match.start(), match.end("h"))
    for match in _CLOCK_ZH.finditer(scene.view):
        part = _PARTS_ZH.get((match["part"] or "").rstrip("的"))
        before, after = scene.view[max(0, match.start() - 4) : match.start()], scene.view[match.end() : match.end() + 4]
        sure = part or match["m"] or match["zhong"] or match["h"].isdigit() or "十" in match["h"]
        if not sure and not _CLOCK_CUE_BEFORE.search(before) and not _CLOCK_CUE_AFTER.search(after):
            continue
        if not part and (_NOT_A_CLOCK.search(before) or (match["h"] == "一" and not match["m"] and not match["zhong"])):
            continue
        near = match.start() - carried[1] <= 4
        if not part and _OFF_WORK.search(before):
            part = "evening"
        hour = _hour_in(part or (carried[0] if near else None), zh_small(match["h"]) or 0)
        carried = (part or (carried[0] if near else None)), match.end()
        _clock(scene, hour, _minute_zh(match["m"]), *match.span())
    for match in _BARE_PART_ZH.finditer(scene.view):
        part = _PARTS_ZH[match[0]]
        if part == "noon":
            _clock(scene, 12, 0, *match.span())
        else:
            scene.take("time", {"part": "evening" if part == "night" else part}, *match.span())


def _minute_zh(text: str | None) -> int:
    if not text or text == "整":
        return 0
    if text == "半":
        return 30
    if "刻" in text:
        return 15 if text[0] == "一" else 45
    return zh_small(text.rstrip("分").lstrip("零") or "零") or 0


def _hour_en(hour: int, ap: str | None, scene: Scene) -> int:
    if (ap and ap[0] in "pae") or ap in ("morning", "night"):
        after_noon = ap[0] in "pen" or ap == "afternoon"
        return hour % 12 + 12 if after_noon else hour % 12
    if hour > 12 or hour == 0:
        return hour
    nearby = re.search(r"\b(morning|afternoon|evening|night|tonight)", scene.folded)
    if nearby:
        return hour if nearby[1] == "morning" else hour % 12 + 12
    return hour + 12 if 1 <= hour <= 6 else hour


def _find_en(scene: Scene) -> None:
    for match in _WINDOW_EN.finditer(scene.view):
        timed = match["ap"] or match["ap2"] or match["m"] or match["m2"] or _PART_EN.search(scene.view)
        timed = timed or (match["cue"] and _ON_DAY.match(scene.view, match.end()))
        if not (timed or (match["cue"] and _CONTACT.search(scene.view))) or not scene.is_free(*match.span()):
            continue
        end = _hour_en(int(match["h2"]), match["ap2"] or None, scene)
        start = int(match["h"])
        start = _hour_en(
            start, match["ap"] or (match["ap2"] if start < int(match["h2"]) and start < 8 else None), scene
        )
        _clock(scene, start, int(match["m"] or 0), match.start("h"), match.end("ap") if match["ap"] else match.end("h"))
        _clock(scene, end, int(match["m2"] or 0), match.start("h2"), match.end())
    for pattern in _CLOCK_EN:
        for match in pattern.finditer(scene.view):
            ap = match.groupdict().get("ap")
            exact = pattern is _CLOCK_EN[1]
            hour = (
                int(match["h"])
                if exact and (match["h"][0] == "0" or int(match["h"]) > 6)
                else _hour_en(int(match["h"]), ap, scene)
            )
            _clock(scene, hour, int(match["m"] or 0), *match.span())
    for match in _WORDS_EN.finditer(scene.view):
        _words_en(scene, match)
    if _CONTACT.search(scene.view) or _PART_EN.search(scene.view):
        for match in _CUED_EN.finditer(scene.view):
            late = match[0].startswith("after") and match["h"] in "78" and not _PART_EN.search(scene.view)
            _clock(scene, _hour_en(int(match["h"]), "pm" if late else None, scene), 0, *match.span("h"))
    for pattern in (_DAY_AT, _AT_DAY, _NOON_TO):
        for match in pattern.finditer(scene.view):
            _clock(scene, _hour_en(int(match["h"]), None, scene), 0, *match.span("h"))
    for match in _NOON.finditer(scene.view):
        _clock(scene, 12 if match["noon"] else 0, 0, *match.span())
    clocked = scene.has("time")
    greeting = _GREETING_EN.match(scene.view)
    for match in _PART_EN.finditer(scene.view):
        if clocked or (greeting and match.start() < greeting.end()) or not scene.is_free(*match.span()):
            continue
        part = match["part"] or "evening"
        fields = {"part": {"mornin": "morning", "eve": "evening"}.get(part, part)}
        scene.found.append(Entity("time", fields, *match.span()))


def _words_en(scene: Scene, match: re.Match[str]) -> None:
    word = match["h"] or match["h2"]
    hour = int(word) if word.isdigit() else _HOUR_WORDS[word]
    rel = match["rel"] or ""
    minute = 30 if rel.startswith("half") else 15 if rel.endswith("past") else 45 if rel.endswith("to") else 0
    hour = _hour_en(hour, match["ap"], scene)
    _clock(scene, hour - (1 if rel.endswith("to") else 0), minute, *match.span())
