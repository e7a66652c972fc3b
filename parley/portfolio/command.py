"""`parley import`: an import with a progress bar and a report that a person can act on."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.clock import SystemClock
from core.settings import Settings
from parley.installation import open_works
from parley.portfolio.files import count_lines
from parley.portfolio.load import Outcome, load


async def import_file(settings: Settings, path: Path, *, dry_run: bool) -> int:
    """Imports the file and prints what happened. Exit code: 0 all in, 1 some lines were left out."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    today = SystemClock().now().date()
    async with open_works(settings) as works:
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("Checking" if dry_run else "Importing", total=count_lines(path))
            outcome = await load(path, works, today, dry_run=dry_run, progress=lambda lines: bar.advance(task, lines))
    _tell(console, outcome, dry_run=dry_run)
    return 1 if outcome.rejected else 0


def _tell(console: Console, outcome: Outcome, *, dry_run: bool) -> None:
    if dry_run:
        console.print(f"{outcome.good} lines are good; nothing was imported (dry run).")
    else:
        console.print(f"{outcome.created} cases made, {outcome.updated} brought up to date.")
    if outcome.mapped.ignored:
        console.print(f"Columns not used: {', '.join(outcome.mapped.ignored)}.")
    if outcome.rejected:
        console.print(f"{outcome.rejected} lines were left out. Each reason is in {outcome.report}:")
        for problem in outcome.examples:
            console.print(f"  line {problem.line}, {problem.column}: {problem.reason} / {problem.reason_zh}")
