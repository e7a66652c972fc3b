"""The tables. Money is integer minor units beside a currency, times are UTC, relationships are never lazy."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database: give it a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


ACTIVE = text("state = 'active'")
OPEN = text("state = 'open'")
UNPAID = text("paid < amount")
IN_FORCE = text("state = 'in_force'")
MAKING = text("state IN ('asked', 'training')")
RUNNING = text("state = 'running'")
WAITING = text("state IN ('asked', 'running')")
Key = BigInteger().with_variant(Integer, "sqlite")


class Table(DeclarativeBase):
    """Common naming, so that migrations can name every constraint."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)


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
    __table_args__ = (UniqueConstraint("case_id", "flag"),)

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


class Conversation(Table):
    """`holder` is `bot`, `queue` or `agent` (then `agent_id` and `held_since` are set). `memory` is
    the dialogue's.

    `address` is where the channel sends: a Telegram chat id, a web chat's id. `gravity` orders the queue, 0 gravest.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "address", "case_id"),
        CheckConstraint("holder IN ('bot', 'queue', 'agent')", name="holder_known"),
        CheckConstraint("(holder = 'agent') = (agent_id IS NOT NULL)", name="agent_holds"),
        Index("ix_conversations_queue", "holder", "gravity", "waiting_since"),
        Index("ix_conversations_agent", "agent_id", "last_at"),
        Index("ix_conversations_address", "channel", "address"),
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
    """A private note of the team; a debtor never sees it. Without a user it was written by the system."""

    __tablename__ = "notes"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Policy(Table):
    """A policy version; its `body` is only ever changed while it is a draft.

    States: `draft`, `review`, `scheduled`, `in_force`, `superseded`, `withdrawn`. At most one is in force. `number` is
    given with the approval; `based_on` is the number of the version that it was made from. `revision` counts the
    changes of a draft. `reviewed_by` approved it or sent it back with `review`, never who wrote it, unless four eyes
    were off (`alone`). It holds from `starts_at`, and came in force at `published_at`.
    """

    __tablename__ = "policies"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'review', 'scheduled', 'in_force', 'superseded', 'withdrawn')", name="state_known"
        ),
        CheckConstraint("number IS NOT NULL OR state IN ('draft', 'review', 'withdrawn')", name="published_numbered"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> created_by OR alone", name="four_eyes"),
        Index("uq_policies_in_force", "state", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
    )

    number: Mapped[int | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(12))
    body: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    based_on: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    review: Mapped[str] = mapped_column(Text, default="")
    alone: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]


class WhatIf(Table):
    """A simulation of what a version of the limits would change, on the portfolio as it was when it ran.

    States: `asked`, `running`, `done`, `failed`, `called_off`. One runs at a time, and one waits or runs for a version.
    `revision` and `digest` name the limits that it was asked for, `against` the number of the version then in force.
    `done` counts the cases simulated of `cases`, `live` those that there were. `beat_at` is its last sign of life.
    """

    __tablename__ = "what_ifs"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'running', 'done', 'failed', 'called_off')", name="state_known"),
        Index("uq_what_ifs_running", "state", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("uq_what_ifs_waiting", "policy_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
    )

    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), index=True)
    revision: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    against: Mapped[int | None]
    seed: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="asked")
    done: Mapped[int] = mapped_column(default=0)
    cases: Mapped[int] = mapped_column(default=0)
    live: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(120), default="")


class Approval(Table):
    """A plan beyond the limits, asked for by an agent. States: `asked`, `approved`, `refused`, `expired`."""

    __tablename__ = "approvals"

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


class User(Table):
    """Someone of the team. Roles: `agent`, `supervisor`, `manager`, `admin`."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('agent', 'supervisor', 'manager', 'admin')", name="role_known"),)

    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8), default="en")
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Session(Table):
    """A signed-in browser. Only the hash of its secret is kept; deleting the row signs it out."""

    __tablename__ = "sessions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Audit(Table):
    """Who did what, each row chained to the one before by its hash. `actor` is `bot`, `system`, `debtor` or a login."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject", "subject_id"),)

    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None] = mapped_column(Key)
    data: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Reading(Table):
    """How an engine read one text of a debtor. States: `sure`, `unsure`, `misheard` (an agent said so), `relabelled`.

    `intent` is the likeliest one, empty where there is none, and `confidence` its confidence in ten-thousandths.
    `labels` are what a person says that it means; with them taken back the state follows from the other fields.
    """

    __tablename__ = "readings"
    __table_args__ = (
        CheckConstraint("state IN ('sure', 'unsure', 'misheard', 'relabelled')", name="state_known"),
        Index("ix_readings_newest", "at", "id"),
        Index("ix_readings_least_sure", "confidence", "id"),
        Index("ix_readings_state_newest", "state", "at", "id"),
        Index("ix_readings_state_least_sure", "state", "confidence", "id"),
        Index("ix_readings_intent_newest", "intent", "at", "id"),
        Index("ix_readings_lang_newest", "lang", "at", "id"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    at: Mapped[datetime]
    lang: Mapped[str] = mapped_column(String(2))
    intent: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[int]
    unsure: Mapped[bool]
    engine: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    misheard_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    misheard_at: Mapped[datetime | None]
    labels: Mapped[list[Any] | None] = mapped_column(JSON)
    labelled_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    labelled_at: Mapped[datetime | None]


class ModelRow(Table):
    """A model of the understanding, from the moment that somebody asks for it. `origin` is `release` or `trained`.

    States: `asked`, `training`, `candidate`, `in_force`, `retired`, `discarded`, `failed`. At most one is in force and
    at most one in the making, for each engine. `beat_at` is the last sign of life of its training, `running_at` when
    a process first read messages with it. `report` compares it on messages that no model was trained on.
    """

    __tablename__ = "models"
    __table_args__ = (
        CheckConstraint("origin IN ('release', 'trained')", name="origin_known"),
        Index("uq_models_in_force", "engine", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
        Index("uq_models_in_the_making", "engine", unique=True, sqlite_where=MAKING, postgresql_where=MAKING),
    )

    engine: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(10))
    version: Mapped[str] = mapped_column(String(40), default="")
    digest: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(12))
    stage: Mapped[str] = mapped_column(String(20), default="")
    examples: Mapped[int] = mapped_column(default=0)
    relabelled: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    promoted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    promoted_at: Mapped[datetime | None]
    running_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(String(120), default="")
