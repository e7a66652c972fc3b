"""What helps an agent write: the kept replies, the messages that wait, the debtor's last words as understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.compliance import Reason
from core.errors import NotFound
from core.store.tables import Approval, CannedReply, Conversation, Message, OfferRow, ScheduledMessage, User

FOUND = 8
PAGE = 50


@dataclass(frozen=True, slots=True)
class ScheduledView:
    """A message for later. `reasons` say why it was withheld."""

    id: int
    author: str
    author_id: int
    text: str
    due_at: datetime
    state: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """What has been done. `heard` are the intents of the debtor's last message, the surest first; `wrote`: the agent
    has written since they took over; an approval is `approval_asked`, or allowed and not yet offered
    (`approval_ready`); `offer_open`: an agent's offer is on the table."""

    heard: tuple[str, ...] = ()
    wrote: bool = False
    approval_asked: bool = False
    approval_ready: bool = False
    offer_open: bool = False


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply that the team keeps. `revision` is the one that was read."""

    id: int
    shortcut: str
    category: str
    suits: str | None
    en: str
    zh: str
    uses: int
    revision: int


_KEPT = (
    CannedReply.id,
    CannedReply.shortcut,
    CannedReply.category,
    CannedReply.suits,
    CannedReply.en,
    CannedReply.zh,
    CannedReply.uses,
    CannedReply.revision,
)


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """Kept replies by shortcut; `after` is the last one where there are more."""

    rows: tuple[KeptReply, ...]
    after: str | None


async def scheduled(session: AsyncSession, members: Sequence[int], since: datetime) -> Sequence[ScheduledView]:
    """What waits to be sent here, and what was withheld since this moment (UTC), the next first."""
    wanted = or_(
        ScheduledMessage.state == "waiting",
        (ScheduledMessage.state == "withheld") & (ScheduledMessage.settled_at >= since),
    )
    rows = await session.execute(
        select(ScheduledMessage, User.name)
        .join(User, User.id == ScheduledMessage.user_id)
        .where(ScheduledMessage.conversation_id.in_(members), wanted)
        .order_by(ScheduledMessage.due_at, ScheduledMessage.id)
        .limit(20)
    )
    return [
        ScheduledView(row.id, name, row.user_id, row.text, row.due_at, row.state, _reasons(row.reasons))
        for row, name in rows
    ]


def _reasons(stored: list[Any]) -> tuple[Reason, ...]:
    return tuple(
        Reason(each["rule"], each["key"], {name: str(value) for name, value in each.items() if name not in _NAMES})
        for each in stored
    )


_NAMES = ("rule", "key")


async def moves(session: AsyncSession, members: Sequence[int], conversation_id: int, user_id: int) -> Moves:
    """Where the conversation stands, in one statement. `user_id` is the agent who holds it."""
    last = (
        select(Message.understanding)
        .where(Message.conversation_id.in_(members), Message.direction == "in", Message.kind == "text")
        .order_by(Message.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    here = Conversation.id == conversation_id
    wrote = exists().where(
        Message.conversation_id == conversation_id,
        Message.agent_id == user_id,
        Message.at >= select(Conversation.held_since).where(here).scalar_subquery(),
    )
    asked = exists().where(Approval.conversation_id == conversation_id, Approval.state == "asked")
    offered = exists().where(OfferRow.approval_id == Approval.id)
    ready = exists().where(Approval.conversation_id == conversation_id, Approval.state == "approved", ~offered)
    opened = exists().where(
        OfferRow.conversation_id == conversation_id, OfferRow.made_by == "agent", OfferRow.state == "open"
    )
    row = (await session.execute(select(last, wrote, asked, ready, opened))).one()
    intents = sorted((row[0] or {}).get("intents", ()), key=lambda intent: -float(intent.get("confidence", 0)))
    return Moves(tuple(str(intent.get("name", "")) for intent in intents), *(bool(each) for each in row[1:]))


async def suiting(session: AsyncSession, reason: str | None) -> KeptReply | None:
    """The most used kept reply for conversations that were handed over for this reason."""
    if reason is None:
        return None
    suits = select(*_KEPT).where(CannedReply.suits == reason, CannedReply.archived_at.is_(None))
    row = (await session.execute(suits.order_by(CannedReply.uses.desc(), CannedReply.id).limit(1))).one_or_none()
    return KeptReply(*row) if row else None


async def find(session: AsyncSession, typed: str) -> Sequence[KeptReply]:
    """The kept replies that go by what was typed: shortcuts that begin so first, then the most used."""
    begins = func.lower(CannedReply.shortcut).startswith(typed.lower(), autoescape=True)
    query = select(*_KEPT).where(CannedReply.archived_at.is_(None), _matches(typed))
    ordered = query.order_by(begins.desc(), CannedReply.uses.desc(), CannedReply.shortcut)
    return [KeptReply(*row) for row in await session.execute(ordered.limit(FOUND))]


async def reply(session: AsyncSession, reply_id: int) -> KeptReply:
    """One kept reply; NotFound where there is none."""
    row = (await session.execute(select(*_KEPT).where(CannedReply.id == reply_id))).one_or_none()
    if row is None:
        raise NotFound("There is no such reply.", reply_id=reply_id)
    return KeptReply(*row)


async def replies(session: AsyncSession, typed: str, after: str, *, archived: bool) -> ReplyPage:
    """A page of the kept replies, by shortcut."""
    gone = CannedReply.archived_at.is_not(None) if archived else CannedReply.archived_at.is_(None)
    query = select(*_KEPT).where(gone, _matches(typed), CannedReply.shortcut > after)
    found = await session.execute(query.order_by(CannedReply.shortcut).limit(PAGE + 1))
    rows = [KeptReply(*row) for row in found]
    return ReplyPage(tuple(rows[:PAGE]), rows[PAGE - 1].shortcut if len(rows) > PAGE else None)


def _matches(typed: str) -> ColumnElement[bool]:
    columns = (CannedReply.shortcut, CannedReply.category, CannedReply.en, CannedReply.zh)
    return or_(*(func.lower(column).contains(typed.lower(), autoescape=True) for column in columns))
