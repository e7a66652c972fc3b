"""What words are easily taken for, put right by where they were said: a day agreed, a haggle, a second question."""

import re
from collections.abc import Iterable, Mapping

from core.dialogue.idioms import in_other_words
from core.dialogue.situation import Situation
from core.dialogue.understanding import Understanding

_SURE = 0.8
_AT_ALL = 0.05

_KIN = re.compile(
    r"\bmy (?:late )?(?:husband|wife|partner|mum|mom|mother|dad|father|son|daughter|child|baby|brother|sister|nan"
    r"|gran\w*)\b",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"\b(?:call|ring|phone|text|messag\w*|e-?mail|contact|write|reach|whatsapp)\b|联系|打电话|电话|发消息|发短信|短信|微信|找我",
    re.IGNORECASE,
)
"""Words of being called or written to."""
_CUES: Mapping[str, re.Pattern[str]] = {
    "ask_consequences": re.compile(
        r"\b(?:will|are|r|gonna|going to|can|could|would)\b[^.?!]{0,20}\b(?:sue|court|bailiffs?|garnish|jail|prison)\b",
        re.IGNORECASE,
    ),
    "ask_balance": re.compile(
        r"\bhow much (?:is it|do i (?:actually |even )?owe|is owed)\b|\bwhat do i (?:actually |even )?owe\b",
        re.IGNORECASE,
    ),
    "ask_credit_impact": re.compile(
        r"\b(?:hurt|affect|hit|damage|go on|show on|ruin|help)\b[^.?!]{0,16}\bcredit\b", re.IGNORECASE
    ),
}
"""Questions asked beside something else, which what stands before them easily drowns."""


def put_right(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    """The names, those that mean something else here renamed or taken away, and plain second questions added."""
    text = situation.inbound.text
    names = in_other_words(_asked_beside(names, understanding, text), understanding, text)
    names = _own_bereavement(names, situation, text)
    names = _about_the_day(names, understanding, situation, text)
    return _of_the_offers(names, understanding, situation)


def _asked_beside(names: dict[str, None], understanding: Understanding, text: str) -> dict[str, None]:
    if not names:
        return names
    heard = {intent.name for intent in understanding.intents if intent.confidence >= _AT_ALL}
    more = [name for name, cue in _CUES.items() if name in heard and name not in names and cue.search(text)]
    return dict.fromkeys((*names, *more))


def _own_bereavement(names: dict[str, None], situation: Situation, text: str) -> dict[str, None]:
    """“My wife passed away”, from the debtor who has been checked, is their loss; nobody has to look for an estate."""
    if "debtor_deceased" not in names or "hardship_family" not in names or not situation.memory.verified:
        return names
    return {name: None for name in names if name != "debtor_deceased"} if _KIN.search(text) else names


def _about_the_day(
    names: dict[str, None], understanding: Understanding, situation: Situation, text: str
) -> dict[str, None]:
    """“Not gonna make Friday, Tuesday instead?” is about the day agreed, where no word tells of being written to."""
    agreed = situation.plan is not None or situation.promise is not None
    if not agreed or "contact_preference" not in names:
        return names
    if not understanding.of_type("date") or CONTACT.search(text):
        return names
    return renamed(names, {"contact_preference": "change_plan"})


def _of_the_offers(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    """With offers on the table “come on, lower than that” disputes nothing; without any, a choice asks for them."""
    if situation.plan is not None:
        return names
    if not (situation.memory.draft or situation.memory.offers):
        return renamed(names, {"choose_option": "ask_other_options"})
    haggles = names.keys() & {"too_expensive", "request_discount"}
    sure = any(i.name == "dispute_amount" and i.confidence >= _SURE for i in understanding.intents)
    return {name: None for name in names if name != "dispute_amount"} if haggles and not sure else names


def renamed(names: Iterable[str], instead: Mapping[str, str]) -> dict[str, None]:
    """The names with those that mean something else here called by that."""
    return dict.fromkeys(instead.get(name, name) for name in names)
