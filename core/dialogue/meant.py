"""What was meant in a talk that goes on: a slip taken back, interest that is to stop, how low or how long it can go."""

import re

from core.dialogue.misheard import renamed
from core.dialogue.situation import Situation
from core.dialogue.understanding import Understanding


def taken_back(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    """The intents as far as a slip of the writer's own and words about stopping interest change them."""
    text = situation.inbound.text
    names = _interest_stopped(_corrected(names, understanding, situation), text)
    if _CANNOT_WRITE.search(text):
        names = dict.fromkeys([*(name for name in names if name != "contact_preference"), "talk_to_human"])
    return names


_CANNOT_WRITE = re.compile(
    r"我?(?:不会|没法|不方便)打字|不识字|不认(?:得|识)字|看不(?:清|见|懂)字|眼睛(?:不好|看不)"
    r"|\b(?:can'?t|cannot) (?:type|read|see)\b(?! (?:why|how|what|that|it|any|my|the))",
    re.IGNORECASE,
)
"""Somebody for whom a chat in writing is no way: a person."""


_CORRECTS = re.compile(
    r"^\W*(?:不对|不是|不不|等等|等下|算了|哦不)|(?:说|讲|写|打|输)错|手滑|更正|我(?:说|讲|写|打)的是|我是(?:说|讲)|(?:少|多)打"
    r"|\b(?:i meant?|typo|correction|i said|fat fingers?|make that|scratch that|wait no|no wait)\b"
    r"|\bsorry,? (?:i mean|not)\b|\d,? not \$?\d",
    re.IGNORECASE,
)
_DISPUTES_IT = re.compile(
    r"欠|账|帐|金额|你们|银行|系统|算错|多算|多收|多扣|扣|利息|费|本来|明明|应该|合同|对不上|不止|哪来"
    r"|\bowe[ds]?\b|\bbalance\b|\bbill|\bcharged?\b|\bwrong (?:amount|sum|figure)|\byou(?:r|'ve)?\b"
    r"|\bshould be\b",
    re.IGNORECASE,
)


def _corrected(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    """“No, I meant 150” takes back what the person said themselves; it disputes nothing and denies nobody."""
    memory, text = situation.memory, situation.inbound.text
    in_talk = memory.draft or memory.offers or memory.promise_draft or not memory.ask.is_empty
    numbers = understanding.of_type("amount", "instalments", "share")
    if not in_talk or not _CORRECTS.search(text) or _DISPUTES_IT.search(text):
        return names
    if not numbers and not understanding.of_type("date", "payday", "duration"):
        return names
    kept = [name for name in names if name not in ("dispute_amount", "dispute_debt", "deny_identity", "deny")]
    return dict.fromkeys([*kept, *(("propose_amount",) if numbers and situation.plan is None else ())])


_STOPS_INTEREST = re.compile(r"停息|停掉?利息|停止计息|个性化分期")
_LETS_OFF = re.compile(r"[免减抹]|只还本金|已经(?:有|产生)的")


def _interest_stopped(names: dict[str, None], text: str) -> dict[str, None]:
    """停息挂账 is a plan during which no interest is added: a wish for instalments, and a question about interest."""
    if not _STOPS_INTEREST.search(text) or _LETS_OFF.search(text):
        return names
    kept = [name for name in names if name != "request_fee_waiver"]
    return dict.fromkeys([*kept, "request_instalments", *(("ask_interest_fees",) if "息" in text else ())])


_LEAST = re.compile(
    r"最(?:低|少)(?!还款|应|要还款)|底线|(?:给|报|说)(?:我)?个(?:准)?[数价]|最长|期数(?:再)?长|分(?:得|到)?最[久多]"
    r"|\b(?:lowest|least|minimum|best (?:you|price|offer)|bottom line|longest)\b",
    re.IGNORECASE,
)
_OF_THE_BILL = re.compile(r"欠|逾期|账单|最低还|应还|应缴|minimum (?:payment|due)|\bowe\b", re.IGNORECASE)


def asks_for_the_least(text: str) -> bool:
    """Whether the words ask how low, or how long, the terms can go; not what the bill's least payment is."""
    return bool(_LEAST.search(text)) and not _OF_THE_BILL.search(text)


def about_the_least(names: dict[str, None], situation: Situation) -> dict[str, None]:
    """“最低多少” with an offer on the table asks how far it can be moved, not what is owed; “最长的” picks none where
    only one is shown."""
    text, draft = situation.inbound.text, situation.memory.draft
    if not asks_for_the_least(text):
        return names
    further = "request_discount" if draft is not None and draft.kind == "settlement" else "ask_other_options"
    instead = {"ask_balance": further}
    if not situation.memory.offers:
        instead["choose_option"] = "ask_other_options"
    return renamed(names, instead)


_EACH_TIME = re.compile(
    r"每个?月|每期|每周|一个?月|\b(?:monthly|weekly|(?:a|per|each|every) (?:month|week))\b", re.IGNORECASE
)
_SPREADS = re.compile(r"\b(?:stretch|spread|drag)\w*\b|分[成到多几]?", re.IGNORECASE)


def how_far(names: dict[str, None], text: str) -> dict[str, None]:
    """“每月最低能还多少” and “the longest you can stretch this”, with nothing offered yet, ask for plans to look at."""
    if not asks_for_the_least(text):
        return names
    if _EACH_TIME.search(text) and names.keys() <= {"ask_balance", "ask_other_options", "propose_amount"}:
        return {"request_instalments": None}
    return renamed(names, {"request_extension": "request_instalments"}) if _SPREADS.search(text) else names
