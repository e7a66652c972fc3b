"""The command line: `parley …`. Each command is a few lines that call what does the work."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from core.actions.values import ROLES
from core.clock import SystemClock
from core.errors import InvalidInput, ParleyError
from core.settings import Settings

T = TypeVar("T")


class _Failed(click.ClickException):
    """A command that a person can mend."""

    exit_code = 2


class _Commands(click.Group):
    """Turns errors that a person can mend into one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ParleyError as error:
            facts = ", ".join(f"{name}: {value}" for name, value in error.data.items())
            raise _Failed(f"{error}{f' ({facts})' if facts else ''}") from error


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs one command's coroutine to its end."""
    return asyncio.run(work)


@click.group(cls=_Commands)
@click.version_option(package_name="parley")
def main() -> None:
    """Parley (和谈): people in arrears settle by chat; the team that collects stays in charge."""


@main.command()
@click.option("--reset", is_flag=True, help="Forget the demo's data and start anew.")
@click.option("--port", default=8010, show_default=True, help="Where the chat and the console listen.")
def demo(reset: bool, port: int) -> None:
    """Start everything in one process on SQLite, with sample cases."""
    from parley.demo import run_demo

    run(run_demo(reset=reset, port=port))


@main.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    from core.store.migrate import upgrade

    settings = Settings()
    settings.prepare()
    run(upgrade(settings.database_url))
    click.echo("The database is up to date.")


@main.group()
def serve() -> None:
    """Run a part of Parley, or all of it."""


@serve.command("all")
def serve_all() -> None:
    """Web chat, Telegram, console, sender and sweeper in one process."""
    from parley.processes import serve as serve_parts

    run(serve_parts(Settings(), {"console", "bot", "worker"}))


@serve.command("console")
def serve_console() -> None:
    """The team's console alone."""
    from parley.processes import serve as serve_parts

    run(serve_parts(Settings(), {"console"}))


@serve.command("bot")
def serve_bot() -> None:
    """The debtor's side: web chat, Telegram."""
    from parley.processes import serve as serve_parts

    run(serve_parts(Settings(), {"bot"}))


@serve.command("worker")
def serve_worker() -> None:
    """Sender and sweeper: what is due leaves, what a crash left is finished."""
    from parley.processes import serve as serve_parts

    run(serve_parts(Settings(), {"worker"}))


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check every line, import none.")
def import_(file: Path, dry_run: bool) -> None:
    """Import a portfolio (.csv or .xlsx); known cases are brought up to date."""
    from parley.portfolio.command import import_file

    raise SystemExit(run(import_file(Settings(), file, dry_run=dry_run)))


