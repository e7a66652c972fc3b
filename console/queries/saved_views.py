"""Saved views of the inbox."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from console.filters import Wanted
from core.store.tables import DefaultView, SavedView, User

SHOWN = 12
"""So many tabs at most."""
LISTED = 200


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view. `owner` is who made it; `is_default` whether the asker's inbox opens with it."""

    id: int
    name: str
    wanted: Wanted
    shared: bool
    mine: bool
    owner: str
    is_default: bool

    @property
    def address(self) -> str:
        """Where it is opened, named so that it can be changed there."""
        return f"/?{self.wanted.address}&view={self.id}"


async def seen_by(session: AsyncSession, user_id: int, sees_all: bool, most: int = SHOWN) -> tuple[ViewRow, ...]:
    """One's own in their order, then those that others share; without those of lists that one does not see."""
    rows = await session.execute(
        select(SavedView, User.name, DefaultView.id)
        .join(User, User.id == SavedView.user_id)
        .outerjoin(DefaultView, (DefaultView.view_id == SavedView.id) & (DefaultView.user_id == user_id))
        .where(or_(SavedView.user_id == user_id, SavedView.shared))
        .order_by(SavedView.user_id != user_id, User.name, SavedView.position, SavedView.id)
        .limit(4 * most)
    )
    found = (
        ViewRow(
            view.id,
            view.name,
            Wanted.read(view.address),
            view.shared,
            view.user_id == user_id,
            owner,
            default is not None,
        )
        for view, owner, default in rows
    )
    return tuple(row for row in found if sees_all or row.wanted.box != "all")[:most]
