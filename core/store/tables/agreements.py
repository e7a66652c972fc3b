"""What was offered, approved, agreed, promised and paid."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import ACTIVE, ASKED, DECIDED, OPEN, UNPAID, Table


class OfferRow(Table):
    """An offer made. States: `open`, `refused`, `accepted`, `expired`, `replaced`. `body` is negotiation's codec form.

    `approval_id` is set where it is beyond the limits and someone whose role allows it approved it.
    """

    __tablename__ = "offers"
    __table_args__ = (UniqueConstraint("conversation_id", "ref"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    ref: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, Any]]
    policy_version: Mapped[int]
    rule: Mapped[str] = mapped_column(String(80))
    made_by: Mapped[str] = mapped_column(String(10))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approvals.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Approval(Table):
    """A plan beyond the limits, asked for by an agent. States: `asked`, `approved`, `refused`, `expired`."""

    __tablename__ = "approvals"
    __table_args__ = (
        Index("ix_approvals_waiting", "id", sqlite_where=ASKED, postgresql_where=ASKED),
        Index("ix_approvals_decided", "decided_at", "id", sqlite_where=DECIDED, postgresql_where=DECIDED),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    offer: Mapped[dict[str, Any]]
    breaches: Mapped[list[Any]]
    policy_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="asked")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")


class Plan(Table):
    """A plan agreed. States: `active`, `completed`, `broken`, `cancelled`, `replaced`. At most one active a case."""

    __tablename__ = "plans"
    __table_args__ = (Index("uq_plans_active", "case_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    body: Mapped[dict[str, Any]]
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(BigInteger)
    down_payment: Mapped[int] = mapped_column(BigInteger)
    frequency: Mapped[str] = mapped_column(String(12))
    policy_version: Mapped[int]
    rule: Mapped[str] = mapped_column(String(80))
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approvals.id"))
    state: Mapped[str] = mapped_column(String(10), default="active")
    language: Mapped[str] = mapped_column(String(8))
    agreed_at: Mapped[datetime]


class InstalmentRow(Table):
    """`number` 0 is the down payment. `moved_from` is the date before it was moved. `missed_on` is the last date on
    which it was due and was not paid in full."""

    __tablename__ = "instalments"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("paid >= 0 AND paid <= amount", name="paid_within_amount"),
        Index("ix_instalments_unpaid", "due", sqlite_where=UNPAID, postgresql_where=UNPAID),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[int]
    due: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    paid: Mapped[int] = mapped_column(BigInteger, default=0)
    moved_from: Mapped[date | None]
    missed_on: Mapped[date | None]


class PromiseRow(Table):
    """A promise to pay. States: `open`, `kept`, `broken`, `replaced`."""

    __tablename__ = "promises"
    __table_args__ = (Index("ix_promises_open", "due", sqlite_where=OPEN, postgresql_where=OPEN),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    due: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    policy_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="open")
    made_at: Mapped[datetime]


class Payment(Table):
    """Money that arrived, unique on (case_id, reference)."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("case_id", "reference"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    reference: Mapped[str] = mapped_column(String(80))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    allocation: Mapped[dict[str, Any]]
    paid_on: Mapped[date]
    at: Mapped[datetime]
