"""How exact an amount is meant: about, at most, at least. Cues stand before it in its clause, or right after it."""

import re
from typing import Literal

from nlu.entities.text import regex

Bound = Literal["exact", "about", "at_most", "at_least"]

_ZH_GAP = r"[^,，。；;!！?？\n\d一二两三四五六七八九十]{0,12}$"
_EN_GAP = r"(?:\W+(?!but\b|and\b|or\b|so\b)[a-z']+){0,5}?\W*$"
_SHORT_EN_GAP = r"(?:\s+(?:a|an|the|of|only|say|just))?\W*$"

_BEFORE: tuple[tuple[re.Pattern[str], Bound], ...] = tuple(
    (regex(pattern), bound)  # type: ignore[misc]
    for pattern, bound in (
        (
            rf"(?:最多|顶多|至多|撑死|顶破?天|破天|不能?高过|到头|最高|上限|封顶|不超过|不能超过|别超过|不会超过|不要超过|超不过"
            rf"|不能多于|不高于|不大于|控制在|不到|(?<!不)低于|(?<!不)少于|小于|不足){_ZH_GAP}",
            "at_most",
        ),
        (
            rf"(?:最少|至少|起码|少说|再少也|最低(?!还款)|不少于|不低于|下限|怎么也得|高于|多于"
            rf"|(?<!不)(?<!能)(?<!别)(?<!会)(?<!要)超过){_ZH_GAP}",
            "at_least",
        ),
        (
            rf"(?:大概|大约|约莫|(?<![预签违])约(?!定|好|谈|的|了)|差不多|大致|将近|接近|近|估计|估摸着?|大体"
            rf"|左右|(?<!最)小$){_ZH_GAP}",
            "about",
        ),
        (
            rf"\b(?:no|not|nothing|never|can'?t|cannot|couldn'?t|won'?t|don'?t|isn'?t|wouldn'?t|unable"
            rf"|without)\b(?:\W+[a-z']+){{0,6}}?\W+(?:more|higher|greater|larger|bigger|over|above|beyond"
            rf"|exceed\w*)(?:\s+than)?{_SHORT_EN_GAP}",
            "at_most",
        ),
        (
            rf"\b(?:at\s+(?:the\s+)?(?:very\s+)?most|(?<!went )"
            rf"(?<!gone )(?<!goes )(?<!jumped )up\s*to|upto|as\s+much\s+as"
            rf"|as\s+high\s+as|max(?:imum)?|a\s+max(?:imum)?\s+of"
            rf"|(?:cap(?:ped)?|limit(?:ed)?)\s+(?:is|at|of|to)|(?:most|best)\s+(?:that\s+)?(?:i|we)\s+(?:can|could)"
            rf"|tops|not\s+exceed\w*){_EN_GAP}",
            "at_most",
        ),
        (
            rf"(?<!no )(?<!not )\b(?:under|below|less\s+than|fewer\s+than|lower\s+than|no\s+higher\s+than|within"
            rf"|or\s+less){_SHORT_EN_GAP}",
            "at_most",
        ),
        (rf"\b(?:no|not)\s+(?:less|lower|under|below)(?:\s+than)?{_SHORT_EN_GAP}", "at_least"),
        (
            rf"\b(?:at\s+(?:the\s+)?(?:very\s+)?least|min(?:imum)?(?:\s+of)?"
            rf"|least\s+(?:that\s+)?i\s+can){_EN_GAP}",
            "at_least",
        ),
        (rf"\b(?:more\s+than|over|above|upwards\s+of|greater\s+than|in\s+excess\s+of){_SHORT_EN_GAP}", "at_least"),
        (
            rf"(?:(?<!how )(?<!what )(?<!think )(?<!thinking )"
            rf"\b(?:about|around|arround|roughly|approx(?:imately)?\.?|circa"
            rf"|somewhere\s+(?:around|near)|something\s+like|nearly|almost|close\s+to|shy\s+of|near\s+to|in\s+the\s+(?:region|ballpark|neighbou?rhood|range)\s+of|some|ish)"
            rf"|(?<!would )(?<!i'd )"
            rf"(?<!\bid )(?<!\bi )(?<!\bwe )(?<!\byou )(?<!don't )(?<!dont )\blike(?!\s+(?:to|it|the)\b)"
            rf"|~){_SHORT_EN_GAP}",
            "about",
        ),
    )
)
_AFTER: tuple[tuple[re.Pattern[str], Bound], ...] = tuple(
    (regex(pattern), bound)  # type: ignore[misc]
    for pattern, bound in (
        (
            r"^\s*(?:块钱?|元)?\s*(?:之内|以内|以下|不到(?:点|一点)?(?=$|\W|[吧的呢了])|吧?最多|吧?顶多|封顶|顶天|顶多|最多|撑死|就顶|打住|内(?=$"
            r"|[，。,！!？?]))",
            "at_most",
        ),
        (r"^\s*(?:块钱?|元)?\s*(?:以上|起步|往上|打底|起(?=$|[，。,！!？?])|最少|至少|\+)", "at_least"),
        (
            r"^\s*(?:块钱?|元)?\s*(?:左右|上下|的样子|这样子?(?=$|\W)|多(?!少|谢|了|还|一|久)|出头|好几|挂零|冒头|差不多|(?:块)?把块?钱)",
            "about",
        ),
        (
            r"^\s*(?:[a-z/]+\s+){0,3}(?:max(?:imum)?\b|tops\b|at\s+(?:the\s+)?(?:very\s+)?most\b"
            r"|or\s+(?:less|under|below)\b|is\s+(?:my|the|all|about\s+all)\s+(?:limit|max|most|maximum|absolute|ceiling|top))",
            "at_most",
        ),
        (
            r"^\s*(?:[a-z/]+\s+){0,3}(?:at\s+(?:the\s+)?(?:very\s+)?least\b|min(?:imum)?\b(?!\s+payment)"
            r"|or\s+more\b|plus\b(?!\s+\S*\d)|\+)",
            "at_least",
        ),
        (
            r"^\s*-?(?:ish\b|odd\b|something\b)|^\s*(?:[a-z/]+\s+){0,2}(?:or\s+so\b|or\s+thereabouts|give\s+or\s+take"
            r"|more\s+or\s+less|roughly\b|approx|ish\b|(?:i\s+think|probably)\s*(?=$|[.,!?]))",
            "about",
        ),
    )
)


def bound_of(before: str, after: str) -> Bound:
    """The bound that the words just before and just after an amount give it; the nearest cue before it wins."""
    best: tuple[int, Bound] | None = None
    for pattern, bound in _BEFORE:
        match = pattern.search(before)
        if match and (best is None or match.end() - match.start() < best[0]):
            best = (match.end() - match.start(), bound)
    negated = next((bound for pattern, bound in _BEFORE[3:4] if pattern.search(before)), None)
    if negated:
        return negated
    if best and best[1] != "about":
        return best[1]
    for pattern, bound in _AFTER:
        if pattern.search(after):
            return bound
    return best[1] if best else "exact"
