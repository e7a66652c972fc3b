"""Whether an offer that was worked out before is still one of today."""

from datetime import date
from typing import Literal

from core.money import Money
from core.negotiation.types import Offer


def outdated(offer: Offer, owed: Money, today: date) -> Literal["balance", "dates"] | None:
    """Why the offer can no longer be made or agreed: it is of another balance, or its first date is past."""
    if offer.balance.total != owed:
        return "balance"
    return "dates" if offer.schedule.first_due < today else None
