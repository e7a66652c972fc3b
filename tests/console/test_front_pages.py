"""How much a browser loads before a page is there, and how soon a desk answers."""

import gzip
import re
import time
from statistics import quantiles
from typing import Any

from sqlalchemy import event

from console import assets
from console.routes import every_route
from tests.console.conftest import Browser, SignIn
from tests.console.office import Office

MOST_BYTES = 150_000
MOST_STATEMENTS = 11
"""Nine of them read; two begin a transaction."""

TOM = 4
ASSET = re.compile(r'(?:src|href)="/assets/([^"?#]+)\?v=')
PLAN: dict[str, Any] = {"by": "count", "count": "6", "frequency": "month", "payday": "28"}


def weight(html: str) -> int:
    """What the page and everything that it names come to, compressed."""
    names = set(ASSET.findall(html))
    files = sum(len(gzip.compress((assets.STATIC / name).read_bytes())) for name in names)
    return files + len(gzip.compress(html.encode()))


async def whole_pages(browser: Browser, office: Office) -> dict[str, str]:
    """Each page without a number in its address, and a conversation's."""
    paths = [route.path for route in every_route() if "GET" in (route.methods or ()) and "{" not in route.path]
    found = {}
    for path in [*paths, f"/conversations/{office.talks[TOM]}"]:
        if path == "/live":
            continue
        answer = await browser.get(path)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status_code == 200 and is_page and answer.text.startswith("<!DOCTYPE"):
            found[path] = answer.text
    return found


async def test_the_first_load_of_every_page_is_below_150_kb(sign_in: SignIn, office: Office) -> None:
    pages = await whole_pages(await sign_in("ada"), office)
    assert len(pages) > 8
    assert {path: weight(html) for path, html in pages.items() if weight(html) > MOST_BYTES} == {}


async def test_every_page_carries_its_language_its_looks_and_its_keys(sign_in: SignIn, office: Office) -> None:
    for path, html in (await whole_pages(await sign_in("ada"), office)).items():
        assert '<html lang="en" data-theme="system" data-text="normal" data-density="roomy">' in html, path
        assert html.count('id="keys-table"') == 1, path
        assert html.count("<h1") == 1, path
        assert " style=" not in html, path


async def test_the_desk_answers_while_one_types_with_few_statements(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}/desk/preview"
    assert "Inside the limits" in (await browser.post(path, part=True, **PLAN)).text
    asked: list[str] = []
    engine = office.works.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    took = []
    for _ in range(20):
        asked.clear()
        began = time.perf_counter()
        answer = await browser.post(path, part=True, **PLAN)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200
        assert len(asked) <= MOST_STATEMENTS, asked
    assert quantiles(took, n=20)[-1] < 0.5
