"""What is reviewed, what it is reviewed against, and how a refusal says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from core.dialogue.flags import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message that someone wants to send.

    `solicited`: it answers what the debtor wrote. `discloses`: it says something of a debt. `verified`: the reader's
    identity has been checked. `offers`: it carries an offer, worked out by the calculator inside what is allowed.
    `known_sums`: the only sums that it may name, in major units of the case's currency; None where that was checked
    before. `local_now` is aware, in the debtor's time zone.
    """

    text: str
    language: str
    market: str
    author: Literal["bot", "agent"]
    solicited: bool
    discloses: bool
    verified: bool
    flags: frozenset[Flag]
    local_now: datetime
    offers: bool = False
    known_sums: frozenset[Decimal] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHistory:
    """What reached this debtor before: unsolicited messages of the debtor's local day and of the last seven days.

    `stopped`: they asked for no more contact. `preferred_words`: when or how they want to be reached, as they put it.
    """

    sent_today: int
    sent_last_7_days: int
    stopped: bool
    last_inbound_at: datetime | None = None
    preferred_words: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that the draft breaks; `message_key` and `data` are worded by whoever shows it."""

    rule_id: str
    message_key: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """The draft must not go, for each of these reasons."""

    reasons: tuple[Reason, ...]

    def as_rows(self) -> list[dict[str, str]]:
        """The reasons as they are stored: `rule`, `key`, and the data of each."""
        return [{"rule": reason.rule_id, "key": reason.message_key, **reason.data} for reason in self.reasons]

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The rules broken, each once, in the order found."""
        return tuple(dict.fromkeys(reason.rule_id for reason in self.reasons))
