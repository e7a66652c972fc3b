"""An evaluation's figures as text for a terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

CONFUSIONS_SHOWN = 20


def as_table(figures: Mapping[str, Any]) -> str:
    """The summary, then each intent, then entities where any were labelled, then the commonest confusions."""
    console = Console(width=100, no_color=True)
    tables = [_summary(figures), _scores("intent", figures["per_intent"])]
    if figures["entities"]:
        tables.append(_scores("entity", figures["entities"]["per_type"]))
    confused = Table("gold", "read as", "count", title="confusions")
    for row in figures["confusions"][:CONFUSIONS_SHOWN]:
        confused.add_row(row["gold"], row["read"], str(row["count"]))
    with console.capture() as capture:
        for table in (*tables, confused):
            console.print(table)
    return capture.get()


def _summary(figures: Mapping[str, Any]) -> Table:
    table = Table("figure", "value", title=f"{figures['engine']} {figures['version']}")
    for key, value in _flat(figures):
        table.add_row(key, "-" if value is None else str(value))
    return table


def _flat(figures: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for key, value in figures.items():
        if key == "latency_ms":
            yield "latency p50 / p95 / p99, ms", " / ".join(str(value[p]) for p in ("p50", "p95", "p99"))
        elif key == "entities" and value:
            yield from ((f"entities {name}", figure) for name, figure in value.items() if name != "per_type")
        elif not isinstance(value, (list, dict, str)):
            yield key, value


def _scores(kind: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table(kind, "precision", "recall", "f1", "support")
    for name, row in rows.items():
        table.add_row(name, *("-" if value is None else str(value) for value in row.values()))
    return table
