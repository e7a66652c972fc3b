"""Greetings, thanks, words that change nothing, things that are no text, and what was not understood."""

import re
from typing import Any

from core.dialogue.decision import ChangeLanguage, Decision, Say
from core.dialogue.tongues import has_no_english, is_third
from core.dialogue.turn import PERSON, YES_NO, Turn
from core.dialogue.understanding import Language


def not_text(turn: Turn) -> Decision | None:
    """A voice note, a picture, a file, a sticker: said what is possible; it is kept for a person."""
    kind = _stood_for(turn.text) or turn.situation.inbound.kind
    if kind in ("voice", "picture", "file", "sticker", "location"):
        return turn.decide("clarify", f"media.{kind}", buttons=(PERSON,), because=(f"kind:{kind}",))
    return None


_PLACEHOLDER = re.compile(
    r"\s*[\[【(（](?:(?P<voice>语音(?:消息)?|voice(?: message)?|audio)"
    r"|(?P<picture>图片|照片|image|photo|picture|视频|video)|(?P<file>文件|file)"
    r"|(?P<sticker>(?:动画)?表情|sticker|gif)|(?P<location>位置|location))[\]】)）]\s*",
    re.IGNORECASE,
)


def _stood_for(text: str) -> str | None:
    """What a chat app writes in the place of something that is no text: “[语音]”, “[图片]”."""
    found = _PLACEHOLDER.fullmatch(text)
    return found.lastgroup if found else None


def other_language(turn: Turn) -> Decision | None:
    """A language that is neither of the two, or a word that English is not understood: a person looks for help."""
    if turn.press is not None:
        return None
    if is_third(turn.text) or (turn.says("change_language") and has_no_english(turn.text)):
        because = (*turn.why(), "heard:another-language")
        return turn.hand_over("escalate", "person_requested", "clarify.language", turn.person(), because=because)
    return None


def small_talk(turn: Turn) -> Decision | None:
    """Social words on their own."""
    if turn.says("change_language"):
        return _change_language(turn)
    if turn.says("help"):
        return turn.decide("answer", "talk.help", buttons=(PERSON,))
    if turn.says("dont_understand"):
        return _again(turn)
    if turn.says("out_of_scope"):
        wordless = not any(char.isalnum() for char in turn.text)
        return lost(turn, "talk.wordless" if wordless else "clarify.out_of_scope")
    if turn.says("thanks"):
        return turn.decide("answer", "social.thanks", **_waiting(turn))
    if turn.says("goodbye"):
        return turn.decide("close", "social.goodbye")
    if turn.says("greet"):
        return _greet(turn)
    return _yes_or_no(turn)


def _yes_or_no(turn: Turn) -> Decision | None:
    """A yes or a no to nothing in particular."""
    settled = turn.situation.plan is not None or turn.situation.promise is not None
    if turn.yes:
        if settled or "yes_to_what" in turn.memory.told:
            return turn.decide("answer", "social.all_set")
        return turn.decide("clarify", "talk.yes_to_what", told=turn.now_told("yes_to_what"))
    if turn.no:
        return turn.decide("clarify", "social.no_to_what", buttons=(PERSON,))
    return None


def _waiting(turn: Turn) -> dict[str, Any]:
    return {"buttons": YES_NO} if turn.memory.draft is not None else {}


def _greet(turn: Turn) -> Decision:
    if turn.situation.plan is not None:
        return turn.decide("answer", "plan.hello")
    if turn.situation.promise is not None:
        return turn.decide("answer", "social.hello")
    if "what_now" in turn.memory.told and turn.situation.missed_promise is None:
        return turn.decide("answer", "social.here")
    missed = turn.situation.missed_promise
    if missed is not None:
        values = {"due": missed.due, "amount": missed.amount}
        return turn.decide("answer", "social.hello", Say("promise.missed", values), expecting="date")
    return turn.decide("answer", "social.hello", "debt.what_now", told=turn.now_told("what_now"))


def _again(turn: Turn) -> Decision:
    """Said once more in other words; a second time a person is offered."""
    if turn.memory.draft is not None:
        return turn.decide("clarify", "talk.draft", buttons=(*YES_NO, PERSON), misses=turn.memory.misses + 1)
    return lost(turn, "talk.simpler")


_OTHER_LANGUAGE = re.compile(
    r"粤语|广东话|日语|韩语|法语|西班牙|spanish|español|french|polish|urdu|cantonese|japanese|korean|hindi|arabic",
    re.IGNORECASE,
)


def _change_language(turn: Turn) -> Decision:
    other = _OTHER_LANGUAGE.search(turn.text)
    if other is not None:
        because = (*turn.why(), other.group())
        return turn.hand_over("escalate", "person_requested", "clarify.language", turn.person(), because=because)
    before = turn.situation.memory.language
    other_one: Language = "en" if before == "zh" else "zh"
    chosen = language_wanted(turn.text) or other_one
    return turn.decide("answer", "social.language", effects=(ChangeLanguage(chosen),), language=chosen)


def language_wanted(text: str) -> Language | None:
    """The language that these words ask for, if they name one of the two."""
    if re.search(r"chinese|mandarin|中文|普通话|国语|國語|汉语", text, re.IGNORECASE):
        return "zh"
    return "en" if re.search(r"english|英文|英语|英語", text, re.IGNORECASE) else None


def lost(turn: Turn, key: str) -> Decision:
    """Not understood: asked once, a person offered at the second turn, given at the third (law 9)."""
    misses = turn.memory.misses + 1
    if misses >= 3:
        return turn.hand_over("escalate", "not_understood", "escalate.not_understood", turn.person(), misses=misses)
    if misses == 2:
        return turn.decide("clarify", "clarify.offer_person", buttons=(PERSON,), misses=misses, person_offered=True)
    if turn.memory.draft is not None:
        return turn.decide("clarify", Say(key), Say("answer.back_to_draft"), buttons=(*YES_NO, PERSON), misses=misses)
    return turn.decide("clarify", key, buttons=(PERSON,), misses=misses)
