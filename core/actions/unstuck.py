"""Nobody waits for ever: what an agent does not answer goes back to the queue, and supervisors are called."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.assignment import GRAVEST, teams_for
from core.actions.handoff import open_handoff
from core.actions.trail import leave
from core.dialogue.flags import GRAVITY, priority_of
from core.staffing import Late, is_gone, late
from core.store import assignment as store
from core.store import conversations, teams
from core.store.assignment import Owed
from core.store.tables import Conversation
from core.store.teams import HANDLERS, Staff
from core.work import Work

Why = Literal["no_reply", "gone", "signed_out", "away", "closed_account"]
ESCALATIONS = "escalations"
"""The topic that rings when supervisors are called."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Conversations that their agent should give up, and those that supervisors should be called to."""

    given_up: tuple[int, ...]
    escalated: tuple[int, ...]


async def look(session: AsyncSession, staff: Staff, now: datetime) -> Stuck:
    """What is stuck at `now` (UTC)."""
    given_up = [owed.id for owed in await store.held(session) if _should_give_up(staff, owed, now) is not None]
    shortest = min((patience.supervisor for patience in staff.patience.values()), default=None)
    if shortest is None:
        return Stuck(tuple(given_up), ())
    waits = await store.unescalated(session, now - shortest)
    return Stuck(tuple(given_up), tuple(owed.id for owed in waits if "supervisor" in _late(staff, owed, now)))


async def free(work: Work, conversation_id: int) -> bool:
    """Put a conversation back in the queue if its agent still should give it up; whether it was."""
    conversation = await conversations.lock(work.session, conversation_id)
    owed = await store.one(work.session, conversation_id)
    if owed is None or owed.holder != "agent" or conversation.snoozed_until is not None:
        return False
    why = _should_give_up(await teams.staff(work.session, work.now), owed, work.now)
    if why is None:
        return False
    await give_up(work, conversation, why)
    return True


async def escalate(work: Work, conversation_id: int) -> bool:
    """Call the supervisors to a conversation that has still waited too long; whether they were."""
    conversation = await conversations.lock(work.session, conversation_id)
    owed = await store.one(work.session, conversation_id)
    if owed is None or owed.escalated_at is not None or conversation.snoozed_until is not None:
        return False
    if "supervisor" not in _late(await teams.staff(work.session, work.now), owed, work.now):
        return False
    conversation.escalated_at = work.now
    await work.session.flush()
    for topic in (ESCALATIONS, "queue", f"conversation:{conversation_id}"):
        work.notify(topic)
    waited = int((work.now - owed.owed_since).total_seconds()) // 60
    await leave(
        work, "system", "escalated", "conversation", conversation_id, waited_min=waited, holder=conversation.holder
    )
    return True


async def leave_desk(work: Work, user_id: int, why: Why) -> int:
    """Everyone who waits for this agent goes back to the queue, at once; how many they were."""
    held = await store.lock_owed_by(work.session, user_id)
    for conversation in held:
        await give_up(work, conversation, why)
    return len(held)


async def give_up(work: Work, conversation: Conversation, why: Why) -> None:
    """Put a conversation that an agent holds back in the queue, where it stands by how long the debtor has waited.

    The conversation is locked by the caller. Who let the debtor wait is not given it again before a person has written.
    """
    agent_id = conversation.agent_id
    conversation.holder, conversation.agent_id, conversation.held_since = "queue", None, None
    conversation.waiting_since = conversation.owed_since or work.now
    if conversation.gravity is None:
        conversation.reason, conversation.priority = "person_requested", priority_of("person_requested")
        conversation.gravity = GRAVITY.index("person_requested")
    if why == "no_reply" and agent_id is not None:
        conversation.passed = sorted({*conversation.passed, agent_id})
    handoff = await open_handoff(work, conversation.id)
    if handoff is not None:
        handoff.taken_by = handoff.taken_at = None
    await work.session.flush()
    work.notify("queue")
    work.notify(f"conversation:{conversation.id}")
    await leave(work, "system", "given_up", "conversation", conversation.id, agent=agent_id, why=why)


def _should_give_up(staff: Staff, owed: Owed, now: datetime) -> Why | None:
    user = owed.user
    if user is None:
        return "gone"
    if not user.active or user.role not in HANDLERS:
        return "closed_account"
    if is_gone(active=user.active, status=user.status, seen_at=user.seen_at, now=now):
        return "away" if user.status == "away" else "gone"
    return "no_reply" if "reply" in _late(staff, owed, now) else None


def _late(staff: Staff, owed: Owed, now: datetime) -> frozenset[Late]:
    """By the patience of the team that the conversation is made for first; without one nothing is late."""
    team_id = next(iter(teams_for(staff, owed)), None)
    if team_id is None:
        return frozenset()
    return late(
        staff.patience[team_id],
        owed_since=owed.owed_since,
        held_since=owed.held_since,
        opened_at=staff.rotas[team_id].opened_at(now),
        now=now,
        emergency=owed.gravity == GRAVEST,
    )
