"""The next offer, the answer to a counter-offer, promises and affordability. Pure and deterministic."""

from core.negotiation.ability import affordability
from core.negotiation.answers import adjust_offer, answer, manual_offer
from core.negotiation.codec import offer_from_json, offer_summary, offer_to_json
from core.negotiation.openings import opening
from core.negotiation.promises import promise
from core.negotiation.types import (
    Accepted,
    Answer,
    Ask,
    CaseFacts,
    DatedStep,
    Finances,
    Nearest,
    Offer,
    OfferKind,
    Payday,
    Promise,
    PromiseAccepted,
    PromiseOutside,
    Unclear,
)
from core.negotiation.wish import check_offer

__all__ = [
    "Accepted",
    "Answer",
    "Ask",
    "CaseFacts",
    "DatedStep",
    "Finances",
    "Nearest",
    "Offer",
    "OfferKind",
    "Payday",
    "Promise",
    "PromiseAccepted",
    "PromiseOutside",
    "Unclear",
    "adjust_offer",
    "affordability",
    "answer",
    "check_offer",
    "manual_offer",
    "offer_from_json",
    "offer_summary",
    "offer_to_json",
    "opening",
    "promise",
]
