"""Personal data out of a debtor's text: by the entity recogniser, by what is on file of its writer, by shape.

What stays are sums, dates to come and all that tells what the person means. What is taken out leaves its kind behind,
in the language of the text: ‹姓名›, ‹phone›. Recognition has limits: a name that is neither on file nor introduced as
one, or a place without a street, can stay.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.dialogue.understanding import Language
from core.store.readings import Private
from nlu.entities import extract
from nlu.entities.text import MAX_CHARS, fold

KINDS: dict[str, tuple[str, str]] = {
    "name": ("姓名", "name"),
    "phone": ("电话", "phone"),
    "email": ("邮箱", "email"),
    "number": ("号码", "number"),
    "birth": ("出生日期", "birth date"),
    "address": ("地址", "address"),
    "handle": ("账号", "handle"),
    "link": ("链接", "link"),
}
"""What may be taken out, as a Chinese and as an English text shows it."""

STAND_INS: dict[str, tuple[str, str]] = {
    "name": ("小明", "Sam"),
    "address": ("那里", "there"),
    "email": ("a@b.c", "a@b.c"),
    "handle": ("abc", "abc"),
    "link": ("", ""),
}
"""What training reads instead of a mask; every other kind is a number to it."""

_OF_ENTITY = {"name": "name", "phone": "phone", "email": "email", "digits": "number"}
_SHORTEST = 2
_LAST_WORD = re.compile(r"[^\s，。！？；]{0,40}$")
_GROWN_UP = 16
"""A date that many years ago is when somebody was born, not when somebody will pay."""

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.%+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("link", re.compile(r"(?:https?://|www\.)[^\s，。；）)]+", re.IGNORECASE)),
    ("handle", re.compile(r"(?<![\w@])@\w{3,}", re.ASCII)),
    (
        "handle",
        re.compile(
            r"(?:微信|wechat|weixin|wx|qq|telegram)\s*(?:号|id|is)?\s*[:：是]?\s*(?P<it>[a-z][a-z\d]*[\d_-][\w-]+|\d{5,11})",
            re.IGNORECASE | re.ASCII,
        ),
    ),
    ("number", re.compile(r"(?<![\w.])[A-Za-z]{1,5}[-_/]?\d{4,}[A-Za-z0-9-]*")),
    ("number", re.compile(r"(?<![\d.,])\d(?:[\s-]?\d){8,22}[xX]?(?![\d.])")),
    ("number", re.compile(r"(?<![\w.])[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?!\w)", re.IGNORECASE)),
    ("address", re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}(?!\w)", re.IGNORECASE)),
    ("address", re.compile(r"(?<!\w)(?:zip(?:\s?code)?|[A-Z]{2})[\s:,]+(?P<it>\d{5}(?:-\d{4})?)(?!\d)")),
)  # fmt: skip
_PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾"
    "|内蒙古|广西|西藏|宁夏|新疆|北京|上海|天津|重庆|香港|澳门"
)
_PLACE = r"(?:(?![我你他她在住家到去是从来往回寄搬])[\u4e00-\u9fff])"
_NUMBER_ZH = r"[\d一二三四五六七八九十甲乙丙a-z-]{1,6}"
_UNIT_ZH = rf"(?:\s*{_NUMBER_ZH}\s*(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层|户|组))"
_AREA_ZH = rf"{_PLACE}{{1,4}}[区县旗](?:{_PLACE}{{1,5}}(?:镇|乡|街道|村|路|街))?"
_IN_CHINESE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "address",
        re.compile(
            rf"(?:(?:{_PROVINCES})(?:省|市|自治区)?)?(?:{_PLACE}{{2,4}}市)?(?:{_PLACE}{{1,4}}[区县旗])?"
            rf"(?:{_PLACE}{{1,5}}(?:镇|乡|街道))?"
            rf"{_PLACE}{{1,8}}?(?:路|街|大道|巷|弄|胡同|村|小区|花园|公寓|新村|家园|苑|里){_UNIT_ZH}+"
        ),
    ),
    ("address", re.compile(rf"(?:{_PROVINCES})(?:省|自治区){_PLACE}{{1,4}}市(?:{_AREA_ZH})?")),
    ("address", re.compile(rf"(?:{_PROVINCES}|{_PLACE}{{2,3}})市{_AREA_ZH}")),
    (
        "name",
        re.compile(
            r"(?:爸|妈|哥|姐|弟|妹|叔|姨|舅|姑|爷爷|奶奶|外公|外婆|公公|婆婆|岳父|岳母|老公|老婆|朋友|同事|老板|经理|律师)叫"
            r"(?P<it>(?![我你他她什人不])[\u4e00-\u9fff]{2,3}?)(?=$|[^\u4e00-\u9fff]|的|已|去世|过世|走了|欠|借|是)"
        ),
    ),
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way|place|pl|boulevard|blvd|terrace|crescent"
    r"|gardens|grove|square|sq|row|hill)"
)
_FLAT = r"(?:flat|apt\.?|apartment|unit|suite)\s*#?\s*\d{1,4}[a-z]?"
_RELATIVE = (
    r"(?:wife|husband|partner|son|daughter|mum|mom|mother|dad|father|brother|sister|friend|carer|boss|landlord"
    r"|colleague|neighbou?r|lawyer|solicitor|attorney|boyfriend|girlfriend|fianc[ée]e?)"
)
_IN_ENGLISH: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "address",
        re.compile(
            rf"(?:(?i:{_FLAT}),?\s+)?\b\d{{1,5}}[A-Za-z]?,?\s+(?:[A-Z][\w'.]*\s+){{1,3}}?(?i:{_STREET})\b\.?"
            rf"(?:,?\s*(?i:{_FLAT}))?(?:,\s*[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)?"
        ),
    ),
    (
        "address",
        re.compile(
            rf"(?i:\b(?:live|living|stay|staying|moved|address|house|post|send|mail)\b[^.,!?\d]{{0,25}}"
            rf"(?P<it>\d{{1,5}}[a-z]?,?\s+(?:[a-z'.]+\s+){{1,3}}?{_STREET}\b))"
        ),
    ),
    ("address", re.compile(rf"(?i:\b{_FLAT}\b)")),
    (
        "name",
        re.compile(
            rf"\b(?i:my|his|her|our|their)\s+(?i:{_RELATIVE})(?i:'s\s+name\s+is|\s+is\s+called|\s+called)?,?\s+"
            r"(?P<it>[A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+)?)\b"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: str


def mask(text: str, lang: Language, private: Private, now: datetime, currency: str = "CNY") -> str:
    """The text with what identifies a person replaced by its kind; what lies beyond its first 2,000 code points, which
    the recogniser does not read, is left out. `now` is aware. Never raises."""
    if len(text) > MAX_CHARS:
        text = _LAST_WORD.sub("…", text[:MAX_CHARS])
    found = [*_on_file(text, private), *_recognised(text, lang, private, now, currency)]
    spans = _merged(_clear_of_masks(text, found))
    place = 0 if lang == "zh" else 1
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start], f"‹{KINDS[span.kind][place]}›"]
        at = span.end
    return "".join([*pieces, text[at:]])


def plain(masked: str) -> str:
    """A masked text as training reads it: each mask a stand-in that says nothing of anybody."""
    for kind, names in KINDS.items():
        for name, stand_in in zip(names, STAND_INS.get(kind, ("0000", "0000")), strict=True):
            masked = masked.replace(f"‹{name}›", stand_in)
    return masked


def _recognised(text: str, lang: Language, private: Private, now: datetime, currency: str) -> Iterator[_Span]:
    """What the recogniser and the shapes find; the shape of a number gives way to a sum or a date."""
    told: list[tuple[int, int]] = []
    for entity in extract(text, lang=lang, now=now, currency=currency):
        kind = _OF_ENTITY.get(entity.type)
        if entity.type == "date" and _is_birth(str(entity.value), private, now):
            kind = "birth"
        if kind is not None:
            yield _Span(entity.start, entity.end, kind)
        elif entity.type in ("amount", "date", "instalments", "duration"):
            told.append((entity.start, entity.end))
    view = _view(text)
    for source, shapes in ((text, _SHAPES), (view, _IN_CHINESE), (text, _IN_ENGLISH)):
        for kind, pattern in shapes:
            for match in pattern.finditer(source):
                start, end = match.span("it") if "it" in pattern.groupindex else match.span()
                if kind != "number" or not any(start < after and before < end for before, after in told):
                    yield _Span(start, end, kind)


def _is_birth(day: str, private: Private, now: datetime) -> bool:
    if private.birth_date and day == private.birth_date:
        return True
    year = day[:4]
    return year.isdigit() and len(day) == 10 and int(year) <= now.year - _GROWN_UP


def _view(text: str) -> str:
    """The text folded as the recogniser folds it, and as it is beyond what that reads."""
    return (folded := fold(text)) + text[len(folded) :]


def _on_file(text: str, private: Private) -> Iterator[_Span]:
    """Where the text says what is on file of its writer, however it is spaced or cased."""
    view = _view(text)
    for name in _names(private.name):
        yield from _said(view, name, "name")
    for number in private.numbers:
        yield from _said(view, number, "number")
    for contact in private.contacts:
        yield from _said(view, contact, "email" if "@" in contact else "phone")
    if private.birth_date:
        yield from (_Span(*match.span(), "birth") for match in _birth_pattern(private.birth_date).finditer(view))


def _names(name: str) -> Iterable[str]:
    """The whole name and those of its parts that say who it is: Latin ones of three letters, a Chinese given name."""
    name = name.strip()
    if not name:
        return
    yield name
    if re.fullmatch(r"[\u4e00-\u9fff]{3,4}", name):
        yield name[-2:]
    yield from (part for part in re.split(r"[\s·]+", name) if part.isascii() and len(part) > 2 and part != name)


def _said(view: str, words: str, kind: str) -> Iterator[_Span]:
    """Where these letters and figures stand one after the other, with or without what divides them."""
    parts = re.findall(r"[^\W_]", _view(words))
    if len(parts) < _SHORTEST:
        return
    pattern = r"[\s._/'-]{0,2}".join(re.escape(part) for part in parts)
    before, after = (r"(?<![a-z0-9])", r"(?![a-z0-9])") if words.isascii() else ("", "")
    for match in re.finditer(rf"{before}{pattern}{after}", view):
        yield _Span(*match.span(), kind)


def _birth_pattern(day: str) -> re.Pattern[str]:
    """The day of birth in figures, in the orders that people use."""
    year, month, of_month = (str(int(part)) for part in day.split("-"))
    gap = r"\s?[-/.年月日]?\s?0?"
    orders = ((year, month, of_month), (of_month, month, year), (month, of_month, year))
    forms = ["0?" + gap.join(order) for order in orders]
    return re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d)日?")


def _clear_of_masks(text: str, spans: Iterable[_Span]) -> list[_Span]:
    """Spans without blanks at their ends, the empty ones left out."""
    kept = []
    for span in spans:
        words = text[span.start : span.end]
        start = span.start + len(words) - len(words.lstrip())
        end = span.end - (len(words) - len(words.rstrip()))
        if start < end:
            kept.append(_Span(start, end, span.kind))
    return kept


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Spans that overlap as one, named after the longest of them."""
    merged: list[_Span] = []
    longest = 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            kind = span.kind if span.end - span.start > longest else last.kind
            longest = max(longest, span.end - span.start)
            merged[-1] = _Span(last.start, max(last.end, span.end), kind)
        else:
            merged.append(span)
            longest = span.end - span.start
    return merged
