"""English names of months, weekdays and ordinals, and whether a clause speaks of the past."""

import re

from nlu.entities.numerals import ORDINAL_WORD, ORDINALS
from nlu.entities.text import regex

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary|urary|uray)?|feb(?:r?uary|urary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:e?m?ber|emeber)?)\b\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday|ensday|nsday)?|thu(?:r(?:s(?:day)?)?)?|thrusday|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)s?\b"
)
FULL_WEEKDAY = (
    r"(?:monday|tues(?:day)?|tue|weds|wednesday|wensday|wednsday|thur(?:s(?:day)?)?|thrusday|fri(?:day)?"
    r"|saturday|sunday)s?\b"
)
ORDINAL = rf"(?:\d{{1,2}}\s?(?:st|nd|rd|th)\b|{ORDINAL_WORD}\b)"
NOT_THE_NTH = (
    r"(?!\s+(?:option|one\b|payment|instal|time\b|job|plan|offer|choice|month|week|day\b|mortgage|child"
    r"|kid|baby|loan|account|card"
    r"|letter|reminder|notice|person|call|party|floor|street|st\b|avenue|ave\b|birthday|year|grade|half"
    r"|part|thing|two|three|few"
    r"|class|hand|chance|email|message|text\b|charge|bill\b|deposit|suggestion|proposal|arrangement"
    r"|lot\b|attempt|try\b))"
)
_PAST = regex(
    r"(?<!get )(?<!gets )(?<!be )(?<!getting )\bpaid\b|\b(?:sent|made|transferred|was|were|did|didn'?t"
    r"|lost|missed|got|took"
    r"|received|went|died|passed|told|spoke|called|said|came|happened|bounced|failed|started|stopped"
    r"|left|moved|borrowed|signed"
    r"|closed|cancelled|canceled|filed|receipts?|redundant|sacked|quit|began|opened|stolen|robbed|burgled|broke"
    r"|charged|debited|billed|withdrew|shut|ended|dropped|flooded|already|since|had|posted|emailed|laid|fired|ago|back\s+in|let\s+(?:me|him|her|us)\s+go"
    r"|receipt|turned\s+into|gone\s+up)\b"
)
_FUTURE = regex(
    r"\b(?:will|i'?ll|we'?ll|'ll|going to|gonna|can|could|would|get paid|gets paid|be paid|getting paid"
    r"|until|till|by|plan|hope"
    r"|want|should|might|expect|wait|able to)\b"
)
_PLANS = regex(
    r"\b(?:start\w*|from|next|due|pay|paying|send|sending|move|change|push|make|set|do|for|in\s+full|again|maybe|ok|after)\b"
)
_CLAUSE = regex(
    r"[;!?。！？，\n]|[.,](?!\d)|\b(?:but|so|then|because)\b|\band\b"
    r"(?=\s+(?:i|we|ill|i\'ll|will|can|could|would|my|he|she|they|then|next|the\s+rest|rest|now)\b)"
)
CLEARED = regex(
    r"\b(?:off|split|spread|clear\w*|repay|repaid|settle\w*|finish\w*|done|sorted)\s+(?:(?:it|this|that"
    r"|everything|all|the\s+\w+)\s+){0,2}$"
)
GREW = regex(
    r"\b(?:turn(?:ed|s)?|gr(?:ow|ew|own)|go(?:es|ne)?\s+up|went\s+up|doubled|rose|jumped"
    r"|haven'?t|hasn'?t|have\s+not)\b[^.;!?]{0,40}$"
)
"""Before "in a year": a length of time that something took, no date to come."""
NO_SUCH_DAY = regex(
    r"\b(?:feb(?:ruary)?\s+(?:the\s+)?3[01]|(?:apr(?:il)?|june?|sept?(?:ember)?|nov(?:ember)?)\s+(?:the\s+)?31)"
    r"(?:st|th)?\b(?!\s*(?:dollars|bucks|quid|pounds))"
)


def _clause_around(text: str, start: int, end: int) -> str:
    left = max((m.end() for m in _CLAUSE.finditer(text, max(0, start - 120), start)), default=max(0, start - 120))
    right = _CLAUSE.search(text, end)
    return text[left:start] + "\x00" + text[end : right.start() if right else len(text)]


def is_past(text: str, start: int, end: int) -> bool:
    """Whether the clause around these characters speaks of what has happened."""
    clause = _clause_around(text, start, end)
    return bool(_PAST.search(clause)) and not _FUTURE.search(clause)


def is_timeless(text: str, start: int, end: int) -> bool:
    """Whether that clause tells nothing of what is to come either."""
    clause = _clause_around(text, start, end)
    return not (_PAST.search(clause) or _FUTURE.search(clause) or _PLANS.search(clause))


def month_number(text: str) -> int:
    return MONTHS.index(text[:3]) + 1


def weekday_number(text: str) -> int:
    return ("mo", "tu", "we", "th", "fr", "sa", "su").index(text[:2])


def ordinal_value(text: str) -> int:
    """The day that "12th", "12" or "twelfth" means."""
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else ORDINALS[re.sub(r"\s+", " ", text)]
