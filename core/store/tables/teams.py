"""Teams that conversations are given out to: who is in them, when they are there, what they serve."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Table


class Team(Table):
    """`routing` is `manual`, `round_robin` or `least_loaded`. What a team serves is everything where a list is empty.

    `hours` are weekly, as `Mon-Fri 09:00-18:00`, in `time_zone`; without any it is always there. On the public holidays
    of `holidays_of` and on its own days off it is not. `agent_capacity` is how many open conversations one member may
    be given, `capacity` how many all of them together. `reply_minutes` without a reply send a conversation back to the
    queue, `escalate_minutes` in all call the supervisors. Within `first_target` minutes a hand-over is to
    have its first reply, within `reply_target` each message after it; None as the product has it.
    """

    __tablename__ = "teams"
    __table_args__ = (
        CheckConstraint("routing IN ('manual', 'round_robin', 'least_loaded')", name="routing_known"),
        CheckConstraint("agent_capacity >= 1", name="agent_capacity_positive"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity_positive"),
        CheckConstraint("reply_minutes >= 1 AND escalate_minutes >= 1", name="minutes_positive"),
        CheckConstraint("first_target IS NULL OR first_target >= 1", name="first_target_positive"),
        CheckConstraint("reply_target IS NULL OR reply_target >= 1", name="reply_target_positive"),
    )

    name: Mapped[str] = mapped_column(String(120), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    hours: Mapped[str] = mapped_column(String(400), default="")
    holidays_of: Mapped[str] = mapped_column(String(10), default="")
    routing: Mapped[str] = mapped_column(String(12), default="manual")
    agent_capacity: Mapped[int] = mapped_column(default=5)
    capacity: Mapped[int | None]
    reply_minutes: Mapped[int] = mapped_column(default=10)
    escalate_minutes: Mapped[int] = mapped_column(default=30)
    first_target: Mapped[int | None]
    reply_target: Mapped[int | None]
    markets: Mapped[list[Any]] = mapped_column(default=list)
    creditors: Mapped[list[Any]] = mapped_column(default=list)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class TeamMember(Table):
    """Who is in a team. `turn` is the number of the assignment that they were last given there, 0 for none yet."""

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("team_id", "user_id"), Index("ix_team_members_user_id", "user_id"))

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    turn: Mapped[int] = mapped_column(default=0)


class TeamHoliday(Table):
    """A day on which the team is not there, in its own time zone, and what it is called."""

    __tablename__ = "team_holidays"
    __table_args__ = (UniqueConstraint("team_id", "day"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(80))
