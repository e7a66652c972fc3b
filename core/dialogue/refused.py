"""What a message names only to refuse or to quote it: “200 is too much, 120 would be ok”, “not in December”."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from core.dialogue.understanding import Entity, Understanding

_NUMBERS = (("amount",), ("instalments", "duration"))
"""Kinds of which one that is refused is left out where another stands beside it; of days, each that is refused."""

_OF_A_PLAN = ("amount", "share", "date", "duration", "instalments", "frequency")
_REFUSED_AFTER = re.compile(
    r"\s*(?:(?:a|per|each|every)\s+(?:week|fortnight|month)\b|pm\b|/mo(?:nth)?\b)?\s*(?:at all\s*)?,?\s*"
    r"(?:(?:is|was|would be|seems?|looks?|feels?|just|way|far|a bit|still|really|simply)\s+|'s\s+)*"
    r"(?:too\s+(?:much|high|steep|long|many|expensive|big|early|soon|late|far)\b|impossible\b|no good\b"
    r"|(?:not|isn'?t)\s+(?:possible|doable|realistic|happening|good for me)\b"
    r"|(?:won'?t|doesn'?t|does not|will not|isn'?t going to|not going to|not gonna)\s+(?:work|happen|suit)\b"
    r"|out of (?:the question|reach)\b|a lot\b|more than i (?:can|have)\b)"
    r"|(?:每?个?月|一个?月|块|元|期|号|日|月|份)*钱?\s*(?:也|都|还是|实在|真的|肯定|有点|有些)*"
    r"(?:太[多高长久早晚大]|[多高长久早]了|不行|不可以|[还付给拿]不[起了出]|做不到|不现实|吃不消|承受不了|受不了|负担不起|够呛|没戏|先?不还|没钱|还不上)",
    re.IGNORECASE,
)
_REFUSED_BEFORE = re.compile(
    r"(?<!why )(?<!if )\b(?:can'?t|cannot|can not|couldn'?t|unable to|not|skip(?:ping)?"
    r"|no way (?:that )?(?:i|we) (?:can|could))\s+"
    r"(?:(?:do|pay|paying|afford|manage|start|make|swing|handle|have|the|one|possibly|really|even|anything|it|in|on|for)"
    r"\s+)*$|\b(?:ain'?t|haven'?t|don'?t|do not) (?:got|have)\s+(?:the\s+)?\$?$"
    r"|(?:还不起|付不起|拿不出|还不了|给不了|不是|不要|不想要)\s*(?:分|每个?月|一个?月)?$",
    re.IGNORECASE,
)

_QUOTED_BEFORE = re.compile(
    r"\byou (?:guys )?(?:just )?(?:said|say|offered|mentioned|quoted|told me|wanted|asked for)\s+"
    r"(?:about |around |like )?$"
    r"|你们?[让叫要]我$|你们?(?:刚才|刚刚|刚|之前|上次)?(?:说|报|给|提)的?(?:是|那个)?(?:每个?月|一个?月|每期)?的?$",
    re.IGNORECASE,
)
"""Words right before what somebody else named: “you said 55 a month? I can do 90”."""


_EACH_HOW_MUCH = re.compile(r"(?:是|要|还|得)*(?:多少|几多|几块)")
"""Words right after 一期 that make it each payment, and no number of them."""
_NOTHING = re.compile(
    r"\bcan'?t (?:do|pay|afford|manage) (?:nothing|anything)\b|一分(?:钱)?(?:也|都)(?:拿|还|付)不", re.IGNORECASE
)


MOCKS = re.compile(
    r"\bsell(?:ing)? (?:a|my|one of my) (?:kidney|organs?|liver|soul)\b|\brob(?:bing)? a bank\b|\bmoney tree\b"
    r"|\bwin the lotter|卖(?:个|一个|我的)?(?:肾|血|器官)|抢银行|去抢(?!救)|喝西北风",
    re.IGNORECASE,
)
"""A sum named in mockery is out of reach, and no offer."""


def without_refused(understanding: Understanding, text: str) -> Understanding:
    """The understanding without the days that are refused, and without a sum or a length that is, where it names
    another instead, asks for others, or says that nothing can be paid."""
    refused = [entity for entity in understanding.entities if _is_refused(entity, text)]
    refused = _with_those_beside(refused, understanding, text)
    gone = [day for day in understanding.of_type("date") if any(_covers(each, day) for each in refused)]
    at_all = _NOTHING.search(text) or MOCKS.search(text) or understanding.says("ask_other_options")
    gone += [each for each in understanding.of_type("instalments") if _EACH_HOW_MUCH.match(text, each.end)]
    for kinds in _NUMBERS:
        named = understanding.of_type(*kinds)
        out = [entity for entity in named if entity in refused]
        gone += out if at_all or len(out) < len(named) else []
    kept = tuple(each for each in understanding.entities if each not in gone)
    return _first_choice(replace(understanding, entities=kept), text)


_OR = re.compile(r"\bor\b(?! (?:so|less|more|until|till?|thereabouts)\b)|或者?(?!许)|要么", re.IGNORECASE)


def _first_choice(understanding: Understanding, text: str) -> Understanding:
    """Of two plans to choose from (“100 a month or 300 now and 80 a month”) the first: their sums make no third one."""
    periodic = [e for e in understanding.of_type("amount") if e.fields.get("period", "once") != "once"]
    for word in _OR.finditer(text):
        if {each.start < word.start() for each in periodic} == {True, False}:
            kept = tuple(e for e in understanding.entities if e.start < word.start() or e.type not in _OF_A_PLAN)
            return replace(understanding, entities=kept)
    return understanding


def _is_refused(entity: Entity, text: str) -> bool:
    if entity.fields.get("bound", "exact") in ("at_most", "at_least"):
        return False
    before, mocked = text[: entity.start], MOCKS.search(text, entity.end)
    if mocked and entity.type == "amount":
        return True
    quoted = _QUOTED_BEFORE.search(before)
    return bool(quoted or _REFUSED_AFTER.match(text, entity.end) or _REFUSED_BEFORE.search(before))


_OR_ALSO = re.compile(r"\s*(?:(?:a|per|each|every) \w+\s*)?(?:,?\s*\bn?or\b|或者?|、)\s*[$£]?\s*", re.IGNORECASE)


def _with_those_beside(refused: list[Entity], understanding: Understanding, text: str) -> list[Entity]:
    """“No way I can do 200 or 300”: what is listed right after a refused sum is refused with it."""
    for former, sum_ in pairwise(understanding.of_type("amount")):
        listed = former in refused and former.end <= sum_.start
        if listed and sum_ not in refused and _OR_ALSO.fullmatch(text, former.end, sum_.start):
            refused.append(sum_)
    return refused


def _covers(refused: Entity, day: Entity) -> bool:
    """Whether a day is refused: by itself, or with the week or the month that it lies in."""
    if refused.type != "date":
        return False
    first, last = _span(refused)
    return refused == day or first <= date.fromisoformat(str(day.value)) <= last


def _span(entity: Entity) -> Sequence[date]:
    day = date.fromisoformat(str(entity.value))
    match entity.fields.get("grain", "day"):
        case "month":
            return day, day.replace(day=monthrange(day.year, day.month)[1])
        case "week":
            return day, day + timedelta(days=6)
        case _:
            return day, day
