"""Asking for money in the face of a hold: what a person or the bot may not do while it stands, whatever was asked.

A statement that nothing has to be paid, or a question about a payment already made, is no demand and passes.
"""

import re
from collections.abc import Iterator, Mapping

from core.compliance.draft import Draft, Reason
from core.compliance.parameters import MarketRules
from core.compliance.words import plain
from core.dialogue.flags import Flag

_DISPUTED = {"us": "US-DISP-1", "uk": "UK-HOLD-2", "cn": "CN-DISP-1"}
_RULES: Mapping[Flag, str] = {
    "self_harm": "SAFE-SELF-3",
    "minor": "SAFE-MIN-1",
    "wrong_party": "SAFE-WRONG-1",
    "third_party": "SAFE-WRONG-1",
    "deceased": "SAFE-DEAD-1",
    "breathing_space": "UK-BS-1",
    "identity_theft": "SAFE-FRD-1",
    "time_barred": "UK-STAT-1",
    "debt_advice": "UK-HOLD-1",
}
HOLDS: tuple[Flag, ...] = (*_RULES, "bankruptcy", "represented", "dispute")
"""Flags under which nobody is asked for money, gravest first."""

_ANYTHING = {
    "en": "We're looking into this, and there is nothing for you to do meanwhile. What would you like us to know?",
    "zh": "这件事我们正在处理，期间您什么都不用做。您有什么想告诉我们的吗？",
}
_INSTEAD: Mapping[Flag, Mapping[str, str]] = {
    "self_harm": {
        "en": "How are you right now? I'm here, and money is not what matters today.",
        "zh": "您现在还好吗？我在这里，今天不谈钱的事。",
    },
    "breathing_space": {
        "en": "Thank you. What is the reference of your breathing space, if you have it to hand?",
        "zh": "谢谢您。如果方便，请告诉我债务喘息期的编号。",
    },
    "bankruptcy": {
        "en": "Thank you. What is the case number, if you have it to hand?",
        "zh": "谢谢您。如果方便，请告诉我案件编号。",
    },
    "represented": {
        "en": "Thank you. What are the name and address of your lawyer?",
        "zh": "谢谢您。请告诉我您律师的姓名和地址。",
    },
    "dispute": {
        "en": "We're looking into what you told us. Is there a document that shows it?",
        "zh": "您说的情况我们正在核实。您有相关的材料吗？",
    },
}

