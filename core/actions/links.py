"""Links and start codes that open the chat of one case. Only a hash of the code is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.trail import leave
from core.store import cases
from core.store.tables import ChatLink
from core.work import Work


@dataclass(frozen=True, slots=True)
class Expired:
    """The code was right, and opens nothing any more."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such code."""


async def issue(work: Work, case_id: int, days: int, actor: str = "system") -> str:
    """A new code, 32 characters that are safe in a link and as a Telegram start parameter; it is told only once."""
    await cases.load(work.session, case_id)
    code = secrets.token_urlsafe(24)
    link = ChatLink(
        case_id=case_id, secret_hash=_hash(code), created_at=work.now, expires_at=work.now + timedelta(days=days)
    )
    work.session.add(link)
    await work.session.flush()
    await leave(work, actor, "issued_link", "case", case_id, link=link.id, days=days)
    return code


async def open(session: AsyncSession, code: str, now: datetime) -> int | Expired | Unknown:  # noqa: A001  links.open reads well
    """The case that the code opens at this moment (UTC)."""
    link = await session.scalar(select(ChatLink).where(ChatLink.secret_hash == _hash(code)))
    if link is None:
        return Unknown()
    if link.revoked_at is not None or link.expires_at <= now:
        return Expired()
    return link.case_id


async def revoke(work: Work, case_id: int, actor: str = "system") -> None:
    """No code of the case opens anything from now on."""
    await work.session.execute(
        update(ChatLink).where(ChatLink.case_id == case_id, ChatLink.revoked_at.is_(None)).values(revoked_at=work.now)
    )
    await leave(work, actor, "revoked_links", "case", case_id)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
