"""What is measured. A measure is made of parts, and a part is both how a number is counted and the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, literal

from core.store.tables import Mark, ReportFact

Form = Literal["count", "share", "sum", "duration"]
Column = Literal["", "amount", "worth", "planned_s", "waited_s", "replied_s", "handled_s"]

DATED = ("payment", "promise")
"""Kinds that stand on a date, not at a moment: a date is the same in every time zone."""


@dataclass(frozen=True, slots=True)
class Part:
    """Facts of some kinds that carry all of these marks; with a `column`, those of which it is known."""

    kinds: tuple[str, ...]
    marks: Mark = Mark(0)
    column: Column = ""

    def holds(self, kind: str, marks: int) -> bool:
        """Whether a fact belongs to it; what is known of its column is left out."""
        return kind in self.kinds and marks & self.marks == self.marks

    def where(self) -> ColumnElement[bool]:
        """The same, said to the database."""
        found: list[ColumnElement[bool]] = [ReportFact.kind.in_(self.kinds)]
        if self.marks:
            found.append(ReportFact.marks.bitwise_and(literal(int(self.marks))) == int(self.marks))
        if self.column.endswith("_s"):
            found.append(getattr(ReportFact, self.column).is_not(None))
        return and_(*found)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: how many, a share `of` something, a sum of money, or how long. Less is better where `less` says so;
    where it is None neither is."""

    name: str
    form: Form
    part: Part
    of: Part | None = None
    less: bool | None = None

    @property
    def column(self) -> Column:
        """What is summed or measured; nothing where rows are counted."""
        return self.part.column


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table by the values of one kind: reasons, rules, kinds of offers. `labels` names the words for the values."""

    name: str
    kind: str
    measures: tuple[str, ...]
    labels: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of reports. `drawn` are shown day by day, `bars` group by group; `segments` compares who people are."""

    name: str
    measures: tuple[str, ...]
    drawn: tuple[str, ...]
    bars: str
    breakdowns: tuple[Breakdown, ...] = ()
    segments: tuple[str, ...] = ()

    def all_measures(self) -> tuple[Measure, ...]:
        """Each measure that the page needs, once."""
        names = [*self.measures, *self.drawn, self.bars, *self.segments]
        names += [name for breakdown in self.breakdowns for name in breakdown.measures]
        return tuple(MEASURES[name] for name in dict.fromkeys(names))


_TALK = ("conversation",)
_WROTE = Part(_TALK, Mark.WROTE)


def _of_wrote(name: str, marks: Mark, *, less: bool | None = False) -> Measure:
    return Measure(name, "share", Part(_TALK, Mark.WROTE | marks), _WROTE, less)


_ALL = (
    Measure("opened", "count", Part(_TALK)),
    Measure("wrote", "count", _WROTE),
    _of_wrote("right_party", Mark.RIGHT_PARTY),
    _of_wrote("agreed", Mark.AGREED),
    _of_wrote("contained", Mark.AGREED | Mark.ALONE),
    _of_wrote("to_people", Mark.PERSON, less=None),
    _of_wrote("complained", Mark.COMPLAINED, less=True),
    Measure("plans", "count", Part(("plan",))),
    Measure("plan_kept", "share", Part(("plan",), Mark.DECIDED | Mark.KEPT), Part(("plan",), Mark.DECIDED), False),
    Measure(
        "promise_kept", "share", Part(("promise",), Mark.DECIDED | Mark.KEPT), Part(("promise",), Mark.DECIDED), False
    ),
    Measure("time_to_plan", "duration", Part(("plan",), column="planned_s"), less=True),
    Measure("offers", "count", Part(("offer",))),
    Measure("accepted", "share", Part(("offer",), Mark.ACCEPTED), Part(("offer",)), False),
    Measure("refused", "share", Part(("offer",), Mark.REFUSED), Part(("offer",)), True),
    Measure("payments", "count", Part(("payment",))),
    Measure("received", "sum", Part(("payment",), column="amount"), less=False),
    Measure("present_value", "sum", Part(("payment",), column="worth"), less=False),
    Measure("agreed_sum", "sum", Part(("plan",), column="amount")),
    Measure("since_opening", "sum", Part(_TALK, column="amount"), less=False),
    Measure("since_opening_value", "sum", Part(_TALK, column="worth"), less=False),
    Measure("handoffs", "count", Part(("handoff",))),
    Measure("taken", "share", Part(("handoff",), Mark.TAKEN), Part(("handoff",)), False),
    Measure("queue_wait", "duration", Part(("handoff",), column="waited_s"), less=True),
    Measure("first_reply", "duration", Part(("handoff",), column="replied_s"), less=True),
    Measure("handle_time", "duration", Part(("handoff", "takeover"), column="handled_s")),
    Measure("refusals", "count", Part(("refusal",)), less=True),
    Measure("complaints", "count", Part(("complaint",)), less=True),
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}

TABS: Mapping[str, Tab] = {
    tab.name: tab
    for tab in (
        Tab(
            "agreements",
            ("wrote", "right_party", "contained", "agreed", "to_people", "plan_kept", "promise_kept", "time_to_plan"),
            ("wrote", "contained"),
            "contained",
            (Breakdown("offers", "offer", ("offers", "accepted", "refused"), "OFFER_KINDS"),),
        ),
        Tab(
            "money",
            ("payments", "received", "present_value", "plans", "agreed_sum", "since_opening", "since_opening_value"),
            ("received", "present_value"),
            "received",
        ),
        Tab(
            "service",
            ("handoffs", "taken", "queue_wait", "first_reply", "handle_time"),
            ("handoffs", "taken"),
            "handoffs",
            (Breakdown("reasons", "handoff", ("handoffs", "taken"), "REASONS"),),
        ),
        Tab(
            "care",
            ("wrote", "complaints", "complained", "refusals"),
            ("complaints", "refusals"),
            "complained",
            (
                Breakdown("rules", "refusal", ("refusals",), ""),
                Breakdown("complaints", "complaint", ("complaints",), "COMPLAINT_CATEGORIES"),
            ),
            (
                "wrote",
                "right_party",
                "agreed",
                "contained",
                "to_people",
                "complained",
                "plan_kept",
                "promise_kept",
                "queue_wait",
            ),
        ),
    )
}
