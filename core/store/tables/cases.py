"""Debts and who owes them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Key, Table


class Creditor(Table):
    """`pay_ways` is reviewed text per language; `hours` are its people's, as `Mon-Fri 09:00-18:00` in `time_zone`."""

    __tablename__ = "creditors"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    phone: Mapped[str] = mapped_column(String(60), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    pay_ways: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Debtor(Table):
    """`facts` are the verification facts on file: birth_date, phone_last4, account_last4, id_last4, postcode."""

    __tablename__ = "debtors"

    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ContactPoint(Table):
    __tablename__ = "contact_points"
    __table_args__ = (UniqueConstraint("debtor_id", "kind", "value"),)

    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtors.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(200))
    stopped_at: Mapped[datetime | None]


class Case(Table):
    """One debt. `principal`, `interest`, `fees` and `penalty` (for paying late) are minor units of `currency` as of
    `balance_as_of`."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("creditor_id", "reference"),
        CheckConstraint("principal >= 0 AND interest >= 0 AND fees >= 0", name="balance_not_negative"),
        CheckConstraint("penalty >= 0", name="penalty_not_negative"),
        CheckConstraint("market IN ('cn', 'us', 'uk')", name="market_known"),
        Index("ix_cases_due", "due_date", "market", "id"),
    )

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditors.id"))
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtors.id"), index=True)
    reference: Mapped[str] = mapped_column(String(80))
    market: Mapped[str] = mapped_column(String(2))
    product: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    principal: Mapped[int] = mapped_column(BigInteger)
    interest: Mapped[int] = mapped_column(BigInteger)
    fees: Mapped[int] = mapped_column(BigInteger)
    penalty: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    balance_as_of: Mapped[date]
    due_date: Mapped[date]
    opened_on: Mapped[date | None]
    contract: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(20), default="open")
    updated_at: Mapped[datetime]


class CaseFlag(Table):
    __tablename__ = "case_flags"
    __table_args__ = (UniqueConstraint("case_id", "flag"), Index("ix_case_flags_flag", "flag", "case_id"))

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    flag: Mapped[str] = mapped_column(String(30))
    message_id: Mapped[int | None] = mapped_column(Key)
    at: Mapped[datetime]


class ChatLink(Table):
    """A link or start code that opens the chat of one case. Only the hash of its secret is kept."""

    __tablename__ = "chat_links"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
