"""What a channel is: something that sends a cleared message to an address, and says what became of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file that goes with a message: `digest` finds its bytes, `kind` is `jpg`, `png`, `webp` or `pdf`."""

    digest: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed message. `buttons` are (value, label); `attempt` counts from 1."""

    outbox_id: int
    message_id: int
    conversation_id: int
    channel: str
    address: str
    text: str
    buttons: tuple[tuple[str, str], ...]
    language: str
    attempt: int = 1
    file: DeliveredFile | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took it; `external_id` is its name there, where it has one."""

    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """The channel did not take it, and may be asked again after this long."""

    after: timedelta
    error: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """It can never be delivered there: blocked, deleted, no such chat."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it arrived; it is not blindly repeated."""

    error: str


SendResult = Sent | Retry | Gone | Unknown


class Channel(Protocol):
    """A way to reach a debtor."""

    name: str

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message; expected failures are values, and it never raises for them."""
        ...
