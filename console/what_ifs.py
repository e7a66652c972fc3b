"""A simulation of limits as a page, a picture and a table show it."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from console.i18n import N_
from console.page import Page
from console.queries.what_ifs import RunView
from core.lab.picture import Sheet, drawn, point_of

FIGURES: Mapping[str, str] = {
    "recovery_90": N_("Recovered within 90 days"),
    "recovery_180": N_("Recovered within 180 days"),
    "recovery_365": N_("Recovered within 365 days"),
    "present_value": N_("Present value"),
    "agreed": N_("Agreed without a person"),
    "person": N_("Sent to a person"),
    "kept": N_("Plans kept"),
    "rounds": N_("Messages until agreed"),
    "discount": N_("Discount given"),
    "left_to_live": N_("Left to live on"),
    "months_below": N_("Months with too little to live on"),
    "months_caused": N_("Of these, because of paying"),
}
OF: Mapping[str, str] = {
    "recovery_90": N_("of what is owed"),
    "recovery_180": N_("of what is owed"),
    "recovery_365": N_("of what is owed"),
    "present_value": N_("of what is owed, what plans bring later included"),
    "agreed": N_("of people"),
    "person": N_("of people"),
    "kept": N_("of plans agreed, to the end of the year"),
    "rounds": N_("of those who agreed"),
    "discount": N_("of what those who agreed owe"),
    "left_to_live": N_("of the least to live on, a month"),
    "months_below": N_("of all months"),
    "months_caused": N_("of all months"),
}
PLAIN = ("rounds",)
LESS_IS_BETTER = ("person", "rounds", "months_below", "months_caused")
NEITHER = ("discount",)
ATTRIBUTES: Mapping[str, str] = {
    "language": N_("Language"),
    "age": N_("Age"),
    "bucket": N_("Days past due"),
    "product": N_("Product"),
    "segment": N_("Known of the person"),
}
GROUP_FIGURES: Mapping[str, str] = {
    "agreed": N_("Agreed without a person"),
    "recovered": N_("Recovered within 365 days"),
    "months_caused": N_("Months too short because of paying"),
}
FAILURES: Mapping[str, str] = {
    "no_cases": N_("There is no open case that an offer could be made on."),
    "no_limits": N_("No limits are in force that it could be compared with."),
}
FAILED = N_("The simulation failed (%(error)s). Try again.")
ASKED = N_("It is being simulated. You may leave this page.")
BUSY = N_("A simulation of this version waits or runs already.")
DECIDED = N_("This version is no draft any more.")
CALLED_OFF = N_("The simulation was called off.")

_TITLE = N_("Recovery and what people have left, in force and in this version")
_ACROSS = N_("Months with enough left, percent")
_UP = N_("Present value, percent of what is owed")
_TOLD = N_("{name}: enough left in {health} of months, present value {value}")
_IN_FORCE = N_("In force")
_DRAFT = N_("This version")
_COLUMNS = (
    N_("Part"),
    N_("Of"),
    N_("Figure"),
    N_("In force"),
    N_("In force, from"),
    N_("In force, to"),
    N_("This version"),
    N_("This version, from"),
    N_("This version, to"),
    N_("Change"),
    N_("Change, from"),
    N_("Change, to"),
)


def picture(page: Page, run: RunView, currency: str) -> str | None:
    """Recovery against health of both versions as SVG; None for a currency that the run has no figures of."""
    parts = {part["currency"]: part["figures"] for part in (run.report or {}).get("parts", ())}
    figures = parts.get(currency)
    if not figures:
        return None
    names = {"before": page.say(_IN_FORCE), "after": page.say(_DRAFT)}
    points = [
        point_of(name, figures["months_caused"][side], figures["present_value"][side]) for side, name in names.items()
    ]
    sheet = Sheet(
        width=340,
        height=360,
        left=56,
        right=16,
        top=24,
        bottom=56,
        title=page.say(_TITLE),
        across=page.say(_ACROSS),
        up=page.say(_UP),
        told=page.say(_TOLD),
    )
    return drawn([point for point in points if point is not None], sheet)


def table(page: Page, run: RunView) -> str:
    """Every figure of a run as comma-separated values, shares as fractions."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([page.say(name) for name in _COLUMNS])
    writer.writerows(_rows(page, run.report or {}))
    return out.getvalue()


def _rows(page: Page, report: Mapping[str, Any]) -> Iterator[list[object]]:
    shown = page.console.renderer.shown(page.language)
    for part in report.get("parts", ()):
        for name, found in part["figures"].items():
            yield [part["currency"], "", page.say(FIGURES[name]), *_numbers(found)]
    for row in report.get("groups", ()):
        attribute = ATTRIBUTES[row["attribute"]]
        for name, found in row["figures"].items():
            yield [shown.gettext(attribute), shown.group_name(row), page.say(GROUP_FIGURES[name]), *_numbers(found)]


def _numbers(found: Mapping[str, Any]) -> list[object]:
    cells: list[object] = []
    for side in ("before", "after", "gap"):
        known = found[side] or {}
        cells += ["" if known.get(key) is None else known[key] for key in ("mean", "low", "high")]
    return cells


def is_clear(found: Mapping[str, float | None] | None) -> bool:
    """Whether an interval leaves nothing out on one side: the difference is more than the luck of the draw."""
    if found is None or found["low"] is None or found["high"] is None:
        return False
    return found["low"] > 0 or found["high"] < 0
