"""Changes to an account of the team: its language, its password, whether it may sign in."""

import asyncio
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import delete, func, or_, select

from core.actions import unstuck
from core.actions.trail import leave
from core.actions.users import SHORTEST_PASSWORD, actor_of
from core.actions.values import READ_ONLY, Actor, Role
from core.errors import InvalidInput, NotFound
from core.store.tables import Conversation, Session, User
from core.work import Work

_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Changed:
    """The account is as was asked."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class StillHolding:
    """The account holds this many open conversations: they are handed on or closed before it is closed."""

    conversations: int


@dataclass(frozen=True, slots=True)
class LastAdmin:
    """It is the only administrator left."""


@dataclass(frozen=True, slots=True)
class EmailTaken:
    """Another account has this address."""


async def is_last_admin(work: Work, user: User) -> bool:
    """Whether nobody would be left to manage the team without this account."""
    return user.role == "admin" and user.active and await _admins(work) < 2


async def change(
    work: Work, actor: Actor, user_id: int, *, role: Role, email: str | None
) -> Changed | StillHolding | LastAdmin | EmailTaken:
    """The account's role, and the address by which the identity provider finds it.

    Who would no longer work on conversations hands on or closes the open ones first.
    """
    user = await _account(work, user_id)
    address = (email or "").strip().lower()[:254] or None
    if role != user.role and await is_last_admin(work, user):
        return LastAdmin()
    if role in READ_ONLY and user.role not in READ_ONLY:
        holding = await _holding(work, user_id)
        if holding:
            return StillHolding(holding)
    others = select(User.id).where(User.email == address, User.id != user_id)
    if address is not None and await work.session.scalar(others) is not None:
        return EmailTaken()
    before = {"role": user.role, "email": user.email}
    after = {"role": role, "email": address}
    if before == after:
        return Changed(actor_of(user))
    user.role, user.email = role, address
    await work.session.flush()
    await leave(work, actor.login, "changed_role", "user", user_id, before=before, after=after)
    return Changed(actor_of(user))


async def set_language(work: Work, actor: Actor, language: str) -> Changed:
    """The language that the console speaks to this account."""
    user = await _account(work, actor.id)
    user.language = language[:8]
    await work.session.flush()
    return Changed(actor_of(user))


async def set_active(work: Work, actor: Actor, user_id: int, *, active: bool) -> Changed | StillHolding | LastAdmin:
    """Let an account sign in, or no longer; one that may not is signed out everywhere at once.

    Who waits for it goes back to the queue; a conversation that waits for nobody is handed on or closed first.
    """
    user = await _account(work, user_id)
    if user.active == active:
        return Changed(actor_of(user))
    if not active:
        if await is_last_admin(work, user):
            return LastAdmin()
        holding = await _holding(work, user_id, idle=True)
        if holding:
            return StillHolding(holding)
        await unstuck.leave_desk(work, user_id, "closed_account")
        await work.session.execute(delete(Session).where(Session.user_id == user_id))
    user.active = active
    await work.session.flush()
    await leave(work, actor.login, "activated_user" if active else "deactivated_user", "user", user_id)
    return Changed(actor_of(user))


async def reset_password(work: Work, actor: Actor, user_id: int, password: str) -> Changed:
    """A new password; whoever was signed in with the old one is signed out. InvalidInput when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput("Give a password of eight characters or more.", user_id=user_id)
    password_hash = await asyncio.to_thread(_hasher.hash, password)
    user = await _account(work, user_id)
    user.password_hash = password_hash
    await work.session.execute(delete(Session).where(Session.user_id == user_id))
    await work.session.flush()
    await leave(work, actor.login, "reset_password", "user", user_id)
    return Changed(actor_of(user))


async def _account(work: Work, user_id: int) -> User:
    user = await work.session.scalar(select(User).where(User.id == user_id).with_for_update(key_share=True))
    if user is None:
        raise NotFound("There is no such account.", user_id=user_id)
    return user


async def _admins(work: Work) -> int:
    query = select(func.count()).select_from(User).where(User.role == "admin", User.active)
    return await work.session.scalar(query) or 0


async def _holding(work: Work, user_id: int, *, idle: bool = False) -> int:
    """How many open conversations they hold; with `idle` only those in which the debtor does not wait for them."""
    query = (
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.agent_id == user_id, Conversation.state == "open")
    )
    if idle:
        query = query.where(or_(Conversation.owed_since.is_(None), Conversation.snoozed_until.is_not(None)))
    return await work.session.scalar(query) or 0
