"""A process that is killed: the debtor's side over a database, with a channel that writes what it sends to a file."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.options import BotOptions
from bot.services import BotServices
from core.actions.inbound import Arrival
from core.channels import Delivery, Sent
from core.clock import SystemClock
from core.dialogue.understanding import Understanding
from core.live import InProcessNotices
from core.work import Works, make_engine
from nlu.engine import Context
from tests.bot.scene import PhraseEngine

CHANNEL = "paper"


@dataclass(frozen=True)
class Errand:
    """What the process is to do. `said` are (external id, address, text), told again at each start as after a crash.

    `dies` is the moment at which it kills itself, once: while it `reads` a message, `before` it sends, or `after`.
    """

    url: str
    said: tuple[tuple[str, str, str], ...]
    journal: Path
    dies: str = ""
    slow_s: float = 0.0


def main(errand: Errand) -> None:
    """Run until killed, or until everything is answered and sent."""
    asyncio.run(_serve(errand))


async def _serve(errand: Errand) -> None:
    clock, notices = SystemClock(), InProcessNotices()
    works = Works(make_engine(errand.url), notices, clock)
    options = BotOptions(unanswered_after=timedelta(milliseconds=200), silent_after=timedelta(seconds=1))
    channels = [PaperChannel(errand)]
    services = BotServices(works, notices, SlowEngine(errand), clock, channels=channels, options=options)
    running = asyncio.create_task(services.run())
    for external_id, address, text in errand.said:
        await services.front.arrived(
            Arrival(channel=CHANNEL, external_id=external_id, address=address, text=text, sent_at=clock.now())
        )
        await asyncio.sleep(errand.slow_s)
    await running


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class SlowEngine(PhraseEngine):
    """Takes its time, or dies while it reads."""

    def __init__(self, errand: Errand) -> None:
        super().__init__()
        self._errand = errand

    def parse(self, text: str, context: Context) -> Understanding:
        """The phrase engine's reading, later."""
        if self._errand.dies == "reads":
            _die()
        time.sleep(self._errand.slow_s)
        return super().parse(text, context)


class PaperChannel:
    """What it sends is a line in a file, there to stay; who sends is slow, or dies over it."""

    name = CHANNEL

    def __init__(self, errand: Errand) -> None:
        self._errand = errand

    async def send(self, delivery: Delivery) -> Sent:
        """Writes the line at once and whole."""
        await asyncio.sleep(self._errand.slow_s)
        if self._errand.dies == "before":
            _die()
        with self._errand.journal.open("a", encoding="utf-8") as file:
            file.write(f"{delivery.outbox_id}\n")
        if self._errand.dies == "after":
            _die()
        await asyncio.sleep(self._errand.slow_s)
        return Sent(f"paper-{delivery.outbox_id}")
