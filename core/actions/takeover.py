"""Who holds a conversation: an agent takes it, gives it back to the bot, or ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.actions import notes, outbox, outcome_codes
from core.actions.handoff import open_handoff
from core.actions.reviewing import reviewed
from core.actions.situations import HANDED_BACK, is_verified, remembered
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import OVERSEERS, Actor, Closed, HeldBy, NotHolder
from core.actions.waits import end_wait
from core.compliance import HOLDS, Cleared
from core.dialogue.decision import Reply, Say
from core.dialogue.flags import Flag
from core.dialogue.memory import Memory
from core.dialogue.orders import Order, with_orders
from core.errors import InvalidInput
from core.negotiation import Ask
from core.store import cases, conversations, teams
from core.store.tables import Conversation, User
from core.work import Work

ANSWER_WINDOW = timedelta(hours=24)
"""So long after the debtor's message what a person writes counts as its answer (product default)."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The actor holds the conversation; the bot is silent."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The bot holds the conversation again."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class HoldCleared:
    """The flag no longer stands on the case."""

    flag: Flag


@dataclass(frozen=True, slots=True)
class NoSuchHold:
    """The case carries no such hold; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The person's identity counts as checked."""


async def take_over(work: Work, conversation_id: int, actor: Actor) -> Taken | HeldBy | Closed:
    """Make the actor the holder. What the bot has not sent yet is withheld; of two agents at once one gets it."""
    conversation = await conversations.lock(work.session, conversation_id)
    if conversation.state != "open":
        return Closed(conversation.outcome)
    if conversation.holder == "agent":
        if conversation.agent_id == actor.id:
            return Taken(conversation_id)
        return HeldBy(await holder_name(work, conversation) or "", conversation.held_since or conversation.last_at)
    before = conversation.holder
    messages = await put_in_hands(work, conversation, actor.id)
    conversation.unread = 0
    await work.session.flush()
    team = await teams.team_of(work.session, actor.id)
    await leave(
        work, actor.login, "took_over", "conversation", conversation_id, previous=before, withheld=messages, team=team
    )
    return Taken(conversation_id)


async def put_in_hands(work: Work, conversation: Conversation, agent_id: int) -> list[int]:
    """Make this agent the holder of a conversation that no agent holds, under its lock; what of the bot's is withheld.

    Who waited in the queue goes on waiting for a person: for this one.
    """
    if conversation.holder == "queue":
        conversation.owed_since = conversation.owed_since or conversation.waiting_since
    conversation.holder, conversation.agent_id, conversation.held_since = "agent", agent_id, work.now
    conversation.waiting_since = None
    withheld = await outbox.withhold_bot(work, conversation)
    handoff = await open_handoff(work, conversation.id)
    if handoff is not None:
        handoff.taken_by, handoff.taken_at = agent_id, work.now
    await work.session.flush()
    _changed(work, conversation.id)
    return [row.message_id for row in withheld]


@dataclass(frozen=True, slots=True)
class NoSuchOutcome:
    """There is no such code to close with; nothing was changed."""


@dataclass(frozen=True, slots=True)
class NeedsNote:
    """This outcome asks for a note; nothing was changed."""


async def hand_back(
    work: Work,
    conversation_id: int,
    actor: Actor,
    note: str = "",
    *,
    orders: Sequence[Order] = (),
    discussed: Ask | None = None,
) -> HandedBack | NotHolder:
    """Give the conversation to the bot, which knows what was agreed meanwhile and says that it is back.

    While a hold stands on the case (`clear_hold` ends one) the bot asks for nothing, and passes on what it is asked.
    It obeys the `orders` until the next hand-back, and starts from the terms `discussed`.
    """
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    whole = await cases.lock(work.session, conversation.case_id)
    agreed = await cases.active_plan(work.session, whole.case.id) is not None
    holds_left = await _holds_on(work, whole.case.id)
    memory = _after_people(remembered(conversation), agreed=agreed, held=bool(holds_left))
    memory = with_orders(memory, orders, discussed)
    conversation.memory = memory.to_json()
    await _release(work, conversation)
    if note.strip():
        await notes.keep(work, conversation_id, actor, note.strip(), "back")
    await work.session.flush()
    said = None if holds_left else await say_as_bot(work, conversation, memory, Say("handback.back"))
    _changed(work, conversation_id)
    await leave(
        work,
        actor.login,
        "handed_back",
        "conversation",
        conversation_id,
        note=note.strip(),
        plan=agreed,
        said=said,
        **({"holds": list(holds_left)} if holds_left else {}),
        **({"orders": list(orders)} if orders else {}),
        **({"discussed": memory.to_json()["ask"]} if discussed is not None else {}),
    )
    return HandedBack(conversation_id)


