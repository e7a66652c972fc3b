"""`parley lab run`: runs a setting with progress on standard error, and says what came out."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.lab.experiment import Setting, in_turn, run
from core.lab.picture import as_svg
from parley.lab.processes import in_parallel
from parley.lab.table import as_tables

_TABLE_WIDTH = 120


def run_lab(setting: Setting, *, processes: int, as_json: bool, picture: Path | None) -> None:
    """Runs, draws the picture where one is asked for, and prints the tables, or JSON."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("People", total=setting.seeds * setting.cases)
        worked = in_parallel(processes) if processes > 1 else in_turn
        report = run(setting, worked, lambda people: progress.advance(task, people))
    if picture is not None:
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_text(as_svg(report), "utf-8")
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    console = Console()
    Console(width=console.width if console.is_terminal else _TABLE_WIDTH).print(as_tables(report))
