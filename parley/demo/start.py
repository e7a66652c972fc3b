"""Starts the demo, and tells where to look and whom to be."""

import csv
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import click

from core.actions import links, teams, users
from core.actions.debtor_view import case_of
from core.actions.inbound import Arrival
from core.actions.values import Actor
from core.errors import InvariantBroken
from core.settings import Settings
from core.work import Works
from parley.demo.creditors import describe_creditors
from parley.demo.people import PASSWORD, TEAM, TO_BE, WAITING, Person
from parley.portfolio.sample import HEADERS, sample_rows
from parley.processes import Process, serve

_SAMPLE_ROWS = 60
_SEED = 8


async def run_demo(*, reset: bool, port: int) -> None:
    """Everything in one process, until it is stopped. The data stay unless `reset`."""
    began = time.monotonic() - time.process_time()
    settings = _settings(port)
    folder = settings.data_dir / "demo"
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)

    async def ready(running: Process) -> None:
        await _tell(running, began)
        await _say_openings(running)

    await serve(settings, {"console", "bot", "worker"}, before=_prepare, ready=ready)


def _settings(port: int) -> Settings:
    base = Settings()
    return base.model_copy(
        update={
            "database_url": f"sqlite+aiosqlite:///{base.data_dir / 'demo' / 'parley.db'}",
            "public_url": f"http://127.0.0.1:{port}",
            "host": "127.0.0.1",
            "port": port,
            "redis_url": None,
            "demo": True,
        }
    )


async def _prepare(running: Process) -> None:
    """The first start: a team, and a portfolio through the real importer."""
    async with running.works.read() as session:
        if await users.count(session):
            return
    people = []
    for login, name, role, language in TEAM:
        async with running.works.begin() as work:
            people.append(await users.create(work, login, name, role, PASSWORD, language=language))
    await _make_team(running.works, people)
    from parley.portfolio.load import load

    portfolio = running.settings.data_dir / "demo" / "portfolio.csv"
    _write_portfolio(portfolio)
    outcome = await load(portfolio, running.works)
    if outcome.rejected:
        raise InvariantBroken("The demo's portfolio did not go in.", problems=str(outcome.examples))
    await describe_creditors(running.works)


async def _make_team(works: Works, people: Sequence[Actor]) -> None:
    """A team that takes from the queue by hand, so that whoever tries the demo sees conversations wait."""
    draft = teams.TeamDraft(
        name="Care 关怀组",
        time_zone="Asia/Shanghai",
        reply_minutes=60,
        escalate_minutes=240,
        members=tuple(person.id for person in people if person.role in ("agent", "supervisor")),
    )
    manager = next(person for person in people if person.role == "manager")
    async with works.begin() as work:
        saved = await teams.save(work, manager, None, draft)
    if isinstance(saved, teams.Wrong):
        raise InvariantBroken("The demo's team cannot be made.", problems=str(saved))


def _write_portfolio(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(person.row() for person in (*TO_BE, *WAITING))
        writer.writerows(sample_rows(_SAMPLE_ROWS, _SEED))


async def _say_openings(running: Process) -> None:
    """What some said before it began, through the real front door; what a start before this one said is known there.

    It happens once the pages answer, and ends early where the demo is stopped.
    """
    works, bot = running.works, running.bot
    if bot is None:
        return
    for person in (*TO_BE, *WAITING):
        if not person.opening:
            continue
        case_id = await _case(works, person)
        for number, text in enumerate(person.opening):
            if bot.closing.is_set():
                return
            await bot.front.arrived(
                Arrival(
                    channel="web",
                    external_id=f"demo-{person.reference}-{number}",
                    address=f"demo-{person.reference}",
                    case_id=case_id,
                    text=text,
                    sent_at=works.clock.now(),
                )
            )
            await bot.front.settled()


async def _case(works: Works, person: Person) -> int:
    async with works.read() as session:
        found = await case_of(session, person.reference)
    if found is None:
        raise InvariantBroken("A person of the demo has no case.", reference=person.reference)
    return found


async def _tell(running: Process, began: float) -> None:
    """Prints where to look and whom to be. `began` is on the monotonic clock."""
    url, days = running.settings.public_url, running.settings.link_days
    click.echo(f"\n{_bold('Parley 和谈')} is running.\n")
    click.echo(f"{_bold('Console')}  {url}/   password for all: {_bold(PASSWORD)}")
    click.echo("         " + " · ".join(f"{login} ({role})" for login, _, role, _ in TEAM) + "\n")
    click.echo(f"{_bold('Chat as')}  (on this machine; each link is that person's own, for {days} days)")
    for person in TO_BE:
        case_id = await _case(running.works, person)
        async with running.works.begin() as work:
            code = await links.issue(work, case_id, days)
        click.echo(f"  {person.name}: {person.hint}")
        click.echo(f"    {url}/c/{code}")
        click.echo(_dim(f"    identity: {person.facts}   then try: “{person.say}”"))
        if running.telegram is not None:
            click.echo(_dim(f"    Telegram: /start {code}"))
    if running.telegram is None:
        click.echo(f"\n{_bold('Telegram')}  set PARLEY_TELEGRAM_TOKEN to a bot's token and start again.")
    click.echo(f"\nReady in {time.monotonic() - began:.1f} s. Stop with Ctrl-C; `make demo` keeps the data, ", nl=False)
    click.echo("`make demo-reset` starts over.\n")


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _dim(text: str) -> str:
    return click.style(text, dim=True)
