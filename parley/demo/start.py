"""Starts the demo, and tells where to look and whom to be."""

import asyncio
import shutil
import time
from collections.abc import Mapping
from datetime import datetime

import click
import structlog

from core.actions import links
from core.actions.debtor_view import case_of
from core.actions.inbound import Arrival
from core.actions.values import Actor
from core.clock import SystemClock
from core.errors import InvariantBroken
from core.settings import Settings
from core.work import Works
from parley.demo.creditors import describe_creditors
from parley.demo.past.begin import begin, take_in
from parley.demo.past.play import play
from parley.demo.people import PASSWORD, TEAM, TO_BE, WAITING, Person
from parley.processes import Process, serve
from parley.reports import FactsKeeper

_LOOK_AGAIN_S = 0.3
_log = structlog.get_logger(__name__)


async def run_demo(*, reset: bool, port: int) -> None:
    """Everything in one process, until it is stopped. The data stay unless `reset`."""
    began = time.monotonic() - time.process_time()
    settings = _settings(port)
    folder = settings.data_dir / "demo"
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    now = SystemClock().now()
    team = await begin(settings, now)

    async def before(running: Process) -> None:
        await _take_in_people(running)

    async def ready(running: Process) -> None:
        await _tell(running, began, past=team is not None)
        await _say_openings(running)
        if team is not None:
            await _play_past(running, team, now)

    await serve(settings, {"console", "bot", "worker"}, before=before, ready=ready)


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


async def _take_in_people(running: Process) -> None:
    """Those to be, and those who wait, are in arrears as of the first start that came so far."""
    async with running.works.read() as session:
        if await case_of(session, WAITING[-1].reference) is not None:
            return
    path = running.settings.data_dir / "demo" / "portfolio.csv"
    await take_in(running.works, path, [person.row() for person in (*TO_BE, *WAITING)])
    await describe_creditors(running.works)


async def _play_past(running: Process, team: Mapping[str, Actor], now: datetime) -> None:
    """The first start: what happened before it, while the pages answer already. What is said meanwhile is sent."""
    works, bot = running.works, running.bot
    if bot is None:
        return
    playing = asyncio.create_task(play(works, bot.engine, bot.options, team, now, bot.closing))
    facts = FactsKeeper(works)
    while not playing.done():
        await facts.round()
        if not await bot.sender.round():
            await asyncio.wait({playing}, timeout=_LOOK_AGAIN_S)
    error = playing.exception()
    if error is not None:
        _log.error("past_not_played", error=type(error).__name__, exc_info=error)
        click.echo("The past was not played to its end; everything else works.\n")
    elif not bot.closing.is_set():
        click.echo("The past eight weeks are in: look at the reports.\n")


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


async def _tell(running: Process, began: float, *, past: bool) -> None:
    """Prints where to look and whom to be. `began` is on the monotonic clock; `past`: the past comes."""
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
    if past:
        click.echo("Eight weeks of earlier conversations are being played, this once; the figures fill up meanwhile.\n")


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _dim(text: str) -> str:
    return click.style(text, dim=True)
