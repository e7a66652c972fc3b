"""The queue gives itself out: each conversation to somebody who is there, may have it, and has room for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.takeover import put_in_hands
from core.actions.trail import leave
from core.staffing import LANGUAGES, Choice, TeamNow, Waiting, choose, demanded, next_turn
from core.store import assignment as store
from core.store import teams
from core.store.assignment import Owed
from core.store.tables import Conversation
from core.store.teams import Staff
from core.work import Work

GRAVEST = 0


@dataclass(frozen=True, slots=True)
class Given:
    """The conversation is this agent's now."""

    conversation_id: int
    agent_id: int


async def staff_at(session: AsyncSession, now: datetime) -> Staff:
    """The teams and their people at `now` (UTC), for several looks at the same moment."""
    return await teams.staff(session, now)


async def could_give(session: AsyncSession, staff: Staff) -> bool:
    """Whether anything that waits could be given to anybody."""
    return await _next(session, staff, frozenset()) is not None


async def give_next(work: Work) -> Given | None:
    """Give out the first conversation that somebody can be given, gravest first, then the one that waits longest.

    One process at a time gives out, and each conversation under its own lock: one that somebody has just taken, or that
    is being written to, is left to them.
    """
    session = work.session
    await teams.hold_turns(session)
    staff = await teams.staff(session, work.now)
    busy: set[int] = set()
    while True:
        found = await _next(session, staff, frozenset(busy))
        if found is None:
            return None
        owed, choice = found
        conversation = await store.lock_waiting(session, owed.id)
        if conversation is not None:
            return await _give(work, conversation, staff, choice)
        busy.add(owed.id)


async def _next(session: AsyncSession, staff: Staff, busy: frozenset[int]) -> tuple[Owed, Choice] | None:
    """The first that can be given out, without those that others are busy with, and to whom."""
    if not staff.gives_out or not staff.anybody:
        return None
    refused: set[tuple[tuple[int, ...], Waiting]] = set()
    async for owed in store.queue(session, _languages_of(staff)):
        asked = teams_for(staff, owed), waiting_of(owed)
        if owed.id in busy or asked in refused:
            continue
        choice = _chosen(staff, *asked)
        if choice.agent_id is not None:
            return owed, choice
        refused.add(asked)
    return None


def _languages_of(staff: Staff) -> frozenset[str]:
    """The languages of those who are there and have room: what nobody could take need not be looked at."""
    free = (one for team in staff.teams.values() for one in team.agents if one.ready and one.load < one.capacity)
    return frozenset(skill for agent in free for skill in agent.skills if skill in LANGUAGES)


def teams_for(staff: Staff, owed: Owed) -> tuple[int, ...]:
    """The active teams that serve the conversation, those made for the fewest first."""
    return staff.for_(
        market=owed.market,
        creditor_id=owed.creditor_id,
        reason=owed.reason,
        language=owed.language,
        only=owed.team_id,
    )


def waiting_of(owed: Owed) -> Waiting:
    """What the conversation demands."""
    skills = demanded(owed.language, owed.reason, owed.flags)
    return Waiting(skills=frozenset(skills), emergency=owed.gravity == GRAVEST, passed=owed.passed)


def _chosen(staff: Staff, team_ids: Iterable[int], waiting: Waiting) -> Choice:
    ours = [staff.teams[team_id] for team_id in team_ids]
    others = [team for team in staff.teams.values() if team not in ours]
    return choose(waiting, ours, others=others, supervisors=staff.supervisors)


async def _give(work: Work, conversation: Conversation, staff: Staff, choice: Choice) -> Given:
    assert choice.agent_id is not None  # noqa: S101  only a choice of somebody comes here
    waited_s = int((work.now - (conversation.waiting_since or work.now)).total_seconds())
    withheld = await put_in_hands(work, conversation, choice.agent_id)
    conversation.unread = max(1, conversation.unread)
    if choice.team_id is not None:
        await _turn(work, staff.teams[choice.team_id], choice.agent_id)
    await work.session.flush()
    work.notify(f"given:{choice.agent_id}")
    await leave(
        work,
        "system",
        "assigned",
        "conversation",
        conversation.id,
        agent=choice.agent_id,
        team=choice.team_id,
        because=list(choice.because),
        waited_s=waited_s,
        withheld=withheld,
    )
    return Given(conversation.id, choice.agent_id)


async def _turn(work: Work, team: TeamNow, agent_id: int) -> None:
    member = await teams.member(work.session, team.id, agent_id)
    if member is not None:
        member.turn = next_turn(team)
