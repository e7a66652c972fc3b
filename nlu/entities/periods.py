"""Rhythms: 每月, 一个月, "a month", pm, "every two weeks". One that ties a sum is its period, others frequencies."""

import re

from core.dialogue.understanding import Entity
from nlu.entities.rhythms import EACH_PAYDAY, Cue, find_cues, payday_cues
from nlu.entities.spans import Scene
from nlu.entities.text import MASK, regex

_BREAK = regex(r"[。！!？?;；\n]|\.\s+(?=(?:i|so|but|we|my)\b)|\b(?:then|after\s+that)\b|然后|之后|以后|另外")
_ONE_OFF = regex(r"一次|一共|总共|总额|首付|\bone\s+off\b|\blump\b")
_AFTER_BREAK = regex(
    r"[,，、]|\b(?:for|in|into|within|after|over|than|and|but|or|because|since|if|when|with)\s*$|\b(?:and|but"
    r"|or|then|so|because|if)\b|再|分|[0-9]|一共|总共"
)
_HEDGE = regex(r"\bor\s+(?:so|less|more|under|thereabouts)\b|\bgive\s+or\s+take\b")
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


_OF_CONTACT = regex(
    r"^(?:都|老是?|总|一直|给我|来|有人|这么|这样|在)*(?:打(?!算)|发(?!工资|薪|钱)|催|骚扰|轰炸|烦|吵|联系|找我|逼|盯)"
    r"|^\s*(?:long\s+)?(?:with\s+)?(?:(?:you|u|they|y'?all|someone|somebody)\s+(?:\w+\s+){0,2})?"
    r"(?:call|ring|phon|text|harass|bother|hound|hassl|bug|blow|email|messag)"
)
"""What is done to somebody so often: “天天打电话”, “every day you call me”."""


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
        elif previous is not None and previous not in tied and _holds_due_day(view, cue, *spans[previous]):
            chosen = previous
        else:
            continue
        if chosen is None:
            continue
        tied[chosen] = cue.period
        used.add(cue)
        if chosen == following:
            _carry(view, cue, spans, chosen, tied)
    return tied, used


def _holds_due_day(view: str, cue: Cue, start: int, after: int) -> bool:
    """Whether only a comma parts this sum from the day on which it recurs (500，每月5号), or a sum "each time"."""
    recurs = view[cue.start] == MASK or bool(re.match(rf"\s*的?{MASK}", view[cue.end :]))
    recurs = recurs or bool(re.search(r"每[次回笔](?:还|付)?\s*$", view[:start]))
    return recurs and bool(re.fullmatch(r"\s*[,，、]?\s*", view[after : cue.start].replace(MASK, "")))


def _gap_behind(view: str, cue: Cue, spans: list[tuple[int, int]], index: int) -> int | None:
    gap = _HEDGE.sub(" ", view[spans[index][1] : cue.start])
    if _BREAK.search(gap) or _AFTER_BREAK.search(gap.replace(MASK, "")):
        return None
    words = len(re.findall(r"[a-z']+", gap)) + len(re.findall(r"[\u3400-\u9fff]", gap))
    limit = 3 if cue.weak and "\u3400" <= view[cue.start] <= "\u9fff" else 4 if cue.weak else 7
    return words if words <= limit else None


def _gap_ahead(view: str, cue: Cue, spans: list[tuple[int, int]], index: int) -> int | None:
    gap = view[cue.end : spans[index][0]]
    if (
        _BREAK.search(gap)
        or _OF_CONTACT.search(gap)
        or len(re.findall(r"[,，]", gap)) > 1
        or re.search(r"\b(?:and|but)\b|\d", gap)
    ):
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
    counted = scene.has("instalments")
    for cue in cues:
        if cue in used or cue.weak or EACH_PAYDAY.match(scene.folded, cue.start):
            continue
        if not scene.is_free(cue.start, cue.end):
            _take_within(scene, cue, periods)
            continue
        text, after, before = scene.view[cue.start : cue.end], scene.view[cue.end :], scene.view[: cue.start]
        if (
            cue.period in ("day", "year")
            or cue.period in periods
            or (
                (
                    not counted
                    and cue.period in ("month", "week")
                    and re.match(rf"[ 的]*(?:on\s+|by\s+|the\s+|in\s+)*{MASK}", after)
                )
                or _leads_to_payday(scene, cue)
                or re.search(rf"{MASK}\s*(?:of\s*)?$", before)
            )
        ):
            scene.mask(cue.start, cue.end)
        elif _is_a_rhythm_of_payment(text, after):
            scene.take("frequency", {"value": cue.period}, cue.start, cue.end)
            periods.add(cue.period)
        elif text not in ("月", "周", "按揭"):
            scene.mask(cue.start, cue.end)


def _take_within(scene: Scene, cue: Cue, periods: set[str]) -> None:
    """ "Six monthly payments" says both how many and how often; so does a due day beside a number of payments, or one
    that tells more than which day of the month or week."""
    dated = scene.has("instalments") or cue.period in ("fortnight", "quarter")
    holders = ("instalments", "date") if dated else ("instalments",)
    inside = any(e.type in holders and e.start < cue.end and cue.start < e.end for e in scene.found)
    if inside and cue.period not in periods:
        periods.add(cue.period)
        scene.found.append(Entity("frequency", {"value": cue.period}, cue.start, cue.end))


def _leads_to_payday(scene: Scene, cue: Cue) -> bool:
    return any(e.type == "payday" and 0 <= e.start - cue.end <= 14 for e in scene.found)


def usable_cues(scene: Scene) -> list[Cue]:
    """The rhythms whose words nothing else has read, and those that hold a due day or a number of instalments."""
    holders = [(e.start, e.end) for e in scene.found if e.type in ("date", "instalments")]
    paydays = payday_cues(scene)
    cues = [
        cue
        for cue in find_cues(scene.folded)
        if scene.is_free(cue.start, cue.end)
        or (
            any(start < cue.end and cue.start < end for start, end in holders) and scene.folded[cue.start] in "每emwbfq"
        )
    ]
    apart = [cue for cue in cues if not any(cue.start < day.end and day.start < cue.end for day in paydays)]
    return sorted([*apart, *paydays], key=lambda cue: cue.start)


def _is_a_rhythm_of_payment(text: str, after: str) -> bool:
    if text == "每期" or re.match(r"计|算|收|涨|滚", after):
        return False
    if text in ("月", "周", "日", "年", "按揭"):
        return after[:1] in "付结还" and bool(after)
    if "\u3400" <= text[0] <= "\u9fff":
        return text.startswith(("按", "双")) or text.endswith("次") or bool(_PAYMENT_ZH.search(after))
    return not _NOT_A_PAYMENT_EN.search(after)
