"""Signed-in browsers. Only the hash of the secret is kept; deleting the row signs out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import presence
from core.actions.preferences import Preferences
from core.actions.trail import leave
from core.actions.users import actor_of
from core.actions.values import Actor
from core.store.tables import Session, User
from core.work import Work

HOURS = 12


@dataclass(frozen=True, slots=True)
class Started:
    """What the browser keeps (`secret`) and what its forms carry (`csrf`); both are told only once."""

    secret: str
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a request comes from; `language`, `preferences` and `status` are the account's."""

    actor: Actor
    csrf: str
    language: str
    preferences: Preferences
    status: str = "available"


async def start(work: Work, actor: Actor, hours: int = HOURS) -> Started:
    """Sign a browser in."""
    await work.session.execute(delete(Session).where(Session.expires_at <= work.now))
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    expires_at = work.now + timedelta(hours=hours)
    row = Session(user_id=actor.id, secret_hash=_hash(secret), csrf=csrf, created_at=work.now, expires_at=expires_at)
    work.session.add(row)
    await presence.came(work, actor.id)
    await work.session.flush()
    await leave(work, actor.login, "signed_in", "user", actor.id)
    return Started(secret, csrf, expires_at)


async def resolve(session: AsyncSession, secret: str, now: datetime) -> SignedIn | None:
    """Who this secret belongs to at this moment (UTC), or None: unknown, expired, or the account is closed."""
    row = (
        await session.execute(
            select(Session, User).join(User, User.id == Session.user_id).where(Session.secret_hash == _hash(secret))
        )
    ).one_or_none()
    if row is None:
        return None
    signed_in, user = row
    if signed_in.expires_at <= now or not user.active:
        return None
    return SignedIn(actor_of(user), signed_in.csrf, user.language, Preferences.of(user.preferences), user.status)


async def end(work: Work, secret: str) -> None:
    """Sign the browser out; one that is not signed in stays so. With their last browser somebody leaves their desk."""
    ended = delete(Session).where(Session.secret_hash == _hash(secret)).returning(Session.user_id)
    user_id = await work.session.scalar(ended)
    if user_id is None:
        return
    others = select(Session.id).where(Session.user_id == user_id, Session.expires_at > work.now).limit(1)
    if await work.session.scalar(others) is None:
        await presence.went(work, user_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
