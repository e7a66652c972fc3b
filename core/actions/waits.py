"""A debtor's wait for a person: what is kept of it while it lasts."""

from core.store.tables import Conversation


def end_wait(conversation: Conversation) -> None:
    """A person has written, or none is waited for any more. The conversation is locked by the caller."""
    conversation.owed_since = conversation.escalated_at = conversation.queue_told = None
    conversation.passed = []
