"""Pages as trees: elements by id, the forms in them with what a browser would send, and parts put in their places."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"))
Fields = dict[str, list[str]]


@dataclass(eq=False)
class Element:
    """One element; `inside` are its elements and texts, in order."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    inside: list["Element | str"] = field(default_factory=list)
    parent: "Element | None" = None

    def __iter__(self) -> Iterator["Element"]:
        """Itself and everything in it, in the order of the page."""
        yield self
        for each in self.inside:
            if isinstance(each, Element):
                yield from each

    def all(self, tag: str = "", holds: Callable[["Element"], bool] = lambda _: True) -> list["Element"]:
        """What is in it of this tag that it holds for."""
        return [each for each in self if each is not self and (not tag or each.tag == tag) and holds(each)]

    def by_id(self, name: str) -> "Element | None":
        """The element of this id."""
        return next((each for each in self if each.attrs.get("id") == name), None)

    @property
    def elements(self) -> list["Element"]:
        """What is directly in it, without texts."""
        return [each for each in self.inside if isinstance(each, Element)]

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attrs.get("class", "").split())

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join("".join(each if isinstance(each, str) else f" {each.text} " for each in self.inside).split())

    def above(self, tag: str) -> "Element | None":
        """The nearest element of this tag that it is in, or itself."""
        found: Element | None = self
        while found is not None and found.tag != tag:
            found = found.parent
        return found

    def replace(self, *others: "Element | str") -> None:
        """Stand the others in its place."""
        assert self.parent is not None
        place = next(number for number, each in enumerate(self.parent.inside) if each is self)
        self.parent.inside[place : place + 1] = others
        for other in others:
            if isinstance(other, Element):
                other.parent = self.parent

    def fill(self, others: list["Element | str"]) -> None:
        """Hold these instead of what it holds."""
        self.inside = others
        for other in others:
            if isinstance(other, Element):
                other.parent = self

    def shown(self) -> str:
        """It as text, one line each, spaces and the order of attributes and classes not counted."""
        return "\n".join(self._lines(0))

    def _lines(self, depth: int) -> Iterator[str]:
        said = {
            name: " ".join(sorted(value.split())) if name == "class" else value for name, value in self.attrs.items()
        }
        told = "".join(f' {name}="{escape(value)}"' for name, value in sorted(said.items()) if value or name != "class")
        yield f"{' ' * depth}<{self.tag}{told}>"
        texts = ""
        for each in self.inside:
            if isinstance(each, str):
                texts += each
                continue
            if texts.strip():
                yield f"{' ' * depth} {' '.join(texts.split())}"
            texts = ""
            yield from each._lines(depth + 1)
        if texts.strip():
            yield f"{' ' * depth} {' '.join(texts.split())}"


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, parent=self.at)
        self.at.inside.append(made)
        if tag not in VOID:
            self.at = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.inside.append(Element(tag, {name: value or "" for name, value in attrs}, parent=self.at))

    def handle_endtag(self, tag: str) -> None:
        found = self.at.above(tag)
        if found is not None and found.parent is not None:
            self.at = found.parent

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def parse(html: str) -> Element:
    """The tree of a page or of a part. What HTML lets one leave open has to be closed, as it is in our templates."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def is_page(html: str) -> bool:
    """Whether it is a whole page, not a part of one."""
    return html.lstrip().startswith("<!DOCTYPE")


def sent_by(form: Element, page: Element, button: str = "") -> Fields:
    """What a browser sends of a form: its fields as they stand, and the button `name=value` that is pressed."""
    mine = [
        each
        for each in page
        if each.above("form") is form or ("id" in form.attrs and each.attrs.get("form") == form.attrs["id"])
    ]
    fields: Fields = {}
    for each in mine:
        name = each.attrs.get("name", "")
        if name and "disabled" not in each.attrs:
            values = _values(each)
            if values:
                fields.setdefault(name, []).extend(values)
    if button:
        name, _, value = button.partition("=")
        fields[name] = [value]
    return fields


def _values(element: Element) -> list[str]:
    kind = element.attrs.get("type", "text")
    if element.tag == "textarea":
        return ["".join(each for each in element.inside if isinstance(each, str))]
    if element.tag == "select":
        options = element.all("option")
        chosen = [each for each in options if "selected" in each.attrs] or options[:1]
        return [each.attrs.get("value", each.text) for each in chosen]
    if element.tag != "input" or kind in ("submit", "button", "file", "image", "reset"):
        return []
    if kind in ("checkbox", "radio"):
        return [element.attrs.get("value", "on")] if "checked" in element.attrs else []
    return [element.attrs.get("value", "")]


def goes_to(element: Element, address: str, name: str) -> bool:
    """Whether an attribute of the element names this address, with or without a query."""
    return element.attrs.get(name, "").partition("?")[0] == address


def form_to(page: Element, address: str, fields: Mapping[str, object] | None = None) -> Element:
    """The form of a page that goes to this address, with or without a query, or has a button that does; of several the
    one that has most of these fields, hidden ones with these values."""

    def goes(form: Element) -> bool:
        return any(goes_to(each, address, name) for each in form for name in ("action", "formaction", "hx-post"))

    def suits(form: Element) -> int:
        had = {each.attrs.get("name"): each for each in form if "name" in each.attrs}
        hidden = {name: each.attrs.get("value") for name, each in had.items() if each.attrs.get("type") == "hidden"}
        wrong = sum(name in hidden and hidden[name] != value for name, value in (fields or {}).items())
        return sum(name in had for name in fields or {}) - 10 * wrong

    found = [each for each in page.all("form") if goes(each)]
    assert found, (
        f"no form to {address}; there are {sorted({each.attrs.get('action', '') for each in page.all('form')})}"
    )
    return max(found, key=suits)
