"""One performance of a script: its works, its clock, what arrives and what reaches the debtor."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.front import Front
from bot.options import BotOptions
from bot.sender import Sender
from core.actions import identity, inbound, upkeep
from core.actions.inbound import Arrival, Recorded, Responded
from core.actions.values import Actor
from core.channels import Delivery, Sent
from core.clock import FixedClock
from core.errors import InvariantBroken
from core.work import Works
from nlu.engine import Engine
from parley.script import ending
from parley.script.document import Script

CHANNEL = "script"
ADDRESS = "debtor"


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


class Performance:
    """`agents` are the people a script may name: ana, ben, sue, max."""

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

    async def passes(self, time: timedelta) -> None:
        """Time goes by, and what it changes is noted as the sweeper would."""
        if not time:
            return
        self.clock.advance(time)
        changed = 1
        while changed:
            async with self.works.begin() as work:
                changed = await upkeep.run(work)

    def next_key(self) -> int:
        """A number that was not given before, for ids and references."""
        self._sent += 1
        return self._sent

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
