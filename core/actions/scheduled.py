"""What agents write for later: held inside the contact hours, reviewed now and again when its moment has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.actions import notices, outbox
from core.actions.contact_rules import rules_in_force
from core.actions.hours import zone
from core.actions.known_sums import known_sums
from core.actions.situations import is_verified, remembered
from core.actions.takeover import ANSWER_WINDOW, holder_name, holds, last_inbound
from core.actions.text import clean
from core.actions.trail import leave, leave_refusal
from core.actions.values import Actor, NotHolder
from core.compliance import Cleared, Reason, Refused, next_opening, speaks_of_debt, within_hours
from core.errors import InvalidInput, NotFound
from core.store import cases, conversations
from core.store import outbox as rows
from core.store.cases import WholeCase
from core.store.tables import Conversation, ScheduledMessage
from core.work import Work

FURTHEST = timedelta(days=30)
LATEST = timedelta(hours=6)
"""So long after its moment a message is still sent, as after a crash; later it has become another message."""
MOST_WAITING = 10
_LOOKED_AT = 20
_OF_THIS_MOMENT = ("compliance.hours", "compliance.cap_day", "compliance.cap_week")
"""Reasons that hold now and may not when the message is due; they are looked at again then."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The message waits for `due_at` (UTC)."""

    scheduled_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The message will not be sent."""


@dataclass(frozen=True, slots=True)
class AlreadySettled:
    """It was sent, cancelled or withheld before: `state` says which."""

    state: str


async def schedule(  # noqa: PLR0917  what a message for later is made of
    work: Work, conversation_id: int, actor: Actor, text: str, due_at: datetime, client_key: str
) -> Scheduled | Refused | NotHolder:
    """Keep the actor's words for `due_at`, an aware moment within a month. The same key never schedules twice.

    InvalidInput for a moment that has passed or is further away, and for more than `MOST_WAITING` in a conversation.
    """
    if not work.now < due_at <= work.now + FURTHEST:
        raise InvalidInput("Give a moment within the next thirty days.", due_at=due_at.isoformat())
    conversation = await conversations.lock(work.session, conversation_id)
    known = select(ScheduledMessage).where(ScheduledMessage.conversation_id == conversation_id)
    before = await work.session.scalar(known.where(ScheduledMessage.client_key == client_key[:80]))
    if before is not None:
        return Scheduled(before.id, before.due_at)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    waiting = (await work.session.scalars(known.where(ScheduledMessage.state == "waiting"))).all()
    if len(waiting) >= MOST_WAITING:
        raise InvalidInput("Cancel one that waits first.", most=MOST_WAITING)
    whole = await cases.load(work.session, conversation.case_id)
    words = clean(text).strip()
    reasons = await _against(work, conversation, whole, words, due_at)
    if reasons:
        refused = Refused(reasons)
        await leave_refusal(work, actor.login, conversation_id, refused, text=words[:500])
        return refused
    row = ScheduledMessage(
        conversation_id=conversation_id,
        user_id=actor.id,
        text=words,
        client_key=client_key[:80],
        due_at=due_at,
        after_message=await conversations.last_inbound_id(work.session, conversation_id),
        state="waiting",
        reasons=[],
        at=work.now,
    )
    work.session.add(row)
    await work.session.flush()
    work.notify(f"conversation:{conversation_id}")
    due = due_at.isoformat()
    await leave(work, actor.login, "scheduled", "conversation", conversation_id, scheduled=row.id, due_at=due)
    return Scheduled(row.id, due_at)


async def cancel(
    work: Work, scheduled_id: int, actor: Actor, conversation_id: int
) -> Cancelled | AlreadySettled | NotHolder:
    """Take a message of this conversation back before it is sent: whoever wrote it, or holds the conversation."""
    found = await work.session.get(ScheduledMessage, scheduled_id)
    if found is None or found.conversation_id != conversation_id:
        raise NotFound("There is no such message.", scheduled_id=scheduled_id)
    conversation = await conversations.lock(work.session, found.conversation_id)
    await work.session.refresh(found, with_for_update=True)
    if found.state != "waiting":
        return AlreadySettled(found.state)
    if found.user_id != actor.id and not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    found.state, found.settled_at = "cancelled", work.now
    await work.session.flush()
    work.notify(f"conversation:{conversation.id}")
    await leave(work, actor.login, "cancelled_scheduled", "conversation", conversation.id, scheduled=found.id)
    return Cancelled()


async def send_due(work: Work) -> int:
    """Send one message whose moment has come, or withhold it and tell its author why; 0 where none waits.

    One a transaction, so that nobody waits for a debtor's row while holding the audit trail.
    """
    due = (ScheduledMessage.state == "waiting", ScheduledMessage.due_at <= work.now)
    found = await work.session.execute(
        select(ScheduledMessage.id, ScheduledMessage.conversation_id)
        .where(*due)
        .order_by(ScheduledMessage.due_at, ScheduledMessage.id)
        .limit(_LOOKED_AT)
    )
    for row_id, conversation_id in found.all():
        held = await rows.lock_conversations(work.session, [conversation_id])
        if not held:
            continue
        locked = select(ScheduledMessage).where(ScheduledMessage.id == row_id, *due).with_for_update()
        row = await work.session.scalar(locked.execution_options(populate_existing=True))
        if row is None:
            continue
        await _settle(work, held[conversation_id], row)
        return 1
    return 0


async def _settle(work: Work, conversation: Conversation, row: ScheduledMessage) -> None:
    outcome = await _overtaken(work, conversation, row) or await _reviewed(work, conversation, row)
    row.settled_at = work.now
    work.notify(f"conversation:{conversation.id}")
    if isinstance(outcome, Cleared):
        reply_to = await last_inbound(work, conversation)
        row.message_id = await outbox.enqueue(
            work, conversation, outcome, reply_to=reply_to, agent_id=row.user_id, client_key=f"scheduled-{row.id}"
        )
        row.state = "sent"
        conversation.unread = 0
        await work.session.flush()
        work.notify("queue")
        await leave(
            work, "system", "sent_scheduled", "conversation", conversation.id, scheduled=row.id, message=row.message_id
        )
        return
    row.state = "withheld"
    row.reasons = outcome.as_rows()
    await notices.notify(work, row.user_id, "withheld", conversation.id, row.text)
    await work.session.flush()
    await leave(
        work,
        "system",
        "withheld_scheduled",
        "conversation",
        conversation.id,
        scheduled=row.id,
        rules=list(outcome.rule_ids),
    )


async def _overtaken(work: Work, conversation: Conversation, row: ScheduledMessage) -> Refused | None:
    """Why the message is another one by now: other hands, a word of the debtor's since, or a day too late."""
    if conversation.state != "open" or conversation.holder != "agent" or conversation.agent_id != row.user_id:
        return Refused((Reason("HOLDER", "scheduled.hands"),))
    if await conversations.last_inbound_id(work.session, conversation.id) != row.after_message:
        return Refused((Reason("SUPERSEDED", "scheduled.wrote"),))
    if work.now - row.due_at > LATEST:
        return Refused((Reason("LATE", "scheduled.late"),))
    return None


