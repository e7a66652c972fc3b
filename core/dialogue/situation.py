"""Everything that a decision may look at, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from core.dialogue.flags import Flag
from core.dialogue.memory import Memory
from core.money import Money
from core.negotiation.types import CaseFacts, Promise
from core.policy.limits import Grant


@dataclass(frozen=True, slots=True)
class CreditorFacts:
    """Who is owed, and how to reach and pay them. `pay_ways` is reviewed text per language; `phone` is for callers."""

    name: str
    phone: str = ""
    hours: str = ""
    pay_ways: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DebtorFacts:
    """`facts` are the verification facts on file: birth_date (ISO), phone_last4, account_last4, id_last4, postcode."""

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """What a debtor may ask about, beyond the numbers of `CaseFacts`."""

    reference: str
    product: str
    account_last4: str = ""
    opened_on: date | None = None
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class PlanInstalment:
    """One payment of the plan; `moved_from` is the date that it was first due on, where it was moved."""

    number: int
    due: date
    amount: Money
    paid: Money
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The plan in force, as far as it is paid. `max_extensions` payments may be moved, by `max_extension_days` each, as
    the limits that it was made under say; None where they are not known."""

    id: str
    total: Money
    instalments: tuple[PlanInstalment, ...]
    policy_version: int
    last_due_allowed: date | None = None
    max_extensions: int | None = None
    max_extension_days: int | None = None

    @property
    def left(self) -> Money:
        """What is still to pay under the plan."""
        paid = sum((i.paid.minor for i in self.instalments), 0)
        return Money(sum(i.amount.minor for i in self.instalments) - paid, self.total.currency)

    @property
    def next(self) -> PlanInstalment | None:
        """The first instalment that is not fully paid."""
        return next((i for i in self.instalments if i.paid < i.amount), None)


@dataclass(frozen=True, slots=True)
class Inbound:
    """What arrived: words, a pressed button's value, or something that is no text (voice, picture, file, sticker).

    `unread`: it was written before the question that now waits for an answer could be read.
    """

    text: str = ""
    press: str | None = None
    kind: Literal["text", "press", "voice", "picture", "file", "sticker", "location", "start"] = "text"
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`now` is aware, in the debtor's time zone. `verify_facts` is how many facts verify, `max_tries` how often they
    may be given wrongly. `people_available` says whether a person can come now; `people_hours` says when they can, and
    `people_from` at which moment of the debtor's time zone the first of them is back, where it is known.
    `broken_promises` counts the promises on this case whose day passed unpaid; `missed_promise` is the last of them,
    while nothing else has been agreed since. `balance_moved` says that an offer made here is of another balance.
    `copy_url` is where the debtor will find the copy of the plan in force, or of the one that this message agrees."""

    inbound: Inbound
    case: CaseFacts
    details: CaseDetails
    debtor: DebtorFacts
    creditor: CreditorFacts
    memory: Memory
    grant: Grant | None
    now: datetime
    flags: frozenset[Flag] = frozenset()
    plan: PlanFacts | None = None
    promise: Promise | None = None
    broken_promises: int = 0
    missed_promise: Promise | None = None
    balance_moved: bool = False
    verify_facts: int = 2
    max_tries: int = 3
    people_available: bool = True
    people_hours: str = ""
    people_from: datetime | None = None
    copy_url: str = ""
