"""Who acts, and the outcomes that several actions share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["agent", "supervisor", "manager", "compliance", "admin", "auditor"]
ROLES: tuple[Role, ...] = ("agent", "supervisor", "manager", "compliance", "admin", "auditor")
OVERSEERS: frozenset[Role] = frozenset(("supervisor", "manager", "admin"))
"""Roles that look after other people's conversations."""

READ_ONLY: frozenset[Role] = frozenset(("compliance", "auditor"))
"""Roles that read conversations and never hold one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone of the team who does something."""

    id: int
    login: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Another agent holds the conversation, since this moment (UTC)."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class NotHolder:
    """The actor does not hold the conversation; `name` is the agent who does, if one does."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The conversation has ended, with this outcome."""

    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The message is on its way."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """This was done before; nothing was done again."""

    message_id: int
    conversation_id: int
