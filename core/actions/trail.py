"""How actions leave their trace: one audit row in the same transaction, and what other systems are told of it; and how
the whole chain is verified."""

from typing import Any

from core.actions.events import announce
from core.compliance import Refused
from core.store import audit
from core.store.audit import Checked, Intact, Tampered, verify, verify_part
from core.work import Work

__all__ = ["Checked", "Intact", "Tampered", "leave", "leave_refusal", "verify", "verify_part"]


async def leave(work: Work, actor: str, action: str, subject: str, subject_id: int | None, **data: Any) -> None:
    """Audit this. Take every row lock that the transaction needs before the first trace: the chain is one queue."""
    await audit.record(
        work.session, at=work.now, actor=actor, action=action, subject=subject, subject_id=subject_id, data=data
    )
    await announce(work, action, subject_id, data)


async def leave_refusal(work: Work, actor: str, conversation_id: int, refused: Refused, **data: Any) -> None:
    """Audit that compliance did not let words or an offer out, with each rule that stood in the way."""
    await leave(work, actor, "refused", "conversation", conversation_id, reasons=refused.as_rows(), **data)
