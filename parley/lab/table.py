"""A run's figures as tables to read in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

LABELS = {
    "recovery_90": "Recovered in 90 days",
    "recovery_180": "Recovered in 180 days",
    "recovery_365": "Recovered in 365 days",
    "present_value": "Present value",
    "present_value_year": "Present value of the year alone",
    "agreed": "Agreed without a person",
    "person": "Sent to a person",
    "left": "Left the talk",
    "kept": "Plans kept",
    "above_means": "Plans above means",
    "rounds": "Messages to agreement",
    "discount": "Discount given",
    "left_to_live": "Left to live on, of the minimum",
    "months_below": "Months below the minimum",
    "months_caused": "Months below because of it",
    "stressed": "Instalments paid though short, a month",
}
AGAINST_LABELS = {
    "present_value_more": "Present value, relative",
    "recovery_365": "Recovered in 365 days",
    "agreed": "Agreed without a person",
    "months_below": "Months below the minimum",
    "months_caused": "Months below because of it",
}
_PLAIN = ("rounds",)
Found = Mapping[str, float | None] | None


def as_tables(report: Mapping[str, Any]) -> RenderableType:
    """The strategies' figures, ours against each other, and the gaps between groups that are not noise."""
    parts: list[RenderableType] = [_strategies(report)]
    if report["ours_against"]:
        parts.append(_against(report["ours_against"]))
    parts.append(_groups(report["groups"]))
    return Group(*parts)


def interval(found: Found, *, signed: bool = False, plain: bool = False) -> str:
    """`12.3 ± 0.4` in percent, or as it is when `plain`; `-` where there is no figure."""
    if found is None or found["mean"] is None:
        return "-"
    scale = 1 if plain else 100
    digits = 2 if plain else 1
    shown = f"{found['mean'] * scale:{'+' if signed else ''}.{digits}f}"
    low, high = found["low"], found["high"]
    if low is None or high is None:
        return shown
    return f"{shown} ± {(high - low) / 2 * scale:.{digits}f}"


def _strategies(report: Mapping[str, Any]) -> Table:
    seeds, market = len(report["seeds"]), report["market"]
    title = f"{market}: {seeds} × {report['cases']} cases, limits {report['rule']} v{report['policy_version']}"
    table = _table(title, "Percent unless told; mean ± half of the 95 % interval over seeds", report["strategies"])
    for figure, label in LABELS.items():
        cells = (interval(found[figure], plain=figure in _PLAIN) for found in report["strategies"].values())
        table.add_row(label, *cells)
    return table


def _against(compared: Mapping[str, Mapping[str, Found]]) -> Table:
    table = _table("Ours less the other, on the same people", "Percentage points; present value in percent", compared)
    for figure, label in AGAINST_LABELS.items():
        table.add_row(label, *(interval(found[figure], signed=True) for found in compared.values()))
    return table


def _groups(groups: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    """Of two groups of an attribute one is enough: the other's gap is the same, turned round."""
    table = _table(
        "Groups that no strategy sees: the group less everybody else of equal means",
        "Percentage points; * where the interval leaves out zero",
        groups,
    )
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for name, found in groups.items():
        for row in found:
            key = (row["attribute"], row["group"], row["figure"])
            gap = row["gap_at_equal_means"]
            rows.setdefault(key, {})[name] = interval(gap, signed=True) + _mark(gap)
    two = {each for each in {key[0] for key in rows} if len({key[1] for key in rows if key[0] == each}) == 2}
    first = {each: min(key[1] for key in rows if key[0] == each) for each in two}
    for (attribute, group, figure), cells in rows.items():
        if first.get(attribute, group) == group:
            table.add_row(f"{attribute} {group}: {LABELS[figure].lower()}", *(cells.get(name, "-") for name in groups))
    return table


def _mark(gap: Found) -> str:
    if gap is None or gap["low"] is None or gap["high"] is None:
        return ""
    return " *" if gap["low"] > 0 or gap["high"] < 0 else ""


def _table(title: str, caption: str, columns: Mapping[str, Any]) -> Table:
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table
