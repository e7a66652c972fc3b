"""What a person on the team agrees with somebody whom the assistant sent to them: the second accounting of the lab."""

from core.lab.bargaining import asked, bearable
from core.lab.debtor import Debtor
from core.negotiation import Accepted, Nearest, Offer, answer
from core.policy import Grant

_ID = "team"


def agreed_with_a_person(debtor: Debtor, grant: Grant) -> Offer | None:
    """The plan that the debtor says they can pay where the agent's limits allow it, else the nearest inside, if they
    can bear it; None where they have nothing to name or cannot bear that."""
    ask = asked(debtor)
    if ask is None:
        return None
    found = answer(ask, debtor.told_case, grant, iter((_ID,)))
    if not isinstance(found, Accepted | Nearest) or not bearable(found.offer, debtor):
        return None
    return found.offer
