"""`parley import`: an import with a progress bar and a report that a person can act on."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.settings import Settings
from parley.installation import open_works
from parley.portfolio.columns import headers_to_show, map_columns
from parley.portfolio.files import count_lines
from parley.portfolio.load import Outcome, load


async def import_file(settings: Settings, path: Path, *, dry_run: bool) -> int:
    """Imports the file and prints what happened. Exit code: 0 all in, 1 some lines were left out."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    async with open_works(settings) as works:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("Checking" if dry_run else "Importing", total=count_lines(path))
            outcome = await load(
                path,
                works,
                dry_run=dry_run,
                fewest_facts=settings.verify_facts,
                progress=lambda lines: bar.advance(task, lines),
            )
    print("\n".join(told(outcome, dry_run=dry_run)))
    return 1 if outcome.rejected else 0


def told(outcome: Outcome, *, dry_run: bool) -> list[str]:
    """What a person is told of it: counts, lines, columns and reasons, and nothing of what the file says of people."""
    if dry_run:
        lines = [
            f"{outcome.good} lines are good: {outcome.created} new cases, {outcome.updated} known ones. "
            "Nothing was imported (dry run)."
        ]
    else:
        lines = [f"{outcome.created} cases made, {outcome.updated} brought up to date."]
    if outcome.kept:
        lines.append(
            f"{outcome.kept} of these keep their sums: settled or closed here, or with a later balance or payment than "
            "the file's."
        )
    if outcome.mapped.ignored:
        unused = ", ".join(headers_to_show(map_columns(outcome.mapped.ignored)))
        lines.append(f"Columns not used: {unused}.")
    if outcome.rejected:
        lines.append(f"{outcome.rejected} lines were left out. Each reason is in {outcome.report}:")
    for problem in outcome.examples:
        place = f"line {problem.line}" + (f", {_one_line(problem.column)}" if problem.column else "")
        lines.append(f"  {place}: {problem.reason} / {problem.reason_zh}")
    return lines


def _one_line(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
