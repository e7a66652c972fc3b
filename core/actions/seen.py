"""What the debtor has had in view, where a channel tells."""

from sqlalchemy import or_, select, update

from core.store.tables import Conversation, Message
from core.work import Work


async def debtor_saw(work: Work, conversation_id: int, message_id: int) -> bool:
    """The debtor's chat has shown everything up to this message; False where that was known, or it is not theirs."""
    theirs = select(Message.id).where(Message.id == message_id, Message.conversation_id == conversation_id)
    if await work.session.scalar(theirs) is None:
        return False
    later = or_(Conversation.debtor_seen.is_(None), Conversation.debtor_seen < message_id)
    changed = await work.session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, later)
        .values(debtor_seen=message_id, debtor_seen_at=work.now)
        .returning(Conversation.id)
    )
    if changed.scalar_one_or_none() is None:
        return False
    work.notify(f"conversation:{conversation_id}")
    return True
