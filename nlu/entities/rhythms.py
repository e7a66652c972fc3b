"""Mentions of a rhythm: 每月, 一个月, "a month", pm, "every two weeks", "each payday"."""

import re
from dataclasses import dataclass

from nlu.entities.spans import Scene
from nlu.entities.text import regex

_D = r"(?:days?|dy)\b"
_W = r"(?:wee?ks?|wks?|wek)\b"
_M = r"(?:mon?ths?|mnths?|mths?|mounths?|monht|mont|mo)\b\.?"
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b"
_EACH = r"\b(?:per|each|every|evry|evrey|ever|ea)\s+"

_CUES: tuple[tuple[str, str, str], ...] = (
    (
        "fortnight",
        "own",
        r"每(?:隔)?(?:两|2)个?(?:周|星期|礼拜)|每半个?月|每隔一个?(?:周|星期|礼拜)|(?<!每)隔一?个?(?:周|星期|礼拜)|(?:一个?|每个?)月(?:还|付|交|扣)?(?:两|2|二)次|双周|(?:两|2)个?(?:周|星期|礼拜)(?:还|付|交|扣|给|发)?一次|每(?:隔一"
        r"|14天)周|半个?月(?:还|付|交|扣|给|发)?一次",
    ),
    (
        "fortnight",
        "own",
        rf"{_EACH}(?:two|2|second|other|2nd|couple\s+(?:of\s+)?)\s*(?:{_W}|{_WEEKDAY})|\b(?:bi[\s-]?we+kly|semi[\s-]?monthly"
        rf"|fortnightly|fornightly|twice\s+(?:a|per|each)\s+month|p/f)\b|{_EACH}fortnight|{_EACH}14\s+days",
    ),
    ("month", "own", rf"每(?:隔)?(?:四|4)个?(?:周|星期|礼拜)|{_EACH}(?:four|4)\s*{_W}|\b(?:four|4)[\s-]weekly\b"),
    (
        "quarter",
        "own",
        r"每(?:个)?季(?:度)?|按季(?:度)?|(?<!第)一个?季度(?!度)(?![后内前])|每(?:三|3)个月|(?<![前后第过近])(?:三|3)个月(?:还|付|交|扣|给)?一次|一个?季度?(?:还|付|交|给)一次|季度(?=还|付)",
    ),
    ("quarter", "own", rf"\bquarterly\b|{_EACH}quarter\b|{_EACH}(?:three|3)\s+months"),
    (
        "month",
        "own",
        r"每一?个?月(?!供)|按月|(?<!下)(?<!上)月月|一个?月(?:还|付|交|扣|给|发)?一次|月均|平均每?月|每期|(?<![第\d十两三四五六七八九])[一1]期(?=\d|[一两二三四五六七八九])|(?<=[\d百千万块元k])一月(?=$|[^\d份底初中末起开一二两三四五六七八九])|逐月"
        r"|(?<![从到年在等第十])一月(?=还|付|交|最|只|能|就|给|大概|顶|\d|[一二两三四五六七八九])"
        r"|(?<=[/／])个?月",
    ),
    (
        "month",
        "own",
        r"(?<![个\d一二两三四五六七八九十几下上俩仨])月(?=供|付|薪|入|收入|工资|租|还款|还(?!是|有|没|不)|结(?!单)|花"
        r"|支出|开销|开支|缴)|按揭",
    ),
    (
        "month",
        "own",
        rf"\bmonthly\b|\bmonthy\b|\bmontly\b|\bmthly\b|{_EACH}{_M}|/\s?(?:{_M}|m\b)|(?<![a-z])(?:pcm|p/m|pm|p\.m\.?(?!\w))\b"
        rf"|(?<=\d\d\d)\s?mo\b"
        rf"|\bonce\s+a\s+month\b|\bmonth\s+(?:by|to)\s+month\b",
    ),
    (
        "week",
        "own",
        rf"每一?个?(?:周|星期|礼拜)(?!末)|按(?:周|星期)|周周|一个?(?:周|星期|礼拜)(?:还|付|交|扣|给|发)?一次|周(?=付|薪|结)|{_EACH}{_WEEKDAY}"
        rf"|{_EACH}{_W}|\bweekly\b|\bwkly\b|/\s?(?:{_W}|w\b)|(?<![a-z])(?:p/w|pw)\b|\bonce\s+a\s+week\b",
    ),
    ("day", "own", rf"每一?天|每日|天天|日(?=薪|结)|{_EACH}{_D}|\bdaily\b|/\s?day\b"),
    (
        "year",
        "own",
        r"每一?年|(?<![一二两三四五六七八九十几\d今明去前后])年(?=薪|收入|入)|按年|\bannual(?:ly)?\b"
        r"|\byearly\b|" + rf"{_EACH}(?:year|yr)s?\b|(?<![a-z])(?:p/a|p\.a\.|pa)\b(?!\s+system)|/\s?(?:year|yr)\b"
        rf"|\bper\s+annum\b",
    ),
    (
        "month",
        "weak",
        rf"(?<![第前后上下这那近再差有过缓延迟晚停推限十])(?<!(?<!出)头)一个月(?![内后前之以左时份多半]|的(?!话)|时间|期)|\b(?:an?"
        rf"|p)\s+{_M}(?!\s+(?:ago|from\s+(?:now|today)|later|late|behind|time|extension|holiday|break)\b)",
    ),
    (
        "week",
        "weak",
        rf"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十])一个?(?:周|星期|礼拜)(?![内后前之以左时多]|的(?!话)"
        rf"|[一二三四五六日天末](?![百千十万块]))|\b(?:an?|p)\s+{_W}(?!\s+(?:ago|from\s+(?:now|today|on)"
        rf"|later|late|time)\b)",
    ),
    (
        "fortnight",
        "weak",
        r"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十])(?:半个月|半月(?=\s*[\d一二两三四五六七八九还付]))(?![内后前之以左时多]|的(?!话))|\ba\s+fortnight\b",
    ),
    ("quarter", "weak", r"\ba\s+quarter\b(?!\s+(?:of|to|past))"),
    (
        "day",
        "weak",
        r"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十哪某])一天(?![到内后前之以左时多天]|的(?!话))|\ba\s+day\b(?!\s+(?:ago"
        r"|late)\b)",
    ),
    (
        "year",
        "weak",
        r"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十])一年(?![内后前之以左时多半级期]|的(?!话))|\b(?:a|an)\s+(?:year"
        r"|yr)\b(?!\s+(?:ago|from\s+(?:now|today)|later)\b)",
    ),
)
_COMPILED = tuple((period, kind, regex(pattern)) for period, kind, pattern in _CUES)
_QUICK = regex(r"[月周天日年季期星礼]|day|w(?:ee|e)?k|m|fort|quart|year|yr|annu|daily|/|p[aw]\b")
EACH_PAYDAY = regex(
    rf"{_EACH}(?:pay\s?days?\b|(?:pay\s?)?che(?:ck|que)s?\b(?!\s+in)|pay\s?periods?\b|wage\b|time\s+i(?:'m|\s+am|\s+get)?\s+paid\b)"
    r"|\b(?:on|when(?:ever)?\s+it'?s|come)\s+paydays\b"
    r"|(?:每(?:次|回|个)?|每逢)(?:发(?:了|一次|下来)?(?:工资|薪水?)(?:日|了)?|工资日|领(?:了)?工资|出粮)|发一次(?:工资|薪水?)"
)
_PAID_FORTNIGHTLY = regex(
    r"\b(?:every\s+(?:other|two|2|second)|bi[\s-]?weekly|fortnight)|(?:双|两个?|2个?|隔一?个?)(?:周|星期|礼拜)"
)
_PAID = regex(
    r"\bpaid\s+(?:(?P<month>monthly|every\s+month|once\s+a\s+month)|(?P<week>weekly|every\s+week))"
    r"|(?P<zh_month>月薪|按月发|月结)|(?P<zh_week>周薪|周结|按周发)|(?P<zh_day>日结|日薪)"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One mention of a rhythm. A weak one ("a month") is a length of time unless an amount stands by it."""

    period: str
    weak: bool
    start: int
    end: int


def find_cues(view: str) -> list[Cue]:
    """Every mention of a rhythm, in order, without overlaps."""
    if not _QUICK.search(view):
        return []
    cues: list[Cue] = []
    for period, kind, pattern in _COMPILED:
        for match in pattern.finditer(view):
            start, end = match.span()
            if end > start and not any(cue.start < end and start < cue.end for cue in cues):
                if match[0] in ("pm", "pa", "p.m", "p.m.") and re.search(
                    r"(?<![\d.,$£¥])(?:1[0-2]|[1-9])(?:[:.]\d\d)?\s*$", view[:start]
                ):
                    continue
                cues.append(Cue(period, kind == "weak", start, end))
    return sorted(cues, key=lambda cue: cue.start)


def payday_cues(scene: Scene) -> list[Cue]:
    """ "Each payday", with the period of the paydays that the message tells; none where it tells no rhythm of pay."""
    matches = [match for match in EACH_PAYDAY.finditer(scene.folded) if scene.is_free(*match.span())]
    period = _pay_period(scene) if matches else None
    return [Cue(period, False, *match.span()) for match in matches] if period else []


def _pay_period(scene: Scene) -> str | None:
    if _PAID_FORTNIGHTLY.search(scene.folded):
        return "fortnight"
    paydays = [entity.fields for entity in scene.found if entity.type == "payday"]
    if paydays:
        monthly = "day" in paydays[0] or re.search(r"of\s+(?:the|each|every)\s+month", scene.folded)
        return "fortnight" if len(paydays) == 2 and "day" in paydays[0] else "month" if monthly else "week"
    said = _PAID.search(scene.folded)
    return said.lastgroup.removeprefix("zh_") if said and said.lastgroup else None
