"""Rhythms: 每月, 一个月, "a month", pm, "every two weeks". One that ties a sum is its period, others frequencies."""

import re
from dataclasses import dataclass

from core.dialogue.understanding import Entity
from nlu.entities.spans import Scene
from nlu.entities.text import MASK, regex

_D = r"(?:days?|dy)\b"
_W = r"(?:wee?ks?|wks?|wek)\b"
_M = r"(?:mon?ths?|mnths?|mths?|mounths?|monht|mont|mo)\b\.?"
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b"
_EACH = r"\b(?:per|each|every|evry|evrey|ever|ea)\s+"

_CUES: tuple[tuple[str, str, str], ...] = (
    (
        "fortnight",
        "own",
        r"每(?:隔)?(?:两|2)个?(?:周|星期|礼拜)|每半个?月|双周|(?:两|2)个?(?:周|星期|礼拜)一次|每(?:隔一"
        r"|14天)周|半个?月一次",
    ),
    (
        "fortnight",
        "own",
        rf"{_EACH}(?:two|2|second|other|2nd|couple\s+(?:of\s+)?)\s*(?:{_W}|{_WEEKDAY})|\b(?:bi-?weekly"
        rf"|fortnightly|fornightly|twice\s+(?:a|per|each)\s+month|p/f)\b|{_EACH}fortnight|{_EACH}14\s+days",
    ),
    ("month", "own", rf"每(?:隔)?(?:四|4)个?(?:周|星期|礼拜)|{_EACH}(?:four|4)\s*{_W}|\b(?:four|4)-weekly\b"),
    (
        "quarter",
        "own",
        r"每(?:个)?季(?:度)?|按季(?:度)?|(?<!第)一个?季度(?!度)(?![后内前])|每(?:三|3)个月|季度(?=还|付)",
    ),
    ("quarter", "own", rf"\bquarterly\b|{_EACH}quarter\b|{_EACH}(?:three|3)\s+months"),
    (
        "month",
        "own",
        r"每一?个?月(?!供)|按月|(?<!下)(?<!上)月月|一月一次|一个月一次|月均|平均每?月|每期|逐月"
        r"|(?<![从到年在等第十])一月(?=还|付|交|最|只|能|就|给|大概|顶|\d|[一二两三四五六七八九])"
        r"|(?<=[/／])个?月",
    ),
    (
        "month",
        "own",
        r"(?<![个\d一二两三四五六七八九十几下上])月(?=供|付|薪|入|收入|工资|租|还款|还(?!是|有|没|不)|结|花"
        r"|支出|开销|开支|缴)|按揭",
    ),
    (
        "month",
        "own",
        rf"\bmonthly\b|\bmonthy\b|\bmontly\b|{_EACH}{_M}|/\s?(?:{_M}|m\b)|(?<![a-z])(?:pcm|p/m|pm)\b"
        rf"|\bonce\s+a\s+month\b|\bmonth\s+(?:by|to)\s+month\b",
    ),
    (
        "week",
        "own",
        rf"每一?个?(?:周|星期|礼拜)(?!末)|按(?:周|星期)|周周|一周一次|周(?=付|薪|结)|{_EACH}{_WEEKDAY}"
        rf"|{_EACH}{_W}|\bweekly\b|/\s?(?:{_W}|w\b)|(?<![a-z])(?:p/w|pw)\b|\bonce\s+a\s+week\b",
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
        rf"(?<![第头前后上下这那近再差有过缓延迟晚停推限十])一个月(?![内后前之以左的时份多半]|时间|期)|\b(?:an?"
        rf"|p)\s+{_M}(?!\s+(?:ago|from\s+(?:now|today)|later|late|behind|time|extension|holiday|break)\b)",
    ),
    (
        "week",
        "weak",
        rf"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十])一个?(?:周|星期|礼拜)(?![内后前之以左的时多]"
        rf"|[一二三四五六日天末](?![百千十万块]))|\b(?:an?|p)\s+{_W}(?!\s+(?:ago|from\s+(?:now|today|on)"
        rf"|later|late|time)\b)",
    ),
    (
        "fortnight",
        "weak",
        r"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十])半个月(?![内后前之以左的时多])|\ba\s+fortnight\b",
    ),
    ("quarter", "weak", r"\ba\s+quarter\b(?!\s+(?:of|to|past))"),
    (
        "day",
        "weak",
        r"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十哪某])一天(?![到内后前之以左的时多天])|\ba\s+day\b(?!\s+(?:ago"
        r"|late)\b)",
    ),
    (
        "year",
        "weak",
        r"(?<![第头前后上下这那近再差有过缓延迟晚停推限\d十])一年(?![内后前之以左的时多半级期])|\b(?:a|an)\s+(?:year"
        r"|yr)\b(?!\s+(?:ago|from\s+(?:now|today)|later)\b)",
    ),
)
_COMPILED = tuple((period, kind, regex(pattern)) for period, kind, pattern in _CUES)
_QUICK = regex(r"[月周天日年季期星礼]|day|w(?:ee|e)?k|m|fort|quart|year|yr|annu|daily|/|p[aw]\b")

