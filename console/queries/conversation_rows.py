"""One conversation as rows: what its page shows, read-only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.money import Money
from core.negotiation import Offer
from core.plans import Balance


@dataclass(frozen=True, slots=True)
class HandoffView:
    """The latest hand-over to people. `pack` is as it was when it was made."""

    reason: str
    priority: str
    trigger: str
    at: datetime
    ended: bool
    pack: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PromiseView:
    due: date
    amount: Money
    state: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """A code of how a conversation can end; an archived one is only read."""

    code: str
    en: str
    zh: str
    needs_note: bool
    position: int
    archived: bool

    def name(self, language: str) -> str:
        """What it is called in a language of the console."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class OtherView:
    """Another conversation of the same case: it may be merged into this one, or `merged` was before."""

    id: int
    channel: str
    merged: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The conversation, its case and who holds it. `debtor_facts` never leave the server: only which ones there are.

    `outcomes` are the codes that it can end with, `others` the other conversations of the case."""

    id: int
    state: str
    outcome: str | None
    holder: str
    agent_id: int | None
    agent: str | None
    held_since: datetime | None
    waiting_since: datetime | None
    reason: str | None
    priority: str | None
    channel: str
    language: str
    opened_at: datetime
    last_inbound_at: datetime | None
    unread: int
    memory: dict[str, Any]
    case_id: int
    case_state: str
    reference: str
    market: str
    product: str
    balance: Balance
    balance_as_of: date
    due_date: date
    opened_on: date | None
    account_last4: str
    name: str
    time_zone: str
    creditor: str
    flags: tuple[str, ...]
    handoff: HandoffView | None
    promise: PromiseView | None
    snoozed_until: datetime | None
    merged_into: int | None
    outcomes: tuple[OutcomeView, ...]
    others: tuple[OtherView, ...]
    pay_ways: dict[str, Any]

    @property
    def currency(self) -> str:
        """The case's currency."""
        return self.balance.currency

    @property
    def members(self) -> tuple[int, ...]:
        """The conversation and those that go on in it: their messages and notes are read together."""
        return (self.id, *(other.id for other in self.others if other.merged))

    @property
    def mergeable(self) -> tuple[OtherView, ...]:
        """The other conversations of the case that could go on in this one."""
        return tuple(other for other in self.others if not other.merged)

    def outcome_name(self, language: str) -> str | None:
        """What its outcome is called, where that is a code that managers keep."""
        return next((each.name(language) for each in self.outcomes if each.code == self.outcome), None)


@dataclass(frozen=True, slots=True)
class FileView:
    """A picture or a PDF of a message. `state` is as the table says; `size` in bytes."""

    id: int
    state: str
    kind: str
    name: str
    size: int

    @property
    def is_shown(self) -> bool:
        """Whether it may be opened."""
        return self.state in ("clean", "unscanned")


@dataclass(frozen=True, slots=True)
class MessageView:
    """One entry of the transcript. `delivery` is the outbox row's state, None for what came in. `misheard` says
    whether the team holds it for misunderstood, None where no engine read it; `because` is why the assistant answered
    it so. `edition` is `new` for the words that the debtor put in the place of others, `old` for the others; `seen`
    says that the debtor has had it in view, where the channel tells."""

    id: int
    author: str
    agent: str | None
    agent_id: int | None
    kind: str
    text: str
    press: str | None
    buttons: tuple[tuple[str, str], ...]
    attachment: dict[str, Any] | None
    at: datetime
    delivery: str | None
    sent_at: datetime | None
    error: str | None
    misheard: bool | None
    because: tuple[str, ...]
    channel: str = ""
    abusive: bool = False
    file: FileView | None = None
    edition: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class NoteView:
    """A private note. `kind` says what it was written with: `note`, `transfer`, `back` or `closed`."""

    author: str
    author_id: int
    text: str
    at: datetime
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer made, with the words in which it was turned down."""

    offer: Offer
    state: str
    made_by: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class InstalmentView:
    number: int
    due: date
    amount: Money
    paid: Money
    moved_from: date | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan in force, or the last there was."""

    public_id: str
    state: str
    total: Money
    discount: Money
    frequency: str
    policy_version: int
    approved: bool
    agreed_at: datetime
    instalments: tuple[InstalmentView, ...]

    @property
    def paid(self) -> Money:
        """What has been paid on it."""
        return Money(sum(line.paid.minor for line in self.instalments), self.total.currency)

    @property
    def due(self) -> Money:
        """All that is paid under it."""
        return Money(sum(line.amount.minor for line in self.instalments), self.total.currency)


@dataclass(frozen=True, slots=True)
class AskedView:
    """A request for approval made from this conversation."""

    id: int
    state: str
    reason: str
    answer: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    offer: Offer
    offered: bool
