"""Plays a script through the front door, dialogue, limits, review and sender of production, on its own database."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from bot.front import Front
from bot.options import BotOptions
from bot.sender import Sender
from core.actions import identity, inbound, limits
from core.actions.inbound import Arrival, Recorded, Responded
from core.actions.portfolio import upsert
from core.actions.values import Actor
from core.channels import Delivery, Sent
from core.clock import FixedClock
from core.errors import InvalidInput, InvariantBroken
from core.live import InProcessNotices
from core.settings import Settings
from core.store.migrate import upgrade
from core.work import Works, make_engine
from nlu.engine import Engine
from parley.script import ending, people, stage
from parley.script.document import Script, read, read_file, waited
from parley.understanding import engine_named

CHANNEL = "script"
ADDRESS = "debtor"


async def play_file(path: Path, engine: Engine | None = None) -> dict[str, Any]:
    """Plays the script in a file; see `play`."""
    return await _play(read_file(path), engine or engine_named(Settings()))


async def play(document: Mapping[str, Any], engine: Engine | None = None) -> dict[str, Any]:
    """What happened: transcript, decisions and end state, in the form of the scripts' reference page."""
    return await _play(read(document), engine or engine_named(Settings()))


async def _play(script: Script, engine: Engine) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="parley-script-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/script.db"
        await upgrade(url)
        works = Works(make_engine(url), InProcessNotices(), FixedClock(script.now.astimezone(UTC)))
        try:
            return await Player(script, works, engine).run()
        finally:
            await works.dispose()


@dataclass(slots=True)
class Outlet:
    """The channel of a script: keeps what reached the debtor."""

    name: str = CHANNEL
    delivered: list[Delivery] = field(default_factory=list)

    async def send(self, delivery: Delivery) -> Sent:
        """Takes everything."""
        self.delivered.append(delivery)
        return Sent(f"script-{delivery.message_id}")

    def taken(self) -> list[Delivery]:
        """What arrived since the last look."""
        taken, self.delivered = self.delivered, []
        return taken


class Player:
    """One performance. `agents` are the people a script may name: ana, ben, sue, max."""

    def __init__(self, script: Script, works: Works, engine: Engine) -> None:
        self.script = script
        self.works = works
        self.front = Front(works, engine, BotOptions())
        self.outlet = Outlet()
        self.sender = Sender(works, {CHANNEL: self.outlet})
        self.agents: dict[str, Actor] = {}
        self.case_id = 0
        self.conversation_id = 0
        self.buttons: tuple[tuple[str, str], ...] = ()
        self._sent = 0

    @property
    def clock(self) -> FixedClock:
        """The clock that turns move."""
        if not isinstance(self.works.clock, FixedClock):
            raise InvariantBroken("A script plays on a clock of its own.")
        return self.works.clock

    async def run(self) -> dict[str, Any]:
        """Sets the stage, plays every turn, and tells the end."""
        await self._set_stage()
        turns = [await self._turn(turn) for turn in self.script.turns]
        end = await ending.end_of(self.works, self.conversation_id)
        return {"name": self.script.name, "turns": turns, "end": end}

    async def _set_stage(self) -> None:
        async with self.works.begin() as work:
            await limits.ensure_default(work)
        self.agents = await stage.team(self.works)
        await stage.publish_limits(self.works, self.script, self.agents["max"])
        async with self.works.begin() as work:
            await upsert(work, [stage.case_of(self.script)], "script")
        self.case_id = await stage.only_case(self.works)

    def next_key(self) -> int:
        """A number that was not given before, for ids and references."""
        self._sent += 1
        return self._sent

    async def _turn(self, turn: Mapping[str, Any]) -> dict[str, Any]:
        self.clock.advance(waited(turn))
        if "agent" in turn:
            return await people.act(self, turn["agent"])
        if "payment" in turn:
            return await people.payment(self, turn["payment"])
        if turn.get("miss"):
            return await people.miss(self)
        if "press" in turn:
            return await self._pressed(str(turn["press"]))
        said = turn["say"]
        return await self._said([str(text) for text in said] if isinstance(said, list) else [str(said)], said)

    async def _pressed(self, press: str) -> dict[str, Any]:
        value = self._button(press)
        label = next((label for known, label in self.buttons if known == value), value)
        await self.arrives(kind="press", text=label, press=value)
        return await self.answered(press)

    def _button(self, press: str) -> str:
        """`offer:2` is the second button of the last reply; anything else is a button's own value."""
        place = press.removeprefix("offer:")
        if press.startswith("offer:") and place.isdigit():
            index = int(place) - 1
            if not 0 <= index < len(self.buttons):
                raise InvalidInput("The last reply has no such button.", press=press, buttons=len(self.buttons))
            return self.buttons[index][0]
        return press

    async def _said(self, texts: list[str], said: Any) -> dict[str, Any]:
        for text in texts:
            await self.arrives(kind="text", text=text)
        return await self.answered(said)

    async def arrives(self, *, kind: str, text: str, press: str | None = None) -> None:
        """Records one message of the debtor; the first opens the conversation."""
        arrival = Arrival(
            channel=CHANNEL,
            external_id=f"script-{self.next_key()}",
            address=ADDRESS,
            case_id=self.case_id,
            kind=kind,
            text=text,
            press=press,
            sent_at=self.clock.now(),
        )
        async with self.works.begin() as work:
            recorded = await inbound.record(work, arrival)
            if not isinstance(recorded, Recorded):
                raise InvariantBroken("A script's message was not recorded.", outcome=type(recorded).__name__)
            self.conversation_id = recorded.conversation_id
            if recorded.opened and self.script.verified:
                await identity.vouch(work, recorded.conversation_id, "the script says so")

    async def answered(self, said: Any) -> dict[str, Any]:
        """Has what arrived answered, sends what is due, and tells what happened."""
        responded: Responded = await self.front.answer(self.conversation_id)
        replies = await self.delivered()
        heard = await ending.last_heard(self.works, self.conversation_id)
        return {
            "said": said,
            "understood": heard.understood,
            "decision": heard.decision,
            "replies": replies,
            "holder": await ending.holder_of(self.works, self.conversation_id),
            "refused": list(responded.refused),
        }

    async def delivered(self) -> list[dict[str, Any]]:
        """Sends until nothing is due; what reached the debtor, with the buttons' labels."""
        while await self.sender.round():
            pass
        replies = []
        for delivery in sorted(self.outlet.taken(), key=lambda item: item.message_id):
            self.buttons = delivery.buttons
            replies.append({"text": delivery.text, "buttons": [label for _, label in delivery.buttons]})
        return replies
