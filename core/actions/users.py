"""The team's accounts and who may sign in."""

import asyncio
import secrets
from functools import cache
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.trail import leave
from core.actions.values import ROLES, Actor, Role
from core.errors import InvalidInput
from core.store.tables import User
from core.work import Work

SHORTEST_PASSWORD = 8
_hasher = PasswordHasher()


async def create(
    work: Work, login: str, name: str, role: str, password: str, *, language: str = "en", by: str = "system"
) -> Actor:
    """A new account. InvalidInput for a login that is taken, an unknown role, or a password that is too short."""
    wanted = login.strip().lower()
    if not wanted or role not in ROLES or len(password) < SHORTEST_PASSWORD:
        raise InvalidInput("Give a login, a role and a password of eight characters or more.", login=wanted, role=role)
    if await work.session.scalar(select(User.id).where(User.login == wanted)) is not None:
        raise InvalidInput("This login is taken.", login=wanted)
    user = User(
        login=wanted,
        name=name.strip() or wanted,
        role=role,
        language=language,
        password_hash=await asyncio.to_thread(_hasher.hash, password),
        active=True,
        created_at=work.now,
    )
    work.session.add(user)
    await work.session.flush()
    await leave(work, by, "created_user", "user", user.id, login=wanted, role=role)
    return actor_of(user)


async def authenticate(session: AsyncSession, login: str, password: str) -> Actor | None:
    """The account that this login and password open, or None; an unknown login takes as long as a wrong password."""
    user = await session.scalar(select(User).where(User.login == login.strip().lower()))
    right = await asyncio.to_thread(_verified, user.password_hash if user is not None else None, password)
    return actor_of(user) if user is not None and right and user.active else None


async def count(session: AsyncSession) -> int:
    """How many accounts there are."""
    return await session.scalar(select(func.count()).select_from(User)) or 0


def actor_of(user: User) -> Actor:
    """The account as somebody who acts."""
    return Actor(user.id, user.login, user.name, cast(Role, user.role))


@cache
def _nobody() -> str:
    """A hash that no password opens, slow to make like every hash: made when somebody first signs in."""
    return _hasher.hash(secrets.token_urlsafe())


def _verified(password_hash: str | None, password: str) -> bool:
    nobody = _nobody()
    try:
        return _hasher.verify(password_hash or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
