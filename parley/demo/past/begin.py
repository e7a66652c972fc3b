"""The past's beginning: the team, the limits and the sample cases, as of eight weeks ago."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from core.actions import limits, teams, users
from core.actions.values import Actor
from core.clock import FixedClock
from core.errors import InvariantBroken
from core.settings import Settings
from core.work import Works
from parley.demo.past.deeds import Debtor
from parley.demo.past.stories import DAYS
from parley.demo.people import PASSWORD, TEAM, TEAMS
from parley.installation import open_works
from parley.portfolio.load import load
from parley.portfolio.sample import HEADERS, sample_rows

ROWS = 120
_SEED = 8


async def begin(settings: Settings, now: datetime) -> Mapping[str, Actor] | None:
    """Make the team and import the sample cases eight weeks before `now` (UTC); the team by login, None where there is
    one already."""
    async with open_works(settings, FixedClock(now - timedelta(days=DAYS + 1))) as works:
        async with works.read() as session:
            if await users.count(session):
                return None
        async with works.begin() as work:
            await limits.ensure_default(work)
        people = []
        for login, name, role, language in TEAM:
            async with works.begin() as work:
                people.append(await users.create(work, login, name, role, PASSWORD, language=language))
        await _make_teams(works, people)
        await take_in(works, settings.data_dir / "demo" / "past.csv", list(sample_rows(ROWS, _SEED)))
    return {person.login: person for person in people}


async def take_in(works: Works, path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Import these lines of a portfolio through the real importer; `path` keeps them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(rows)
    outcome = await load(path, works)
    if outcome.rejected:
        raise InvariantBroken("The demo's portfolio did not go in.", problems=str(outcome.examples))


async def _make_teams(works: Works, people: Sequence[Actor]) -> None:
    """Teams that take from the queue by hand, so that whoever tries the demo sees conversations wait."""
    manager = next(person for person in people if person.role == "manager")
    for name, reasons, logins in TEAMS:
        members = tuple(person.id for person in people if person.login in logins)
        draft = teams.TeamDraft(
            name=name,
            time_zone="Asia/Shanghai",
            reply_minutes=60,
            escalate_minutes=240,
            reasons=reasons,
            members=members,
        )
        async with works.begin() as work:
            saved = await teams.save(work, manager, None, draft)
        if isinstance(saved, teams.Wrong):
            raise InvariantBroken("The demo's team cannot be made.", problems=str(saved))


def debtors() -> list[Debtor]:
    """The people of the sample cases."""
    return [_debtor(dict(zip(HEADERS, row, strict=True))) for row in sample_rows(ROWS, _SEED)]


def _debtor(row: Mapping[str, str]) -> Debtor:
    return Debtor(
        reference=row["reference"],
        market=row["market"],
        language=row["language"],
        time_zone=row["time zone"],
        currency=row["currency"],
        total=sum((Decimal(row[part]) for part in ("principal", "interest", "fees")), Decimal()),
        birth_date=date.fromisoformat(row["birth date"]),
        phone_last4=row["phone"][-4:],
    )
