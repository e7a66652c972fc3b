"""A run's figures as tables to read in a terminal."""

from collections.abc import Iterable, Mapping, Sequence
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
    "months_caused_year": "The same in the first year",
    "stressed": "Instalments paid though short, a month",
    "present_value_team": "Present value with the team",
    "months_caused_team": "Months below because of it with the team",
}
AGAINST_LABELS = {
    "present_value_more": "Present value, relative",
    "recovery_365": "Recovered in 365 days",
    "agreed": "Agreed without a person",
    "months_below": "Months below the minimum",
    "months_caused": "Months below because of it",
    "months_caused_year": "The same in the first year",
    "present_value_team_more": "Present value with the team, relative",
    "months_caused_team": "Months below because of it with the team",
}
_PLAIN = ("rounds",)
_FINE = ("months_caused", "months_caused_year", "months_caused_team", "stressed")
Found = Mapping[str, float | None] | None


def as_tables(report: Mapping[str, Any]) -> RenderableType:
    """The strategies' figures, ours against each other, and the gaps between groups that are not noise."""
    parts: list[RenderableType] = [_strategies(report)]
    if report["ours_against"]:
        parts.append(_against(report["ours_against"]))
    if report["curve"]:
        parts.append(_curve(report["curve"]))
    parts.append(_groups(report["groups"]))
    return Group(*parts)


def interval(found: Found, *, signed: bool = False, plain: bool = False, fine: bool = False) -> str:
    """`12.3 ± 0.4` in percent, `12.34 ± 0.41` when `fine`, or as it is when `plain`; `-` where there is no figure."""
    if found is None or found["mean"] is None:
        return "-"
    scale = 1 if plain else 100
    digits = 2 if plain or fine else 1
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
        cells = (
            interval(found[figure], plain=figure in _PLAIN, fine=figure in _FINE)
            for found in report["strategies"].values()
        )
        table.add_row(label, *cells)
    return table


def _against(compared: Mapping[str, Mapping[str, Found]]) -> Table:
    table = _table("Ours less the other, on the same people", "Percentage points; present value in percent", compared)
    for figure, label in AGAINST_LABELS.items():
        table.add_row(
            label, *(interval(found[figure], signed=True, fine=figure in _FINE) for found in compared.values())
        )
    return table


def _curve(curve: Sequence[Mapping[str, Any]]) -> Table:
    """Ours with other weights: a row each, beside the simple strategies."""
    others = [other for other in curve[0]["against"] if other != "never"]
    columns = ["present value", "months below", "agreed"]
    columns += [f"{what}, less {other}" for other in others for what in ("value", "months")]
    caption = "Share of a surplus that may be recommended / that should stay free; percent, value less another relative"
    table = _table("Ours with other weights", caption, columns)
    for point in curve:
        cells = [interval(point["present_value"]), interval(point["months_caused"], fine=True)]
        cells.append(interval(point["agreed"]))
        for other in others:
            found = point["against"][other]
            cells.append(interval(found["present_value_more"], signed=True))
            cells.append(interval(found["months_caused"], signed=True, fine=True))
        table.add_row(point["name"], *cells)
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


def _table(title: str, caption: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right", no_wrap="," not in name)
    return table
