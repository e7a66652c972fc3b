"""Agents vanish and workers are killed while they give out: nobody is left waiting, and nothing is given twice."""

import asyncio
import multiprocessing
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from core.actions import presence
from core.actions.values import Actor
from core.clock import SystemClock
from core.dialogue.flags import GRAVITY
from core.live import InProcessNotices
from core.store import audit
from core.store.tables import Audit, Conversation, Team, TeamMember, User
from core.work import Works, make_engine
from tests.bot.scene import until
from tests.faults import dispatching
from tests.integration.world import World, make_world

pytestmark = [pytest.mark.faults, pytest.mark.slow]

EACH = 5
PEOPLE = 9

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.dispatching"])


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """A team of three who take five each, all there."""
    works = Works(make_engine(migrated_url), InProcessNotices(), SystemClock())
    world = await make_world(works)
    async with works.begin() as work:
        team = Team(name="Day", routing="round_robin", agent_capacity=EACH, created_at=work.now)
        work.session.add(team)
        await work.session.flush()
        for actor in (world.ana, world.ben, world.sue):
            work.session.add(TeamMember(team_id=team.id, user_id=actor.id))
            user = await work.session.get_one(User, actor.id)
            user.skills, user.seen_at = ["en"], work.now
    yield world
    await works.dispose()


async def wait(world: World, name: str) -> None:
    conversation_id = await world.open(address=name)
    async with world.works.begin() as work:
        conversation = await work.session.get_one(Conversation, conversation_id)
        conversation.holder, conversation.reason = "queue", "limits"
        conversation.gravity = GRAVITY.index("limits")
        conversation.waiting_since = conversation.owed_since = work.now


async def vanish(world: World, actor: Actor) -> None:
    """Their browser has been silent for two minutes."""
    async with world.works.begin() as work:
        (await work.session.get_one(User, actor.id)).seen_at = work.now - timedelta(minutes=2)


def start(url: str) -> Any:
    process = _processes.Process(target=dispatching.main, args=(url,), daemon=True)
    process.start()
    return process


async def test_killed_while_giving_out_and_with_agents_who_vanish_everybody_ends_with_somebody_who_is_there(
    world: World, migrated_url: str
) -> None:
    dice = random.Random(5)
    for number in range(PEOPLE):
        await wait(world, f"p{number}")
    for round_ in range(4):
        victims = [start(migrated_url) for _ in range(2)]
        await asyncio.sleep(dice.uniform(0.4, 1.2))
        if round_ == 1:
            await vanish(world, world.ana)
        for victim in victims:
            victim.kill()
            victim.join()
        async with world.works.begin() as work:
            await presence.seen(work, [world.ben.id, world.sue.id])
    last = [start(migrated_url) for _ in range(2)]
    there = {world.ben.id, world.sue.id}

    async def settled() -> bool:
        return {row.agent_id for row in await world.rows(Conversation)} == there

    try:
        await until(settled, seconds=60)
    finally:
        for process in last:
            process.kill()
            process.join()
    held = Counter(row.agent_id for row in await world.rows(Conversation))
    assert sum(held.values()) == PEOPLE
    assert max(held.values()) <= EACH
    for conversation in await world.rows(Conversation):
        trail = await world.rows(Audit, subject="conversation", subject_id=conversation.id)
        moves = [row.action for row in trail if row.action in ("assigned", "given_up")]
        assert moves == (["assigned", "given_up"] * PEOPLE)[: len(moves)]
        assert moves[-1] == "assigned"
    async with world.works.read() as session:
        assert isinstance(await audit.verify(session), audit.Intact)
