"""Files in conversations: what came with a message, what a scanner says of it, who opened it, what an agent sends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.replies import queue_words
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor, NotHolder, Repeat, Sent
from core.compliance import Refused
from core.store.files import Kept, Verdict
from core.store.tables import Attachment, Message, Outbox
from core.work import Work

SHOWN = ("clean", "unscanned")
"""States in which a file may be opened; an unscanned one with a warning."""

LEFT = ("sent", "unknown")
GIVE_UP = timedelta(days=1)
_FETCHED_KINDS = ("picture", "file")
_FETCHED_TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf")
TOPIC = "files"
"""Rings when a file waits to be fetched or scanned."""


@dataclass(frozen=True, slots=True)
class Todo:
    """A file that waits: for its bytes (`file_ref` is its name at the channel) or for the scanner (`digest`)."""

    id: int
    digest: str
    file_ref: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be read now."""

    digest: str
    kind: str
    name: str


async def arrived(work: Work, message: Message, told: Mapping[str, Any] | None) -> None:
    """Note the file of a message that has just been stored: kept already, or still at the channel."""
    if not told:
        return
    row = Attachment(conversation_id=message.conversation_id, message_id=message.id, at=work.now)
    row.name = str(told.get("name") or "")[:120]
    if told.get("digest"):
        row.digest, row.kind, row.size = str(told["digest"]), str(told["type"]), int(told["size"])
        row.state = str(told["state"])
    elif told.get("file_id") and message.kind in _FETCHED_KINDS and told.get("type", "") in ("", None, *_FETCHED_TYPES):
        row.state, row.file_ref = "awaited", str(told["file_id"])[:250]
    else:
        return
    work.session.add(row)
    await work.session.flush()
    work.notify(TOPIC)


async def fetched(work: Work, attachment_id: int, kept: Kept | None) -> None:
    """What the channel had is here; None where it is too large or of no kind that is taken, or cannot be had."""
    row = await work.session.get(Attachment, attachment_id, with_for_update=True)
    if row is None or row.state != "awaited":
        return
    if kept is None:
        row.state = "refused"
    else:
        row.digest, row.kind, row.size, row.state = kept.digest, kept.kind, kept.size, kept.state
        row.name = row.name or kept.name
    await work.session.flush()
    work.notify(TOPIC)
    work.notify(f"conversation:{row.conversation_id}")


async def scanned(work: Work, attachment_id: int, verdict: Verdict) -> None:
    """What the scanner said of a file that waited for it."""
    row = await work.session.get(Attachment, attachment_id, with_for_update=True)
    if row is None or row.state != "waiting" or verdict == "waiting":
        return
    row.state, row.looked_at = verdict, work.now
    await work.session.flush()
    work.notify(f"conversation:{row.conversation_id}")
    if verdict == "infected":
        where = {"message": row.message_id, "digest": row.digest}
        await leave(work, "system", "file_infected", "conversation", row.conversation_id, **where)


async def todo(session: AsyncSession, state: str, limit: int = 20) -> Sequence[Todo]:
    """Files in this state, the oldest first."""
    rows = await session.scalars(
        select(Attachment).where(Attachment.state == state).order_by(Attachment.id).limit(limit)
    )
    return [Todo(row.id, row.digest or "", row.file_ref or "", row.name, row.at) for row in rows]


async def open_for_team(work: Work, actor: Actor, members: Collection[int], attachment_id: int) -> Opened | None:
    """Let someone of the team read a file of these conversations and note that they did; None where it is not shown."""
    row = await work.session.get(Attachment, attachment_id)
    if row is None or row.conversation_id not in members or row.state not in SHOWN or row.digest is None:
        return None
    what = {"message": row.message_id, "file": row.id, "digest": row.digest}
    await leave(work, actor.login, "opened_file", "conversation", row.conversation_id, **what)
    return Opened(row.digest, row.kind, row.name)


async def open_for_debtor(session: AsyncSession, conversation_id: int, attachment_id: int) -> Opened | None:
    """A file that an agent has sent to this conversation's debtor."""
    row = (
        await session.execute(
            select(Attachment)
            .join(Outbox, Outbox.message_id == Attachment.message_id)
            .where(
                Attachment.id == attachment_id,
                Attachment.conversation_id == conversation_id,
                Attachment.state.in_(SHOWN),
                Outbox.state.in_(LEFT),
            )
        )
    ).scalar_one_or_none()
    return None if row is None or row.digest is None else Opened(row.digest, row.kind, public_name(row))


def public_name(row: Attachment) -> str:
    """What the debtor sees: a name of ours, since nobody has reviewed the agent's."""
    return f"{'document' if row.kind == 'pdf' else 'picture'}-{row.message_id}.{row.kind}"


async def send_as_agent(  # noqa: PLR0917  what a file is sent with
    work: Work, conversation_id: int, actor: Actor, kept: Kept, caption: str, client_key: str
) -> Sent | Refused | NotHolder | Repeat:
    """Send a file with the words that say what it is; they are reviewed like every reply.

    Nobody can review what is in a file, so it goes only to a debtor who has shown who they are.
    """
    words = clean(caption).strip()
    outcome = await queue_words(work, conversation_id, actor, words, client_key, discloses=True)
    if not isinstance(outcome, Sent):
        return outcome
    message_id = outcome.message_id
    message = await work.session.get_one(Message, message_id)
    row = Attachment(
        conversation_id=conversation_id,
        message_id=message_id,
        state=kept.state,
        digest=kept.digest,
        kind=kept.kind,
        size=kept.size,
        name=kept.name,
        user_id=actor.id,
        at=work.now,
    )
    work.session.add(row)
    await work.session.flush()
    message.kind = "picture" if kept.is_picture else "file"
    message.attachment = {"id": row.id, "digest": kept.digest, "type": kept.kind, "name": public_name(row)}
    work.notify("queue")
    await leave(work, actor.login, "sent_file", "conversation", conversation_id, message=message_id, digest=kept.digest)
    return outcome
