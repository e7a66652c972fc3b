"""What the dialogue says, as the debtor would read it, before the review."""

from core.actions import outbox
from core.actions.situations import is_verified
from core.actions.wordings import rendered
from core.compliance import Cleared, Refused
from core.dialogue.decision import Reply
from core.dialogue.memory import Memory
from core.store.cases import WholeCase
from core.store.tables import Conversation
from core.wording import Rendered, discloses
from core.work import Work


async def reviewed(
    work: Work,
    conversation: Conversation,
    whole: WholeCase,
    reply: Reply,
    memory: Memory,
    *,
    author: str = "bot",
    solicited: bool = True,
    offers: bool = False,
) -> tuple[Rendered, Cleared | Refused]:
    """The reply in the debtor's language, and whether it may be sent now. `offers` says that it carries an offer."""
    text = await rendered(work.session, reply, memory.language, whole.case.market)
    verdict = await outbox.clear(
        work,
        conversation,
        whole,
        text.text,
        author=author,
        solicited=solicited,
        discloses=discloses(reply),
        verified=is_verified(memory),
        language=memory.language,
        offers=offers,
    )
    return text, verdict
