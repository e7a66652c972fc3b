"""A world with a team in it, and short ways to put people in the queue and agents at their desks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.actions import assignment, presence, replies, unstuck
from core.actions.values import Actor
from core.clock import FixedClock
from core.dialogue.flags import GRAVITY
from core.store.tables import Audit, Conversation, HandoffRow, Team, TeamMember, User
from core.work import Works
from tests.integration.world import World


@dataclass
class Floor:
    """The world with a team in it, and short ways to put people in the queue and to the phones."""

    world: World
    clock: FixedClock
    team_id: int

    @property
    def works(self) -> Works:
        return self.world.works

    async def wait(self, name: str, reason: str = "person_requested", language: str = "en", **said: Any) -> int:
        """Somebody is in the queue; the conversation's id."""
        conversation_id = await self.world.open(address=name)
        self.clock.advance(timedelta(seconds=1))
        async with self.works.begin() as work:
            conversation = await work.session.get_one(Conversation, conversation_id)
            conversation.holder, conversation.waiting_since, conversation.owed_since = "queue", work.now, work.now
            conversation.reason, conversation.gravity = reason, GRAVITY.index(reason)
            conversation.language, conversation.last_inbound_at = language, work.now
            for key, value in said.items():
                setattr(conversation, key, value)
            work.session.add(
                HandoffRow(
                    conversation_id=conversation_id, reason=reason, priority="normal", trigger="", pack={}, at=work.now
                )
            )
        return conversation_id

    async def there(self, *actors: Actor) -> None:
        """These people's browsers give a sign of life."""
        async with self.works.begin() as work:
            await presence.seen(work, [actor.id for actor in actors])

    async def change(self, table: type[Any], row_id: int, **said: Any) -> None:
        async with self.works.begin() as work:
            row = await work.session.get_one(table, row_id)
            for key, value in said.items():
                setattr(row, key, value)

    async def give(self) -> assignment.Given | None:
        async with self.works.begin() as work:
            return await assignment.give_next(work)

    async def give_all(self) -> list[tuple[int, int]]:
        """Everything that can be given out now, as (conversation, agent) in order."""
        found = []
        while (given := await self.give()) is not None:
            found.append((given.conversation_id, given.agent_id))
        return found

    async def unstick(self) -> tuple[list[int], list[int]]:
        """What is given up, and what supervisors are called to."""
        async with self.works.read() as session:
            now = self.clock.now()
            stuck = await unstuck.look(session, await assignment.staff_at(session, now), now)
        freed, called = [], []
        for conversation_id in stuck.given_up:
            async with self.works.begin() as work:
                if await unstuck.free(work, conversation_id):
                    freed.append(conversation_id)
        for conversation_id in stuck.escalated:
            async with self.works.begin() as work:
                if await unstuck.escalate(work, conversation_id):
                    called.append(conversation_id)
        return freed, called

    async def pass_(self, minutes: float, *actors: Actor) -> None:
        """Time goes by while these people stay."""
        self.clock.advance(timedelta(minutes=minutes))
        await self.there(*actors)

    async def reply(self, conversation_id: int, actor: Actor, text: str = "Hello, I am looking at it.") -> None:
        async with self.works.begin() as work:
            key = f"k{next(self.world.numbers)}"
            sent = await replies.reply_as_agent(work, conversation_id, actor, text, key)
            assert isinstance(sent, replies.Sent), sent

    async def audited(self, action: str) -> list[dict[str, Any]]:
        return [row.data for row in await self.world.rows(Audit, action=action)]


async def open_floor(world: World, clock: FixedClock) -> Floor:
    """A team of two that gives out by load; both speak English, Ben also knows hardship."""
    async with world.works.begin() as work:
        team = Team(name="Day", routing="least_loaded", agent_capacity=2, created_at=work.now)
        work.session.add(team)
        await work.session.flush()
        for actor, skills in ((world.ana, ["en"]), (world.ben, ["en", "hardship", "vulnerable"])):
            work.session.add(TeamMember(team_id=team.id, user_id=actor.id))
            (await work.session.get_one(User, actor.id)).skills = skills
    return Floor(world, clock, team.id)
