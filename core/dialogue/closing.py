"""Words that would close it all: with one sum, with a last word, or with so much taken off."""

import re

from core.dialogue.understanding import Understanding

_SETTLES = re.compile(
    r"final offer|take it or leave it|call it (?:quits|even|done)|\bsettle|full and final|lump sum|one[- ]off"
    r"|\b(?:drop|forget|wipe|waive|write|scrap|lose|cancel)(?: of| off| out| about)? the "
    r"(?:rest|remainder|difference|other (?:half|part))\b"
    r"|\bin (?:one|a single) (?:go|shot|hit|lump|payment)\b|\ball (?:off |of it )?(?:at once|in one)\b"
    r"|\b(?:one|a) single payment\b"
    r"|一口价|了结|结清|两清|一次性|清账|一次(?:给|付|还|交)|一笔(?:给|付|还|交|清)"
    r"|(?:一共|总共|全部)(?:就|只|最多)?(?:还|给|付|出)(?=[\d一二两三四五六七八九十百千万])",
    re.IGNORECASE,
)


def settles(text: str) -> bool:
    """Whether the words are about closing it all with one sum."""
    return bool(_SETTLES.search(text))


_LAST_WORD = re.compile(
    r"\bnot (?:a|one) (?:penny|cent|dime|dollar|pound|quid) more\b|\band not (?:a|one) \w+ more\b"
    r"|\b(?:and|then) (?:we(?:'?re| are)?|i(?:'?m| am)|that'?s|it'?s) (?:all )?"
    r"(?:done|finished|through|over|quits|even|square)\b"
    r"|\bnothing more\b|\bnot? more than that\b|\bthat'?s (?:all|it)\b[^.!?]{0,12}\bfinal\b"
    r"|一分(?:钱)?(?:也|都)?(?:不多|不能多|没有多|不会多|别想多)|多一分(?:钱)?(?:也|都)?(?:没有|不给|不行|不还)|不会?再?多(?:给|还|出)一分",
    re.IGNORECASE,
)


def last_word(text: str) -> bool:
    """Whether a sum is said to be all that will ever be paid, or, in a talk of instalments, the most each time."""
    return bool(_LAST_WORD.search(text))


_OFF_BEFORE = re.compile(
    r"(?:便宜|少[还收给付]?|减[免掉去少]?|优惠|免[掉去]?|抹[掉去]?|去掉)[我个]?$"
    r"|\b(?:(?:knock|shave)(?: off)?|(?:take|cut) off|(?:discount|reduction) of)(?: (?:maybe|like|about|another))*\s*$",
    re.IGNORECASE,
)
_OFF_AFTER = re.compile(r"\s*(?:dollars|bucks|quid|pounds|usd)?\s*(?:off|less|discount|knocked off)\b", re.IGNORECASE)


def is_taken_off(understanding: Understanding, text: str) -> bool:
    """“便宜1000”, “knock 200 off”: the sum is what shall not be paid."""
    if not understanding.says("request_discount"):
        return False
    said = understanding.of_type("amount")
    return any(_OFF_BEFORE.search(text[: item.start]) or _OFF_AFTER.match(text, item.end) for item in said)
