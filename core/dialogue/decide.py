"""What one message does to a conversation: `decide(situation, understanding) -> Decision`. Pure and deterministic."""

import re
from collections.abc import Callable
from dataclasses import replace

from core.dialogue import answers, bargain, identity, rights, social, standing
from core.dialogue.decision import Decision, Reply, Say
from core.dialogue.flags import Flag, HandoffReason
from core.dialogue.memory import Memory
from core.dialogue.situation import Situation
from core.dialogue.turn import Turn
from core.dialogue.understanding import Intent, Language, Understanding

HELD: frozenset[Flag] = frozenset(
    (
        "dispute",
        "identity_theft",
        "deceased",
        "bankruptcy",
        "represented",
        "self_harm",
        "minor",
        "breathing_space",
        "third_party",
        "time_barred",
    )
)
"""Flags under which the bot asks for nothing until a person has handed the conversation back."""

Step = Callable[[Turn], Decision | None]

BEFORE_IDENTITY: tuple[Step, ...] = (rights.danger, rights.duties, rights.claims, social.not_text, answers.abuse)
AFTER_IDENTITY: tuple[Step, ...] = (
    standing.follow_plan,
    bargain.bargain,
    answers.answer_question,
    social.small_talk,
)


def decide(situation: Situation, understanding: Understanding) -> Decision:
    """The decision about one message. Rights and danger come first, then identity, then the business."""
    memory = situation.memory.with_(language=_language(situation, understanding))
    turn = Turn(situation, understanding, memory)
    decision = _decided(turn)
    return decision if memory.greeted else _with_greeting(turn, decision)


def _decided(turn: Turn) -> Decision:
    if turn.situation.inbound.kind == "start":
        return _started(turn)
    for step in BEFORE_IDENTITY:
        decision = step(turn)
        if decision is not None:
            return decision
    checked = identity.check(turn)
    if checked is not None:
        return _take_up(turn, checked) if checked.memory.verified and not turn.memory.verified else checked
    held = _held(turn)
    if held is not None:
        return held
    return _after_identity(turn)


def _after_identity(turn: Turn) -> Decision:
    for step in AFTER_IDENTITY:
        decision = step(turn)
        if decision is not None:
            return decision
    if turn.says("abusive"):
        return turn.decide("answer", "answer.abusive", warned=True)
    return social.lost(turn, "clarify.not_understood")


def _held(turn: Turn) -> Decision | None:
    """A case that waits for a person is not collected on by the bot; what is asked of it goes to that person."""
    flags = HELD & turn.situation.flags
    if not flags or rights.HANDED_BACK in turn.memory.told:
        return None
    because = tuple(f"flag:{flag}" for flag in sorted(flags))
    reason: HandoffReason = "legal" if flags - {"dispute", "identity_theft"} else "dispute"
    if flags & {"self_harm", "minor"}:
        reason = "vulnerable"
    return turn.hand_over("escalate", reason, "escalate.waiting", turn.person(), because=because)


def _started(turn: Turn) -> Decision:
    """The chat was opened: greet, and ask for what is needed; opened again, say where it stands."""
    if not turn.memory.verified:
        return identity.check(turn) or turn.decide("verify", "verify.is_it_you")
    if turn.situation.plan is not None:
        return turn.decide("answer", "social.hello_plan")
    return turn.decide("answer", bargain.balance_line(turn), "debt.what_now", told=(*turn.memory.told, "balance"))


def _take_up(turn: Turn, passed: Decision) -> Decision:
    """The check is passed: what was asked before it is answered now; else what is owed is said, split."""
    wanted = next((item.removeprefix("wanted:") for item in turn.memory.told if item.startswith("wanted:")), None)
    memory = passed.memory.with_(told=tuple(item for item in passed.memory.told if not item.startswith("wanted:")))
    follow: Decision
    if turn.situation.plan is not None:
        follow = replace(turn, memory=memory).decide("answer", "social.hello_plan")
    elif HELD & turn.situation.flags and rights.HANDED_BACK not in memory.told:
        follow = _held(replace(turn, memory=memory)) or passed
    elif wanted is not None:
        heard = replace(turn.understanding, intents=(Intent(wanted, 1.0),), entities=())
        follow = _after_identity(Turn(turn.situation, heard, memory))
    else:
        balance = bargain.balance_line(turn)
        told = (*memory.told, "balance", "what_now")
        follow = replace(turn, memory=memory).decide("answer", balance, "debt.what_now", told=told)
    says = (*passed.replies[0].says, *(_notice(turn) if memory.greeted else ()))
    if follow.replies:
        says = (*says, *follow.replies[0].says)
    buttons = follow.replies[0].buttons if follow.replies else ()
    return replace(follow, replies=(Reply(says, buttons),), because=(*passed.because, *follow.because))


def _with_greeting(turn: Turn, decision: Decision) -> Decision:
    """The first words of every conversation: an automated assistant, whose, how to reach a person."""
    memory = decision.memory.with_(greeted=True)
    if decision.kind == "comfort":
        return replace(decision, memory=memory)
    greeting = Reply((Say("greet.hello", turn.params), Say("greet.person", turn.params)))
    if decision.memory.verified and decision.kind not in ("escalate", "comply"):
        greeting = Reply((*greeting.says, *_notice(turn)))
    return replace(decision, replies=(greeting, *decision.replies), memory=memory)


def _notice(turn: Turn) -> tuple[Say, ...]:
    """US-MINI-1: who collects and what for, as soon as it is certain who is reading, and nobody is in need."""
    return (Say("greet.us_notice", turn.params),) if turn.situation.case.market == "us" else ()


_HAN = re.compile(r"[㐀-鿿]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def _language(situation: Situation, understanding: Understanding) -> Language:
    """The language to answer in: the conversation's, until the debtor clearly writes the other one."""
    memory: Memory = situation.memory
    text = situation.inbound.text
    if situation.inbound.kind != "text" or not text or understanding.says("change_language"):
        return memory.language
    han = len(_HAN.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if memory.language == "en" and han >= 2 and han > words:
        return "zh"
    if memory.language == "zh" and han == 0 and words >= 3:
        return "en"
    return memory.language
