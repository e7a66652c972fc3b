"""Requests that may come again: the same name with the same content gets the same answer, and nothing is done twice.

The name is taken in the transaction of what the request changes: both are kept, or neither.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.store.tables import ApiRequest
from core.work import Work

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Nobody has asked this before."""

    id: int


@dataclass(frozen=True, slots=True)
class Replay:
    """It was done before, with this answer."""

    status: int
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The name belongs to another request."""


async def take(work: Work, key_id: int, name: str, digest: str) -> Fresh | Replay | Conflict:
    """Take this name for a request of this digest. Who asks the same at the same moment waits for the first answer."""
    cutoff = work.now - KEPT_FOR
    await work.session.execute(
        delete(ApiRequest).where(ApiRequest.key_id == key_id, ApiRequest.name == name, ApiRequest.at < cutoff)
    )
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"key_id": key_id, "name": name, "digest": digest, "at": work.now}
    made = insert(ApiRequest).values(**row).on_conflict_do_nothing(index_elements=["key_id", "name"])
    new = await work.session.scalar(made.returning(ApiRequest.id))
    if new is not None:
        return Fresh(int(new))
    known = await work.session.scalar(select(ApiRequest).where(ApiRequest.key_id == key_id, ApiRequest.name == name))
    if known is None or known.digest != digest or known.status is None:
        return Conflict()
    return Replay(known.status, known.answer or {})


async def keep(work: Work, fresh: Fresh, status: int, answer: dict[str, Any]) -> None:
    """The answer, for whoever asks the same again."""
    await work.session.execute(update(ApiRequest).where(ApiRequest.id == fresh.id).values(status=status, answer=answer))


async def forget_old(work: Work) -> int:
    """Requests of more than a day ago are forgotten; how many they were."""
    found = await work.session.execute(delete(ApiRequest).where(ApiRequest.at < work.now - KEPT_FOR))
    return int(getattr(found, "rowcount", 0))
