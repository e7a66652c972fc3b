"""What an agent writes to a debtor: the same review and the same door as the bot's."""

from core.actions import outbox
from core.actions.known_sums import known_sums
from core.actions.situations import is_verified, remembered
from core.actions.takeover import holder_name, holds, last_inbound
from core.actions.text import clean
from core.actions.trail import leave, leave_refusal
from core.actions.values import Actor, NotHolder, Repeat, Sent
from core.compliance import Refused, speaks_of_debt
from core.store import cases, conversations
from core.work import Work

__all__ = ["NotHolder", "Refused", "Repeat", "Sent", "queue_words", "reply_as_agent"]


async def reply_as_agent(
    work: Work, conversation_id: int, actor: Actor, text: str, client_key: str
) -> Sent | Refused | NotHolder | Repeat:
    """Send an agent's words. `client_key` names the attempt: the same key never sends twice."""
    words = clean(text).strip()
    outcome = await queue_words(work, conversation_id, actor, words, client_key, discloses=speaks_of_debt(words))
    if isinstance(outcome, Sent):
        work.notify("queue")
        await leave(work, actor.login, "replied", "conversation", conversation_id, message=outcome.message_id)
    return outcome


async def queue_words(
    work: Work, conversation_id: int, actor: Actor, words: str, client_key: str, *, discloses: bool
) -> Sent | Refused | NotHolder | Repeat:
    """Have the holder's words reviewed and queue them; the caller leaves the trail of what was sent. `discloses` where
    they, or what is sent with them, tell of the debt."""
    conversation = await conversations.lock(work.session, conversation_id)
    sent = await conversations.with_client_key(work.session, conversation_id, client_key[:80])
    if sent is not None:
        return Repeat(sent.id, conversation_id)
    if not holds(conversation, actor):
        return NotHolder(await holder_name(work, conversation))
    whole = await cases.load(work.session, conversation.case_id)
    reply_to = await last_inbound(work, conversation)
    verdict = await outbox.clear(
        work,
        conversation,
        whole,
        words,
        author="agent",
        solicited=reply_to is not None,
        discloses=discloses,
        verified=is_verified(remembered(conversation)),
        known_sums=await known_sums(work, conversation, whole),
    )
    if isinstance(verdict, Refused):
        await leave_refusal(work, actor.login, conversation_id, verdict, text=words[:500])
        return verdict
    conversation.unread = 0
    message_id = await outbox.enqueue(
        work, conversation, verdict, reply_to=reply_to, agent_id=actor.id, client_key=client_key[:80]
    )
    return Sent(message_id)
