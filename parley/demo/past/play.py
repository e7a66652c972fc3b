"""Has the past happen, in the process of the demo, while its pages answer already."""

import asyncio
import copy
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.options import BotOptions
from core.actions.values import Actor
from core.clock import FixedClock
from core.work import Works
from nlu.engine import Engine
from parley.demo.past.begin import debtors
from parley.demo.past.house import expect_the_house
from parley.demo.past.player import Player
from parley.demo.past.stories import DAYS, lives, still_open


async def play(  # noqa: PLR0917
    works: Works, engine: Engine, options: BotOptions, team: Mapping[str, Actor], now: datetime, stop: asyncio.Event
) -> None:
    """Everything before `now` (UTC), on the works' database by a clock of its own, until it is told to `stop`.

    The present's writers and the past's take turns, so that neither waits for long.
    """
    clock = FixedClock(now - timedelta(days=DAYS + 1))
    then = copy.copy(works)
    then.clock = clock
    player = Player(then, clock, engine, options, team)
    people = debtors()
    past = lives(people, now)
    player.expect(past)
    player.expect(still_open(people[len(past) :], now))
    expect_the_house(player, now)
    await player.play(now, stop)
