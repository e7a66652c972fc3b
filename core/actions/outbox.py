"""The only door out: what compliance cleared is queued, claimed once, and its fate is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from core.actions.contact_rules import rules_in_force
from core.actions.hours import zone
from core.actions.situations import flags_for_review, remembered
from core.actions.trail import leave
from core.actions.waits import end_wait
from core.channels import DeliveredFile, Delivery
from core.compliance import Cleared, Draft, Refused, next_opening, review
from core.errors import InvariantBroken
from core.store import cases, outbox
from core.store.cases import WholeCase
from core.store.tables import Conversation, Message, Outbox
from core.work import Work

MOST_ATTEMPTS = 8


async def clear(
    work: Work,
    conversation: Conversation,
    whole: WholeCase,
    text: str,
    *,
    author: str,
    solicited: bool,
    discloses: bool,
    verified: bool,
    language: str | None = None,
    offers: bool = False,
    known_sums: frozenset[Decimal] | None = None,
) -> Cleared | Refused:
    """Have a text reviewed for this conversation, with the flags and the contact history of this moment.

    `offers` says that the text carries an offer; `known_sums` are the only ones that it may name.
    """
    if not solicited:
        await outbox.lock_debtor(work.session, whole.debtor.id)
    local_zone = zone(whole.debtor.time_zone)
    flags = await cases.flags_of(work.session, whole.case.id)
    draft = Draft(
        text=text,
        language=language or conversation.language,
        market=whole.case.market,
        author="agent" if author == "agent" else "bot",
        solicited=solicited,
        discloses=discloses,
        verified=verified,
        flags=flags_for_review(flags, remembered(conversation)),
        local_now=work.now.astimezone(local_zone),
        offers=offers,
        known_sums=known_sums,
    )
    history = await outbox.contact_history(
        work.session, whole.case, zone=local_zone, conversation=conversation, now=work.now
    )
    return review(draft, history, work.now, await rules_in_force(work.session))


async def enqueue(
    work: Work,
    conversation: Conversation,
    cleared: Cleared,
    *,
    reply_to: int | None,
    agent_id: int | None = None,
    buttons: Sequence[tuple[str, str]] = (),
    client_key: str | None = None,
    receipt: bool = False,
) -> int:
    """Queue a cleared message of the bot, or of the agent `agent_id`, and return the message's id.

    The conversation is locked by the caller. While an agent holds it the bot says nothing but the `receipt` of what
    the debtor agreed with that agent. `reply_to` is the inbound message that it answers.
    """
    if not isinstance(cleared, Cleared):
        raise InvariantBroken("Only what is cleared leaves.")
    draft = cleared.draft
    if draft.author == "bot" and conversation.holder == "agent" and not receipt:
        raise InvariantBroken("An agent holds the conversation; the bot is silent.")
    if draft.solicited != (reply_to is not None):
        raise InvariantBroken("What was reviewed as an answer answers a message, and nothing else does.")
    message = Message(
        conversation_id=conversation.id,
        direction="out",
        author=draft.author,
        agent_id=agent_id,
        channel=conversation.channel,
        client_key=client_key,
        text=draft.text,
        buttons=[{"value": value, "label": label} for value, label in buttons],
        at=work.now,
    )
    work.session.add(message)
    await work.session.flush()
    clearance = {
        "rule_set": cleared.rule_set,
        "rules": list(cleared.rules),
        "local_time": draft.local_now.isoformat(timespec="minutes"),
        "language": draft.language,
        "discloses": draft.discloses,
        "verified": draft.verified,
        "offers": draft.offers,
        "receipt": receipt,
    }
    work.session.add(
        Outbox(
            message_id=message.id,
            conversation_id=conversation.id,
            channel=conversation.channel,
            address=conversation.address,
            author=draft.author,
            reply_to=reply_to,
            clearance=clearance,
            state="due",
            due_at=work.now,
        )
    )
    conversation.last_at = work.now
    if draft.author == "agent":
        end_wait(conversation)
    await work.session.flush()
    work.notify("outbox")
    work.notify(f"conversation:{conversation.id}")
    return message.id


async def claim(work: Work, limit: int = 20) -> list[Delivery]:
    """Take messages that are due, at most one of each conversation, to send them now.

    The holder, the stops and the hours are looked at once more: a bot's message is withheld where an agent has taken
    over, anything refused is withheld, and what only came too late for the hours waits for them.
    """
    found = await outbox.ready(work.session, work.now, limit)
    held = await outbox.lock_conversations(work.session, [conversation_id for conversation_id, _ in found])
    rows = await outbox.lock_rows(
        work.session, [row_id for conversation_id, row_id in found if conversation_id in held]
    )
    deliveries: list[Delivery] = []
    stopped: list[tuple[Outbox, tuple[str, ...]]] = []
    for row in rows:
        conversation = held[row.conversation_id]
        message = await work.session.get_one(Message, row.message_id)
        reasons, wait_until = await _still_allowed(work, conversation, row, message)
        if wait_until is not None:
            row.due_at = wait_until
        elif reasons:
            row.state, row.error = "withheld", ", ".join(reasons)
            stopped.append((row, reasons))
        else:
            row.state, row.claimed_at, row.attempts = "sending", work.now, row.attempts + 1
            deliveries.append(_delivery(row, message, conversation))
    for row, reasons in stopped:
        await _say_withheld(work, row, reasons)
    return deliveries


async def _still_allowed(
    work: Work, conversation: Conversation, row: Outbox, message: Message
) -> tuple[tuple[str, ...], datetime | None]:
    """The rules that now forbid the row, or the moment to wait for; neither when it may go."""
    receipt = bool(row.clearance.get("receipt"))
    if row.author == "bot" and conversation.holder == "agent" and not receipt:
        return ("HOLDER",), None
    whole = await cases.load(work.session, conversation.case_id)
    local_zone = zone(whole.debtor.time_zone)
    local = work.now.astimezone(local_zone)
    flags = await cases.flags_of(work.session, whole.case.id)
    draft = Draft(
        text=message.text,
        language=str(row.clearance.get("language", conversation.language)),
        market=whole.case.market,
        author="agent" if row.author == "agent" else "bot",
        solicited=row.reply_to is not None,
        discloses=bool(row.clearance.get("discloses", True)),
        verified=bool(row.clearance.get("verified", False)),
        flags=flags_for_review(flags, remembered(conversation)),
        local_now=local,
        offers=bool(row.clearance.get("offers", False)),
    )
    history = await outbox.contact_history(
        work.session, whole.case, zone=local_zone, conversation=conversation, now=work.now, before_id=row.id
    )
    rule_set = await rules_in_force(work.session)
    verdict = review(draft, history, work.now, rule_set)
    if isinstance(verdict, Cleared):
        return (), None
    if set(verdict.rule_ids) == {rule_set.markets[whole.case.market].time_rule} and _only_late(verdict):
        return verdict.rule_ids, next_opening(whole.case.market, local, rule_set)
    return verdict.rule_ids, None


def _only_late(verdict: Refused) -> bool:
    return all(reason.message_key == "compliance.hours" for reason in verdict.reasons)


def _delivery(row: Outbox, message: Message, conversation: Conversation) -> Delivery:
    return Delivery(
        outbox_id=row.id,
        message_id=row.message_id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        address=row.address,
        text=message.text,
        buttons=tuple((str(button["value"]), str(button["label"])) for button in message.buttons),
        language=str(row.clearance.get("language", conversation.language)),
        attempt=row.attempts,
        file=_file(message),
    )


def _file(message: Message) -> DeliveredFile | None:
    told = message.attachment
    return DeliveredFile(told["digest"], told["type"], told["name"]) if told and told.get("digest") else None


async def _say_withheld(work: Work, row: Outbox, reasons: Sequence[str]) -> None:
    work.notify(f"conversation:{row.conversation_id}")
    await leave(
        work, "system", "withheld", "conversation", row.conversation_id, message=row.message_id, rules=list(reasons)
    )


async def withhold_bot(work: Work, conversation: Conversation) -> list[Outbox]:
    """Withhold what the bot has not sent yet, as an agent takes over; the caller audits it."""
    rows = [row for row in await outbox.due_of(work.session, conversation.id) if row.author == "bot"]
    for row in rows:
        row.state, row.error = "withheld", "HOLDER"
    return rows


async def mark_sent(work: Work, outbox_id: int, external_id: str | None = None) -> None:
    """The channel took it."""
    row = await _settle(work, outbox_id)
    if row is not None:
        row.state, row.sent_at, row.error = "sent", work.now, None
        row.external_id = external_id[:120] if external_id else None


async def mark_failed(work: Work, outbox_id: int, error: str, retry_after: timedelta | None = None) -> None:
    """The channel did not take it: tried again after `retry_after`, given up without it or after too many attempts."""
    row = await _settle(work, outbox_id)
    if row is None:
        return
    row.error = error[:2000]
    if retry_after is not None and row.attempts < MOST_ATTEMPTS:
        row.state, row.due_at, row.claimed_at = "due", work.now + retry_after, None
        return
    row.state = "failed"
    await leave(
        work, "system", "not_sent", "conversation", row.conversation_id, message=row.message_id, error=row.error
    )


async def mark_gone(work: Work, outbox_id: int, reason: str) -> None:
    """The address takes no messages: blocked or deleted. Until something comes from it, nothing unasked goes there."""
    row = await _settle(work, outbox_id)
    if row is None:
        return
    row.state, row.error = "failed", f"{outbox.GONE}{reason}"[:2000]
    conversation_id, message = row.conversation_id, row.message_id
    await leave(
        work,
        "system",
        "address_gone",
        "conversation",
        conversation_id,
        message=message,
        address=row.address,
        why=reason,
    )


async def mark_unknown(work: Work, outbox_id: int, error: str) -> None:
    """Nobody knows whether it arrived: it is shown as such, and never repeated by itself."""
    row = await _settle(work, outbox_id)
    if row is not None:
        await _unknown(work, row, error)


async def give_up_on_silent(work: Work, older_than: timedelta) -> int:
    """Claimed messages of which nothing was heard since, as after a crash, become unknown; how many they were."""
    rows = await outbox.claimed_before(work.session, work.now - older_than)
    for row in rows:
        await _unknown(work, row, "nothing was heard of it")
    return len(rows)


async def _unknown(work: Work, row: Outbox, error: str) -> None:
    row.state, row.error = "unknown", error[:2000]
    work.notify(f"conversation:{row.conversation_id}")
    await leave(
        work, "system", "fate_unknown", "conversation", row.conversation_id, message=row.message_id, error=row.error
    )


async def _settle(work: Work, outbox_id: int) -> Outbox | None:
    """The row if it is still being sent, or was given up on while it was."""
    row = await outbox.lock_row(work.session, outbox_id)
    if row is None or row.state not in ("sending", "unknown"):
        return None
    work.notify(f"conversation:{row.conversation_id}")
    work.notify("outbox")
    return row
