"""The same figures as reports show, counted one row after another in plain Python, from the rows themselves."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.tables import (
    Audit,
    Case,
    CaseFlag,
    Conversation,
    Debtor,
    HandoffRow,
    InstalmentRow,
    Message,
    OfferRow,
    Payment,
    Plan,
    Policy,
    PromiseRow,
    Table,
)

Dimensions = dict[str, str]


@dataclass
class Found:
    """One measure's figure."""

    n: int = 0
    of: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    seconds: list[int] = field(default_factory=list)

    @property
    def median(self) -> int | None:
        """The lower middle value."""
        return sorted(self.seconds)[(len(self.seconds) - 1) // 2] if self.seconds else None


@dataclass
class Everything:
    """Every row, as lists."""

    rows: dict[type[Table], list[Any]]

    @classmethod
    async def read(cls, session: AsyncSession) -> "Everything":
        """All of it."""
        tables: tuple[type[Table], ...] = (
            Audit,
            Case,
            CaseFlag,
            Conversation,
            Debtor,
            HandoffRow,
            InstalmentRow,
            Message,
            OfferRow,
            Payment,
            Plan,
            Policy,
            PromiseRow,
        )
        return cls({table: list(await session.scalars(select(table).order_by(table.id))) for table in tables})

    def all(self, table: type[Table], **where: Any) -> list[Any]:
        """The rows of a table that have these values."""
        return [row for row in self.rows[table] if all(getattr(row, name) == value for name, value in where.items())]


class Counting:
    """Counts a period of local days, with filters and of one group, as the pages do."""

    def __init__(self, whole: Everything, since: date, until: date, zone: str) -> None:
        self.whole, self.since, self.until, self.zone = whole, since, until, ZoneInfo(zone)
        self.cases = {case.id: case for case in whole.all(Case)}
        self.debtors = {debtor.id: debtor for debtor in whole.all(Debtor)}
        self.talks = {talk.id: talk for talk in whole.all(Conversation)}

    def count(self, measure: str, wanted: Dimensions) -> Found:
        """One measure, of the facts whose dimensions are these."""
        found = Found()
        counted: Callable[..., None] = getattr(self, f"_{measure}")
        counted(found, wanted)
        return found

    def _in(self, at: datetime | date) -> bool:
        day = at.astimezone(self.zone).date() if isinstance(at, datetime) else at
        return self.since <= day <= self.until

    def _is(self, wanted: Dimensions, case: Any, talk: Any, at: datetime, version: int | None = None) -> bool:
        local = ZoneInfo(self.debtors[case.debtor_id].time_zone)
        opened = talk.opened_at if talk else at
        late = ((opened.astimezone(local) if talk else opened).date() - case.due_date).days
        bucket = "M0" if late <= 0 else "M7+" if late > 180 else f"M{(late + 29) // 30}"
        flags = {flag.flag for flag in self.whole.all(CaseFlag, case_id=case.id)}
        segment = "vulnerable" if "vulnerable" in flags else "hardship" if "hardship" in flags else "other"
        in_force = [row.number for row in self.whole.all(Policy) if row.published_at <= opened]
        held = self.whole.all(Audit, subject="conversation", subject_id=talk.id) if talk else []
        teams = [row.data["team"] for row in held if row.data.get("team")] or [talk.team_id if talk else None]
        known = {
            "market": case.market,
            "creditor": str(case.creditor_id),
            "language": talk.language if talk else self.debtors[case.debtor_id].language,
            "channel": talk.channel if talk else "none",
            "bucket": bucket,
            "segment": segment,
            "version": str(version or (in_force[-1] if in_force else "none")),
            "team": str(teams[-1] or "none"),
        }
        return all(known[name] == value for name, value in wanted.items())

    def _talks(self, wanted: Dimensions, *, wrote: bool = True) -> list[Any]:
        return [
            talk
            for talk in self.talks.values()
            if self._in(talk.opened_at)
            and self._is(wanted, self.cases[talk.case_id], talk, talk.opened_at)
            and (not wrote or any(m.direction == "in" and m.kind != "start" for m in self._messages(talk)))
        ]

    def _messages(self, talk: Any) -> list[Any]:
        return self.whole.all(Message, conversation_id=talk.id)

    def _person_at(self, talk: Any) -> datetime | None:
        moments = [row.at for row in self.whole.all(HandoffRow, conversation_id=talk.id)]
        moments += [row.at for row in self.whole.all(Audit, action="took_over", subject_id=talk.id)]
        return min(moments, default=None)

    def _opened(self, found: Found, wanted: Dimensions) -> None:
        found.n = len(self._talks(wanted, wrote=False))

    def _wrote(self, found: Found, wanted: Dimensions) -> None:
        found.n = len(self._talks(wanted))

    def _share(self, found: Found, wanted: Dimensions, holds: Callable[[Any], bool]) -> None:
        talks = self._talks(wanted)
        found.n, found.of = sum(holds(talk) for talk in talks), len(talks)

    def _right_party(self, found: Found, wanted: Dimensions) -> None:
        self._share(found, wanted, lambda talk: talk.memory["phase"] == "talking")

    def _first_plan(self, talk: Any) -> Any:
        plans = sorted(self.whole.all(Plan, conversation_id=talk.id), key=lambda plan: plan.agreed_at)
        return plans[0] if plans else None

    def _agreed(self, found: Found, wanted: Dimensions) -> None:
        self._share(found, wanted, lambda talk: self._first_plan(talk) is not None)

    def _contained(self, found: Found, wanted: Dimensions) -> None:
        def alone(talk: Any) -> bool:
            plan, person = self._first_plan(talk), self._person_at(talk)
            return plan is not None and (person is None or person > plan.agreed_at)

        self._share(found, wanted, alone)

    def _to_people(self, found: Found, wanted: Dimensions) -> None:
        self._share(found, wanted, lambda talk: self._person_at(talk) is not None)

    def _complaint_rows(self) -> list[tuple[Any, Any]]:
        found = []
        for row in self.whole.all(Audit, action="flagged"):
            if "complaint" in row.data["flags"]:
                case = self.cases[row.subject_id]
                talks = [talk for talk in self.talks.values() if talk.case_id == case.id and talk.opened_at <= row.at]
                found.append((row, max(talks, key=lambda talk: talk.opened_at, default=None)))
        return found

    def _complained(self, found: Found, wanted: Dimensions) -> None:
        complained = {talk.id for _, talk in self._complaint_rows() if talk}
        self._share(found, wanted, lambda talk: talk.id in complained)

    def _complaints(self, found: Found, wanted: Dimensions) -> None:
        found.n = sum(
            self._in(row.at) and self._is(wanted, self.cases[row.subject_id], talk, row.at)
            for row, talk in self._complaint_rows()
        )

    def _plan_rows(self, wanted: Dimensions) -> list[Any]:
        return [
            plan
            for plan in self.whole.all(Plan)
            if self._in(plan.agreed_at)
            and self._is(
                wanted,
                self.cases[plan.case_id],
                self.talks[plan.conversation_id],
                plan.agreed_at,
                plan.policy_version,
            )
        ]

    def _plans(self, found: Found, wanted: Dimensions) -> None:
        found.n = len(self._plan_rows(wanted))

    def _agreed_sum(self, found: Found, wanted: Dimensions) -> None:
        for plan in self._plan_rows(wanted):
            found.n += 1
            found.sums[plan.currency] += plan.total

    def _plan_kept(self, found: Found, wanted: Dimensions) -> None:
        for plan in self._plan_rows(wanted):
            rows = self.whole.all(InstalmentRow, plan_id=plan.id)
            paid = any(row.paid >= row.amount for row in rows)
            behind = any(row.missed_on and row.paid < row.amount for row in rows)
            if plan.state == "completed":
                found.of, found.n = found.of + 1, found.n + (not behind)
            elif plan.state == "broken":
                found.of += 1
            elif plan.state == "active" and (paid or behind):
                found.of, found.n = found.of + 1, found.n + (not behind)

    def _time_to_plan(self, found: Found, wanted: Dimensions) -> None:
        for plan in self._plan_rows(wanted):
            found.seconds.append(int((plan.agreed_at - self.talks[plan.conversation_id].opened_at).total_seconds()))

    def _promise_kept(self, found: Found, wanted: Dimensions) -> None:
        for row in self.whole.all(PromiseRow):
            case, talk = self.cases[row.case_id], self.talks[row.conversation_id]
            if self._in(row.due) and self._is(wanted, case, talk, row.made_at, row.policy_version):
                found.of += row.state in ("kept", "broken")
                found.n += row.state == "kept"

    def _offer_rows(self, wanted: Dimensions) -> list[Any]:
        return [
            row
            for row in self.whole.all(OfferRow)
            if self._in(row.at)
            and self._is(wanted, self.cases[row.case_id], self.talks[row.conversation_id], row.at, row.policy_version)
        ]

    def _offers(self, found: Found, wanted: Dimensions) -> None:
        found.n = len(self._offer_rows(wanted))

    def _accepted(self, found: Found, wanted: Dimensions) -> None:
        rows = self._offer_rows(wanted)
        found.n, found.of = sum(row.state == "accepted" for row in rows), len(rows)

    def _refused(self, found: Found, wanted: Dimensions) -> None:
        rows = self._offer_rows(wanted)
        found.n, found.of = sum(row.state == "refused" for row in rows), len(rows)

    def _talk_of_payment(self, row: Any) -> tuple[Any, int]:
        case = self.cases[row.case_id]
        local = ZoneInfo(self.debtors[case.debtor_id].time_zone)
        talks = [
            talk
            for talk in self.talks.values()
            if talk.case_id == case.id and talk.opened_at.astimezone(local).date() <= row.paid_on
        ]
        talk = max(talks, key=lambda talk: talk.opened_at, default=None)
        worth = row.amount
        if talk is not None:
            days = (row.paid_on - talk.opened_at.astimezone(local).date()).days
            worth = int((row.amount / Decimal("1.08") ** (Decimal(days) / 365)).quantize(Decimal(1), ROUND_HALF_UP))
        return talk, worth

    def _payment_rows(self, wanted: Dimensions) -> list[tuple[Any, int]]:
        found = []
        for row in self.whole.all(Payment):
            talk, worth = self._talk_of_payment(row)
            version = next((plan.policy_version for plan in self.whole.all(Plan, id=row.plan_id)), None)
            at = datetime(row.paid_on.year, row.paid_on.month, row.paid_on.day, tzinfo=UTC)
            if self._in(row.paid_on) and self._is(wanted, self.cases[row.case_id], talk, at, version):
                found.append((row, worth))
        return found

    def _payments(self, found: Found, wanted: Dimensions) -> None:
        found.n = len(self._payment_rows(wanted))

    def _received(self, found: Found, wanted: Dimensions) -> None:
        for row, _ in self._payment_rows(wanted):
            found.n += 1
            found.sums[row.currency] += row.amount

    def _present_value(self, found: Found, wanted: Dimensions) -> None:
        for row, worth in self._payment_rows(wanted):
            found.n += 1
            found.sums[row.currency] += worth

    def _of_talks(self, found: Found, wanted: Dimensions, place: int) -> None:
        talks = self._talks(wanted, wrote=False)
        found.n = len(talks)
        for row in self.whole.all(Payment):
            talk, worth = self._talk_of_payment(row)
            if talk in talks:
                found.sums[row.currency] += (row.amount, worth)[place]

    def _since_opening(self, found: Found, wanted: Dimensions) -> None:
        self._of_talks(found, wanted, 0)

    def _since_opening_value(self, found: Found, wanted: Dimensions) -> None:
        self._of_talks(found, wanted, 1)

    def _handoff_rows(self, wanted: Dimensions) -> list[Any]:
        return [
            row
            for row in self.whole.all(HandoffRow)
            if self._in(row.at)
            for talk in [self.talks[row.conversation_id]]
            if self._is(wanted, self.cases[talk.case_id], talk, row.at)
        ]

    def _handoffs(self, found: Found, wanted: Dimensions) -> None:
        found.n = len(self._handoff_rows(wanted))

    def _taken(self, found: Found, wanted: Dimensions) -> None:
        rows = self._handoff_rows(wanted)
        found.n, found.of = sum(row.taken_at is not None for row in rows), len(rows)

    def _queue_wait(self, found: Found, wanted: Dimensions) -> None:
        rows = self._handoff_rows(wanted)
        found.seconds = [int((row.taken_at - row.at).total_seconds()) for row in rows if row.taken_at]

    def _first_reply(self, found: Found, wanted: Dimensions) -> None:
        for row in self._handoff_rows(wanted):
            written = [
                message.at
                for message in self._messages(self.talks[row.conversation_id])
                if message.author == "agent"
                and row.at <= message.at
                and (not row.ended_at or message.at <= row.ended_at)
            ]
            if written:
                found.seconds.append(int((min(written) - row.at).total_seconds()))

    def _handle_time(self, found: Found, wanted: Dimensions) -> None:
        rows = self._handoff_rows(wanted)
        found.seconds = [int((row.ended_at - row.taken_at).total_seconds()) for row in rows if row.ended_at]
        for row in self.whole.all(Audit, action="took_over"):
            talk = self.talks[row.subject_id]
            ends = self.whole.all(Audit, action="handed_back", subject_id=talk.id)
            if ends and self._in(row.at) and self._is(wanted, self.cases[talk.case_id], talk, row.at):
                found.seconds.append(int((ends[0].at - row.at).total_seconds()))

    def _refusals(self, found: Found, wanted: Dimensions) -> None:
        for row in self.whole.all(Audit):
            if row.action not in ("refused", "withheld", "withheld_scheduled"):
                continue
            talk = self.talks[row.subject_id]
            rules = {reason["rule"] for reason in row.data.get("reasons", ())} | set(row.data.get("rules", ()))
            if self._in(row.at) and self._is(wanted, self.cases[talk.case_id], talk, row.at):
                found.n += len(rules - {"HOLDER", "SUPERSEDED", "LATE"})


def before(since: date, until: date) -> tuple[date, date]:
    """The period before, as long."""
    days = (until - since).days + 1
    return since - timedelta(days=days), since - timedelta(days=1)
