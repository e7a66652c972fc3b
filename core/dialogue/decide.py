"""What one message does to a conversation: `decide(situation, understanding) -> Decision`. Pure and deterministic."""

import re
from collections.abc import Callable
from dataclasses import replace

from core.dialogue import answers, bargain, identity, loops, orders, promises, rights, rounds, social, standing
from core.dialogue.context import in_context
from core.dialogue.decision import Decision, Reply, Say
from core.dialogue.flags import Flag, HandoffReason
from core.dialogue.lines import balance_line
from core.dialogue.memory import Memory
from core.dialogue.situation import Situation
from core.dialogue.turn import Turn
from core.dialogue.understanding import ROUTE_OF, Intent, Language, Understanding

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
        "debt_advice",
        "wrong_party",
    )
)
"""Flags under which the bot asks for nothing until a person has handed the conversation back."""

Step = Callable[[Turn], Decision | None]

BEFORE_IDENTITY: tuple[Step, ...] = (
    rights.danger,
    rights.duties,
    rights.claims,
    social.not_text,
    social.other_language,
    answers.abuse,
)
AFTER_IDENTITY: tuple[Step, ...] = (
    answers.card_number,
    standing.follow_plan,
    bargain.bargain,
    answers.answer_question,
    social.small_talk,
)
_BUSINESS = ("answer", "offer", "counter", "agree", "promise", "assess", "clarify")
_NUMBERS = ("offer", "counter", "promise")


def decide(situation: Situation, understanding: Understanding) -> Decision:
    """The decision about one message. Rights and danger come first, then identity, then the business."""
    situation = orders.obeyed(situation)
    memory = situation.memory.with_(language=_language(situation, understanding))
    turn = Turn(situation, in_context(understanding, situation), memory)
    decision = _with_greeting(turn, orders.kept(turn, loops.broken(turn, _decided(turn))))
    return _with_notice(turn, decision)


def _decided(turn: Turn) -> Decision:
    if turn.situation.inbound.kind == "start":
        return _started(turn)
    for step in BEFORE_IDENTITY:
        decision = step(turn)
        if decision is not None:
            return decision
    noted = rights.preferences(turn)
    if noted is not None:
        return _noted(turn, noted)
    checked = _wrong_party(turn) or identity.check(turn)
    if checked is not None:
        return _take_up(turn, checked) if checked.memory.verified and not turn.memory.verified else checked
    return _held(turn) or _after_identity(turn)


def _after_identity(turn: Turn) -> Decision:
    too_soon = rounds.said_too_soon(turn)
    if too_soon is not None:
        return too_soon
    for step in AFTER_IDENTITY:
        decision = step(turn)
        if decision is not None:
            return _with_facts(turn, decision)
    if turn.says("abusive"):
        return turn.decide("answer", "social.abusive", warned=True)
    return social.lost(turn, "talk.not_understood")


def _with_facts(turn: Turn, decision: Decision) -> Decision:
    """A question asked beside an ask is answered too: before the offer, or after the agreement."""
    facts = answers.facts_beside(turn)
    if not facts or not decision.replies or decision.kind not in (*_NUMBERS, "agree"):
        return decision
    reply = decision.replies[0]
    said = {say.key for say in reply.says}
    new = tuple(say for say in facts if say.key not in said)
    says = (*reply.says, *new) if decision.kind in ("agree", "promise") else (*new, *reply.says)
    return replace(decision, replies=(Reply(says, reply.buttons), *decision.replies[1:]))


def _noted(turn: Turn, noted: Decision) -> Decision:
    """A wish about contact is noted; what else the message says is answered in the same breath."""
    names = [i for i in turn.understanding.intents if i.name not in rights.PREFERENCES]
    rest = replace(turn, understanding=replace(turn.understanding, intents=tuple(names)))
    more = [name for name in rest.understanding.asserted if ROUTE_OF.get(name) != "social"]
    if not turn.memory.verified or not more or (HELD & turn.situation.flags):
        return noted
    follow = _after_identity(rest)
    if not follow.replies or follow.kind == "clarify":
        return noted
    reply = Reply((*noted.replies[0].says, *follow.replies[0].says), follow.replies[0].buttons)
    return replace(
        follow,
        kind=follow.kind if follow.kind in (*_NUMBERS, "agree", "escalate") else "comply",
        replies=(reply, *follow.replies[1:]),
        effects=(*noted.effects, *follow.effects),
        because=(*noted.because, *follow.because),
    )


