"""Messages sent before any answer could be read: what was overtaken is not said, and nothing unread is agreed."""

from collections.abc import Sequence

from core.dialogue.decision import Decision, DecisionKind, MakePromise, PutOnTable, Reply
from core.dialogue.memory import Memory
from core.dialogue.reading import ASK_ENTITIES
from core.dialogue.turn import Turn

_SOCIAL = ("affirm", "deny", "thanks", "greet", "goodbye")
_QUESTIONS = ("offer", "counter", "assess", "clarify", "verify")
"""Kinds of decision that end in a question to the debtor."""
_OVERTAKES_NOTHING = ("clarify", "silent", "close")
_ALWAYS_SAID = ("greet.", "debt.us_notice", "verify.passed")


def asks_anew(before: Memory, now: Memory) -> bool:
    """Whether something waits for a yes that did not wait for it when the round began."""
    return any(
        getattr(now, name) and getattr(now, name) != getattr(before, name)
        for name in ("draft", "promise_draft", "move_draft", "offers")
    )


def said_too_soon(turn: Turn) -> Decision | None:
    """A yes or a no that was written before the question it seems to answer could be read: the question stands."""
    said = turn.understanding.asserted
    if not turn.situation.inbound.unread or not said or not set(said) <= set(_SOCIAL):
        return None
    if turn.understanding.of_type(*ASK_ENTITIES):
        return None
    memory = turn.memory
    shown = (memory.draft,) if memory.draft is not None else memory.offers
    kind: DecisionKind = "promise" if memory.promise_draft is not None else "offer"
    return Decision(kind, memory, (*turn.why(), "written-before-it-could-be-read"), (), (PutOnTable(shown),))


def unsaid(decisions: Sequence[Decision]) -> tuple[frozenset[int], ...]:
    """For each decision of a round, which of its replies need not be said, by their place in it."""
    social = [_is_social(decision) for decision in decisions]
    dropped = []
    for place, decision in enumerate(decisions):
        later = decisions[place + 1 :]
        overtaken = _asks(decision) and any(
            other.kind not in _OVERTAKES_NOTHING and not alone
            for other, alone in zip(later, social[place + 1 :], strict=True)
            if other.replies
        )
        needless = social[place] and not all(social)
        drop = overtaken or needless
        dropped.append(frozenset(i for i, reply in enumerate(decision.replies) if drop and not _is_due(reply)))
    return tuple(dropped)


def _asks(decision: Decision) -> bool:
    promised = any(isinstance(effect, MakePromise) for effect in decision.effects)
    return decision.kind in _QUESTIONS or (decision.kind == "promise" and not promised)


def _is_social(decision: Decision) -> bool:
    keys = [say.key for reply in decision.replies if not _is_due(reply) for say in reply.says]
    return decision.kind in ("answer", "clarify") and all(key.startswith(("social.", "talk.")) for key in keys[:1])


def _is_due(reply: Reply) -> bool:
    """What the law or courtesy wants said once is said whatever came after it."""
    return any(say.key.startswith(_ALWAYS_SAID) for say in reply.says)
