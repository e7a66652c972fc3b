"""By when a complaint is acknowledged and answered, by market. Figures change here, never in a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ComplaintCategory = Literal[
    "conduct", "frequency", "third_party", "amount", "identity", "privacy", "plan", "service", "other"
]
CATEGORIES: tuple[ComplaintCategory, ...] = (
    "conduct",
    "frequency",
    "third_party",
    "amount",
    "identity",
    "privacy",
    "plan",
    "service",
    "other",
)
ComplaintOutcome = Literal["upheld", "partly", "rejected", "withdrawn", "referred"]
OUTCOMES: tuple[ComplaintOutcome, ...] = ("upheld", "partly", "rejected", "withdrawn", "referred")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTerms:
    """Calendar days from the day of receipt, both deadlines at the end of their day. `source` says where each figure
    is from, and names what is a product default."""

    rule: str
    acknowledge_days: int
    answer_days: int
    source: str


TERMS: Mapping[str, ComplaintTerms] = {
    "cn": ComplaintTerms(
        rule="CN-COMP-1",
        acknowledge_days=3,
        answer_days=15,
        source="消费投诉处理管理办法 (2020) art. 20: a decision within 15 days, longer only with leave, to be"
        " confirmed; acknowledgement: product default",
    ),
    "us": ComplaintTerms(
        rule="US-DEFAULT",
        acknowledge_days=5,
        answer_days=15,
        source="CFPB complaint process: a response within 15 calendar days, a final one within 60, to be confirmed;"
        " acknowledgement: product default",
    ),
    "uk": ComplaintTerms(
        rule="UK-FOS-1",
        acknowledge_days=5,
        answer_days=56,
        source="DISP 1.6.2R: a final response within eight weeks; DISP 1.6.1R asks for a prompt acknowledgement and"
        " sets no figure: product default",
    ),
}


def deadlines(market: str, received_at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """By when it is acknowledged and answered: ends of days in the debtor's zone, given in that of `received_at`.

    A market that is not known has the shortest terms of all.
    """
    terms = terms_for(market)
    day = received_at.astimezone(zone).date()
    first, last = (
        _end_of(day + timedelta(days=days), zone).astimezone(received_at.tzinfo)
        for days in (terms.acknowledge_days, terms.answer_days)
    )
    return first, last


def terms_for(market: str) -> ComplaintTerms:
    """The terms of a market; of one that is not known the shortest."""
    return TERMS.get(market) or min(TERMS.values(), key=lambda each: each.answer_days)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)