_BREAK = regex(r"[。！!？?;；\n]|\b(?:then|after\s+that)\b|然后|之后|以后|另外")
_ONE_OFF = regex(r"一次|一共|总共|总额|首付|\bone\s+off\b|\blump\b")
_AFTER_BREAK = regex(
    r"[,，、]|\b(?:for|in|within|after|over|than|and|but|or|because|since|if|when|with)\s*$|\b(?:and|but"
    r"|or|then|so|because|if)\b|再|分|[0-9]|一共|总共"
)
_LIST_BREAK = regex(
    r"[。！!？?;；\n]|你|让|叫|欠|一共|总共|总额|先|现在|这次|今天|明天|一次|首付|首期|剩|还差|借|余额|账单|存款"
    r"|积蓄|手里|手头|卡里|但|不过|才|还清|\x00"
    r"|\b(?:owe|now|today|total|first|balance|savings?|debt|deposit|upfront|once|left|settle|one\s+off"
    r"|lump|tomorrow|but|then)\b"
)
_PAYMENT_ZH = regex(r"^[^,，。！!？?]{0,10}(?:还|付|交|扣|分|给|打|转|缴|供|款|来)")
_NOT_A_PAYMENT_EN = regex(
    r"^\s*(?:income|expenses?|bills?|rent|salary|outgoings|statement|budget|wage|report|basis\s+i\s+get"
    r"|day\b|mortgage|fees?|interest)\b"
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
                if match[0] in ("pm", "pa") and re.search(
                    r"(?<![\d.,$£¥])(?:1[0-2]|[1-9])(?:[:.]\d\d)?\s*$", view[:start]
                ):
                    continue
                cues.append(Cue(period, kind == "weak", start, end))
    return sorted(cues, key=lambda cue: cue.start)


def tie(view: str, cues: list[Cue], spans: list[tuple[int, int]]) -> tuple[dict[int, str], set[Cue]]:
    """Which amounts (by index) have which period, and which cues that used up. `spans` are the amounts' in order."""
    tied: dict[int, str] = {}
    used: set[Cue] = set()
    for cue in cues:
        previous = max((i for i, span in enumerate(spans) if span[1] <= cue.start), default=None)
        following = min((i for i, span in enumerate(spans) if span[0] >= cue.end), default=None)
        behind = _gap_behind(view, cue, spans, previous) if previous is not None and previous not in tied else None
        ahead = _gap_ahead(view, cue, spans, following) if following is not None else None
        if behind is not None and (ahead is None or behind <= ahead):
            chosen = previous
        elif ahead is not None:
            chosen = following
        else:
            continue
        if chosen is None:
            continue
        tied[chosen] = cue.period
        used.add(cue)
        if chosen == following:
            _carry(view, cue, spans, chosen, tied)
    return tied, used


def _gap_behind(view: str, cue: Cue, spans: list[tuple[int, int]], index: int) -> int | None:
    gap = view[spans[index][1] : cue.start]
    if _BREAK.search(gap) or _AFTER_BREAK.search(gap.replace(MASK, "")):
        return None
    words = len(re.findall(r"[a-z']+", gap)) + len(re.findall(r"[\u3400-\u9fff]", gap))
    limit = 3 if cue.weak and "\u3400" <= view[cue.start] <= "\u9fff" else 4 if cue.weak else 7
    return words if words <= limit else None


def _gap_ahead(view: str, cue: Cue, spans: list[tuple[int, int]], index: int) -> int | None:
    gap = view[cue.end : spans[index][0]]
    if _BREAK.search(gap) or len(re.findall(r"[,，]", gap)) > 1 or re.search(r"\b(?:and|but)\b|\d", gap):
        return None
    if _ONE_OFF.search(gap) or (cue.weak and re.search(r"^.{2,}[,，]", gap[:20].lstrip())):
        return None
    if cue.weak and (view[cue.start].isascii() or gap.startswith((",", "，"))):
        return None
    words = len(re.findall(r"[a-z']+", gap)) + len(re.findall(r"[\u3400-\u9fff]", gap))
    return words if words <= 14 else None


def _carry(view: str, cue: Cue, spans: list[tuple[int, int]], index: int, tied: dict[int, str]) -> None:
    """A rhythm said first governs the whole list that follows: 每个月房租2000，吃饭1000."""
    for later in range(index + 1, len(spans)):
        gap = view[spans[later - 1][1] : spans[later][0]]
        if len(gap) > 24 or _LIST_BREAK.search(gap) or any(c.period for c in find_cues(gap)):
            return
        tied[later] = cue.period


def take_frequencies(scene: Scene, cues: list[Cue], used: set[Cue]) -> None:
    """Record the rhythms that tie no amount, payday or due day; those that repeat an amount's period are masked."""
    periods = {entity.fields["period"] for entity in scene.found if entity.type == "amount"}
    for cue in cues:
        if cue in used or cue.weak:
            continue
        if not scene.is_free(cue.start, cue.end):
            _take_within_instalments(scene, cue, periods)
            continue
        text, after, before = scene.view[cue.start : cue.end], scene.view[cue.end :], scene.view[: cue.start]
        if (
            cue.period in ("day", "year")
            or cue.period in periods
            or (
                after.lstrip(" 的")[:1] == MASK
                or _leads_to_payday(scene, cue)
                or re.search(rf"{MASK}\s*(?:of\s*)?$", before)
            )
        ):
            scene.mask(cue.start, cue.end)
        elif _is_a_rhythm_of_payment(text, after):
            scene.take("frequency", {"value": cue.period}, cue.start, cue.end)
        elif text not in ("月", "周", "按揭"):
            scene.mask(cue.start, cue.end)


def _take_within_instalments(scene: Scene, cue: Cue, periods: set[str]) -> None:
    """ "Six monthly payments" says both how many and how often."""
    inside = any(e.type == "instalments" and e.start <= cue.start and cue.end <= e.end for e in scene.found)
    if inside and cue.period not in periods:
        scene.found.append(Entity("frequency", {"value": cue.period}, cue.start, cue.end))


def _leads_to_payday(scene: Scene, cue: Cue) -> bool:
    return any(e.type == "payday" and 0 <= e.start - cue.end <= 8 for e in scene.found)


def usable_cues(scene: Scene) -> list[Cue]:
    """The rhythms whose words nothing else has read, and those that hold a due day or a number of instalments."""
    holders = [(e.start, e.end) for e in scene.found if e.type in ("date", "instalments")]
    return [
        cue
        for cue in find_cues(scene.folded)
        if scene.is_free(cue.start, cue.end)
        or (
            any(start < cue.end and cue.start < end for start, end in holders) and scene.folded[cue.start] in "每emwbfq"
        )
    ]


def _is_a_rhythm_of_payment(text: str, after: str) -> bool:
    if text in ("月", "周", "日", "年", "按揭"):
        return after[:1] in "付结还" and bool(after)
    if "\u3400" <= text[0] <= "\u9fff":
        return text.startswith(("按", "双")) or text.endswith("次") or bool(_PAYMENT_ZH.search(after))
    return not _NOT_A_PAYMENT_EN.search(after)
