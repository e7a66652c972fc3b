"""What was decided: what to say, what changes, and why. Values only; wording turns them into text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from core.dialogue.flags import Flag, HandoffReason, Priority
from core.dialogue.memory import Memory
from core.money import Money
from core.negotiation.gaps import Gap
from core.negotiation.types import Offer, Promise

DecisionKind = Literal[
    "verify",
    "answer",
    "offer",
    "counter",
    "agree",
    "promise",
    "assess",
    "escalate",
    "comply",
    "comfort",
    "clarify",
    "close",
    "silent",
]


@dataclass(frozen=True, slots=True)
class Say:
    """One paragraph: a key of the debtor's catalogue and the values that it needs.

    Values may be Money, date, datetime, int, str, Offer, or a tuple of Instalment; wording formats them.
    """

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """A choice shown beside a reply. `value` comes back when it is pressed; `label` is a catalogue key."""

    value: str
    label: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the debtor: its paragraphs, and the buttons under it."""

    says: tuple[Say, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOff:
    """The conversation goes to the queue for a person. The bot is silent from then on.

    `trigger` is what the debtor wrote; `draft` is the offer that their numbers would lead to, made to nobody yet;
    `gaps` are how far what they ask for lies beyond what the bot may grant.
    """

    reason: HandoffReason
    priority: Priority
    trigger: str
    draft: Offer | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class AddFlags:
    flags: frozenset[Flag]


@dataclass(frozen=True, slots=True)
class PutOnTable:
    """Offers made; they stand until they are accepted, refused or expire."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class RefuseOffers:
    """The offers on the table were turned down, with the debtor's words as the reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Agree:
    """The debtor said yes to a plan that was read back to them."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class MakePromise:
    promise: Promise


@dataclass(frozen=True, slots=True)
class MoveInstalment:
    """One instalment of the plan in force moves to another date inside the limits."""

    number: int
    due: date


@dataclass(frozen=True, slots=True)
class ClaimPaid:
    """The debtor says that they have paid; a person or the ledger confirms it."""

    amount: Money | None


@dataclass(frozen=True, slots=True)
class StopContact:
    """No message that the debtor did not ask for leaves from now on."""


@dataclass(frozen=True, slots=True)
class PreferContact:
    """When or how the debtor wants to be reached, in their own words."""

    words: str


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    language: Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Close:
    """The conversation ends with this outcome."""

    outcome: Literal["wrong_party", "agreed", "stopped", "done"]


Effect = (
    HandOff
    | AddFlags
    | PutOnTable
    | RefuseOffers
    | Agree
    | MakePromise
    | MoveInstalment
    | ClaimPaid
    | StopContact
    | PreferContact
    | ChangeLanguage
    | Close
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one message does. `because` names the rules and facts that made it, in the order they counted."""

    kind: DecisionKind
    memory: Memory
    because: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The offers that this decision speaks of: put on the table, read back, or agreed."""
        made = [offer for effect in self.effects if isinstance(effect, PutOnTable) for offer in effect.offers]
        agreed = [effect.offer for effect in self.effects if isinstance(effect, Agree)]
        return tuple(made or agreed)