async def _reviewed(work: Work, conversation: Conversation, row: ScheduledMessage) -> Cleared | Refused:
    whole = await cases.load(work.session, conversation.case_id)
    solicited = await last_inbound(work, conversation) is not None
    return await _clear(work, conversation, whole, row.text, solicited=solicited)


async def _against(
    work: Work, conversation: Conversation, whole: WholeCase, words: str, due_at: datetime
) -> tuple[Reason, ...]:
    """What speaks against these words at that moment, as far as it can be known now."""
    wrote = conversation.last_inbound_at
    solicited = wrote is not None and due_at - wrote <= ANSWER_WINDOW
    verdict = await _clear(work, conversation, whole, words, solicited=solicited)
    reasons = verdict.reasons if isinstance(verdict, Refused) else ()
    lasting = tuple(reason for reason in reasons if reason.message_key not in _OF_THIS_MOMENT)
    market, local = whole.case.market, due_at.astimezone(zone(whole.debtor.time_zone))
    rule_set = await rules_in_force(work.session)
    if within_hours(market, local, rule_set):
        return lasting
    opening = next_opening(market, local, rule_set)
    opens = {"opens": opening.isoformat(timespec="minutes")} if opening else {}
    rules = rule_set.markets.get(market)
    late = Reason(
        rules.time_rule if rules else "MARKET-UNKNOWN",
        "compliance.hours",
        {"local_time": local.isoformat(timespec="minutes"), **opens},
    )
    return (*lasting, late)


async def _clear(
    work: Work, conversation: Conversation, whole: WholeCase, words: str, *, solicited: bool
) -> Cleared | Refused:
    return await outbox.clear(
        work,
        conversation,
        whole,
        words,
        author="agent",
        solicited=solicited,
        discloses=speaks_of_debt(words),
        verified=is_verified(remembered(conversation)),
        known_sums=await known_sums(work, conversation, whole),
    )
