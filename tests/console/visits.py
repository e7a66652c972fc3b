"""What a browser with htmx makes of the console: pages with their late parts in place, and forms sent as they say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import httpx

from console.rendering import Renderer
from console.routes import every_route
from core.actions import sessions
from tests.console.conftest import Browser, browser_on, console_over
from tests.console.full_house import House, filled
from tests.console.markup import Element, Fields, is_page, parse, sent_by
from tests.console.office import Office

_ONE_RENDERER: list[Renderer] = []
FOR_ONE = re.compile(r"[0-9a-f]{32}")
"""Keys that are made anew for each form."""
LOADS = re.compile(r"(^|,)\s*load\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a part of a page asks for: `target` is where the answer goes, an id, or empty for itself."""

    method: str
    address: str
    fields: Mapping[str, object]
    target: str
    swap: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of an answer, and the id of what it goes to; `inside`, it is what that holds, else it stands for it."""

    target: str
    piece: Element
    inside: bool


async def enter(office: Office, login: str) -> Browser:
    """Someone of the team signed in, without the login page. Templates are read once for all of them."""
    app = console_over(office.works)
    if not _ONE_RENDERER:
        _ONE_RENDERER.append(app.state.console.renderer)
    app.state.console = replace(app.state.console, renderer=_ONE_RENDERER[0])
    browser = await browser_on(app)
    async with office.works.begin() as work:
        started = await sessions.start(work, office.team[login])
    browser.client.cookies.set("parley_session", app.state.console.signer.session(started.secret))
    browser.csrf = started.csrf
    return browser


QUERIES = {"/": "?box=all", "/limits/edit": "?market=cn&product=credit_card", "/search": "?q=Reyes"}
MORE = (
    "/conversations/{dana}",
    "/conversations/{sofia}",
    "/callbacks?show=all",
    "/house/versions/{house_draft}",
    "/limits/versions/{in_review}",
    "/limits/versions/{old_version}",
    "/quality/{drawn_id}",
    "/quality?show=done",
    "/replies?archived=1",
    "/understanding?tab=all",
)
"""Pages that show another form of what a route shows."""


@dataclass
class Walks:
    """Every page of a house, as each of the team sees it. Nothing is changed on the way."""

    house: House
    browsers: dict[str, Browser] = field(default_factory=dict)
    seen: dict[str, dict[str, Element]] = field(default_factory=dict)

    async def by(self, login: str) -> dict[str, Element]:
        """Each address that opens a page for them, with the page as it is once it has fetched what is late."""
        if login not in self.seen:
            browser = self.browsers[login] = await enter(self.house.office, login)
            found = {}
            for address in self.addresses():
                answer = await browser.get(address)
                if answer.status_code == 200 and is_page(answer.text):
                    found[address] = parse(answer.text)
                    await settle(browser, found[address])
            self.seen[login] = found
        return self.seen[login]

    def addresses(self) -> list[str]:
        """The address of every route that shows something, and `MORE`."""
        shows = [route.path for route in every_route() if "GET" in (route.methods or ()) and route.path != "/live"]
        return [filled(path, self.house.places) + QUERIES.get(path, "") for path in (*shows, *MORE)]

    async def end(self) -> None:
        """Everyone goes home."""
        for browser in self.browsers.values():
            await browser.client.aclose()


async def settled(browser: Browser, address: str) -> Element:
    """A page with everything in place that it fetches once it is there."""
    answer = await browser.client.get(address, follow_redirects=True)
    assert answer.status_code == 200, f"{address} answers {answer.status_code}"
    page = parse(answer.text)
    await settle(browser, page)
    return page


async def settle(browser: Browser, tree: Element) -> None:
    """Put what a page or a part fetches by itself in its place."""
    for element in tree.all(holds=lambda each: bool(LOADS.search(each.attrs.get("hx-trigger", "")))):
        wanted = wanted_by(element, tree)
        late = await ask(browser, wanted)
        assert late.status_code == 200, f"{wanted.address}, fetched by a page itself, answers {late.status_code}"
        for each in placed(late.text, wanted):
            found = tree.by_id(each.target) if each.target else element
            assert found is not None, f"{wanted.address} goes to #{each.target}, which is not there"
            found.fill(each.piece.inside) if each.inside else found.replace(each.piece)


def wanted_by(element: Element, page: Element, button: str = "") -> Wanted:
    """What an element of a page asks for, with what htmx would send."""
    attrs = element.attrs
    method = "POST" if "hx-post" in attrs else "GET"
    form = element.above("form")
    sends = element.tag in ("form", "button") or method == "POST"
    fields: Fields = sent_by(form, page, button) if form is not None and sends else {}
    for name in re.findall(r"#([\w-]+)", attrs.get("hx-include", "")):
        extra = page.by_id(name)
        assert extra is not None, f"nothing is #{name}"
        fields[extra.attrs["name"]] = [extra.attrs.get("value", "")]
    address = attrs.get("hx-post") or attrs["hx-get"]
    inherited = form.attrs if element.tag == "button" and form is not None else {}
    target = attrs.get("hx-target") or inherited.get("hx-target") or ""
    swap = attrs.get("hx-swap") or inherited.get("hx-swap") or "innerHTML"
    return Wanted(method, address, fields, target.removeprefix("#") or attrs.get("id", ""), swap)


async def ask(browser: Browser, wanted: Wanted) -> httpx.Response:
    """The answer that htmx would get."""
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
    if wanted.method == "POST":
        return await browser.client.post(wanted.address, data=dict(wanted.fields), headers=headers)
    query = urlencode(dict(wanted.fields), doseq=True)
    joint = "&" if "?" in wanted.address else "?"
    return await browser.client.get(wanted.address + (joint + query if query else ""), headers=headers)


def placed(html: str, wanted: Wanted) -> list[Placed]:
    """The pieces of an answer and where they go: each `hx-partial` to its own target, the rest as was asked."""
    assert not is_page(html), f"{wanted.address} answers htmx with a whole page"
    answer = parse(html)
    found = []
    for each in answer.elements:
        if each.tag == "hx-partial":
            target = re.match(r"#([\w-]+)", each.attrs["hx-target"])
            assert target, each.attrs
            inside = each.attrs["hx-swap"].startswith("inner")
            piece = each if inside else each.elements[0]
            assert inside or len(each.elements) == 1, f"{wanted.address} puts several things in the place of one"
            found.append(Placed(target[1], piece, inside))
            each.replace()
    if any(isinstance(each, Element) or each.strip() for each in answer.inside) or not found:
        inside = wanted.swap.startswith("inner")
        assert wanted.swap != "none", f"{wanted.address} answers with what is put nowhere"
        assert inside or len(answer.elements) == 1, f"{wanted.address} puts several things in the place of one"
        found.append(Placed(wanted.target, answer if inside else answer.elements[0], inside))
    return found


def plain(element: Element, *, inside: bool = False, notices: bool = False) -> str:
    """An element as text, without what is only of this request: keys, a field that takes the keyboard, and what was
    just said unless `notices`."""
    said = [] if notices else element.all(holds=lambda each: "notice" in each.classes and "role" in each.attrs)
    for each in said:
        each.replace()
    text = FOR_ONE.sub("ONCE", element.shown().replace(' autofocus=""', "").replace(' data-answers=""', ""))
    return "\n".join(text.splitlines()[1:]) if inside else text