def _wrong_party(turn: Turn) -> Decision | None:
    """Who said that they are not the person is asked for no facts; a person looks into what they write now."""
    flagged = "wrong_party" in turn.situation.flags and rights.HANDED_BACK not in turn.memory.told
    if not flagged or turn.memory.verified or turn.says("confirm_identity"):
        return None
    because = (*turn.why(), "flag:wrong_party", "rule:SAFE-WRONG-1")
    return turn.hand_over("comply", "identity", "comply.wrong_person_again", because=because)


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
    held = _held(turn)
    if held is not None:
        return held
    if turn.situation.plan is not None:
        return turn.decide("answer", "plan.hello")
    return turn.decide("answer", balance_line(turn), "debt.what_now", told=turn.now_told("balance", "what_now"))


def _take_up(turn: Turn, passed: Decision) -> Decision:
    """The check is passed: what was asked before it is answered now; else what is owed is said, split."""
    wanted = next((item.removeprefix("wanted:") for item in passed.memory.told if item.startswith("wanted:")), None)
    memory = passed.memory.with_(told=tuple(item for item in passed.memory.told if not item.startswith("wanted:")))
    known = Turn(turn.situation, replace(turn.understanding, intents=(), entities=()), memory)
    held = _held(known)
    follow: Decision
    if held is not None:
        follow = held
    elif turn.situation.plan is not None:
        follow = known.decide("answer", "plan.hello")
    elif wanted is not None and memory.promise_draft is not None:
        follow = promises.read_back(known, memory.promise_draft)
    elif wanted is not None:
        heard = replace(known.understanding, intents=(Intent(wanted, 1.0),))
        follow = _after_identity(replace(known, understanding=heard))
    else:
        told = known.now_told("balance", "what_now")
        follow = known.decide("answer", balance_line(turn), "debt.what_now", told=told)
    says = (*passed.replies[0].says, *(follow.replies[0].says if follow.replies else ()))
    buttons = follow.replies[0].buttons if follow.replies else ()
    return replace(follow, replies=(Reply(says, buttons),), because=(*passed.because, *follow.because))


def _with_greeting(turn: Turn, decision: Decision) -> Decision:
    """The first words of every conversation: an automated assistant, whose, how to reach a person."""
    if turn.memory.greeted:
        return decision
    memory = decision.memory.with_(greeted=True)
    if decision.kind == "comfort":
        return replace(decision, memory=memory)
    greeting = Reply((Say("greet.hello", turn.params), Say("greet.person", turn.params)))
    return replace(decision, replies=(greeting, *decision.replies), memory=memory)


def _with_notice(turn: Turn, decision: Decision) -> Decision:
    """US-MINI-1: who collects and what for, once, as soon as it is certain who reads, and nobody is in need."""
    memory = decision.memory
    due = turn.situation.case.market == "us" and memory.verified and "us_notice" not in memory.told
    if not due or decision.kind not in _BUSINESS or not decision.replies:
        return decision
    first = decision.replies[0]
    after = 1 if first.says[0].key == "verify.passed" else 2 if first.says[0].key == "greet.hello" else 0
    notice = Say("debt.us_notice", turn.params)
    reply = Reply((*first.says[:after], notice, *first.says[after:]), first.buttons)
    told = (*memory.told, "us_notice")
    return replace(decision, replies=(reply, *decision.replies[1:]), memory=memory.with_(told=told))


_HAN = re.compile(r"[㐀-鿿]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def _language(situation: Situation, understanding: Understanding) -> Language:
    """The language to answer in: the conversation's, until the debtor clearly writes the other one."""
    memory: Memory = situation.memory
    text = situation.inbound.text
    if situation.inbound.kind != "text" or not text:
        return memory.language
    if understanding.says("change_language"):
        return social.language_wanted(text) or memory.language
    han = len(_HAN.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if memory.language == "en" and han >= 2 and han > words:
        return "zh"
    if memory.language == "zh" and han == 0 and words >= 3:
        return "en"
    return memory.language
