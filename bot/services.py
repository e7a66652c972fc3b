"""What the channels share: the front door, the sender, the sweeper; started and closed without losing anything."""

import asyncio
from collections.abc import Iterable

from bot.front import Front
from bot.inspector import Inspector
from bot.options import BotOptions
from bot.sender import Sender
from bot.sweeper import Sweeper
from core.channels import Channel
from core.clock import Clock
from core.live import Notices
from core.work import Works
from nlu.engine import Engine


class BotServices:
    """Everything that the debtor's side needs. No environment is read here."""

    def __init__(
        self,
        works: Works,
        notices: Notices,
        engine: Engine,
        clock: Clock,
        *,
        channels: Iterable[Channel] = (),
        options: BotOptions | None = None,
    ) -> None:
        self.works = works
        self.notices = notices
        self.clock = clock
        self.engine = engine
        self.options = options or BotOptions()
        self.front = Front(works, engine, self.options)
        self.channels: dict[str, Channel] = {channel.name: channel for channel in channels}
        self.sender = Sender(works, self.channels)
        self.sweeper = Sweeper(works, self.front, self.options)
        self.files = self.options.files
        self.inspector = Inspector(works, notices, self.files)
        self.closing = asyncio.Event()

    def add_channels(self, channels: Iterable[Channel]) -> None:
        """Send through these too; a channel of the same name is replaced."""
        self.channels.update({channel.name: channel for channel in channels})

    async def run(self) -> None:
        """Send, sweep and have files scanned until `close` is called or the task is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.sender.run(), name="sender")
            group.create_task(self.sweeper.run(), name="sweeper")
            group.create_task(self.inspector.run(), name="inspector")

    async def close(self) -> None:
        """End streams, take no new work, finish the answers under way, then stop sending."""
        self.closing.set()
        await self.front.drain()
        self.sweeper.close()
        self.inspector.close()
        self.sender.close()
