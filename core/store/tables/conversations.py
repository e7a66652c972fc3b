"""Conversations, their messages and what is on its way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import BY_AGENT, ESCALATED, OPEN, OWED, PEOPLES, SNOOZED, Key, Table

FILTERED = [
    "case_id",
    "state",
    "holder",
    "agent_id",
    "reason",
    "language",
    "channel",
    "priority",
    "unread",
    "waiting_since",
    "owed_since",
]
"""What the inbox filters by, kept beside the order of its lists: a filter that little passes reads the index alone."""


class Conversation(Table):
    """`holder` is `bot`, `queue` or `agent` (then `agent_id` and `held_since` are set). `memory` is
    the dialogue's.

    `address` is where the channel sends: a Telegram chat id, a web chat's id. `gravity` orders the queue, 0 gravest.
    Until `snoozed_until`, or until the debtor writes, its agent is not waited for. `merged_into` is the conversation of
    the same case that it goes on in.
    The debtor has waited for a person since `owed_since`, until one writes; `passed` are the agents who meanwhile let
    it go, `escalated_at` is when supervisors were called, `queue_told` what the debtor was told of the queue, and
    `team_id` the team that it was given to.
    `mood` and `risk` (0 to 3) are those of the debtor's last message, and order the wall of live conversations.
    `debtor_seen` is the last message that the debtor's chat has had in view, where the channel tells.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "address", "case_id"),
        CheckConstraint("holder IN ('bot', 'queue', 'agent')", name="holder_known"),
        CheckConstraint("(holder = 'agent') = (agent_id IS NOT NULL)", name="agent_holds"),
        Index("ix_conversations_queue", "holder", "gravity", "waiting_since"),
        Index("ix_conversations_agent", "agent_id", "last_at"),
        Index("ix_conversations_address", "channel", "address"),
        Index("ix_conversations_latest", "last_at", "id", postgresql_include=FILTERED),
        Index("ix_conversations_reason", "reason", "last_at", "id"),
        Index("ix_conversations_snoozed", "snoozed_until", sqlite_where=SNOOZED, postgresql_where=SNOOZED),
        Index("ix_conversations_owed", "owed_since", sqlite_where=OWED, postgresql_where=OWED),
        Index("ix_conversations_escalated", "escalated_at", sqlite_where=ESCALATED, postgresql_where=ESCALATED),
        Index("ix_conversations_risk", "risk", "last_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_conversations_live", "last_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_conversations_people", "risk", "last_at", "id", sqlite_where=PEOPLES, postgresql_where=PEOPLES),
        Index("ix_conversations_age", "opened_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(120))
    holder: Mapped[str] = mapped_column(String(10), default="bot")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    held_since: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20), default="open")
    outcome: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    memory: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str | None] = mapped_column(String(30))
    priority: Mapped[str | None] = mapped_column(String(10))
    gravity: Mapped[int | None]
    waiting_since: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_inbound_at: Mapped[datetime | None]
    unread: Mapped[int] = mapped_column(default=0)
    snoozed_until: Mapped[datetime | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    mood: Mapped[int] = mapped_column(default=0, server_default="0")
    risk: Mapped[int] = mapped_column(default=0, server_default="0")
    debtor_seen: Mapped[int | None] = mapped_column(Key)
    debtor_seen_at: Mapped[datetime | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    owed_since: Mapped[datetime | None]
    passed: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    escalated_at: Mapped[datetime | None]
    queue_told: Mapped[str | None] = mapped_column(String(10))


class Message(Table):
    """One entry of the transcript, either way. An inbound one is unique on (channel, external_id), and is answered
    when `answered_at` is set; an outbound one is unique on (conversation_id, client_key).

    `author` is `debtor`, `bot`, `agent` or `system`. `kind` is as in dialogue's Inbound. `buttons` is a list of
    {value, label}. `attachment` names what came that is no text, for the agent. `inputs` is all that the decision
    looked at, and what it made of it, for replays.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        UniqueConstraint("conversation_id", "client_key"),
        Index("ix_messages_conversation", "conversation_id", "id"),
        Index("ix_messages_unanswered", "answered_at", "direction", "at"),
        Index(
            "ix_messages_by_agent",
            "at",
            "agent_id",
            "conversation_id",
            sqlite_where=BY_AGENT,
            postgresql_where=BY_AGENT,
        ),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    direction: Mapped[str] = mapped_column(String(3))
    author: Mapped[str] = mapped_column(String(10))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(120))
    client_key: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10), default="text")
    text: Mapped[str] = mapped_column(Text)
    press: Mapped[str | None] = mapped_column(String(120))
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    attachment: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    understanding: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Outbox(Table):
    """A cleared message on its way. States: `due`, `sending`, `sent`, `failed`, `withheld`, `unknown`.

    `reply_to` is the inbound message it answers; None means that the debtor did not ask for it. `clearance` is what
    compliance cleared: rule set, rules passed, local time.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "due_at"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(120))
    author: Mapped[str] = mapped_column(String(10))
    reply_to: Mapped[int | None] = mapped_column(Key)
    clearance: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="due")
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(String(120))


class HandoffRow(Table):
    """A hand-over to people, with its pack: what was said, verified or not, offers, flags, affordability, draft."""

    __tablename__ = "handoffs"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str] = mapped_column(String(30))
    priority: Mapped[str] = mapped_column(String(10))
    trigger: Mapped[str] = mapped_column(Text)
    pack: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Note(Table):
    """A private note of the team; a debtor never sees it. Without a user it was written by the system. `kind` says what
    it was written with: `note`, `transfer`, `back` or `closed`."""

    __tablename__ = "notes"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(12), default="note", server_default="note")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