async def close(
    work: Work, conversation_id: int, actor: Actor, outcome: str, note: str = ""
) -> Closed | NotHolder | NoSuchOutcome | NeedsNote:
    """End the conversation with one of the outcome codes. The debtor may open it again by writing."""
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    if outcome not in outcome_codes.RESERVED:
        code = await outcome_codes.find(work.session, outcome)
        if code is None:
            return NoSuchOutcome()
        if code.needs_note and not note.strip():
            return NeedsNote()
    holds_left = await _holds_on(work, conversation.case_id)
    conversation.memory = _after_people(remembered(conversation), agreed=False, held=bool(holds_left)).to_json()
    await _release(work, conversation)
    conversation.state, conversation.outcome = "closed", outcome
    if note.strip():
        await notes.keep(work, conversation_id, actor, clean(note).strip(), "closed")
    await work.session.flush()
    _changed(work, conversation_id)
    noted = {"note": clean(note).strip()} if note.strip() else {}
    await leave(work, actor.login, "closed", "conversation", conversation_id, outcome=outcome, **noted)
    return Closed(conversation.outcome)


async def clear_hold(
    work: Work, conversation_id: int, actor: Actor, flag: Flag, why: str
) -> HoldCleared | NoSuchHold | NotHolder:
    """A named person ends a hold and says why: the holder; one for self-harm also who oversees (SAFE-SELF-3).

    InvalidInput without a reason.
    """
    if not why.strip():
        raise InvalidInput("Say why the hold may be cleared.", flag=flag)
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor) and not (flag == "self_harm" and actor.role in OVERSEERS):
        return NotHolder(await holder_name(work, conversation))
    whole = await cases.lock(work.session, conversation.case_id)
    if flag not in HOLDS or not await cases.remove_flag(work.session, whole.case.id, flag):
        return NoSuchHold()
    _changed(work, conversation_id)
    case_id = whole.case.id
    await leave(
        work, actor.login, "cleared_hold", "case", case_id, flag=flag, why=why.strip(), conversation=conversation_id
    )
    return HoldCleared(flag)


async def _holds_on(work: Work, case_id: int) -> tuple[Flag, ...]:
    flags = await cases.flags_of(work.session, case_id)
    return tuple(flag for flag in HOLDS if flag in flags)


async def confirm_identity(work: Work, conversation_id: int, actor: Actor, how: str) -> Confirmed | NotHolder:
    """The holder has checked who is writing, and says how; from now on the debt may be spoken of."""
    conversation = await conversations.lock(work.session, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    memory = remembered(conversation)
    if not is_verified(memory):
        told = (*memory.told, "verified")
        conversation.memory = memory.with_(phase="talking", told=told, expecting=None).to_json()
    work.notify(f"conversation:{conversation_id}")
    await leave(work, actor.login, "confirmed_identity", "conversation", conversation_id, how=how)
    return Confirmed()


def holds(conversation: Conversation, actor: Actor) -> bool:
    """Whether this actor holds the conversation. Read it under the row's lock."""
    return conversation.holder == "agent" and conversation.agent_id == actor.id and conversation.state == "open"


async def holder_name(work: Work, conversation: Conversation) -> str | None:
    """The name of the agent who holds it, or None where none does."""
    if conversation.agent_id is None:
        return None
    user = await work.session.get(User, conversation.agent_id)
    return user.name if user else None


def _after_people(memory: Memory, *, agreed: bool, held: bool) -> Memory:
    """What the bot knows when it is back: nothing half-said, the plan that stands, and that a person has looked.

    A plan that was being read back is on the table again, to be read back anew before anybody agrees to it.

    With a hold on the case (`held`) nobody has cleared the bot to go on, and it does not take that for granted.
    """
    phase = "agreed" if agreed else ("talking" if is_verified(memory) else memory.phase)
    told = tuple(item for item in memory.told if item != HANDED_BACK)
    told = told if held else (*told, HANDED_BACK)
    return memory.with_(
        phase=phase,
        told=told,
        misses=0,
        insisted=0,
        person_offered=False,
        expecting=None,
        offers=() if agreed else ((memory.draft,) if memory.draft is not None else memory.offers),
        draft=None,
        promise_draft=None,
        move_draft=None,
    )


async def _release(work: Work, conversation: Conversation) -> None:
    handoff = await open_handoff(work, conversation.id)
    if handoff is not None:
        handoff.ended_at = work.now
    conversation.holder, conversation.agent_id, conversation.held_since = "bot", None, None
    conversation.reason = conversation.priority = conversation.gravity = conversation.waiting_since = None
    conversation.unread = 0
    conversation.snoozed_until = conversation.team_id = None
    end_wait(conversation)


async def say_as_bot(work: Work, conversation: Conversation, memory: Memory, paragraph: Say) -> int | None:
    """The bot's words as an answer to the debtor's last message, and their message's id; None where they may not be
    said now, and then nothing more is tried."""
    last = await last_inbound(work, conversation)
    if last is None:
        return None
    reply = Reply((paragraph,))
    whole = await cases.load(work.session, conversation.case_id)
    text, verdict = await reviewed(work, conversation, whole, reply, memory)
    if not isinstance(verdict, Cleared):
        return None
    return await outbox.enqueue(work, conversation, verdict, reply_to=last, buttons=text.buttons)


async def last_inbound(work: Work, conversation: Conversation) -> int | None:
    """The debtor's last message, when it is recent enough for a person's message to count as its answer."""
    if conversation.last_inbound_at is None or work.now - conversation.last_inbound_at > ANSWER_WINDOW:
        return None
    return await conversations.last_inbound_id(work.session, conversation.id)


def _changed(work: Work, conversation_id: int) -> None:
    work.notify("queue")
    work.notify(f"conversation:{conversation_id}")
