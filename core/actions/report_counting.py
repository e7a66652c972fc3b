"""One case as facts: a pure reading of its rows. docs/explanation/reports.md says in words what is decided here."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from core.actions.hours import zone
from core.actions.report_cases import CaseRows, Span, by_case
from core.plans.value import ExpectedPayment, expected_present_value
from core.policy import bucket_of
from core.store.report_sources import Sources
from core.store.tables import Audit, Conversation, Mark
from core.store.tables.reports import SLOT_S

ANNUAL_RATE = Decimal("0.08")
"""What a year's delay costs, as in the lab (product default)."""

NO_RULES = frozenset({"HOLDER", "SUPERSEDED", "LATE"})
"""Why a message was held back that compliance would have let out: other hands, a newer word, a day too late."""

Fact = dict[str, Any]


def facts_of(sources: Sources) -> list[Fact]:
    """Every fact of these cases."""
    return [fact for rows in by_case(sources) for fact in _Facts(rows, sources).all()]


class _Facts:
    """The facts of one case."""

    def __init__(self, rows: CaseRows, sources: Sources) -> None:
        self._rows = rows
        self._sources = sources
        self._teams = {row.id: rows.team(row) for row in rows.conversations}

    def all(self) -> list[Fact]:
        """Each of them once."""
        complaints, payments = list(self._complaints()), list(self._payments())
        found = [*complaints, *payments, *self._plans(), *self._promises(), *self._offers(), *self._refusals()]
        complained = {fact["conversation_id"] for fact in complaints}
        for conversation in self._rows.conversations:
            paid = [fact for fact in payments if fact["conversation_id"] == conversation.id]
            found.append(self._conversation(conversation, paid, complained=conversation.id in complained))
            found += self._handoffs(conversation)
            found += self._takeovers(conversation)
        return found

    def _conversation(self, row: Conversation, paid: Sequence[Fact], *, complained: bool) -> Fact:
        rows = self._rows
        person = rows.person_since(row)
        plan = next((plan for plan in rows.plans if rows.homes.get(plan.conversation_id) is row), None)
        return self._fact(
            "conversation",
            row.id,
            row.opened_at,
            row,
            marks=_marks(
                (Mark.WROTE, row.id in rows.wrote),
                (Mark.RIGHT_PARTY, _is_verified(row.memory or {})),
                (Mark.AGREED, plan is not None),
                (Mark.ALONE, plan is not None and (person is None or person > plan.agreed_at)),
                (Mark.PERSON, person is not None),
                (Mark.WRONG_PARTY, "wrong_party" in rows.flags),
                (Mark.COMPLAINED, complained),
            ),
            agent_id=row.agent_id,
            currency=rows.case.currency,
            amount=sum(fact["amount"] for fact in paid),
            worth=sum(fact["worth"] for fact in paid),
        )

    def _handoffs(self, conversation: Conversation) -> Iterator[Fact]:
        written = self._rows.agents.get(conversation.id, ())
        spans = [span for span in self._rows.spans(conversation) if span.before != "bot"]
        for row in self._rows.handoffs.get(conversation.id, ()):
            end = row.ended_at or datetime.max.replace(tzinfo=UTC)
            held = [span for span in spans if row.at <= span.start <= end]
            taken = held[0].start if held else row.taken_at
            replied = next((at for at in written if row.at <= at <= end), None)
            yield self._fact(
                "handoff",
                row.id,
                row.at,
                conversation,
                value=row.reason,
                marks=_marks(
                    (Mark.TAKEN, taken is not None),
                    (Mark.REPLIED, replied is not None),
                    (Mark.ENDED, row.ended_at is not None),
                ),
                agent_id=row.taken_by,
                waited_s=_seconds(row.at, taken),
                replied_s=_seconds(row.at, replied),
                handled_s=_held(held, row.ended_at) if held else _seconds(row.taken_at, row.ended_at),
            )

    def _takeovers(self, conversation: Conversation) -> Iterator[Fact]:
        """People who took a conversation from the assistant itself, without a hand-over."""
        for span in self._rows.spans(conversation):
            if span.before == "bot":
                marks = _marks((Mark.TAKEN, True), (Mark.ENDED, span.end is not None))
                handled = _seconds(span.start, span.end)
                yield self._fact("takeover", span.audit_id, span.start, conversation, marks=marks, handled_s=handled)

    def _refusals(self) -> Iterator[Fact]:
        for row in self._rows.audit:
            conversation = self._rows.home(row.subject_id, row.at)
            for rule in sorted(_rules(row)):
                yield self._fact("refusal", row.id, row.at, conversation, value=rule[:40])

    def _complaints(self) -> Iterator[Fact]:
        """Complaints taken down, and those said before complaints were taken down one by one."""
        rows = self._rows
        for taken in rows.complaints:
            conversation = rows.home(taken.conversation_id, taken.received_at)
            yield self._fact("complaint", taken.id, taken.received_at, conversation, value=taken.category)
        for row in rows.audit:
            if row.action != "flagged" or "complaint" not in row.data.get("flags", ()):
                continue
            if not any(
                row.data.get("message") == one.message_id or row.at >= one.received_at for one in rows.complaints
            ):
                yield self._fact("complaint", row.id, row.at, rows.home(None, row.at), value="said")

    def _plans(self) -> Iterator[Fact]:
        for plan in self._rows.plans:
            conversation = self._rows.home(plan.conversation_id, plan.agreed_at)
            person = self._rows.person_since(conversation)
            paid, behind = self._sources.instalments.get(plan.id, (0, 0))
            alone = _marks((Mark.ALONE, person is None or person > plan.agreed_at))
            yield self._fact(
                "plan",
                plan.id,
                plan.agreed_at,
                conversation,
                value=plan.state,
                marks=Mark.AGREED | alone | _fate(plan.state, paid, behind),
                version=plan.policy_version,
                currency=plan.currency,
                amount=plan.total,
                planned_s=_seconds(conversation.opened_at if conversation else None, plan.agreed_at),
            )

    def _promises(self) -> Iterator[Fact]:
        for row in self._rows.promises:
            yield self._fact(
                "promise",
                row.id,
                _midnight(row.due),
                self._rows.home(row.conversation_id, row.made_at),
                value=row.state,
                marks=_marks((Mark.DECIDED, row.state in ("kept", "broken")), (Mark.KEPT, row.state == "kept")),
                version=row.policy_version,
                currency=row.currency,
                amount=row.amount,
            )

    def _payments(self) -> Iterator[Fact]:
        plans = {plan.id: plan for plan in self._rows.plans}
        local = zone(self._rows.case.time_zone)
        for row in self._rows.payments:
            conversation = self._rows.on(row.paid_on)
            opened = conversation.opened_at.astimezone(local).date() if conversation else row.paid_on
            plan = plans.get(row.plan_id or 0)
            yield self._fact(
                "payment",
                row.id,
                _midnight(row.paid_on),
                conversation,
                currency=row.currency,
                amount=row.amount,
                worth=present_value(row.amount, (row.paid_on - opened).days),
                **({"version": plan.policy_version} if plan else {}),
            )

    def _offers(self) -> Iterator[Fact]:
        for row in self._rows.offers:
            yield self._fact(
                "offer",
                row.id,
                row.at,
                self._rows.home(row.conversation_id, row.at),
                value=row.kind,
                marks=_marks((Mark.ACCEPTED, row.state == "accepted"), (Mark.REFUSED, row.state == "refused")),
                version=row.policy_version,
                agent_id=row.agent_id,
            )

    def _fact(self, kind: str, ref: int, at: datetime, conversation: Conversation | None, **own: Any) -> Fact:
        case = self._rows.case
        return {
            "kind": kind,
            "ref": ref,
            "value": "",
            "at": at,
            "slot": int(at.timestamp()) // SLOT_S,
            "case_id": case.id,
            "conversation_id": conversation.id if conversation else None,
            "agent_id": None,
            "team_id": self._teams[conversation.id] if conversation else None,
            "creditor_id": case.creditor_id,
            "market": case.market,
            "language": conversation.language if conversation else case.language,
            "channel": conversation.channel if conversation else "",
            "bucket": self._bucket(conversation, at),
            "segment": self._rows.segment,
            "version": _version(self._sources.versions, conversation.opened_at if conversation else at),
            "marks": 0,
            "currency": "",
            "amount": 0,
            "worth": 0,
            "planned_s": None,
            "waited_s": None,
            "replied_s": None,
            "handled_s": None,
            **own,
        }

    def _bucket(self, conversation: Conversation | None, at: datetime) -> str:
        """As it was when the conversation opened; once counted it stays, whatever an import changes later."""
        case = self._rows.case
        if conversation is None:
            return bucket_of((at.date() - case.due_date).days)
        first = self._sources.buckets.get(conversation.id)
        opened = conversation.opened_at.astimezone(zone(case.time_zone)).date()
        return first or bucket_of((opened - case.due_date).days)


