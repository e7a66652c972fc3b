"""Turns of phrase that are easily taken for something else: “lock it in”, “I'll let you know”, “刚走”."""

import re

from core.dialogue.refused import MOCKS
from core.dialogue.understanding import Understanding

_CALLS_END = re.compile(
    r"\b(?:will|would|does|do|if)\s+(?:it|this|that|they|a plan|the plan|paying|agreeing|signing)\b[^.?!]{0,20}"
    r"\bstop\b[^.?!]{0,12}\b(?:calls?|calling|texts?|letters?)\b"
    r"|\b(?:will|would)\s+(?:you|u)\s+stop (?:calling|texting|writing)\b[^.?!]{0,20}\bif (?:i|we)\b"
    r"|(?:还会|会不会|就不会|会再)[^，。！？]{0,4}(?:打电话|催)|是不是[^，。！？]{0,6}不(?!要)[^，。！？]{0,3}(?:打电话|催)",
    re.IGNORECASE,
)


def asks_if_calls_end(text: str) -> bool:
    """Whether the words ask if an agreement ends the calls: “will it stop the calls”, “是不是就不打电话了”."""
    return bool(_CALLS_END.search(text))


_Meant = tuple[re.Pattern[str], frozenset[str], str | None]
_IN_OTHER_WORDS: tuple[_Meant, ...] = (
    (
        re.compile(
            r"^(?!.*\b(?:stop|quit|unsubscribe|never)\b).*\b(?:lock (?:it|that|this|me) in|book it|sign me up)\b",
            re.IGNORECASE | re.DOTALL,
        ),
        frozenset(("stop_contact", "contact_preference")),
        "affirm",
    ),
    (
        re.compile(
            r"\bamount'?s? (?:is |are )?(?:good|fine|ok(?:ay)?|great|perfect)\b|(?:金额|数目)(?:可以|没问题|行)",
            re.IGNORECASE,
        ),
        frozenset(("dispute_amount",)),
        None,
    ),
    (
        re.compile(
            r"\blet (?:you|u|ya) know\b|\bget back to (?:you|u|ya)\b|\b(?:need|have|gotta|got) to (?:check|talk|ask)\b"
            r"|\bsleep on it\b|想一?想再|考虑一?下|商量一?下再|回头(?:再)?(?:说|答复|回)",
            re.IGNORECASE,
        ),
        frozenset(("promise_to_pay", "pay_in_full")),
        "callback_later",
    ),
    (
        re.compile(
            r"^(?![\s\S]*\b(?:she|he|her|him|his|they|not|isn'?t|wrong)\b)"
            r".*\b(?:text|txt|call|message|msg|talk to|write) (?:you|u|ya) (?:back )?(?:later|tomorrow|tmrw)\b",
            re.IGNORECASE,
        ),
        frozenset(("third_party_contact",)),
        "callback_later",
    ),
    (MOCKS, frozenset(("propose_amount",)), "too_expensive"),
    (
        _CALLS_END,
        frozenset(
            "ask_credit_impact stop_contact contact_preference ask_interest_fees request_fee_waiver ask_plan_status "
            "cancel_plan".split()
        ),
        "ask_consequences",
    ),
    (
        re.compile(
            r"^(?!.*(?:\b(?:contact|calls?|phone|talk|speak)\b|\bin writing only\b|\bonly in writing\b))"
            r".*\b(?:send|mail|put|get|see|have|give)\b.{0,20}\bin writing\b"
            r"|(?:给|发|寄|要|出).{0,6}书面",
            re.IGNORECASE | re.DOTALL,
        ),
        frozenset(("contact_preference",)),
        "request_documents",
    ),
    (
        re.compile(
            r"\bmy (?:friend|neighbou?r|cousin|coworker|buddy)\b[^.?!]{0,20}\bgot\b.{0,20}\boff\b", re.IGNORECASE
        ),
        frozenset(("third_party_contact",)),
        "request_discount",
    ),
    (
        re.compile(
            r"^\W*(?:(?:are|r) )?(?:you|u) (?:still )?there\W*$|^\W*(?:还|有人)?在(?:吗|么|不)?\W*$", re.IGNORECASE
        ),
        frozenset(("ask_payment_received", "ask_if_bot", "ask_due_date")),
        "greet",
    ),
)
"""Words, what they are taken for, and what they mean (None: nothing by themselves) where no sum stands beside them."""
_ADDED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\b(?:stop|quit|don'?t|do not|no more|can'?t|never)\b[^.?!]{0,12}"
            r"\b(?:call\w*|ring\w*|phon\w*|text\w*|blow\w* up)\b[^.?!]{0,12}\bat (?:my )?(?:work|job|office)\b"
            r"|别.{0,6}(?:打|联系|找).{0,6}(?:单位|公司|上班)",
            re.IGNORECASE,
        ),
        "contact_preference",
    ),
    (
        re.compile(
            r"(?<!if i )(?<!if i've )(?<!when i )\bpa(?:id|yed)\b\s+(?:(?:you|u|y'?all|them)\s+)?"
            r"\$?\d[\d.,]*\s*(?:bucks\s+)?(?:today|this morning|yesterday|last (?:week|night)|just now|already)\b",
            re.IGNORECASE,
        ),
        "already_paid",
    ),
    (re.compile(r"\bmy (?:atty|attny|attorney)\b", re.IGNORECASE), "legal_representation"),
    (
        re.compile(
            r"\bcan'?t (?:do|pay|afford|manage) (?:nothing|anything)\b"
            r"(?! (?:til|till|until|before) (?:the |next |this )?(?:\d|mon|tue|wed|thu|fri|sat|sun|pay|tomorrow|the))"
            r"|\b(?:ain'?t|haven'?t) got (?:it|the money|any money|\$?\d[\d,.]*)(?![\d,.]*k?\b.{0,8}\bbut i can\b)",
            re.IGNORECASE,
        ),
        "cannot_pay",
    ),
    (
        re.compile(
            r"(?:[爸妈爷奶爹娘]|父亲|母亲|老公|老婆|丈夫|妻子|爱人|孩子|儿子|女儿|外公|外婆|姥爷|姥姥)"
            r"[^，。！？\s]{0,8}(?:刚走(?!开)|走了(?!吗)|没了|过世|去世|不在了)"
        ),
        "hardship_family",
    ),
)
"""Words that say something of weight, whatever else is heard beside them."""


def in_other_words(names: dict[str, None], understanding: Understanding, text: str) -> dict[str, None]:
    """The names with those that such words are taken for called by what they mean, and what is of weight added."""
    if not understanding.of_type("amount"):
        for words, taken_for, meant in _IN_OTHER_WORDS:
            if (names.keys() & taken_for or not names) and words.search(text):
                kept = [name for name in names if name not in taken_for]
                names = dict.fromkeys([*kept, *([meant] if meant else [])])
    return dict.fromkeys([*names, *(meant for words, meant in _ADDED if words.search(text))])
