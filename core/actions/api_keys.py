"""Keys of the public interface. Only the hash of a key is kept, and its beginning, by which it is known again."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import InvalidInput, NotFound
from core.store.tables import ApiKey
from core.work import Work

SCOPES = (
    "cases:read",
    "cases:write",
    "payments:read",
    "payments:write",
    "conversations:read",
    "plans:read",
    "webhooks:write",
    "personal_data",
)
"""What a key may open; `personal_data` shows telephone, card and document numbers whole."""

_USED_TO = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Created:
    """A new key. `secret` is the whole of it, told this once."""

    id: int
    prefix: str
    secret: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a request came with. `actor` is its name in the audit trail."""

    id: int
    name: str
    prefix: str
    scopes: frozenset[str]
    used_at: datetime | None

    @property
    def actor(self) -> str:
        """As the audit trail calls it."""
        return f"api:{self.prefix}"


async def create(work: Work, actor: Actor, name: str, scopes: Sequence[str], expires_at: datetime | None) -> Created:
    """A new key. InvalidInput without a name or a scope that there is, or for an end that has passed."""
    wanted = [scope for scope in SCOPES if scope in scopes]
    called = " ".join(name.split())[:120]
    if not called or not wanted or set(scopes) - set(SCOPES):
        raise InvalidInput("Give the key a name and at least one scope.", field="scopes")
    if expires_at is not None and expires_at <= work.now:
        raise InvalidInput("The key would have expired already.", field="expires_at")
    prefix = f"parley_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKey(
        name=called,
        prefix=prefix,
        secret_hash=_hash(secret),
        scopes=wanted,
        created_by=actor.id,
        created_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(row)
    await work.session.flush()
    ends = expires_at.isoformat() if expires_at else None
    await leave(work, actor.login, "created_api_key", "api_key", row.id, prefix=prefix, scopes=wanted, expires_at=ends)
    return Created(row.id, prefix, secret)


async def resolve(session: AsyncSession, secret: str, now: datetime) -> Key | None:
    """The key that this is, or None: unknown, revoked or expired at this moment (UTC)."""
    row = await session.scalar(select(ApiKey).where(ApiKey.secret_hash == _hash(secret)))
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return Key(row.id, row.name, row.prefix, frozenset(row.scopes), row.last_used_at)


def is_worth_noting(key: Key, now: datetime) -> bool:
    """Whether it is a minute or longer since the key's last use was noted."""
    return key.used_at is None or now - key.used_at >= _USED_TO


async def used(work: Work, key: Key) -> None:
    """Note that the key was used."""
    await work.session.execute(update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=work.now))


async def revoke(work: Work, actor: Actor, key_id: int) -> None:
    """The key opens nothing from now on."""
    query = select(ApiKey).where(ApiKey.id == key_id).with_for_update(key_share=True)
    row = await work.session.scalar(query)
    if row is None:
        raise NotFound("There is no such key.", key_id=key_id)
    if row.revoked_at is None:
        row.revoked_at = work.now
        await work.session.flush()
        await leave(work, actor.login, "revoked_api_key", "api_key", key_id, prefix=row.prefix)


def _hash(secret: str) -> str:
    """A key is long and random: a plain hash keeps it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
