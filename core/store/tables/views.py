"""Filters of the inbox under a name."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Table


class SavedView(Table):
    """A list of the inbox with its filters, as its address names them (`box=all&reason=legal`). `position` is its place
    among its owner's; a `shared` one is everyone's to look through and its owner's to change."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(1000))
    shared: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    changed_at: Mapped[datetime]


class DefaultView(Table):
    """The view that someone's inbox opens with."""

    __tablename__ = "default_views"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_views.id"), index=True)
