"""What happens in the past: who does what, how long after the deed before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

Do = Literal[
    "open", "say", "take", "write", "offer", "decide", "back", "close", "note", "whisper",
    "acknowledge", "answer", "end_callback",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`who` is a login, or nobody where the debtor does it. `words` and `code` mean what `do` needs them for."""

    do: Do
    after: timedelta
    who: str = ""
    words: str = ""
    code: str = ""
    terms: "Terms | None" = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agent offers: so much a month, the first so many days later, or once a share of all."""

    instalment: Decimal | None = None
    share: Decimal | None = None
    first_in_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """Whose life it is, as the portfolio tells it. `total` is what is owed."""

    reference: str
    market: str
    language: str
    time_zone: str
    currency: str
    total: Decimal
    birth_date: date
    phone_last4: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One conversation and what it led to. `starts` is UTC. `pays` says of each instalment how many days after its date
    it is paid, None for not at all; the last stands for all that follow."""

    debtor: Debtor
    channel: str
    starts: datetime
    deeds: tuple[Deed, ...]
    pays: tuple[int | None, ...] = (None,)
