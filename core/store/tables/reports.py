"""What reports count: facts made from the other tables, thrown away and made anew whenever their case changes."""

from datetime import datetime
from enum import IntFlag

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Key, Table

SLOT_S = 900
"""Every time zone in use is whole quarters of an hour from UTC, so a local day is a run of whole slots."""


class Mark(IntFlag):
    """What is true of a fact. `core.actions.report_facts` says when, docs/explanation/reports.md what is made of it."""

    WROTE = 1
    RIGHT_PARTY = 2
    AGREED = 4
    ALONE = 8
    PERSON = 16
    WRONG_PARTY = 32
    COMPLAINED = 64
    DECIDED = 128
    KEPT = 256
    TAKEN = 512
    REPLIED = 1024
    ENDED = 2048
    ACCEPTED = 4096
    REFUSED = 8192


class ReportFact(Table):
    """One thing that counts. `ref` is the id of the row that it was made from, in the table that `kind` names.

    `kind` is `conversation`, `handoff`, `takeover`, `plan`, `promise`, `payment`, `offer`, `refusal` or `complaint`,
    and `value` what it is told apart by within its kind: a reason, a rule, the kind of an offer, a state. `at` is when
    it happened; promises and payments are dated, and stand at midnight UTC of their date. `slot` is `at` in `SLOT_S`.
    `amount` and `worth` (its present value) are minor units of `currency`; durations are seconds.
    """

    __tablename__ = "report_facts"
    __table_args__ = (
        UniqueConstraint("kind", "ref", "value"),
        Index("ix_report_facts_kind_at", "kind", "at", "id"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[int] = mapped_column(Key)
    value: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]
    slot: Mapped[int]
    case_id: Mapped[int] = mapped_column(Key, index=True)
    conversation_id: Mapped[int | None] = mapped_column(Key)
    agent_id: Mapped[int | None] = mapped_column(Key)
    team_id: Mapped[int | None] = mapped_column(Key)
    creditor_id: Mapped[int] = mapped_column(Key)
    market: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(20), default="")
    bucket: Mapped[str] = mapped_column(String(4))
    segment: Mapped[str] = mapped_column(String(12))
    version: Mapped[int | None]
    marks: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="")
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    worth: Mapped[int] = mapped_column(BigInteger, default=0)
    planned_s: Mapped[int | None]
    waited_s: Mapped[int | None]
    replied_s: Mapped[int | None]
    handled_s: Mapped[int | None]


class ReportState(Table):
    """How far the facts have come, one row. Audit rows up to `audit_id` are counted, all of them at `counted_at`.

    While the facts are made anew, cases up to `case_id` are done; None at other times.
    """

    __tablename__ = "report_state"

    audit_id: Mapped[int] = mapped_column(Key)
    case_id: Mapped[int | None] = mapped_column(Key)
    counted_at: Mapped[datetime | None]