@main.command("sample-portfolio")
@click.option("--rows", default=200, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
@click.option("--out", default="portfolio.csv", show_default=True, type=click.Path(dir_okay=False, path_type=Path))
def sample_portfolio(rows: int, seed: int, out: Path) -> None:
    """Write a believable portfolio (.csv or .xlsx) to try an import with."""
    from parley.portfolio.sample import write_sample

    write_sample(out, rows, seed)
    click.echo(f"{rows} cases written to {out}.")


@main.command()
@click.argument("reference", required=False)
@click.option("--script", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Play a scripted debtor.")
def chat(reference: str | None, script: Path | None) -> None:
    """Chat in the terminal as the debtor of case REFERENCE, or play a script and print what happened as JSON."""
    if script is not None:
        from parley.script import play_file

        click.echo(json.dumps(run(play_file(script)), ensure_ascii=False, indent=2))
        return
    from parley.terminal import chat_as

    run(chat_as(Settings(), reference))


@main.command()
@click.argument("reference")
@click.option("--creditor", help="Needed when two creditors use the same reference.")
@click.option("--days", type=click.IntRange(1, 90), help="How long the link opens the chat.")
def link(reference: str, creditor: str | None, days: int | None) -> None:
    """Make a chat link (and Telegram start code) for a case."""
    from parley.admin import make_link

    for line in run(make_link(Settings(), reference, creditor, days)):
        click.echo(line)


@main.command()
@click.argument("reference")
@click.argument("amount")
@click.option("--creditor", help="Needed when two creditors use the same reference.")
@click.option("--payment-reference", required=True, help="The payment's own reference; a repeat is not counted twice.")
@click.option("--on", "paid_on", type=click.DateTime(["%Y-%m-%d"]), help="The day it was paid; today when left out.")
def payment(
    reference: str, amount: str, creditor: str | None, payment_reference: str, paid_on: datetime | None
) -> None:
    """Record that AMOUNT arrived for case REFERENCE."""
    from parley.admin import record_payment

    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise InvalidInput("Give the amount as a number, such as 120.50.", amount=amount) from None
    day: date | None = paid_on.date() if paid_on else None
    click.echo(run(record_payment(Settings(), reference, creditor, value, payment_reference, day=day)))


@main.command()
@click.argument("name")
@click.option("--phone", help="The official number that debtors may call.")
@click.option("--hours", help="When its people are there, such as “Mon-Fri 09:00-18:00; Sat 10:00-14:00”.")
@click.option("--time-zone", help="Of the hours, such as Europe/London.")
@click.option("--pay-en", help="How to pay, in English.")
@click.option("--pay-zh", help="How to pay, in Chinese.")
def creditor(
    name: str,
    *,
    phone: str | None,
    hours: str | None,
    time_zone: str | None,
    pay_en: str | None,
    pay_zh: str | None,
) -> None:
    """Say how creditor NAME is reached and paid; what is left out stays as it is."""
    from core.actions.creditors import Details
    from parley.admin import describe_creditor

    ways = {language: text for language, text in (("en", pay_en), ("zh", pay_zh)) if text is not None}
    details = Details(phone=phone, hours=hours, time_zone=time_zone, pay_ways=ways or None)
    click.echo(run(describe_creditor(Settings(), name, details)))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def vectors(file: Path) -> None:
    """Work out the calculator's examples in FILE and print one JSON line a row."""
    from parley.vectors import run_vectors

    for row in run_vectors(file):
        click.echo(json.dumps(row, ensure_ascii=False))


@main.group()
def user() -> None:
    """The team's logins."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.password_option()
def user_add(login: str, name: str, role: str, password: str) -> None:
    """Add a login of the team."""
    from parley.admin import add_user

    run(add_user(Settings(), login, name, role, password))
    click.echo(f"{login} may sign in as {role}.")


@main.group()
def policy() -> None:
    """The versions of the limits, to read: they are changed in the console."""


@policy.command("list")
def policy_list() -> None:
    """Every version and draft, the newest first."""
    from parley.policy_versions import listed

    for line in run(listed(Settings())):
        click.echo(line)


@policy.command("show")
@click.argument("number", type=click.IntRange(1), required=False)
def policy_show(number: int | None) -> None:
    """Version NUMBER as JSON; the one in force when left out."""
    from parley.policy_versions import shown

    click.echo(json.dumps(run(shown(Settings(), number)), ensure_ascii=False, indent=2))


@policy.command("diff")
@click.argument("old", type=click.IntRange(1))
@click.argument("new", type=click.IntRange(1), required=False)
def policy_diff(old: int, new: int | None) -> None:
    """What differs from version OLD to version NEW; to the one in force when NEW is left out."""
    from parley.policy_versions import compared

    for line in run(compared(Settings(), old, new)):
        click.echo(line)


@main.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
def audit_verify() -> None:
    """Check that no row of the audit trail was changed, added or removed."""
    from parley.admin import verify_audit

    intact, said = run(verify_audit(Settings()))
    click.echo(said)
    raise SystemExit(0 if intact else 1)


@audit.command("replay")
@click.argument("conversation", type=click.IntRange(1))
def audit_replay(conversation: int) -> None:
    """Make every decision of a conversation again from what it looked at, and compare."""
    from parley.admin import replay_decisions

    same, lines = run(replay_decisions(Settings(), conversation))
    for line in lines:
        click.echo(line)
    raise SystemExit(0 if same else 1)


@main.group()
def reports() -> None:
    """The figures of the console's reports."""


@reports.command("recount")
def reports_recount() -> None:
    """Count everything that reports show anew, from the cases themselves."""
    from parley.reports import recount

    click.echo(run(recount(Settings())))


@main.group()
def nlu() -> None:
    """Understanding: read messages, train, evaluate."""


_ENGINE = click.option(
    "--engine",
    type=click.Choice(["local", "rasa"]),
    help="local or rasa; the setting PARLEY_NLU_ENGINE when left out.",
)


@nlu.command("parse")
@_ENGINE
def nlu_parse(engine: str | None) -> None:
    """Read JSON lines on standard input, write what each message means."""
    from nlu.cli_logic import parse_lines
    from parley.understanding import engine_for_command

    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    with engine_for_command(Settings(), engine) as loaded:
        for line in parse_lines(loaded, sys.stdin, SystemClock().now()):
            click.echo(line)


@nlu.command("train")
@_ENGINE
@click.option("--if-needed", is_flag=True, help="Only when there is no model of the present data.")
@click.option("--epochs", type=click.IntRange(1), help="How long Rasa trains; nlu/rasa/config.yml says it otherwise.")
def nlu_train(engine: str | None, if_needed: bool, epochs: int | None) -> None:
    """Train the understanding from nlu/data."""
    from parley.understanding import train

    click.echo(train(Settings(), engine, if_needed=if_needed, epochs=epochs))


@nlu.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_ENGINE
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Also draw the confusions, as SVG.")
def nlu_evaluate(file: Path, engine: str | None, as_json: bool, picture: Path | None) -> None:
    """Measure an engine on labelled messages."""
    from nlu.cli_logic import evaluate_file
    from nlu.confusion_picture import as_svg
    from nlu.evaluation import as_table
    from parley.understanding import engine_for_command

    with engine_for_command(Settings(), engine) as loaded:
        figures = evaluate_file(loaded, file, SystemClock().now())
    if picture is not None:
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_text(as_svg(figures), "utf-8")
    click.echo(json.dumps(figures, ensure_ascii=False, indent=2) if as_json else as_table(figures))


@nlu.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Of one language; both when left out.")
def nlu_export(file: Path, lang: str | None) -> None:
    """Write the messages that people relabelled to FILE as Rasa training data, personal data masked."""
    from parley.admin import export_relabelled

    count = run(export_relabelled(Settings(), file, "en" if lang == "en" else "zh" if lang else None))
    click.echo(f"{count} relabelled messages written to {file}.")


@nlu.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another folder of data.")
@click.option("--fast", is_flag=True, help="Leave out the labels, which need a cross-validated model (minutes).")
@click.option("--shown", default=20, show_default=True, type=click.IntRange(1), help="Findings listed of each check.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, all findings, instead of a table.")
def nlu_check(files: tuple[Path, ...], data: Path | None, *, fast: bool, shown: int, as_json: bool) -> None:
    """Check the training data, also for leaks into FILES (tests/nlu/*.jsonl); status 1: something must be mended."""
    from nlu.checks.run import as_text, check
    from nlu.corpus import DATA_DIR

    cache = None if fast else Settings().data_dir / "cache" / "nlu"
    report = check(files, data_dir=data or DATA_DIR, cache_dir=cache)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else as_text(report, shown))
    raise SystemExit(1 if report["must_mend"] else 0)


@main.group()
def lab() -> None:
    """Simulated debtors, to compare ways of negotiating."""


@lab.command("run")
@click.argument("strategies", nargs=-1, metavar="[ours|menu|concede|never]...")
@click.option(
    "--seeds", default=10, show_default=True, type=click.IntRange(1), help="How many runs, with other people."
)
@click.option("--cases", default=1000, show_default=True, type=click.IntRange(1), help="People in a run.")
@click.option("--market", default="cn", show_default=True, type=click.Choice(["cn", "us", "uk"]))
@click.option("--seed", default=1, show_default=True, help="The first run's; the others count up from it.")
@click.option("--discount-rate", default=0.08, show_default=True, type=click.FloatRange(0, 1), help="Of a year.")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1), help="How many work at once.")
@click.option("--curve", is_flag=True, help="Also run ours with other weights, from least to most careful.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="Also draw recovery and health, as SVG."
)
def lab_run(
    strategies: tuple[str, ...],
    *,
    seeds: int,
    cases: int,
    market: Literal["cn", "us", "uk"],
    seed: int,
    discount_rate: float,
    processes: int,
    curve: bool,
    as_json: bool,
    picture: Path | None,
) -> None:
    """Let simulated debtors bargain with STRATEGIES (all when left out) and live five years with what was agreed."""
    from core.lab.experiment import Setting
    from parley.lab.command import run_lab

    setting = Setting(market=market, seeds=seeds, cases=cases, first_seed=seed, rate=discount_rate, curve=curve)
    if strategies:
        setting = replace(setting, strategies=tuple(dict.fromkeys(strategies)))
    run_lab(setting, processes=processes, as_json=as_json, picture=picture)


if __name__ == "__main__":
    main()
