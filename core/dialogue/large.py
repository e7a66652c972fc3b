"""A balance so large that a person, and not the bot, decides on time and discounts."""

from dataclasses import replace
from typing import Any

from core.dialogue.decision import Decision
from core.dialogue.heard import for_people
from core.dialogue.turn import Turn
from core.policy import Grant, decided_by_a_person


def is_large(turn: Turn) -> bool:
    """Whether the bot may take the whole sum today, or note a promise, and grant nothing else."""
    grant = turn.grant
    return grant is not None and decided_by_a_person(grant, turn.situation.case.balance.total)


def to_a_person(turn: Turn, grant: Grant, **changes: Any) -> Decision:
    """A person takes it up, told what was asked and the plan that it would lead to; nothing is offered before."""
    limit = "person_decides_above"
    least = format(grant.limits.person_decides_above, "f")
    because = (*turn.why(), f"limit:{limit}={least} rule:{grant.source(limit)} v{grant.version}")
    heard = for_people(_as_an_agent(turn)) | changes
    return turn.hand_over("escalate", "limits", "offer.person_decides", turn.person(), because=because, **heard)


def _as_an_agent(turn: Turn) -> Turn:
    """The turn with the limits as they would be if an agent asked, so that what was asked comes to a plan."""
    grant = turn.situation.grant
    if grant is None or grant.facts is None:
        return turn
    asked = replace(grant, facts=replace(grant.facts, role="agent"))
    return replace(turn, situation=replace(turn.situation, grant=asked))