def _marks(*marks: tuple[Mark, bool]) -> int:
    return sum(int(mark) for mark, holds in marks if holds)


def _rules(row: Audit) -> set[str]:
    """The rules of compliance for which this row says that a message was not sent."""
    if row.action == "refused":
        return {str(reason.get("rule", "")) for reason in row.data.get("reasons", ())} - {""}
    if row.action in ("withheld", "withheld_scheduled"):
        return {str(rule) for rule in row.data.get("rules", ())} - NO_RULES
    return set()


def _is_verified(memory: dict[str, Any]) -> bool:
    return "verified" in memory.get("told", ()) or memory.get("phase") in ("talking", "confirming", "agreed")


def _fate(state: str, paid: int, behind: int) -> int:
    """Whether a plan was tried, and stood: until a payment of it was made or missed nothing is known."""
    tried = state in ("completed", "broken") or (state == "active" and bool(paid or behind))
    return _marks((Mark.DECIDED, tried), (Mark.KEPT, tried and state != "broken" and not behind))


def _version(versions: Sequence[tuple[datetime, int]], at: datetime) -> int | None:
    return next((number for since, number in reversed(versions) if since <= at), None)


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else max(0, int((end - start).total_seconds()))


def _held(spans: Sequence[Span], ended: datetime | None) -> int | None:
    """How long all of these were together, once the hand-over has ended."""
    if ended is None:
        return None
    return sum(_seconds(span.start, min(span.end or ended, ended)) or 0 for span in spans)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def present_value(minor: int, days: int) -> int:
    """What a payment so many days later is worth, in whole minor units, half up."""
    return int((minor * _factor(max(days, 0))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@lru_cache(maxsize=4096)
def _factor(days: int) -> Decimal:
    payment = ExpectedPayment(Decimal(1), Fraction(days, 365), Decimal(1))
    return expected_present_value([payment], ANNUAL_RATE)
