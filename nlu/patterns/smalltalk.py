"""Short answers that need no model: yes, no, thanks, a bare number, read in the light of what was asked."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from core.dialogue.understanding import Entity, Intent
from nlu.normalise import close_up, fold

CERTAIN = 0.97
EXPECTED = 0.85
LIKELY = 0.6

_PHRASES: Mapping[str, str] = {
    "affirm": "yes|yep|yeah|yea|yup|yes please|ok|okay|okey|kk|sure|fine|agreed|deal|correct|right|yes ok"
    "|ok sure|sounds good|that works|y|yes i do|yes i agree|i agree|ok deal|ok then|alright"
    "|go ahead|absolutely|of course|perfect|好|好的|好吧|好啊|好呀|好滴|好哒|好嘞|嗯|嗯嗯|恩|嗯好"
    "|可以|可以的|可以啊|行|行吧|行啊|行的|成|中|得|是|是的|对|对的|没问题|同意|没错|ok的|就这样"
    "|就这么办|系|系呀|好呀好呀|okok|1可以|要得|妥|没毛病|可|好好好|对对对|hao|haode|keyi|xing"
    "|shi|en",
    "deny": "no|nope|nah|no way|not really|n|no thanks|no thank you|negative|不|不行|不要|不是|不可以"
    "|不好|不用|不同意|没有|不对|否|唔好|唔系|唔得|不成|不了|算了|bu|buxing|不不不",
    "greet": "hi|hello|hey|hiya|heya|good morning|good afternoon|good evening|morning|hello there|hi there"
    "|hey there|yo|hullo|你好|您好|你好啊|哈喽|哈啰|嗨|早|早上好|早安|下午好|晚上好|在吗|在么"
    "|在不在|有人吗|喂|hallo|哈罗|你地好|nihao|ni hao|上午好|中午好",
    "thanks": "thanks|thank you|thx|ty|tks|cheers|thanks a lot|many thanks|thank u|thank you so much"
    "|much appreciated|thanks so much|谢谢|谢了|谢谢你|谢谢您|多谢|感谢|谢谢啊|谢谢啦|唔该"
    "|十分感谢|非常感谢|3q|蟹蟹|xiexie",
    "goodbye": "bye|goodbye|bye bye|byebye|see you|see ya|cya|good night|goodnight|later|再见|拜拜|拜|88|886"
    "|回见|晚安|回头见|再会",
    "help": "help|/help|帮助|menu|菜单|help me",
    "dont_understand": "what|huh|eh|pardon|sorry what|come again|啥|什么|啥意思|什么意思|没懂|不懂|没听懂|听不懂"
    "|看不懂|没明白|不明白",
    "change_language": "中文|英文|english|chinese|in english|english please|用中文|说中文|讲中文|说英文|讲英文",
}
_BY_PHRASE: Mapping[str, str] = {phrase: intent for intent, line in _PHRASES.items() for phrase in line.split("|")}

_YES_EMOJI = frozenset("\U0001f44d\u2705\U0001f44c\u2714\U0001f197\U0001f64b\U0001f91d")
_NO_EMOJI = frozenset("\U0001f44e\u274c\U0001f645\u26d4")
_THANKS_EMOJI = frozenset("\U0001f64f")
_TAIL = re.compile(r"^[\W_]+|[\W_]+$")
_TAGGED = re.compile(r"^(?:option|plan|no|number|方案|选|选择|第)?\s*#?(?:[1-9]|[a-e])\s*(?:个|种|号|吧)?$")
_DATE_LIKE = re.compile(r"^[\d\s/.\-号日月年]+$")
_MODIFIERS = range(0x1F3FB, 0x1F400)

_WANTED: Mapping[str, tuple[str, tuple[str, ...], float]] = {
    "amount": ("propose_amount", ("amount",), EXPECTED),
    "date": ("promise_to_pay", ("date",), LIKELY),
    "payday": ("inform_finances", ("payday", "date", "amount"), EXPECTED),
    "income": ("inform_finances", ("amount", "payday"), EXPECTED),
    "choice": ("choose_option", ("choice",), EXPECTED),
    "count": ("request_instalments", ("instalments", "duration"), EXPECTED),
    "identity": ("confirm_identity", ("digits", "name", "date"), EXPECTED),
}
"""What was asked: the intent of a bare answer to it, the entities that make one, and the confidence."""


def small_talk(text: str, *, expecting: str | None = None, entities: Iterable[Entity] = ()) -> tuple[Intent, ...]:
    """The intent of a message that is nothing but a stock phrase, an emoji or a bare answer; empty for any other."""
    folded = close_up(fold(text))
    if not any(char.isalnum() for char in folded):
        return (_symbols(folded),)
    phrase = _TAIL.sub("", folded)
    if expecting is not None and (bare := _bare_answer(text, phrase, expecting, tuple(entities))):
        return (bare,)
    if (intent := _BY_PHRASE.get(phrase)) is not None:
        return (Intent(_answering_identity(intent, expecting), CERTAIN),)
    return ()


def _answering_identity(intent: str, expecting: str | None) -> str:
    return "confirm_identity" if intent == "affirm" and expecting == "identity" else intent


def _symbols(folded: str) -> Intent:
    shown = {char for char in folded if unicodedata.category(char) == "So" and ord(char) not in _MODIFIERS}
    for intent, emoji in (("affirm", _YES_EMOJI), ("deny", _NO_EMOJI), ("thanks", _THANKS_EMOJI)):
        if shown and shown <= emoji:
            return Intent(intent, CERTAIN)
    return Intent("out_of_scope", EXPECTED)


def _bare_answer(text: str, phrase: str, expecting: str, entities: tuple[Entity, ...]) -> Intent | None:
    if expecting not in _WANTED:
        return None
    intent, types, confidence = _WANTED[expecting]
    answers = [entity for entity in entities if entity.type in types]
    if expecting == "choice" and _TAGGED.match(phrase):
        return Intent(intent, CERTAIN)
    if not answers:
        digits = phrase.replace(",", "").replace(" ", "")
        if expecting in ("amount", "income", "count", "identity") and digits.isdecimal():
            return Intent(intent, confidence)
        if expecting in ("date", "payday") and _DATE_LIKE.match(phrase) and any(c.isdigit() for c in phrase):
            return Intent(intent, confidence)
        return None
    covered = sum(entity.end - entity.start for entity in answers)
    spoken = sum(1 for char in text if not char.isspace())
    return Intent(intent, confidence) if covered * 3 >= spoken * 2 else None
