"""What an agent's own words may not do: grant something, or name a sum that the case does not know (SAFE-INJ-1).

What is granted comes from the plan desk, which knows the limits. A question, or a statement that it will not be
granted, passes.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from core.compliance.draft import Draft, Reason
from core.compliance.words import plain

RULE = "SAFE-INJ-1"

_GRANT_EN = re.compile(
    r"\bwaiv(?:e|ed|es|ing|er)\b|\bwr(?:ite|itten|ote|iting) (?:[\w$£€¥.,']+ ){0,4}?off\b|\bforg(?:ive|iven|ave)\b"
    r"|\bowe (?:us )?(?:nothing|\$?0\b|zero)|\b(?:don't|do not|no longer|never) owe (?:us )?(?:anything|a cent|it)"
    r"|\bno longer (?:have|need) to pay\b|\b(?:don't|do not|never) (?:have|need) to pay (?:it|this|us) back\b"
    r"|\b(?:a|any|get|give|offer|of|%|percent) ?(?:\w+ )?discount\b"
    r"|\b(?:cancel|clear|wipe|delet)\w* (?:your |the |this )(?:whole |full )?(?:debt|balance|loan|fees|interest)\b"
    r"|\bknock(?:ed|ing)? (?:\S+ ){1,3}off\b|\b\d+ ?(?:%|percent) off\b|\bhalf off\b|\bcall it quits\b"
    r"|\bsettle(?:d|s)? (?:it |this |everything )?for\b"
)
_GRANT_ZH = re.compile(
    r"免除|减免|免掉|免了|一笔勾销|勾销|核销|不用还了|不用再还|不必还|无需还|不需要还|打[一二三四五六七八九\d.]+折|[一二三四五六七八九]折"
    r"|(?:就|便)算(?:结清|还清|了)|抹掉|抹零|清零"
)
_NO_EN = re.compile(r"(?:\b(?:no|not|never|cannot|unable|nobody|can't|won't)|n't)\b[^.!?;,\n]*$")
_ASKS_EN = re.compile(
    r"\b(?:ask|asking|request|requesting|apply|whether|see if|check if|find out if|would you like)\b[^.!?;\n]*$"
)
_NO_ZH = re.compile(r"(?:(?<!能)不能|无法|没法|不会|没有|不可以|不得|不予|不是)[^。！？!?，,；;\n]{0,10}$")
_ASKS_ZH = re.compile(r"(?:申请(?![到下好])|能否|能不能|是否|可否|请示|问一下|询问)[^。！？!?，,；;\n]{0,12}$")

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALES = {"千": 1000, "万": 10000, "k": 1000, "grand": 1000}
_SUM = re.compile(
    rf"[¥$£€]\s?{_NUMBER.format('marked')}\s?(?P<scale1>[千万]|k\b)?"
    rf"|{_NUMBER.format('named')}\s?(?P<scale2>[千万k])?\s?(?:元|块|美元|英镑|usd\b|cny\b|rmb\b|gbp\b|dollars?\b|pounds?\b"
    r"|quid\b|bucks\b|yuan\b)"
    rf"|每(?:个月|月|周|期)(?:还|付)?\s?{_NUMBER.format('zh')}(?![\d\-/年月日号期次点:])"
    rf"|{_NUMBER.format('per')} (?:a|per|each|every) (?:month|week|fortnight|instalment|payment)\b"
    rf"|{_NUMBER.format('ten')}\s?万"
)


def free_promises(draft: Draft) -> Iterator[Reason]:
    """A reason where an agent's own words grant something or name a sum that is none of the case's."""
    if draft.author != "agent" or draft.offers:
        return
    found = grants(draft.text)
    if found is not None:
        language = "zh" if draft.language == "zh" else "en"
        yield Reason(RULE, "compliance.no_grant", {"words": found, "instead": _INSTEAD[language]})
    if draft.known_sums is None:
        return
    for amount in sums_in(draft.text):
        if amount not in draft.known_sums:
            yield Reason(RULE, "compliance.unknown_sum", {"sum": f"{amount:f}"})
            return


_INSTEAD = {
    "en": "I'm looking at what I can arrange, and I'll send you the plan here.",
    "zh": "我看看能怎么安排，方案会发到这里给您确认。",
}


def grants(text: str) -> str | None:
    """The words that grant something, or None where there are none."""
    searched = plain(text)
    for pattern, denials in ((_GRANT_EN, (_NO_EN, _ASKS_EN)), (_GRANT_ZH, (_NO_ZH, _ASKS_ZH))):
        for match in pattern.finditer(searched):
            if not any(denial.search(searched[: match.start()]) for denial in denials):
                return match.group()
    return None


def sums_in(text: str) -> tuple[Decimal, ...]:
    """The sums of money that a text names, in order; dates, reference numbers and counts are none."""
    found: list[Decimal] = []
    for match in _SUM.finditer(plain(text)):
        number = next(value for name, value in match.groupdict().items() if value and not name.startswith("scale"))
        scale = match["scale1"] or match["scale2"] or ("万" if match["ten"] else "")
        found.append(Decimal(number.replace(",", "")) * _SCALES.get(scale, 1))
    return tuple(found)
