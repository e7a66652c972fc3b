"""What agents work with inside a conversation: kept replies, messages for later, codes of how it ended, notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import SCHEDULED, UNSEEN, Key, Table


class CannedReply(Table):
    """A reply that the team keeps, in both languages, found by its `shortcut`. `suits` is the hand-over reason that it
    is suggested for. `uses` counts how often somebody put it in the composer. An archived one is offered no more."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("shortcut"), Index("ix_canned_replies_most_used", "archived_at", "uses", "id"))

    shortcut: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(60), default="")
    suits: Mapped[str | None] = mapped_column(String(30))
    en: Mapped[str] = mapped_column(Text)
    zh: Mapped[str] = mapped_column(Text)
    uses: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class ScheduledMessage(Table):
    """An agent's words for later. States: `waiting`, `sent`, `cancelled`, `withheld` (then `reasons` says why).

    `after_message` is the last thing that the debtor had written when it was scheduled: what they write later makes it
    out of date. When due it is reviewed anew, like a message typed at that moment.
    """

    __tablename__ = "scheduled_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_key"),
        CheckConstraint("state IN ('waiting', 'sent', 'cancelled', 'withheld')", name="state_known"),
        Index("ix_scheduled_messages_due", "due_at", sqlite_where=SCHEDULED, postgresql_where=SCHEDULED),
        Index("ix_scheduled_messages_conversation", "conversation_id", "id"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    client_key: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[datetime]
    after_message: Mapped[int | None] = mapped_column(Key)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class OutcomeCode(Table):
    """How a conversation can end. `code` is what conversations store; an archived one is read and chosen no more."""

    __tablename__ = "outcome_codes"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(String(40))
    en: Mapped[str] = mapped_column(String(80))
    zh: Mapped[str] = mapped_column(String(80))
    needs_note: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]


class AgentNotice(Table):
    """Something that one person of the team should see: `mention`, `transferred` to them, a message `withheld`,
    a conversation `taken` from them by a supervisor, a `whisper`."""

    __tablename__ = "agent_notices"
    __table_args__ = (
        CheckConstraint("kind IN ('mention', 'transferred', 'withheld', 'taken', 'whisper')", name="kind_known"),
        Index("ix_agent_notices_newest", "user_id", "id"),
        Index("ix_agent_notices_unseen", "user_id", sqlite_where=UNSEEN, postgresql_where=UNSEEN),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(12))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    from_user: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
