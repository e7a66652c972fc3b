"""When people are there for a conversation: the teams that serve it, or the creditor's people where no team does."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.hours import people_there
from core.store import teams
from core.store.cases import WholeCase
from core.store.tables import Conversation
from core.work import Work


@dataclass(frozen=True, slots=True)
class People:
    """Whether somebody is `there` now; else their weekly `hours` where they are known by those, or when the first of
    them is back."""

    there: bool
    hours: str = ""
    from_: datetime | None = None


async def people_for(work: Work, conversation: Conversation, whole: WholeCase) -> People:
    """For this conversation at this moment, whatever it will be handed over for."""
    found = await teams.serving_teams(
        work.session,
        market=whole.case.market,
        creditor_id=whole.creditor.id,
        reason=conversation.reason,
        language=conversation.language,
        only=conversation.team_id,
    )
    rotas = [rota for _, rota in found]
    if not rotas:
        creditor = whole.creditor
        return People(people_there(creditor.hours, creditor.time_zone, work.now), creditor.hours)
    if any(rota.opened_at(work.now) is not None for rota in rotas):
        return People(there=True)
    back = [opens for rota in rotas if (opens := rota.opens_at(work.now)) is not None]
    return People(there=False, from_=min(back, default=None))
