"""A conversation in a terminal: the same front door, for whoever tries things out on one machine."""

import asyncio
import getpass
import sys
from collections.abc import Callable
from uuid import uuid4

from bot.services import BotServices
from core.actions import links
from core.actions.debtor_view import Shown, case_of, shown, state
from core.actions.inbound import Arrival, Recorded
from core.channels import Delivery, SendResult, Sent

_LONGEST_ANSWER_S = 30.0


class TerminalChannel:
    """Delivered by being marked as sent: the loop prints what has left."""

    name = "terminal"

    async def send(self, delivery: Delivery) -> SendResult:  # noqa: ARG002
        """Let it be seen."""
        return Sent()


async def chat(
    services: BotServices,
    code_or_case_ref: str,
    *,
    read: Callable[[str], str] = input,
    write: Callable[[str], None] = lambda line: print(line, flush=True),  # noqa: T201
) -> int:
    """Talk until the end of input or `/quit`; a number presses a button. Returns a process's exit status.

    The case is named by a link's code, or by its reference. The services' sender must be running.
    """
    services.add_channels([TerminalChannel()])
    async with services.works.read() as session:
        case_id: object = await links.open(session, code_or_case_ref, services.clock.now())
        if not isinstance(case_id, int):
            case_id = await case_of(session, code_or_case_ref)
    if not isinstance(case_id, int):
        write("没有这样的案件或链接。 There is no such case or link.")
        return 1
    talk = _Talk(services, case_id, f"{getpass.getuser()}-{uuid4().hex[:12]}", write)
    await talk.send(kind="start")
    while True:
        try:
            line = (await asyncio.to_thread(read, "> ")).strip()
        except (EOFError, KeyboardInterrupt):
            return 0
        if line in ("/quit", "/exit"):
            return 0
        pressed = talk.button(line)
        if pressed is not None:
            await talk.send(kind="press", press=pressed)
        elif line:
            await talk.send(kind="text", text=line)


class _Talk:
    def __init__(self, services: BotServices, case_id: int, address: str, write: Callable[[str], None]) -> None:
        self._services = services
        self._case_id = case_id
        self._address = address
        self._write = write
        self._last = 0
        self._seen: set[int] = set()
        self._buttons: tuple[tuple[str, str], ...] = ()

    def button(self, line: str) -> str | None:
        """The value of the button with this number under the last reply."""
        number = int(line) if line.isascii() and line.isdecimal() and len(line) < 3 else 0
        return self._buttons[number - 1][0] if 1 <= number <= len(self._buttons) else None

    async def send(self, *, kind: str, text: str = "", press: str | None = None) -> None:
        """Send it, and print what is answered."""
        arrival = Arrival(
            channel="terminal",
            external_id=f"{self._address}:{uuid4().hex}",
            address=self._address,
            case_id=self._case_id,
            kind=kind,
            text=text,
            press=press,
            sent_at=self._services.clock.now(),
        )
        outcome = await self._services.front.arrived(arrival)
        if isinstance(outcome, Recorded):
            await self._print_until_quiet(outcome.conversation_id)

    async def _print_until_quiet(self, conversation_id: int) -> None:
        async with (
            self._services.notices.subscribe(f"conversation:{conversation_id}") as rings,
            asyncio.timeout(_LONGEST_ANSWER_S),
        ):
            while True:
                async with self._services.works.read() as session:
                    at = self._services.works.clock.now()
                    messages = await shown(session, conversation_id, self._last, now=at)
                    now = await state(session, conversation_id, at)
                for message in messages:
                    if message.id not in self._seen:
                        self._show(message)
                if not now.answering:
                    return
                await anext(rings)

    def _show(self, message: Shown) -> None:
        self._seen.add(message.id)
        self._last = max(self._last, message.id)
        if message.author == "debtor":
            return
        self._buttons = message.buttons
        who = f"{message.name}: " if message.author == "agent" else ""
        self._write(f"\n{who}{message.text}")
        for number, (_, label) in enumerate(message.buttons, start=1):
            self._write(f"  [{number}] {label}")
        sys.stdout.flush()
