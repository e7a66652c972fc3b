"""Files in conversations."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Table


class Attachment(Table):
    """A picture or a PDF of one message; its bytes lie outside the database, under `digest` (SHA-256, in hex).

    States: `awaited` (the channel has it, `file_ref` is its name there), `waiting` (for the scanner), `clean`,
    `unscanned` (no scanner is set), `infected`, `refused` (too large, or of no kind that is taken). `kind` is what
    its first bytes say, `name` what the sender called it, `size` in bytes. `user_id` is the agent's who sent it.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint(
            "state IN ('awaited', 'waiting', 'clean', 'unscanned', 'infected', 'refused')", name="state_known"
        ),
        CheckConstraint("digest IS NOT NULL OR state IN ('awaited', 'refused')", name="bytes_kept"),
        Index("ix_attachments_state", "state", "id"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(8), default="")
    size: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120), default="")
    file_ref: Mapped[str | None] = mapped_column(String(250))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
