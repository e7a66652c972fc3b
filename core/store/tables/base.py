"""What every table has: its key, names of constraints, times in UTC."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Date, DateTime, Dialect, Integer, MetaData, TypeDecorator, text
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
ASKED = text("state = 'asked'")
DECIDED = text("state <> 'asked'")
BY_AGENT = text("author = 'agent'")
OPEN = text("state = 'open'")
PEOPLES = text("state = 'open' AND holder <> 'bot'")
DUE = text("state = 'due'")
UNPAID = text("paid < amount")
SCHEDULED = text("state = 'waiting'")
UNSEEN = text("seen_at IS NULL")
OWED = text("owed_since IS NOT NULL")
ESCALATED = text("escalated_at IS NOT NULL")
SNOOZED = text("snoozed_until IS NOT NULL")
DRAFT = text("state = 'draft'")
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
