"""An identity that was checked before the chat began, and is vouched for."""

from core.actions.situations import remembered
from core.actions.trail import leave
from core.dialogue.memory import Memory
from core.errors import InvalidInput
from core.store import conversations
from core.work import Work


async def vouch(work: Work, conversation_id: int, how: str) -> None:
    """The debtor was identified elsewhere, such as by the lender's own sign-in; the bot need not ask.

    Only for a conversation in which nothing was said yet: InvalidInput afterwards.
    """
    conversation = await conversations.lock(work.session, conversation_id)
    memory: Memory = remembered(conversation)
    if memory.phase != "opening":
        raise InvalidInput("This conversation has begun; its identity check cannot be skipped.", id=conversation_id)
    conversation.memory = memory.with_(phase="talking", told=(*memory.told, "verified")).to_json()
    await leave(work, "system", "vouched_identity", "conversation", conversation_id, how=how)
