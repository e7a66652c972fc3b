"""May this draft go to this person now? `review` answers, and only it makes what the outbox takes."""

from core.compliance.demands import HOLDS
from core.compliance.draft import ContactHistory, Draft, Reason, Refused
from core.compliance.grants import sums_in
from core.compliance.hours import next_opening, within_hours
from core.compliance.review import Cleared, Verdict, review
from core.compliance.words import speaks_of_debt

__all__ = [
    "HOLDS",
    "Cleared",
    "ContactHistory",
    "Draft",
    "Reason",
    "Refused",
    "Verdict",
    "next_opening",
    "review",
    "speaks_of_debt",
    "sums_in",
    "within_hours",
]
