"""What a debtor who waits for a person is told: where they stand and roughly when, or when the team is there again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.assignment import teams_for, waiting_of
from core.actions.hours import zone
from core.actions.situations import remembered
from core.actions.takeover import say_as_bot
from core.actions.trail import leave
from core.dialogue.decision import Say
from core.staffing import LANGUAGES, Place, place_of
from core.staffing.place import MOST_TOLD
from core.store import assignment as store
from core.store import cases, conversations, teams
from core.store.assignment import LOT, Owed
from core.store.tables import Conversation
from core.store.teams import Staff
from core.work import Work

News = Literal["place", "opens"]
AFTER = timedelta(minutes=1)
"""So long somebody waits before they are told where they stand: most are taken sooner (product default)."""
ANSWER_WITHIN = timedelta(hours=2)
"""Later than this after their last words nothing more is told: it would come unasked."""
MEASURED = timedelta(hours=2)


async def look(session: AsyncSession, staff: Staff, now: datetime) -> Mapping[int, News]:
    """Who waits, at `now` (UTC), and may be told something that they do not know yet."""
    if not staff.teams:
        return {}
    found: dict[int, News] = {
        owed.id: "place" for owed, before in await _places(session, staff) if _wants_place(staff, owed, before, now)
    }
    if any(not team.open for team in staff.teams.values()):
        waits = await store.untold(session, now - AFTER, now - ANSWER_WITHIN)
        found |= {owed.id: "opens" for owed in waits if _is_closed(staff, owed)}
    return found


async def tell(work: Work, conversation_id: int, news: News) -> bool:
    """Tell whoever still waits there, once, through the same review as everything; whether it was told."""
    conversation = await conversations.lock(work.session, conversation_id)
    owed = await store.one(work.session, conversation_id)
    if owed is None or owed.holder != "queue" or conversation.queue_told in (news, "opens"):
        return False
    staff = await teams.staff(work.session, work.now)
    say = await _place(work, staff, owed) if news == "place" else await _opening(work, staff, conversation, owed)
    if say is None:
        return False
    conversation.queue_told = news
    said = await say_as_bot(work, conversation, remembered(conversation), say)
    await leave(work, "bot", "told_queue", "conversation", conversation_id, news=say.key, said=said)
    return True


async def _places(session: AsyncSession, staff: Staff) -> list[tuple[Owed, int]]:
    """The first in the queue, each with how many of those before are served by a team that serves it too."""
    earlier: list[frozenset[int]] = []
    found: list[tuple[Owed, int]] = []
    async for owed in store.queue(session, LANGUAGES):
        ours = frozenset(teams_for(staff, owed))
        found.append((owed, sum(bool(theirs & ours) for theirs in earlier)))
        earlier.append(ours)
        if len(found) >= LOT:
            break
    return found


def _wants_place(staff: Staff, owed: Owed, before: int, now: datetime) -> bool:
    """Somebody who has waited a little, not long ago wrote last, stands near the front, and whom somebody can take."""
    if owed.queue_told is not None or owed.gravity == 0 or before > MOST_TOLD:
        return False
    if owed.waiting_since is None or owed.last_inbound_at is None:
        return False
    if now - owed.waiting_since < AFTER or now - owed.last_inbound_at > ANSWER_WITHIN:
        return False
    skills = waiting_of(owed).skills
    ours = (staff.teams[team_id] for team_id in teams_for(staff, owed))
    return any(agent.ready and skills <= agent.skills for team in ours if team.open for agent in team.agents)


def _is_closed(staff: Staff, owed: Owed) -> bool:
    ours = teams_for(staff, owed)
    return bool(ours) and not any(staff.teams[team_id].open for team_id in ours)


async def _place(work: Work, staff: Staff, owed: Owed) -> Say | None:
    found = next((pair for pair in await _places(work.session, staff) if pair[0].id == owed.id), None)
    if found is None or not _wants_place(staff, *found, work.now):
        return None
    place = place_of(found[1], await store.lately_taken(work.session, work.now - MEASURED))
    return None if place.before is None else _said(place)


def _said(place: Place) -> Say:
    params: dict[str, Any] = {"before": place.before} if place.before else {}
    if place.minutes is None:
        return Say("person.place" if place.before else "person.next", params)
    params["minutes"] = place.minutes
    return Say("person.place_minutes" if place.before else "person.next_minutes", params)


async def _opening(work: Work, staff: Staff, conversation: Conversation, owed: Owed) -> Say | None:
    if not _is_closed(staff, owed):
        return None
    opens = [staff.rotas[team_id].opens_at(work.now) for team_id in teams_for(staff, owed)]
    back = min((moment for moment in opens if moment is not None), default=None)
    if back is None:
        return None
    whole = await cases.load(work.session, conversation.case_id)
    return Say("person.opens", {"opens": back.astimezone(zone(whole.debtor.time_zone))})
