"""The rows of one case, brought together before they are counted."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.actions.hours import zone
from core.store.report_sources import HELD, CaseSource, OfferSource, Sources
from core.store.tables import Audit, Complaint, Conversation, HandoffRow, Payment, Plan, PromiseRow

VULNERABLE = frozenset(("vulnerable", "self_harm", "minor"))
HARDSHIP = frozenset(("hardship", "breathing_space", "debt_advice"))


_TAKES = ("took_over", "took_from", "assigned")
_MOVES = ("reassigned", "transferred")


@dataclass(frozen=True, slots=True)
class Span:
    """How long people held a conversation without a break, whoever they were; `end` is None while they still do.

    `before` is who had it: `bot`, `queue` or `agent`; `audit_id` is the row that says that it was taken.
    """

    start: datetime
    end: datetime | None
    before: str
    audit_id: int


@dataclass(slots=True)
class CaseRows:
    """One case. `conversations` are those that were not merged into another, oldest first; `homes` has every one, as
    the one that it goes on in. `agents` are the moments at which an agent wrote, `wrote` where the debtor did."""

    case: CaseSource
    conversations: list[Conversation] = field(default_factory=list)
    homes: dict[int, Conversation] = field(default_factory=dict)
    handoffs: dict[int, list[HandoffRow]] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    promises: list[PromiseRow] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    offers: list[OfferSource] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    audit: list[Audit] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    agents: dict[int, list[datetime]] = field(default_factory=dict)
    wrote: set[int] = field(default_factory=set)

    @property
    def segment(self) -> str:
        """What was ever known of the person, the gravest first."""
        if self.flags & VULNERABLE:
            return "vulnerable"
        return "hardship" if self.flags & HARDSHIP else "other"

    def home(self, conversation_id: int | None, at: datetime) -> Conversation | None:
        """The conversation that goes by this id; where there is none, the last one that was open by then."""
        known = self.homes.get(conversation_id or 0)
        return known or next((row for row in reversed(self.conversations) if row.opened_at <= at), None)

    def on(self, day: date) -> Conversation | None:
        """The last conversation that was open by this date of the debtor's."""
        local = zone(self.case.time_zone)
        return next(
            (row for row in reversed(self.conversations) if row.opened_at.astimezone(local).date() <= day), None
        )

    def of(self, conversation: Conversation, *actions: str) -> list[Audit]:
        """What the audit trail has of a conversation, oldest first."""
        return [
            row for row in self.audit if row.action in actions and self.homes.get(row.subject_id or 0) is conversation
        ]

    def team(self, conversation: Conversation) -> int | None:
        """The team that had the conversation last: as whoever took it up was in it, or as it was passed on to it."""
        named = [row.data["team"] for row in self.of(conversation, *HELD) if row.data.get("team")]
        return int(named[-1]) if named else conversation.team_id

    def spans(self, conversation: Conversation) -> list[Span]:
        """When people held the conversation, oldest first; from one of them to another is no break."""
        found: list[Span] = []
        for row in self.of(conversation, *HELD):
            taken = row.action in _TAKES or (row.action in _MOVES and row.data.get("to") == "agent")
            held = bool(found) and found[-1].end is None
            if taken and not held:
                found.append(Span(row.at, None, str(row.data.get("previous", "queue")), row.id))
            elif held and not taken:
                found[-1] = replace(found[-1], end=row.at)
        return found

    def person_since(self, conversation: Conversation | None) -> datetime | None:
        """When the conversation first went to people: handed over, or taken over."""
        if conversation is None:
            return None
        moments = [row.at for row in self.handoffs.get(conversation.id, ())]
        return min([*moments, *(span.start for span in self.spans(conversation))], default=None)


def by_case(sources: Sources) -> list[CaseRows]:
    """The rows of each case."""
    found = {case.id: CaseRows(case) for case in sources.cases}
    case_of = {row.id: found[row.case_id] for row in sources.conversations}
    known = {row.id: row for row in sources.conversations}
    for row in sources.conversations:
        rows, home = found[row.case_id], _home(row, known)
        rows.homes[row.id] = home
        if home is row:
            rows.conversations.append(row)
    for handoff in sources.handoffs:
        rows = case_of[handoff.conversation_id]
        rows.handoffs.setdefault(rows.homes[handoff.conversation_id].id, []).append(handoff)
    for said in sources.said:
        rows = case_of[said.conversation_id]
        home_id = rows.homes[said.conversation_id].id
        if said.author == "agent":
            rows.agents.setdefault(home_id, []).append(said.at)
        else:
            rows.wrote.add(home_id)
    _add_owned(found, sources)
    for trace in sources.audit:
        subject_id = trace.subject_id or 0
        rows = found[subject_id] if trace.subject == "case" else case_of[subject_id]
        rows.audit.append(trace)
        if trace.action == "flagged":
            rows.flags |= set(trace.data.get("flags", ()))
    return list(found.values())


def _add_owned(found: dict[int, CaseRows], sources: Sources) -> None:
    for plan in sources.plans:
        found[plan.case_id].plans.append(plan)
    for promise in sources.promises:
        found[promise.case_id].promises.append(promise)
    for payment in sources.payments:
        found[payment.case_id].payments.append(payment)
    for offer in sources.offers:
        found[offer.case_id].offers.append(offer)
    for complaint in sources.complaints:
        found[complaint.case_id].complaints.append(complaint)
    for case_id, flag in sources.flags:
        found[case_id].flags.add(flag)


def _home(row: Conversation, known: dict[int, Conversation]) -> Conversation:
    """The conversation that this one was merged into, however often; itself where it was not."""
    seen = {row.id}
    while row.merged_into in known and row.merged_into not in seen:
        row = known[row.merged_into]
        seen.add(row.id)
    return row
