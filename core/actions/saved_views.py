"""Filters of the inbox under a name: one's own in an order of one's own, and those that are shared with everyone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select

from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import READ_ONLY, Actor
from core.errors import InvalidInput, NotFound
from core.store.tables import DefaultView, SavedView
from core.work import Work

MOST = 30
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """The view as it is now."""

    view_id: int
    name: str


@dataclass(frozen=True, slots=True)
class NameTaken:
    """The actor has another view of this name; nothing was changed."""

    name: str


@dataclass(frozen=True, slots=True)
class TooMany:
    """The actor has as many views as anyone may have."""

    most: int = MOST


def may_share(actor: Actor) -> bool:
    """Whether the actor's views may be everyone's: who supervises."""
    return actor.role != "agent" and actor.role not in READ_ONLY


async def keep(
    work: Work, actor: Actor, name: str, address: str, *, shared: bool = False
) -> Kept | NameTaken | TooMany:
    """Name the filters of an address (`box=all&reason=legal`); last among one's own. InvalidInput without a name."""
    wanted = _named(name, actor, shared=shared)
    mine = await _mine(work, actor)
    if any(view.name == wanted for view in mine):
        return NameTaken(wanted)
    if len(mine) >= MOST:
        return TooMany()
    view = SavedView(
        user_id=actor.id,
        name=wanted,
        address=address,
        shared=shared,
        position=max((each.position for each in mine), default=0) + 1,
        changed_at=work.now,
    )
    work.session.add(view)
    await work.session.flush()
    await leave(work, actor.login, "saved_view", "view", view.id, name=wanted, address=address, shared=shared)
    return Kept(view.id, view.name)


async def change(
    work: Work, actor: Actor, view_id: int, name: str, *, shared: bool, address: str | None = None
) -> Kept | NameTaken:
    """Another name, shared or not, and with an `address` other filters. Only one's own; NotFound for another's."""
    wanted = _named(name, actor, shared=shared)
    mine = await _mine(work, actor)
    view = _one(mine, view_id)
    if any(each.name == wanted for each in mine if each is not view):
        return NameTaken(wanted)
    view.name, view.shared, view.changed_at = wanted, shared, work.now
    view.address = address or view.address
    await work.session.flush()
    if not shared:
        await work.session.execute(
            delete(DefaultView).where(DefaultView.view_id == view_id, DefaultView.user_id != actor.id)
        )
    await leave(work, actor.login, "changed_view", "view", view_id, name=wanted, address=view.address, shared=shared)
    return Kept(view_id, wanted)


async def move(work: Work, actor: Actor, view_id: int, direction: Literal["up", "down"]) -> Kept:
    """One place up or down among one's own; at the end it stays. NotFound for another's."""
    mine = list(await _mine(work, actor))
    view = _one(mine, view_id)
    place = mine.index(view)
    other = place + (-1 if direction == "up" else 1)
    if 0 <= other < len(mine):
        mine[place], mine[other] = mine[other], mine[place]
    for number, each in enumerate(mine, 1):
        each.position = number
    await work.session.flush()
    return Kept(view.id, view.name)


async def remove(work: Work, actor: Actor, view_id: int) -> Kept:
    """Delete one's own; whose inbox opened with it gets the usual list. NotFound for another's."""
    view = _one(await _mine(work, actor), view_id)
    await work.session.execute(delete(DefaultView).where(DefaultView.view_id == view_id))
    await work.session.delete(view)
    await work.session.flush()
    await leave(work, actor.login, "deleted_view", "view", view_id, name=view.name, shared=view.shared)
    return Kept(view_id, view.name)


async def open_with(work: Work, actor: Actor, view_id: int | None) -> None:
    """The view that the actor's inbox opens with from now on, None for the usual list. NotFound for one not theirs to
    see."""
    if view_id is not None:
        view = await work.session.get(SavedView, view_id)
        if view is None or not (view.shared or view.user_id == actor.id):
            raise NotFound("There is no such view.", view_id=view_id)
    await work.session.execute(delete(DefaultView).where(DefaultView.user_id == actor.id))
    if view_id is not None:
        work.session.add(DefaultView(user_id=actor.id, view_id=view_id))
    await work.session.flush()


def _named(name: str, actor: Actor, *, shared: bool) -> str:
    wanted = " ".join(clean(name).split())[:LONGEST_NAME]
    if not wanted:
        raise InvalidInput("Give the view a name.")
    if shared and not may_share(actor):
        raise InvalidInput("Only who supervises shares a view.", role=actor.role)
    return wanted


async def _mine(work: Work, actor: Actor) -> Sequence[SavedView]:
    """In their order, held until the transaction ends."""
    return (
        await work.session.scalars(
            select(SavedView)
            .where(SavedView.user_id == actor.id)
            .order_by(SavedView.position, SavedView.id)
            .with_for_update(key_share=True)
        )
    ).all()


def _one(mine: Sequence[SavedView], view_id: int) -> SavedView:
    found = next((view for view in mine if view.id == view_id), None)
    if found is None:
        raise NotFound("There is no such view of yours.", view_id=view_id)
    return found