_SUM = r"(?:[¥$£€]\s?\d|\d)"
_SOON = r"(?:today|tonight|tomorrow|now|(?:this|next) (?:week|month|friday)|monthly|weekly|in full|half|something)"
_DEMAND_EN = re.compile(
    r"\b(?:when|how much|how soon|how|which day|what day|what date|what)\b[^.!?\n]{0,40}"
    r"\b(?:can|could|will|would|do|are|might|may) you\b[^.!?\n]{0,30}\b(?:pay|repay|afford|settle|put towards)\b"
    r"|\b(?:how much|what) (?:can|could|would|will) you (?:\w+ )?(?:manage|spare|afford)\b"
    r"|\b(?:can|could|would|will|are|won't|can't|couldn't) you (?:(?:able|to|please|like|possibly|now|then|still|be|"
    r"going|willing|maybe|at least) )*(?:pay|repay|afford|make (?:\w+ ){0,2}payment|settle|clear (?:it|this|the|your)"
    rf"|set up (?:a|the) (?:\w+ )?(?:payment|plan|direct debit)|(?:send|do|manage) (?:us )?{_SUM})"
    r"|(?<!did you )(?<!have you )\b(?:mak(?:e|ing)|arrange|schedule|send|take|expect|need|want|require|request|await"
    r"(?:ing)?|waiting for) (?:us )?(?:a|an|the|your|another|one|this|first|part|some|any|full)? ?(?:\w+ )?payment\b"
    r"(?! (?:record|proof|date))"
    r"|\b(?:please|kindly|must|should|need to|have to|has to|ought to|let's|you(?:'ll)?|you (?:can|could|may|might))"
    r" (?:just |now |simply |still )?(?:re)?pay\b(?! attention)"
    rf"|\bpay(?:ing)? (?:(?:us|it|back|off|up|at least|about|around|just|only) )*(?:{_SUM}|{_SOON}|it\b"
    r"|(?:the|your) (?:balance|debt|rest|full|arrears|amount|card|loan|whole|bill)|by \w+)"
    rf"|\bpayment (?:is |was )?(?:due|{_SOON})\b|\bpaid (?:off|by \w+|{_SOON})\b"
    r"|\b(?:settle|clear) (?:the|your|this) (?:balance|debt|account|arrears|loan|card)\b"
    rf"|\b(?:how about|what about|shall we say|would) {_SUM}"
)
_PAY_ZH = r"(?:还款|付款|还钱|还清|结清|缴款|打款|转账|支付|还上|付清|还掉)"
_NOT_A_RECORD = r"(?!的|了|过|凭证|记录|截图|日期|时间|渠道|证明|信息|单|金额|方式|账|流水|情况|明细|编号)"
_SHORT_ZH = r"(?:(?!核|查|停|发)[^。！？!?，,\n]){0,8}?"
_NUMBER_ZH = r"(?:\d|[一二三四五六七八九十两几][百千万元块点些])"
_DEMAND_ZH = re.compile(
    r"(?:什么时候|啥时候|什么时间|几号|哪天|何时|多久|多会儿)[^。！？!?，,\n]{0,10}?"
    r"(?:还(?:款|钱|清|上)?|付(?:款|清|钱)?|打款|转账|给钱|结清)(?![的了过会没不有是可能在要想需])"
    r"|(?:还|付|拿出|承受|承担|安排)(?:得了|得起)?(?:多少|几百|几千|几万)"
    rf"|(?:请|麻烦|尽快|尽早|马上|立刻|立即|赶紧|及时|今天|明天|本周|这周|现在|先|记得|按时|必须|需要|应该|应当|要)"
    rf"{_SHORT_ZH}{_PAY_ZH}{_NOT_A_RECORD}"
    rf"|(?:可以|能|方便|能否|是否|可否|打算|准备|愿意){_SHORT_ZH}(?:{_PAY_ZH}{_NOT_A_RECORD}|(?:还|付|拿出){_NUMBER_ZH})"
    rf"|(?:还|付)(?:款)?[¥$£€]?\s?{_NUMBER_ZH}|每个?月(?:还|付)"
    r"|(?:可以|要不要|给您|帮您|给你|帮你)[^。！？!?，,\n]{0,6}分期"
)
_NO_EN = re.compile(
    r"(?:\b(?:no|not|never|without|nobody|cannot|needn't|won't|can't)|n't)\b"
    r"(?! you\b| only\b)[^.!?;:,\n]*$"
)
_UNLESS_EN = re.compile(r"\b(?:if (?:you|we|it)|why|unless) ?(?:do not|don't|not)\b[^.!?;:,\n]*$")
_NO_ZH = re.compile(
    r"(?:不用|不必|无需|不需要|不会|不再|不要求|不催|不谈|暂停|停止|先不|别|(?<!能)不能|不得|不应)[^。！？!?，,；;\n]{0,12}$"
)


def demands(draft: Draft, rules: MarketRules) -> Iterator[Reason]:
    """A reason for each hold that stands, where the draft asks for money, proposes a payment or carries an offer."""
    standing = [flag for flag in HOLDS if flag in draft.flags]
    if not standing:
        return
    found = asks_for_payment(draft.text)
    if found is None and not draft.offers:
        return
    key = "compliance.no_offer" if draft.offers else "compliance.no_demand"
    language = "zh" if draft.language == "zh" else "en"
    for flag in standing:
        instead = _INSTEAD.get(flag, _ANYTHING)[language]
        yield Reason(_rule(flag, rules, draft.market), key, {"flag": flag, "words": found or "", "instead": instead})


def asks_for_payment(text: str) -> str | None:
    """The words that ask for money or propose a payment, or None where there are none."""
    searched = plain(text)
    for pattern in (_DEMAND_EN, _DEMAND_ZH):
        for match in pattern.finditer(searched):
            before = searched[: match.start()]
            denied = _NO_EN.search(before) and not _UNLESS_EN.search(before)
            if not denied and not _NO_ZH.search(before):
                return match.group()
    return None


def _rule(flag: Flag, rules: MarketRules, market: str) -> str:
    if flag == "represented":
        return rules.attorney_rule
    if flag == "bankruptcy":
        return rules.bankruptcy_rule
    if flag == "dispute":
        return _DISPUTED.get(market, "SAFE-DISP-1")
    return _RULES[flag]
