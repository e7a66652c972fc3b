"""No loop lasts more than two turns: a question that leads nowhere offers a person, and then brings one."""

from dataclasses import replace

from core.dialogue.decision import Decision, HandOff, Reply, Say
from core.dialogue.flags import HandoffReason
from core.dialogue.turn import PERSON, Turn

_COUNTED = ("verify", "clarify", "assess")
_PERSON_BESIDE, _PERSON_INSTEAD = 2, 3


def broken(turn: Turn, decision: Decision) -> Decision:
    """The decision, unless it would ask the same thing once too often. The identity check may ask once more."""
    if decision.kind == "answer":
        return decision
    if decision.kind not in _COUNTED or not decision.replies or _hands_over(decision):
        return replace(decision, memory=decision.memory.with_(asked="", asked_times=0))
    question = decision.replies[-1].says[-1].key.replace("birth_date_again", "birth_date")
    got_further = decision.memory.facts_matched != turn.memory.facts_matched
    times = turn.memory.asked_times + 1 if question == turn.memory.asked and not got_further else 1
    patience = 0 if turn.memory.verified else 1
    if times >= _PERSON_INSTEAD + patience:
        reason: HandoffReason = "not_understood" if turn.memory.verified else "identity"
        because = (*decision.because, f"asked:{question} {times} times")
        return turn.hand_over("escalate", reason, "escalate.bring_in", turn.person(), because=because, asked="")
    counted = replace(decision, memory=decision.memory.with_(asked=question, asked_times=times))
    return _with_person(counted) if times >= _PERSON_BESIDE + patience else counted


def _hands_over(decision: Decision) -> bool:
    return any(isinstance(effect, HandOff) for effect in decision.effects)


def _with_person(decision: Decision) -> Decision:
    last = decision.replies[-1]
    if PERSON in last.buttons:
        return decision
    reply = Reply((*last.says[:-1], Say("clarify.or_person"), last.says[-1]), (*last.buttons, PERSON))
    return replace(decision, replies=(*decision.replies[:-1], reply))
