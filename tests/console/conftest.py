"""The console over a migrated database, with an office at work, asked by people who are signed in."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from console.app import create_console
from console.services import ConsoleServices
from core.clock import FixedClock
from core.live import InProcessNotices
from core.work import Works, make_engine
from tests.console.office import MORNING, PASSWORD, Office, busy_morning, open_office

ADDRESS = "http://console.test"


@dataclass
class Browser:
    """Someone's browser: keeps cookies, says where a form comes from, fills in what a page's form carries."""

    client: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, *, part: bool = False) -> httpx.Response:
        """A page, or with `part` what htmx would put in place."""
        return await self.client.get(path, headers={"HX-Request": "true"} if part else {})

    async def post(
        self, path: str, *, part: bool = False, headers: dict[str, str] | None = None, **fields: Any
    ) -> httpx.Response:
        """A form of one of the console's own pages."""
        sent = {"Sec-Fetch-Site": "same-origin", **({"HX-Request": "true"} if part else {}), **(headers or {})}
        return await self.client.post(path, data={"csrf": self.csrf, **fields}, headers=sent)

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        """Through the login page; afterwards forms carry the session's token."""
        page = await self.get("/login")
        answer = await self.post("/login", login=login, password=password, csrf=hidden(page.text, "csrf"), next="/")
        if answer.status_code == 303:
            self.csrf = hidden((await self.get("/")).text, "csrf")
        return answer


SignIn = Callable[[str], Awaitable[Browser]]


def hidden(html: str, name: str) -> str:
    """The value of a page's first hidden field of this name."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', html)
    assert found, f"no hidden field {name}"
    return unescape(found[1])


def words(html: str) -> str:
    """What a page says, without its markup."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@pytest.fixture
def clock() -> FixedClock:
    """Monday 23 November 2026, 15:00 UTC."""
    return FixedClock(MORNING)


@pytest.fixture
async def sqlite_works(migrated_sqlite_url: str, clock: FixedClock) -> AsyncIterator[Works]:
    """Units of work over SQLite."""
    opened = Works(make_engine(migrated_sqlite_url), InProcessNotices(), clock)
    yield opened
    await opened.dispose()


@pytest.fixture
async def works(migrated_url: str, clock: FixedClock) -> AsyncIterator[Works]:
    """Units of work over each kind of database."""
    opened = Works(make_engine(migrated_url), InProcessNotices(), clock)
    yield opened
    await opened.dispose()


def console_over(works: Works, address: str = ADDRESS) -> FastAPI:
    """The console of these works."""
    services = ConsoleServices(works=works, notices=works.notices, public_url=address, secret_key="k" * 32)
    return create_console(services)


async def browser_on(app: FastAPI) -> Browser:
    """A browser that nobody has signed in with."""
    return Browser(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS))


@pytest.fixture(scope="session")
async def morning_file(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """An SQLite file with a busy morning in it, to be copied; and what the office remembers of it."""
    import shutil  # noqa: PLC0415

    path = tmp_path_factory.mktemp("morning") / "parley.db"
    shutil.copy(_migrated_sqlite, path)
    clock = FixedClock(MORNING)
    works = Works(make_engine(f"sqlite+aiosqlite:///{path}"), InProcessNotices(), clock)
    office = await open_office(works, clock)
    await busy_morning(office)
    await works.dispose()
    return path, (office.team, office.case_ids, office.talks, clock.now())


@pytest.fixture
async def office(morning_file: tuple[Path, Any], tmp_path: Path) -> AsyncIterator[Office]:
    """A busy morning, over SQLite."""
    import shutil  # noqa: PLC0415

    path, (team, case_ids, talks, now) = morning_file
    copied = shutil.copy(path, tmp_path / "parley.db")
    clock = FixedClock(now)
    works = Works(make_engine(f"sqlite+aiosqlite:///{copied}"), InProcessNotices(), clock)
    yield Office(works, clock, team, case_ids, dict(talks), iter(range(10_000, 20_000)))
    await works.dispose()


@pytest.fixture(scope="session")
async def lived_in(morning_file: tuple[Path, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """An SQLite file with something on every page, to be copied, and what the house remembers of it."""
    import shutil  # noqa: PLC0415

    from tests.console.full_house import live_in  # noqa: PLC0415  it asks for what is above

    path, (team, case_ids, talks, now) = morning_file
    copied = Path(shutil.copy(path, tmp_path_factory.mktemp("house") / "parley.db"))
    clock = FixedClock(now)
    works = Works(make_engine(f"sqlite+aiosqlite:///{copied}"), InProcessNotices(), clock)
    office = Office(works, clock, team, case_ids, dict(talks), iter(range(20_000, 30_000)))
    house = await live_in(office)
    await works.dispose()
    return copied, (team, case_ids, office.talks, clock.now(), house.places)


def _house_in(path: Path, remembered: Any) -> Any:
    from tests.console.full_house import House  # noqa: PLC0415  it asks for what is above

    team, case_ids, talks, now, places = remembered
    clock = FixedClock(now)
    works = Works(make_engine(f"sqlite+aiosqlite:///{path}"), InProcessNotices(), clock)
    return House(Office(works, clock, team, case_ids, dict(talks), iter(range(30_000, 40_000))), dict(places))


@pytest.fixture
async def full_house(lived_in: tuple[Path, Any], tmp_path: Path) -> AsyncIterator[Any]:
    """A `House` with something on every page, over SQLite."""
    import shutil  # noqa: PLC0415

    path, remembered = lived_in
    house = _house_in(Path(shutil.copy(path, tmp_path / "house.db")), remembered)
    yield house
    await house.office.works.dispose()


@pytest.fixture(scope="session")
async def walks(lived_in: tuple[Path, Any], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    """`Walks` through a house in which nothing changes."""
    import shutil  # noqa: PLC0415

    from tests.console.visits import Walks  # noqa: PLC0415

    path, remembered = lived_in
    house = _house_in(Path(shutil.copy(path, tmp_path_factory.mktemp("walks") / "house.db")), remembered)
    walks = Walks(house)
    yield walks
    await walks.end()
    await house.office.works.dispose()


@pytest.fixture
async def sign_in(office: Office) -> AsyncIterator[SignIn]:
    """Signs someone of the team in, each with a browser of their own."""
    app = console_over(office.works)
    opened: list[Browser] = []

    async def signed_in(login: str) -> Browser:
        browser = await browser_on(app)
        opened.append(browser)
        if login:
            assert (await browser.sign_in(login)).status_code == 303
        return browser

    yield signed_in
    for browser in opened:
        await browser.client.aclose()
